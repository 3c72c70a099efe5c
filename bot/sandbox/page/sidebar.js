/* The left column: who I am, and either my chats or the topics of the forum that is open. */
import { chatList } from "./chat_list.js";
import { el, fill, iconButton } from "./elements.js";
import { icon } from "./icons.js";
import { openMenu } from "./menus.js";
import { avatar, chatAvatar, fullName } from "./people.js";
import { languageMenu, themeButton } from "./preferences.js";
import { showGroup } from "./profile.js";
import { addressAs, go } from "./route.js";
import { iManage, on, openChat, state } from "./state.js";
import { askForTopic, topicList } from "./topic_list.js";
import { t } from "./words.js";

/** The left column; `redraw` draws the whole page anew after a change of language. */
export function sidebar(redraw) {
  const node = el("aside", { class: "sidebar", "aria-label": t("chats") });
  let shown;
  const draw = () => {
    const forum = openChat()?.chat.is_forum ? openChat().chat.id : null;
    if (forum === shown) return;
    shown = forum;
    fill(node, forum === null ? [personBar(redraw), lists.chats] : [forumBar(), lists.topics]);
  };
  const lists = { chats: chatList(), topics: topicList() };
  on("open", draw);
  on("chats", draw);
  draw();
  return node;
}

function personBar(redraw) {
  const name = fullName(state.me);
  const button = el(
    "button",
    {
      type: "button",
      class: "person-button",
      testid: "switch-person",
      "aria-label": t("switch_person", { name }),
      "aria-haspopup": "menu",
      onclick: () => openMenu(button, personMenu(), { label: t("people") }),
    },
    avatar(state.me.id, name, "small"),
    el("span", { class: "person-name" }, name),
    icon("down"),
  );
  return el("header", { class: "bar" }, button, languageMenu(redraw), themeButton());
}

function personMenu() {
  const others = state.people.filter(({ user }) => user.id !== state.me.id);
  return [
    ...others.map(({ user }) => personItem(user)),
    "-",
    { icon: "person", label: t("who_are_you"), act: () => location.assign("/") },
  ];
}

function personItem(user) {
  const [name, address] = [fullName(user), addressAs(user.id)];
  return {
    picture: avatar(user.id, name, "tiny"),
    label: name,
    testid: `become-${user.id}`,
    act: () => location.assign(address),
    aside: { icon: "external", label: t("in_new_window", { name }), href: address, testid: `window-${user.id}` },
  };
}

function forumBar() {
  const view = openChat();
  const title = el(
    "button",
    { type: "button", class: "title-button", onclick: () => showGroup(openChat()) },
    chatAvatar(view, "small"),
    el(
      "span",
      { class: "title-words" },
      el("span", { class: "title" }, view.title),
      el("span", { class: "subtitle" }, t("members", { n: view.members.length })),
    ),
  );
  return el(
    "header",
    { class: "bar" },
    iconButton("back", t("back"), () => go(), { testid: "back-to-chats" }),
    title,
    iManage(view) && iconButton("plus", t("new_topic"), () => askForTopic(openChat()), { testid: "new-topic" }),
  );
}
