/* The right side: header, pinned message, messages and what stands below them. */
import { block, unblock, unpin } from "./actions.js";
import { typingIn } from "./chat_list.js";
import { acceptDrops } from "./composer/attachments.js";
import { footer } from "./composer/footer.js";
import { confirmBox } from "./dialogs.js";
import { el, fill, iconButton } from "./elements.js";
import { icon } from "./icons.js";
import { openMenu } from "./menus.js";
import { MessageLog } from "./messages/log.js";
import { preview } from "./messages/preview.js";
import { chatAvatar, topicBadge, topicName } from "./people.js";
import { showGroup, showProfile } from "./profile.js";
import { go } from "./route.js";
import { iManage, messageById, on, openChat, openTopic, showsMessages, state } from "./state.js";
import { topicActions } from "./topic_list.js";
import { t } from "./words.js";

/** The right side of the page. */
export function chatPane() {
  const header = el("header", { class: "bar chat-bar" });
  const pinned = el("div", { class: "pinned", testid: "pinned", hidden: true });
  const log = new MessageLog();
  const about = el("div", { class: "introduction", testid: "introduction", hidden: true });
  log.node.append(about);
  const chat = el("div", { class: "chat" }, header, pinned, log.node, footer());
  const empty = el("div", { class: "empty" }, el("span", {}));
  const draw = () => {
    chat.hidden = !showsMessages();
    empty.hidden = showsMessages();
    empty.firstChild.textContent = t(openChat()?.chat.is_forum ? "choose_topic" : "choose_chat");
    if (!showsMessages()) return;
    fill(header, headerParts());
    drawPinned(pinned, log.jump);
    drawIntroduction(about);
  };
  for (const name of ["open", "chats", "typing", "thread", "connection"]) on(name, draw);
  acceptDrops(chat);
  draw();
  return el("main", { class: "pane" }, chat, empty);
}

function headerParts() {
  const view = openChat();
  const topic = openTopic();
  const about = () => (view.chat.type === "private" ? showProfile(state.bot) : showGroup(openChat()));
  const typing = typingIn(view.chat.id, state.open.threadId);
  return [
    iconButton("back", t("back"), () => go(view.chat.is_forum ? view.chat.id : null), {
      class: "back",
      testid: "back",
    }),
    el(
      "button",
      { type: "button", class: "title-button", onclick: about },
      topic ? topicBadge(topic) : chatAvatar(view, "small"),
      el(
        "span",
        { class: "title-words" },
        el("h1", { class: "title" }, topic ? topicName(topic) : view.title),
        el(
          "span",
          { class: `subtitle ${typing ? "typing-words" : ""}`, testid: "subtitle" },
          typing || subtitle(view, topic),
        ),
      ),
    ),
    iconButton(
      "more",
      t("chat_actions"),
      (event) => openMenu(event.currentTarget, chatActions(view, topic, about), { label: t("chat_actions") }),
      { testid: "chat-menu" },
    ),
  ];
}

function subtitle(view, topic) {
  if (topic) return topic.closed ? t("closed_in", { title: view.title }) : view.title;
  return view.chat.type === "private" ? t("bot") : t("members", { n: view.members.length });
}

function chatActions(view, topic, about) {
  const group = view.chat.type !== "private";
  return [
    { icon: group ? "group" : "person", label: t(group ? "group_info" : "about_bot"), act: about },
    ...topicActions(view, topic),
    !group && view.started && !view.blocked && { icon: "block", label: t("block_bot"), danger: true, act: askToBlock },
    !group && view.blocked && { icon: "block", label: t("unblock_bot"), act: unblock },
  ].filter(Boolean);
}

async function askToBlock() {
  if (await confirmBox(t("block_sure"), t("block_bot"), { danger: true })) block();
}

/* What the bot says about itself while nothing has been said. */
function drawIntroduction(node) {
  const { about, last } = openChat();
  node.hidden = !about || Boolean(last);
  if (!node.hidden) fill(node, el("div", {}, el("strong", {}, t("what_it_does")), el("p", {}, about)));
}

/* The newest pinned message; in a forum only what is pinned in this topic, as far as it is loaded. */
function drawPinned(node, jump) {
  const view = openChat();
  const ids = view.pinned.filter((id) => !view.chat.is_forum || messageById(id)).sort((a, b) => a - b);
  node.hidden = !ids.length;
  if (!ids.length) return;
  const id = ids.at(-1);
  const message = messageById(id);
  fill(
    node,
    el(
      "button",
      { type: "button", class: "pinned-words", onclick: () => jump(id) },
      icon("pin"),
      el(
        "span",
        {},
        el("span", { class: "pinned-title" }, ids.length > 1 ? t("pinned_of", { n: ids.length }) : t("pinned")),
        el("span", { class: "pinned-text" }, message ? preview(message) : t("show_message")),
      ),
    ),
    iManage(view) && iconButton("close", t("unpin"), () => unpin(view.chat.id, id)),
  );
}
