/* Inline keyboards under messages, and reply keyboards under the composer. */
import { send, tap } from "./actions.js";
import { toast } from "./dialogs.js";
import { el } from "./elements.js";
import { icon } from "./icons.js";
import { follow } from "./links.js";
import { openChat, state } from "./state.js";
import { t } from "./words.js";

const STYLES = new Set(["primary", "success", "danger"]);

/** The inline keyboard of a message, or null. */
export function inlineKeyboard(message) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const waiting = state.taps.get(`${message.chat.id}:${message.message_id}`)?.data;
  return el(
    "div",
    { class: "inline-keyboard" },
    rows.map((row) =>
      el(
        "div",
        { class: "keyboard-row" },
        row.map((button) => inlineButton(message, button, waiting)),
      ),
    ),
  );
}

function inlineButton(message, button, waiting) {
  const busy = button.callback_data !== undefined && button.callback_data === waiting;
  const style = STYLES.has(button.style) ? button.style : "";
  return el(
    "button",
    {
      type: "button",
      class: `key ${style} ${busy ? "busy" : ""}`,
      "aria-busy": busy ? "true" : null,
      onclick: () => press(message, button),
    },
    el("span", { class: "key-text" }, button.text),
    busy ? el("span", { class: "spinner", "aria-hidden": "true" }) : badge(button),
  );
}

function badge(button) {
  if (button.url) return icon("external");
  return button.copy_text ? icon("copy") : null;
}

async function press(message, button) {
  if (button.callback_data !== undefined) return tap(message.chat.id, message.message_id, button.callback_data);
  if (button.url) return follow(button.url);
  if (button.copy_text) return copy(button.copy_text.text);
  return toast(t("not_in_sandbox"));
}

/** Copies a text and says so. */
export async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(t("copied"));
}

/** The open chat's reply keyboard, or null. */
export function currentKeyboard() {
  const view = openChat();
  return view.can_send && view.keyboard?.keyboard ? view.keyboard : null;
}

/** The node of a reply keyboard. */
export function replyKeyboard(markup) {
  return el(
    "div",
    {
      class: `reply-keyboard ${markup.resize_keyboard ? "" : "tall"}`,
      role: "group",
      "aria-label": t("reply_keyboard"),
      testid: "reply-keyboard",
    },
    markup.keyboard.map((row) =>
      el(
        "div",
        { class: "keyboard-row" },
        row.map((button) => replyKey(button)),
      ),
    ),
  );
}

function replyKey(button) {
  const { text, style } = typeof button === "string" ? { text: button } : button;
  const special =
    typeof button !== "string" && Object.keys(button).some((name) => name.startsWith("request_") || name === "web_app");
  const act = () => (special ? toast(t("not_in_sandbox")) : send({ text }));
  return el(
    "button",
    { type: "button", class: `key ${STYLES.has(style) ? style : ""}`, onclick: act },
    el("span", { class: "key-text" }, text),
  );
}
