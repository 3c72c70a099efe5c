/* Where one writes: the text, what it replies to or changes, files, voice, and the bot's reply keyboard. */
import { chooseInline, edit, send, upload } from "../actions.js";
import { el, fill, iconButton } from "../elements.js";
import { icon } from "../icons.js";
import { currentKeyboard, replyKeyboard } from "../keyboards.js";
import { openMenu, closeMenu } from "../menus.js";
import { startEditing } from "../messages/menu.js";
import { preview } from "../messages/preview.js";
import { drawn, emojiButtons, ALL } from "../messages/reactions.js";
import { isMine, senderName } from "../people.js";
import { messageById, on, openChat, openDraft, openThread, showsMessages, state, threadKey } from "../state.js";
import { t } from "../words.js";
import { acceptPaste, attachMenu, onFiles } from "./attachments.js";
import { InlineResults } from "./inline.js";
import { canRecord, Recorder } from "./recorder.js";
import { Suggestions } from "./suggestions.js";

const LONGEST = 4096;

/** The composer of the open thread. */
export class Composer {
  #key = "";
  #forced = new Set(); // messages whose forced reply was already offered
  #keysHidden = false;

  constructor() {
    this.text = el("textarea", {
      rows: 1,
      class: "composer-text",
      testid: "composer",
      "aria-label": t("message"),
      "aria-autocomplete": "list",
      enterkeyhint: touch() ? "enter" : "send",
      dir: "auto",
      oninput: (event) => this.#typed(event),
      oncompositionend: () => this.#suggest(),
      onkeydown: (event) => this.#pressed(event),
      onclick: () => this.#suggest(),
      onblur: () => this.#closeLists(),
    });
    this.suggestions = new Suggestions(this.text, {
      send: (command) => this.#sendCommand(command),
      typed: () => this.#typed(),
    });
    this.inline = new InlineResults(this.text, { choose: (handle, id) => this.#choose(handle, id) });
    this.above = el("div", { class: "composer-above", hidden: true, testid: "reply-bar" });
    this.commands = iconButton("menu", t("commands"), () => this.#toggleCommands(), {
      class: "commands-button",
      testid: "commands-menu",
    });
    this.attach = iconButton("attach", t("attach"), () => attachMenu(this.attach), {
      testid: "attach",
      "aria-haspopup": "menu",
    });
    this.emoji = iconButton("smile", t("emoji"), () => this.#pickEmoji(), { class: "emoji-open" });
    this.keys = iconButton("keys", t("reply_keyboard"), () => this.#toggleKeys(), {
      testid: "toggle-keyboard",
      "aria-expanded": "true",
    });
    this.submit = iconButton("send", t("send_message"), () => this.#submit(), { class: "send", testid: "send" });
    this.mic = iconButton("mic", t("record"), () => this.recorder.begin(), { testid: "record" });
    this.recorder = new Recorder((file) => this.#sendVoice(file));
    this.keyboard = el("div", { class: "keyboard-frame", hidden: true });
    this.row = el(
      "div",
      { class: "composer-row" },
      this.commands,
      this.attach,
      this.text,
      this.emoji,
      this.keys,
      this.mic,
      this.submit,
    );
    this.node = el(
      "div",
      { class: "composer", role: "group", "aria-label": t("write") },
      this.suggestions.node,
      this.inline.node,
      this.above,
      this.row,
      this.recorder.node,
      this.keyboard,
    );
    acceptPaste(this.text);
    onFiles((files, caption) => this.#sendFiles(files, caption));
    on("open", () => this.#opened());
    on("chats", () => this.#chatChanged());
    on("thread", () => this.#chatChanged());
    on("composer", (detail) => this.#drafted(detail));
    this.#opened();
  }

  /** Puts the cursor into the text; not on touch screens, where that would call up the keys. */
  focus() {
    if (!touch()) this.text.focus({ preventScroll: true });
  }

  #opened() {
    if (!showsMessages()) return;
    const key = threadKey(state.open.chatId, state.open.threadId);
    if (key !== this.#key) {
      this.#key = key;
      this.#keysHidden = false;
      this.recorder.cancel();
      this.#drafted({ focus: !touch() });
    }
    this.#chatChanged();
  }

  #chatChanged() {
    const view = openChat();
    if (!view || !showsMessages()) return;
    this.#offerForcedReply(view);
    const markup = currentKeyboard();
    this.keys.hidden = !markup;
    this.keyboard.hidden = !markup || this.#keysHidden;
    this.keys.setAttribute("aria-expanded", String(!this.keyboard.hidden));
    const drawnFor = JSON.stringify(markup);
    if (markup && this.keyboard.dataset.for !== drawnFor) {
      this.keyboard.dataset.for = drawnFor;
      fill(this.keyboard, replyKeyboard(markup));
    }
    this.text.placeholder = view.keyboard?.input_field_placeholder || t("message");
    this.commands.hidden = view.chat.type !== "private" || !view.commands.length;
    this.#drawAbove();
  }

  /* A bot that forces a reply gets it: its newest message here is replied to, once. */
  #offerForcedReply(view) {
    if (!view.keyboard?.force_reply) return;
    const asking = [...openThread().messages].reverse().find(({ from }) => from?.id === state.bot.id);
    const key = `${view.chat.id}:${asking?.message_id}`;
    if (!asking || this.#forced.has(key)) return;
    this.#forced.add(key);
    openDraft().replyTo = asking.message_id;
    this.#drafted({ focus: true });
  }

  #drafted({ focus = false } = {}) {
    if (!showsMessages()) return;
    this.text.value = openDraft().text;
    this.inline.forget();
    this.#grow();
    this.#drawAbove();
    this.#buttons();
    if (focus) requestAnimationFrame(() => this.text.focus({ preventScroll: true }));
  }

  #drawAbove() {
    const { replyTo: replied, editing } = openDraft();
    const message = messageById(editing ?? replied);
    this.above.hidden = !(editing ?? replied);
    if (this.above.hidden) return;
    const title = editing ? t("editing") : message ? t("replying_to", { who: senderName(message) }) : t("reply");
    fill(
      this.above,
      icon(editing ? "edit" : "reply"),
      el(
        "span",
        { class: "above-words" },
        el("span", { class: "above-title" }, title),
        el("span", { class: "above-text" }, message ? preview(message) : ""),
      ),
      iconButton("close", t("cancel"), () => this.#dropAbove(), { testid: "cancel-reply" }),
    );
  }

  #dropAbove() {
    const draft = openDraft();
    if (draft.editing) draft.text = "";
    Object.assign(draft, { replyTo: null, editing: null });
    this.#drafted({ focus: true });
  }

  #typed({ isComposing = false } = {}) {
    openDraft().text = this.text.value;
    this.#grow();
    this.#buttons();
    if (!isComposing) this.#suggest(); // letters that are to become Chinese words are nothing to search for
  }

  #suggest() {
    if (this.inline.update(openChat())) this.suggestions.close();
    else this.suggestions.update(openChat());
  }

  #closeLists() {
    this.suggestions.close();
    this.inline.close();
  }

  #grow() {
    this.text.style.height = "auto";
    if (this.text.scrollHeight) this.text.style.height = `${this.text.scrollHeight}px`;
  }

