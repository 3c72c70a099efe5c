/* The list of chats. */
import { el, fill } from "./elements.js";
import { icon } from "./icons.js";
import { previewBy } from "./messages/preview.js";
import { chatAvatar, fullName, isMine } from "./people.js";
import { go } from "./route.js";
import { on, state } from "./state.js";
import { fullDate, shortWhen, t } from "./words.js";

/** The list of chats as an element that keeps itself up to date. */
export function chatList() {
  const list = el("div", { class: "list", role: "list" });
  const draw = () => drawKeepingFocus(list, inOrder().map(chatItem));
  for (const name of ["chats", "open", "typing"]) on(name, draw);
  draw();
  return el("nav", { class: "list-frame", "aria-label": t("chats") }, list);
}

/** Draws list items anew; the one that had the keyboard's focus keeps it. */
export function drawKeepingFocus(list, items) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  fill(list, items);
  if (focused) list.querySelector(`[data-testid="${focused}"]`)?.focus({ preventScroll: true });
}

/* The chat with the bot first, then the newest. */
function inOrder() {
  const rank = ({ chat, last }) => (chat.type === "private" ? Infinity : (last?.date ?? 0));
  return [...state.chats.values()].sort((a, b) => (rank(b) === rank(a) ? 0 : rank(b) - rank(a)));
}

function chatItem(view) {
  const current = view.chat.id === state.open.chatId;
  return el(
    "div",
    { role: "listitem" },
    el(
      "button",
      {
        type: "button",
        class: `item ${current ? "current" : ""}`,
        testid: `chat-${view.chat.id}`,
        "aria-current": current ? "true" : null,
        "aria-label": view.unread ? t("chat_label", { title: view.title, n: view.unread }) : view.title,
        onclick: () => go(view.chat.id),
      },
      chatAvatar(view),
      itemWords({
        title: view.title,
        mark: view.chat.is_forum ? "group" : null,
        last: view.last,
        unread: view.unread,
        inGroup: view.chat.type !== "private",
        hint: view.chat.type === "private" && !view.started ? t("start_hint") : "",
        typing: typingIn(view.chat.id),
      }),
    ),
  );
}

/** Who is typing in a chat (or in one of its topics), as a phrase, or "". */
export function typingIn(chatId, threadId) {
  const prefix = threadId === undefined ? `${chatId}:` : `${chatId}:${threadId ?? ""}`;
  const typists = [...state.typing]
    .filter(([key]) => (threadId === undefined ? key.startsWith(prefix) : key === prefix))
    .flatMap(([, people]) => [...people.values()]);
  if (!typists.length) return "";
  const { user, action } = typists[0];
  return state.chats.get(chatId)?.chat.type === "private"
    ? t(phrase(action))
    : t("who_does", { who: user.first_name ?? fullName(user), what: t(phrase(action)) });
}

function phrase(action) {
  if (action === "typing") return "typing";
  if (action.startsWith("record")) return "recording";
  return action.startsWith("upload") ? "uploading" : "typing";
}

/** The two lines of an item: title and time, last message and badge. */
export function itemWords({ title, mark, last, unread, inGroup, hint, typing, closed }) {
  return el(
    "span",
    { class: "item-words" },
    el(
      "span",
      { class: "item-line" },
      el("span", { class: "item-title" }, title),
      mark && icon(mark),
      last &&
        el(
          "time",
          { class: "item-time", title: fullDate(last.date) },
          isMine(last) && icon(last.view?.reads ? "checks" : "check"),
          shortWhen(last.date),
        ),
    ),
    el(
      "span",
      { class: "item-line" },
      el(
        "span",
        { class: "item-last" },
        typing ? el("span", { class: "typing-words" }, typing) : hint || lastWords(last, inGroup),
      ),
      closed && el("span", { class: "closed-mark", title: t("topic_closed") }, icon("lock")),
      unread > 0 && el("span", { class: "badge" }, unread > 99 ? "99+" : String(unread)),
    ),
  );
}

function lastWords(last, inGroup) {
  if (!last) return t("no_messages");
  const { by, text } = previewBy(last, inGroup);
  return by ? [el("span", { class: "by" }, t("by", { who: by })), text] : text;
}
