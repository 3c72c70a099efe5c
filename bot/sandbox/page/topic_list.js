/* The topics of a forum group. */
import { closeTopic, createTopic, deleteTopic, reopenTopic } from "./actions.js";
import { drawKeepingFocus, itemWords, typingIn } from "./chat_list.js";
import { confirmBox, promptBox } from "./dialogs.js";
import { el } from "./elements.js";
import { topicBadge, topicName } from "./people.js";
import { go } from "./route.js";
import { iManage, on, openChat, state } from "./state.js";
import { t } from "./words.js";

/** The open forum's topics as an element that keeps itself up to date. */
export function topicList() {
  const list = el("div", { class: "list", role: "list" });
  const draw = () => openChat()?.chat.is_forum && drawKeepingFocus(list, inOrder(openChat()).map(topicItem));
  for (const name of ["chats", "open", "typing"]) on(name, draw);
  draw();
  return el("nav", { class: "list-frame", "aria-label": t("topics") }, list);
}

/* General first, then the newest; closed topics last. */
function inOrder({ topics }) {
  const rank = (topic) =>
    topic.message_thread_id === 0 ? Infinity : (topic.closed ? 0 : 1e12) + (topic.last?.date ?? 0);
  return [...topics].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

function topicItem(topic) {
  const { chatId, threadId } = state.open;
  const id = topic.message_thread_id;
  const name = topicName(topic);
  const label = [name, topic.closed && t("topic_closed"), topic.unread && t("unread_count", { n: topic.unread })]
    .filter(Boolean)
    .join(t("list_comma"));
  return el(
    "div",
    { role: "listitem" },
    el(
      "button",
      {
        type: "button",
        class: `item topic ${id === threadId ? "current" : ""} ${topic.closed ? "closed" : ""}`,
        testid: `topic-${id}`,
        "aria-current": id === threadId ? "true" : null,
        "aria-label": label,
        onclick: () => go(chatId, id),
      },
      topicBadge(topic),
      itemWords({
        title: name,
        last: topic.last,
        unread: topic.unread,
        inGroup: true,
        typing: typingIn(chatId, id),
        closed: topic.closed,
      }),
    ),
  );
}

/** Asks for a name and opens a new topic. */
export async function askForTopic(view) {
  const name = await promptBox(t("new_topic_name"), t("create"));
  if (name) await createTopic(view.chat.id, name);
}

/** The menu entries with which a topic is closed, reopened and deleted. */
export function topicActions(view, topic) {
  if (!topic || !iManage(view)) return [];
  const id = topic.message_thread_id;
  const remove = async () => {
    if (await confirmBox(t("delete_topic_sure", { topic: topicName(topic) }), t("delete_topic"), { danger: true }))
      deleteTopic(view.chat.id, id);
  };
  return [
    topic.closed
      ? { icon: "unlock", label: t("reopen_topic"), act: () => reopenTopic(view.chat.id, id) }
      : { icon: "lock", label: t("close_topic"), act: () => closeTopic(view.chat.id, id) },
    id !== 0 && { icon: "trash", label: t("delete_topic"), danger: true, act: remove },
  ].filter(Boolean);
}
