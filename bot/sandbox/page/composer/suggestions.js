/* The list above the composer: the bot's commands after "/", people after "@". */
import { el } from "../elements.js";
import { avatar, fullName } from "../people.js";
import { state } from "../state.js";
import { t } from "../words.js";
import { Options } from "./options.js";

const COMMAND = /^\/(\w*)$/;
const MENTION = /(?:^|\s)@(\w*)$/;

/** The suggestions of one text field. `send` gets a chosen command, `typed` is called after a name was put in. */
export class Suggestions extends Options {
  constructor(field, { send, typed }) {
    super(field, { id: "suggestions", label: t("suggestions") });
    this.send = send;
    this.typed = typed;
  }

  /** Offers what fits the text before the caret. */
  update(view) {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const command = COMMAND.exec(before);
    const mention = view.chat.type !== "private" && MENTION.exec(before);
    if (command) this.show(this.#commands(view, command[1]));
    else if (mention) this.show(this.#people(view, mention[1]));
    else this.close();
  }

  /** Offers all commands. */
  showCommands(view) {
    this.show(this.#commands(view, ""));
  }

  #commands(view, typed) {
    return view.commands
      .filter(({ command }) => command.startsWith(typed.toLowerCase()))
      .map(({ command, description }) => ({
        testid: `command-${command}`,
        content: [
          el("span", { class: "suggestion-name" }, `/${command}`),
          el("span", { class: "suggestion-note" }, description),
        ],
        choose: () => {
          this.close();
          this.send(`/${command}`);
        },
        complete: () => this.#put(`/${command} `, this.field.value.length),
      }));
  }

  #people(view, typed) {
    const known = view.members.map(({ user }) => user).filter((user) => user.username && user.id !== state.me.id);
    const fits = (user) =>
      [user.username, user.first_name].some((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
    return known.filter(fits).map((user) => {
      const put = () => this.#put(`@${user.username} `, typed.length + 1);
      return {
        testid: `mention-${user.username}`,
        content: [
          avatar(user.id, fullName(user), "tiny"),
          el("span", { class: "suggestion-name" }, fullName(user)),
          el("span", { class: "suggestion-note" }, `@${user.username}`),
        ],
        choose: put,
        complete: put,
      };
    });
  }

  #put(text, replaced) {
    const end = this.field.selectionStart;
    this.field.setRangeText(text, Math.max(0, end - replaced), end, "end");
    this.close();
    this.typed();
  }
}