  #buttons() {
    const empty = !this.text.value.trim();
    this.mic.hidden = !empty || !canRecord() || Boolean(openDraft().editing);
    this.submit.hidden = !this.mic.hidden;
    this.submit.disabled = empty;
  }

  #pressed(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method (Chinese, say) still owns the keys
    if (this.suggestions.handle(event) || this.inline.handle(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !touch()) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && (openDraft().replyTo ?? openDraft().editing)) {
      event.preventDefault();
      this.#dropAbove();
    } else if (event.key === "ArrowUp" && !this.text.value) this.#editLast(event);
  }

  #editLast(event) {
    const last = [...openThread().messages].reverse().find((message) => isMine(message) && message.text && !message.via_bot);
    if (!last) return;
    event.preventDefault();
    startEditing(last);
  }

  async #submit() {
    const text = this.text.value.trim();
    const { chatId } = state.open;
    if (!text) return;
    await this.#spend(({ editing, replyTo: replied }) =>
      editing ? edit(chatId, editing, text) : this.#sendParts(text, replied),
    );
  }

  #choose(handle, resultId) {
    return this.#spend(({ replyTo: replied }) => chooseInline(handle, resultId, replied));
  }

  /* Empties the draft for what is done with it; when that fails, the draft comes back. */
  async #spend(deed) {
    const draft = openDraft();
    const kept = { ...draft, text: this.text.value };
    Object.assign(draft, { text: "", replyTo: null, editing: null });
    this.#drafted({ focus: true });
    if ((await deed(kept)) || draft.text) return;
    Object.assign(draft, kept);
    this.#drafted();
  }

  /* A longer text goes out as several messages, as chat programs do. */
  async #sendParts(text, replied) {
    for (let from = 0; from < text.length; from += LONGEST) {
      const first = from === 0;
      if (!(await send({ text: text.slice(from, from + LONGEST), replyTo: first ? replied : null }))) return false;
    }
    return true;
  }

  #sendCommand(command) {
    Object.assign(openDraft(), { text: "" });
    this.#drafted({ focus: !touch() });
    return send({ text: command });
  }

  #toggleCommands() {
    if (this.suggestions.open) return this.suggestions.close();
    this.suggestions.showCommands(openChat());
    return this.text.focus({ preventScroll: true });
  }

  #toggleKeys() {
    this.#keysHidden = !this.#keysHidden;
    this.#chatChanged();
  }

  #pickEmoji() {
    const insert = (emoji) => {
      closeMenu();
      this.text.setRangeText(drawn(emoji), this.text.selectionStart, this.text.selectionEnd, "end");
      this.#typed();
      this.text.focus();
    };
    const grid = el("div", { class: "reaction-grid" }, emojiButtons(ALL, insert, { role: "menuitem", tabindex: -1 }));
    openMenu(this.emoji, [], { label: t("emoji"), top: grid });
  }

  async #sendFiles(files, caption) {
    const draft = openDraft();
    let { replyTo: replied } = draft;
    let text = caption;
    for (const { file, kind } of files) {
      const token = await upload(file);
      if (!token || !(await send({ text, replyTo: replied, file: { token, kind } }))) return;
      replied = null;
      text = "";
    }
    draft.replyTo = null;
    this.#drafted({ focus: !touch() });
  }

  #sendVoice(file) {
    return this.#sendFiles([{ file, kind: "voice" }], "");
  }
}

/* On a touch screen Enter makes a new line and the button sends. */
function touch() {
  return matchMedia("(pointer: coarse)").matches;
}
