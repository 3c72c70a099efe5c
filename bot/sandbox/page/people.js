/* Names, initials and avatars of people, the bot and groups. */
import { el } from "./elements.js";
import { icon } from "./icons.js";
import { state } from "./state.js";
import { languageFor, t } from "./words.js";

/** A user's full name. */
export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

/** Who a message is from, as its bubble names it: a person, the bot, or a group that its anonymous admin speaks for. */
export function senderName(message) {
  if (message.sender_chat) return message.sender_chat.title;
  return message.from ? fullName(message.from) : (message.chat.title ?? "");
}

/** The id that a sender's colour follows. */
export function senderId(message) {
  return message.sender_chat?.id ?? message.from?.id ?? message.chat.id;
}

/** Did I write this? */
export function isMine(message) {
  return message.from?.id === state.me.id && !message.sender_chat;
}

/** One of seven colours, always the same for an id. */
export function tone(id) {
  return `tone-${Math.abs(id) % 7}`;
}

/** One or two characters that stand for a name. */
export function initials(name) {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? ["?"];
  const sameScript = words.slice(1).find((word) => isHan(word) === isHan(words[0]));
  const second = isHan(words[0]) ? "" : (sameScript ?? "");
  return ([...words[0]][0] + ([...second][0] ?? "")).toUpperCase();
}

function isHan(word) {
  return /^\p{Script=Han}/u.test(word);
}

/** A round picture made of initials. */
export function avatar(id, name, extra = "") {
  return el("span", { class: `avatar ${tone(id)} ${extra}`.trim(), "aria-hidden": "true" }, initials(name));
}

/** A chat's avatar. */
export function chatAvatar(view, extra = "") {
  const id = view.chat.type === "private" ? state.bot.id : view.chat.id;
  return avatar(id, view.title, extra);
}

/** The language attribute that gives a person's Chinese its own forms, or null. */
export function writesIn(user) {
  const code = user?.language_code ?? "";
  return code.toLowerCase().startsWith("zh") ? languageFor(code).tag : null;
}

/** The picture of a topic: a speech bubble in the topic's colour with its first letter. */
export function topicBadge(topic) {
  const general = topic.message_thread_id === 0;
  const badge = el(
    "span",
    { class: `topic-badge ${general ? "general" : ""}`, "aria-hidden": "true" },
    general ? "#" : initials(topic.name)[0],
  );
  if (!general) badge.style.setProperty("--topic", `#${topic.icon_color.toString(16).padStart(6, "0")}`);
  if (topic.closed) badge.append(icon("lock"));
  return badge;
}

/** What a topic is called: General has the page's own word when the server gives none. */
export function topicName(topic) {
  return topic.name || t("general");
}
