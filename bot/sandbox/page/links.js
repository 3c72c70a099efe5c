/* Where a link leads: into the sandbox (the bot's own t.me links) or out to the web, after asking. */
import { go } from "./route.js";
import { goToBot, start } from "./actions.js";
import { confirmBox, toast } from "./dialogs.js";
import { state } from "./state.js";
import { t } from "./words.js";

const OUTSIDE = ["https:", "http:", "mailto:", "tel:"];
const TELEGRAM = ["t.me", "telegram.me", "telegram.dog"];

/** A URL out of what people and bots write, or null when it is none that may be opened. */
export function readable(text) {
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[\w.-]+:\d/.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  return [...OUTSIDE, "tg:"].includes(url.protocol) ? url : null;
}

/** Follows a link. `ask` says whether the web's address has to be confirmed first. */
export async function follow(text, { ask = true } = {}) {
  const url = readable(text);
  if (!url) return toast(t("link_unreadable"));
  const inside = insideTelegram(url);
  if (inside) return inside();
  if (ask && !(await confirmBox(t("open_link"), t("open"), { detail: url.href }))) return undefined;
  return open(url.href, "_blank", "noopener,noreferrer");
}

function insideTelegram(url) {
  if (url.protocol === "tg:") return toTelegram(url.searchParams.get("domain") ?? "", [], url.searchParams);
  if (!TELEGRAM.includes(url.hostname)) return null;
  const [name = "", ...rest] = url.pathname.split("/").filter(Boolean);
  return toTelegram(name, rest, url.searchParams);
}

function toTelegram(name, rest, query) {
  if (name === "c") return () => toMessage(Number(`-100${rest[0]}`), rest.slice(1).map(Number));
  if (name.toLowerCase() !== state.bot.username.toLowerCase()) return () => toast(t("not_in_sandbox"));
  if (query.has("startgroup")) return () => toast(t("no_startgroup"));
  if (query.has("start")) return () => start(query.get("start"));
  return goToBot;
}

function toMessage(chatId, numbers) {
  const view = state.chats.get(chatId);
  if (!view) return toast(t("chat_not_yours"));
  state.wanted = numbers.at(-1) || null;
  return go(chatId, view.chat.is_forum ? numbers[0] : null);
}
