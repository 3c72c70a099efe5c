/* What stands above a message's own words: which bot or message it came from and what it replies to. */
import { el } from "../elements.js";
import { icon } from "../icons.js";
import { fullName, senderId, senderName, tone } from "../people.js";
import { t } from "../words.js";
import { preview } from "./preview.js";

/** The line of a forwarded message, or null. */
export function forwardedLine(message) {
  const origin = message.forward_origin;
  return origin && el("div", { class: "forwarded" }, icon("forward"), t("forwarded_from", { who: originName(origin) }));
}

/** The line that names the bot whose inline mode a message came from, or null. */
export function viaLine(message) {
  return message.via_bot && el("div", { class: "via" }, t("via", { bot: `@${message.via_bot.username}` }));
}

function originName(origin) {
  if (origin.sender_user) return fullName(origin.sender_user);
  return origin.sender_user_name ?? (origin.sender_chat ?? origin.chat)?.title ?? "";
}

/** The message that this one answers; a topic's first service message does not count. */
export function repliedTo(message) {
  const target = message.reply_to_message;
  if (!target || target.forum_topic_created) return null;
  return message.is_topic_message && target.message_id === message.message_thread_id ? null : target;
}

/** The quoted line of a reply, or null; `jump` gets the id of the message it quotes. */
export function replyQuote(message, jump) {
  const target = repliedTo(message);
  if (!target) return null;
  return el(
    "button",
    {
      type: "button",
      class: `quote ${tone(senderId(target))}`,
      "aria-label": t("reply_to_label", { who: senderName(target), what: preview(target) }),
      onclick: () => jump(target.message_id),
    },
    el("span", { class: "quote-who" }, senderName(target)),
    el("span", { class: "quote-what" }, message.quote?.text ?? preview(target)),
  );
}
