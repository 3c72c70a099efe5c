/* Inline mode: "@bot words" at the start of the text asks the bot, what it offers is listed above the composer. */
import { askInline, start } from "../actions.js";
import { el } from "../elements.js";
import { on, openDraft, state } from "../state.js";
import { t } from "../words.js";
import { Options } from "./options.js";

const PAUSE = 250; // milliseconds without a key before the bot is asked
const LONGEST = 256;
const TO_A_BOT = /^@(\w+)\s([^]*)$/;

/** The results of one text field; `choose` gets the handle of the answer and the id of a result. */
export class InlineResults extends Options {
  #asked = { chatId: null, query: null };
  #answer = null;
  #timer = 0;

  constructor(field, { choose }) {
    super(field, { id: "inline-results", label: t("inline_results") });
    this.choose = choose;
    on("inline", (answer) => this.#take(answer));
  }

  /** Asks the bot when the text is meant for its inline mode; returns whether it is. */
  update(view) {
    const query = this.#query();
    if (query === null) {
      this.forget();
      return false;
    }
    const same = this.#asked.chatId === view.chat.id && this.#asked.query === query;
    if (same) this.#offer();
    else this.#askSoon(view.chat.id, query);
    return true;
  }

  /** Hides the results and waits for none. */
  forget() {
    clearTimeout(this.#timer);
    this.#asked = { chatId: null, query: null };
    this.#answer = null;
    this.close();
  }

  #query() {
    const [, name, words] = TO_A_BOT.exec(this.field.value) ?? [];
    const meant = name?.toLowerCase() === state.bot.username.toLowerCase() && !openDraft().editing;
    const query = words?.trim();
    return meant && query.length <= LONGEST ? query : null;
  }

  /* What was offered for the words before stays until the bot has answered these. */
  #askSoon(chatId, query) {
    clearTimeout(this.#timer);
    this.#asked = { chatId, query };
    this.#timer = setTimeout(() => askInline(chatId, query), PAUSE);
  }

  #take(answer) {
    if (answer.chat_id !== this.#asked.chatId || answer.query !== this.#asked.query) return;
    this.#answer = answer;
    if (document.activeElement === this.field) this.#offer();
  }

  /* Nothing is marked at first: Enter still sends the text, which asks the bot in a group; an arrow key marks. */
  #offer() {
    if (!this.#answer) return;
    const { handle, results, button } = this.#answer;
    const items = results.map((result, index) => this.#result(handle, result, index));
    if (button) items.unshift(this.#button(button));
    this.show(items, { at: button && results.length ? 0 : -1, marked: false });
  }

  #result(handle, { id, title, description }, index) {
    return {
      testid: `inline-${index}`,
      className: "inline-result",
      content: [
        el("span", { class: "suggestion-name" }, title),
        description && el("span", { class: "suggestion-note" }, description),
      ],
      choose: () => this.choose(handle, id),
    };
  }

  #button({ text, start_parameter: parameter }) {
    return {
      testid: "inline-button",
      className: "inline-button",
      content: text,
      choose: () => {
        this.close();
        start(parameter);
      },
    };
  }
}
