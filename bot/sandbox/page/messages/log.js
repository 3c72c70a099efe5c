/* The list of messages: keeps its rows in step with the state, scrolls, loads upwards, marks as read. */
import { loadNewest, loadOlder, markRead } from "../actions.js";
import { toast } from "../dialogs.js";
import { el, iconButton } from "../elements.js";
import { motionAllowed } from "../motion.js";
import { isMine } from "../people.js";
import { messageById, on, openChat, openThread, openTopic, showsMessages, state, threadKey } from "../state.js";
import { t } from "../words.js";
import { rowElement } from "./bubble.js";
import { rowsOf, sameRow } from "./rows.js";
import { serviceSentence } from "./service.js";

const NEAR_BOTTOM = 80;
const NEAR_TOP = 400;

/** The list of messages with its button down; `jump` scrolls to a message, loading what lies between. */
export class MessageLog {
  #rows = new Map(); // key → { row, node }
  #key = "";
  #unreadFrom = undefined; // undefined: not decided yet
  #stuck = true; // at the bottom, and to stay there
  #loading = false;
  #readUpTo = new Map();
  #last = null;

  constructor() {
    this.inner = el("div", { class: "log-inner" });
    this.scroller = el("div", { class: "log", role: "log", tabindex: 0, testid: "log" }, this.inner);
    this.count = el("span", { class: "badge", hidden: true });
    this.down = iconButton("down", t("to_bottom"), () => this.toBottom(true), {
      class: "to-bottom",
      testid: "scroll-down",
      hidden: true,
    });
    this.down.append(this.count);
    this.node = el("div", { class: "log-frame" }, this.scroller, this.down);
    this.jump = this.jump.bind(this);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#stuck && this.toBottom()).observe(this.inner);
    new ResizeObserver(() => this.#stuck && this.toBottom()).observe(this.scroller);
    on("open", () => this.#opened());
    on("thread", () => this.#update());
    on("chats", () => this.#counted());
    on("visible", () => this.#read());
    this.#opened();
  }

  /** Scrolls down to the newest message. */
  toBottom(smooth = false) {
    this.scroller.scrollTo({
      top: this.scroller.scrollHeight,
      behavior: smooth && motionAllowed() ? "smooth" : "instant",
    });
  }

  /** Scrolls to a message and lets it glow; loads earlier pages until it is found. */
  async jump(messageId) {
    const key = this.#key;
    while (!messageById(messageId) && openThread().more) {
      if (!(await this.#load()) || key !== this.#key) return;
    }
    const node = this.inner.querySelector(`[data-message-id="${messageId}"]`);
    if (!node) return void toast(t("message_gone"));
    this.#stuck = false;
    node.scrollIntoView({ block: "center", behavior: motionAllowed() ? "smooth" : "instant" });
    node.classList.add("glow");
    node.addEventListener("animationend", () => node.classList.remove("glow"), { once: true });
  }

  #opened() {
    const key = threadKey(state.open.chatId, state.open.threadId);
    if (!showsMessages()) return;
    if (key !== this.#key) this.#reset(key);
    this.scroller.setAttribute("aria-label", t("messages_of", { title: openTopic()?.name ?? openChat().title }));
    if (openThread().loaded) this.#update();
    else {
      this.#readUpTo.delete(key);
      loadNewest();
    }
  }

  #reset(key) {
    this.#key = key;
    this.#rows.clear();
    this.inner.replaceChildren();
    this.#unreadFrom = undefined;
    this.#stuck = true;
    this.#last = null;
  }

  #update() {
    const { messages, loaded } = openThread();
    if (!showsMessages() || !loaded) return;
    if (this.#unreadFrom === undefined) this.#unreadFrom = this.#firstUnread(messages);
    const height = this.scroller.scrollHeight;
    const top = this.scroller.scrollTop;
    const grewAbove = this.#reconcile(messages);
    const newest = messages.at(-1);
    if (newest && newest !== this.#last && isMine(newest) && this.#last) this.#stuck = true;
    this.#settle({ firstTime: !this.#last, grewAbove, height, top });
    this.#last = newest ?? this.#last;
    this.#counted();
    this.#seek();
  }

  #settle({ firstTime, grewAbove, height, top }) {
    const line = this.inner.querySelector(".unread-line");
    if (firstTime && line && line.offsetTop < this.scroller.scrollHeight - this.scroller.clientHeight) {
      this.#stuck = false;
      this.scroller.scrollTop = line.offsetTop - 60;
    } else if (this.#stuck) this.toBottom();
    else if (grewAbove) this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
  }

  #seek() {
    const messageId = state.wanted;
    state.wanted = null;
    if (messageId) this.jump(messageId);
  }

  /* Changes only what differs. Returns whether messages were put above the first known one. */
  #reconcile(messages) {
    const oldFirst = this.inner.querySelector("[data-message-id]")?.dataset.messageId;
    const known = this.#rows;
    this.#rows = new Map();
    let before = this.inner.firstChild;
    for (const row of rowsOf(messages, this.#unreadFrom)) {
      const tapped = row.messages[0];
      row.tap = tapped && state.taps.get(`${tapped.chat.id}:${tapped.message_id}`);
      const old = known.get(row.key);
      const entry = this.#entry(old, row);
      if (old && old.node === before) before = entry.node;
      known.delete(row.key);
      this.#rows.set(row.key, entry);
      if (entry.node === before) before = before.nextSibling;
      else this.inner.insertBefore(entry.node, before);
    }
    for (const { node } of known.values()) node.remove();
    return Boolean(oldFirst) && Number(oldFirst) > (messages[0]?.message_id ?? Infinity);
  }

  #entry(old, row) {
    if (old && sameRow(old.row, row)) return old;
    const node = rowElement(row, this.jump);
    if (old) replaced(old.node, node);
    else if (this.#last && row.kind === "bubble" && row.messages[0].message_id > this.#last.message_id)
      node.classList.add("arriving");
    return { row, node };
  }

  #firstUnread(messages) {
    let unread = (openTopic() ?? openChat()).unread;
    for (let index = messages.length - 1; index >= 0 && unread > 0; index--) {
      if (!isMine(messages[index]) && !serviceSentence(messages[index])) unread -= 1;
      if (unread === 0) return messages[index].message_id;
    }
    return null;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    this.#counted();
    if (scrollTop < NEAR_TOP && openThread().more) this.#load();
  }

  async #load() {
    if (this.#loading) return false;
    this.#loading = true;
    const done = await loadOlder();
    this.#loading = false;
    return done;
  }

  #counted() {
    if (!showsMessages()) return;
    const { unread } = openTopic() ?? openChat();
    this.down.hidden = this.#stuck;
    this.count.hidden = !unread;
    this.count.textContent = unread > 99 ? "99+" : String(unread);
    this.#read();
  }

  #read() {
    const newest = openThread().messages.at(-1);
    if (!newest || !showsMessages() || document.hidden || !this.#stuck || !(openTopic() ?? openChat()).unread) return;
    if (this.#readUpTo.get(this.#key) === newest.message_id) return;
    this.#readUpTo.set(this.#key, newest.message_id);
    markRead();
  }
}

/* A row that is drawn anew keeps the keyboard's focus on the same button. */
function replaced(old, node) {
  const index = [...old.querySelectorAll("button, a, input")].indexOf(document.activeElement);
  old.replaceWith(node);
  if (index >= 0) node.querySelectorAll("button, a, input")[index]?.focus({ preventScroll: true });
}
