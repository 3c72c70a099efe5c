/* The list above the composer: the bot's commands after "/", people after "@". */
import { el, fill } from "../elements.js";
import { avatar, fullName } from "../people.js";
import { state } from "../state.js";
import { t } from "../words.js";

const COMMAND = /^\/(\w*)$/;
const MENTION = /(?:^|\s)@(\w*)$/;

/** The suggestions of one text field. `send` gets a chosen command, `typed` is called after a name was put in. */
export class Suggestions {
  #items = [];
  #at = 0;

  constructor(field, { send, typed }) {
    this.field = field;
    this.send = send;
    this.typed = typed;
    this.node = el("div", {
      class: "suggestions",
      role: "listbox",
      id: "suggestions",
      "aria-label": t("suggestions"),
      testid: "suggestions",
      hidden: true,
      onpointerdown: (event) => event.preventDefault(),
    }); // keeps the focus in the field
    field.setAttribute("aria-controls", "suggestions");
  }

  /** Is the list shown? */
  get open() {
    return !this.node.hidden;
  }

  /** Offers what fits the text before the caret. */
  update(view) {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const command = COMMAND.exec(before);
    const mention = view.chat.type !== "private" && MENTION.exec(before);
    if (command) this.#show(this.#commands(view, command[1]));
    else if (mention) this.#show(this.#people(view, mention[1]));
    else this.close();
  }

  /** Offers all commands. */
  showCommands(view) {
    this.#show(this.#commands(view, ""));
  }

  /** Hides the list. */
  close() {
    this.node.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Takes a key that belongs to the list; returns whether it did. */
  handle(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark((this.#at + step + this.#items.length) % this.#items.length);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab") this.#items[this.#at].complete();
    else if (event.key === "Enter" && !event.shiftKey) this.#items[this.#at].choose();
    else return false;
    event.preventDefault();
    return true;
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

  #show(items) {
    this.#items = items;
    if (!items.length) return this.close();
    fill(
      this.node,
      items.map((item, index) =>
        el(
          "div",
          {
            class: "suggestion",
            role: "option",
            id: `suggestion-${index}`,
            testid: item.testid,
            onclick: item.choose,
            onpointermove: () => this.#mark(index),
          },
          item.content,
        ),
      ),
    );
    this.node.hidden = false;
    return this.#mark(0);
  }

  #mark(index) {
    this.#at = index;
    [...this.node.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    this.field.setAttribute("aria-activedescendant", `suggestion-${index}`);
    this.node.children[index].scrollIntoView({ block: "nearest" });
  }
}
