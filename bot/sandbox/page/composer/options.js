/* A list above the composer, walked through with the keys while the text keeps the focus. */
import { el, fill } from "../elements.js";

/** One such list of a text field; an item is { testid, content, choose, complete, className }, `complete` for Tab. */
export class Options {
  #items = [];
  #at = -1;

  constructor(field, { id, label, testid = id }) {
    this.field = field;
    this.node = el("div", {
      class: "suggestions",
      role: "listbox",
      id,
      "aria-label": label,
      testid,
      hidden: true,
      onpointerdown: (event) => event.preventDefault(),
    }); // keeps the focus in the field
  }

  /** Is the list shown? */
  get open() {
    return !this.node.hidden;
  }

  /** Hides the list. */
  close() {
    this.node.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Takes a key that belongs to the list; returns whether it did. */
  handle(event) {
    if (!this.open) return false;
    const marked = this.node.querySelector("[aria-selected=true]") && this.#items[this.#at];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark(this.#next(step));
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" && marked?.complete) marked.complete();
    else if (event.key === "Enter" && !event.shiftKey && marked) marked.choose();
    else return false;
    event.preventDefault();
    return true;
  }

  /** Shows items; `at` is where the keys begin, and `marked` says whether Enter takes that one at once. */
  show(items, { at = 0, marked = true } = {}) {
    this.#items = items;
    if (!items.length) return this.close();
    fill(
      this.node,
      items.map((item, index) => this.#option(item, index)),
    );
    this.node.hidden = false;
    this.field.setAttribute("aria-controls", this.node.id);
    this.#at = at;
    return marked ? this.#mark(at) : this.field.removeAttribute("aria-activedescendant");
  }

  #option(item, index) {
    return el(
      "div",
      {
        class: `suggestion ${item.className ?? ""}`.trim(),
        role: "option",
        id: `${this.node.id}-${index}`,
        testid: item.testid,
        "aria-selected": "false",
        onclick: item.choose,
        onpointermove: () => this.#mark(index),
      },
      item.content,
    );
  }

  #next(step) {
    const from = step < 0 ? Math.max(this.#at, 0) : this.#at;
    return (from + step + this.#items.length) % this.#items.length;
  }

  #mark(index) {
    this.#at = index;
    [...this.node.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    this.field.setAttribute("aria-activedescendant", this.node.children[index].id);
    this.node.children[index].scrollIntoView({ block: "nearest" });
  }
}
