/* One row of the message list as an element. */
import { el, iconButton } from "../elements.js";
import { formatted } from "../entities.js";
import { icon } from "../icons.js";
import { inlineKeyboard } from "../keyboards.js";
import { avatar, isMine, senderId, senderName, tone, writesIn } from "../people.js";
import { showProfile } from "../profile.js";
import { openChat, statusIn } from "../state.js";
import { clock, dayName, fullDate, t } from "../words.js";
import { isPicture, media } from "./media.js";
import { openMessageMenu } from "./menu.js";
import { poll } from "./poll.js";
import { preview } from "./preview.js";
import { forwardedLine, replyQuote, viaLine } from "./quote.js";
import { chips } from "./reactions.js";
import { serviceSentence } from "./service.js";

const ONLY_EMOJI =
  /^(?:\p{Extended_Pictographic}(?:\ufe0f|\u200d\p{Extended_Pictographic}|\p{Emoji_Modifier})*\s?){1,3}$/u;

/** The element of a row; `jump` scrolls to a message by its id. */
export function rowElement(row, jump) {
  return { day, unread, service, bubble }[row.kind](row, jump);
}

function day({ date }) {
  return el("div", { class: "day" }, el("span", {}, dayName(date)));
}

function unread() {
  return el("div", { class: "unread-line" }, t("unread_messages"));
}

function service({ messages: [message] }, jump) {
  const pinned = message.pinned_message;
  const sentence = serviceSentence(message);
  return el(
    "div",
    { class: "service", role: "article", "aria-label": sentence, "data-message-id": message.message_id },
    pinned
      ? el("button", { type: "button", onclick: () => jump(pinned.message_id) }, sentence)
      : el("span", {}, sentence),
  );
}

function bubble(row, jump) {
  const [message] = row.messages;
  const mine = isMine(message);
  const inGroup = message.chat.type !== "private";
  const menu = (at) => openMessageMenu(message, at);
  const traits = { first: row.first, last: row.last, "with-avatar": inGroup && !mine };
  const classes = ["message", mine ? "mine" : "theirs", ...Object.keys(traits).filter((name) => traits[name])];
  const node = el(
    "div",
    {
      class: classes.join(" "),
      role: "article",
      "aria-label": t("message_label", {
        who: mine ? t("you") : senderName(message),
        what: preview(message),
        when: clock(message.date),
      }),
      "data-message-id": message.message_id,
      oncontextmenu: (event) => contextMenu(event, menu),
    },
    inGroup && !mine && row.last && senderButton(message),
    el("div", { class: "stack" }, body(row, { mine, inGroup, jump }), inlineKeyboard(message)),
    iconButton("more", t("message_actions"), (event) => menu(event.currentTarget), { class: "message-more" }),
  );
  holdToOpen(node, menu);
  return node;
}

function senderButton(message) {
  const face = avatar(senderId(message), senderName(message), "small");
  if (message.sender_chat || !message.from) return el("span", { class: "sender" }, face);
  return el(
    "button",
    {
      type: "button",
      class: "sender",
      "aria-label": senderName(message),
      tabindex: -1,
      onclick: () => showProfile(message.from),
    },
    face,
  );
}

function body(row, { mine, inGroup, jump }) {
  const worded = row.messages.find(({ text, caption }) => text ?? caption) ?? row.messages[0];
  const [message] = row.messages;
  const words = worded.text ?? worded.caption ?? "";
  const jumbo = Boolean(message.text) && !message.entities?.length && ONLY_EMOJI.test(message.text);
  const bare = !words && isPicture(message);
  return el(
    "div",
    { class: `bubble ${jumbo ? "jumbo" : ""} ${isPicture(message) ? "pictured" : ""} ${bare ? "bare" : ""}` },
    inGroup && !mine && row.first && nameLine(message),
    forwardedLine(message),
    viaLine(message),
    replyQuote(message, jump),
    row.messages.length > 1 ? album(row.messages) : media(message),
    message.poll && poll(message),
    el(
      "div",
      { class: "text", dir: "auto", lang: writesIn(message.from) },
      message.poll ? null : formatted(words || unsupported(message), worded.entities ?? worded.caption_entities),
      meta(worded, mine),
    ),
    chips(message),
  );
}

function unsupported(message) {
  return media(message) ? "" : t("unsupported");
}

function nameLine(message) {
  const status = message.sender_chat ? "administrator" : statusIn(openChat(), message.from?.id);
  const role = { creator: t("role_creator"), administrator: t("role_administrator") }[status];
  return el(
    "div",
    { class: "name-line" },
    el("span", { class: `name ${tone(senderId(message))}` }, senderName(message)),
    role && el("span", { class: "role" }, role),
  );
}

function album(messages) {
  return el(
    "div",
    { class: `album of-${Math.min(messages.length, 10)}` },
    messages.map((message) =>
      el("div", { class: "album-cell", "data-message-id": message.message_id }, media(message)),
    ),
  );
}

function meta(message, mine) {
  return el(
    "span",
    { class: "meta", title: fullDate(message.date) },
    message.edit_date && el("span", { class: "edited" }, t("edited")),
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
    mine &&
      el(
        "span",
        { class: "ticks", role: "img", "aria-label": t(message.view?.reads ? "read" : "sent") },
        icon(message.view?.reads ? "checks" : "check"),
      ),
  );
}

function contextMenu(event, menu) {
  if (event.target.closest("a, input, video") || String(getSelection())) return;
  event.preventDefault();
  menu({ x: event.clientX, y: event.clientY });
}

/* iOS sends no contextmenu event for a long press. */
function holdToOpen(node, menu) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  node.addEventListener(
    "touchstart",
    ({ touches: [touch] }) => {
      stop();
      timer = setTimeout(() => document.querySelector(".menu") ?? menu({ x: touch.clientX, y: touch.clientY }), 550);
    },
    { passive: true },
  );
  for (const name of ["touchend", "touchmove", "touchcancel"]) node.addEventListener(name, stop, { passive: true });
}
