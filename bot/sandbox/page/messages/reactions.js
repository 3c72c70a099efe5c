/* Reactions: chips under a message, and the emoji to choose from. */
import { react } from "../actions.js";
import { el } from "../elements.js";
import { t } from "../words.js";

/** The reactions offered first. Telegram writes the heart without its variation selector, as here. */
export const QUICK = ["👍", "❤", "🔥", "👏", "😁", "🤔", "🙏"];

const MORE = "👎 🥰 🤯 😱 🎉 🤩 👌 🕊 😍 💯 🤣 ⚡ 🏆 💔 🤨 😐 🍓 🍾 😴 😭 🤓 👀 😇 😨 🤝 ✍ 🤗 🫡 💅 😢 🆒 💊 😎 👨‍💻 🙈";

/** The reactions of the full picker: a friendly part of Telegram's fixed list. */
export const ALL = [...QUICK, ...MORE.split(" ")];

/** An emoji as it has to be written to be drawn in colour. */
export function drawn(emoji) {
  return /^[\u2600-\u27bf]$/.test(emoji) ? `${emoji}\ufe0f` : emoji;
}

/** The chips of a message's reactions, or null. */
export function chips(message) {
  const reactions = message.view?.reactions ?? [];
  if (!reactions.length) return null;
  return el(
    "div",
    { class: "reactions" },
    reactions.map((reaction) => chip(message, reaction)),
  );
}

function chip(message, { emoji, count, mine }) {
  const toggle = () => react(message.chat.id, message.message_id, mine ? null : emoji);
  return el(
    "button",
    {
      type: "button",
      class: `chip ${mine ? "mine" : ""}`,
      "aria-pressed": String(Boolean(mine)),
      "aria-label": t("reaction", { emoji, n: count }),
      onclick: toggle,
    },
    el("span", { class: "emoji", "aria-hidden": "true" }, drawn(emoji)),
    el("span", { "aria-hidden": "true" }, String(count)),
  );
}

/** A row or grid of emoji; `choose` gets the one that is taken. */
export function emojiButtons(emojis, choose, props = {}) {
  return emojis.map((emoji) =>
    el(
      "button",
      { type: "button", class: "emoji-button emoji", "aria-label": emoji, onclick: () => choose(emoji), ...props },
      drawn(emoji),
    ),
  );
}
