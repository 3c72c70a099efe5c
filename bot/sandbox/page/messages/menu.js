/* What can be done with a message: the menu of a right click, a long press or its ⋮ button. */
import { forward, pin, react, remove, unpin } from "../actions.js";
import { confirmBox, modal, toast } from "../dialogs.js";
import { el } from "../elements.js";
import { copy } from "../keyboards.js";
import { closeMenu, openMenu } from "../menus.js";
import { chatAvatar, isMine } from "../people.js";
import { go } from "../route.js";
import { emit, iManage, openChat, openDraft, state } from "../state.js";
import { t } from "../words.js";
import { ALL, emojiButtons, QUICK } from "./reactions.js";

/** Opens the menu of a message at a point or under an element. */
export function openMessageMenu(message, at) {
  openMenu(at, items(message), { label: t("message_actions"), top: reactionRow(message, at) });
}

function items(message) {
  const view = openChat();
  const text = message.text ?? message.caption;
  const mine = isMine(message);
  const pinned = view.pinned.includes(message.message_id);
  const on = (chatAction) => () => chatAction(view.chat.id, message.message_id);
  return [
    view.can_send && { icon: "reply", label: t("reply"), act: () => replyTo(message) },
    text && { icon: "copy", label: t("copy"), act: () => copy(text) },
    mine && text && !message.forward_origin && !message.via_bot && { icon: "edit", label: t("edit"), act: () => startEditing(message) },
    iManage(view) && {
      icon: pinned ? "unpin" : "pin",
      label: t(pinned ? "unpin" : "pin"),
      act: on(pinned ? unpin : pin),
    },
    { icon: "forward", label: t("forward"), act: () => chooseTarget(message) },
    (mine || iManage(view)) && { icon: "trash", label: t("delete"), danger: true, act: () => askToDelete(message) },
  ].filter(Boolean);
}

/** Puts the composer into replying to a message. */
export function replyTo(message) {
  Object.assign(openDraft(), { replyTo: message.message_id, editing: null });
  emit("composer", { focus: true });
}

/** Puts the composer into changing an own message. */
export function startEditing(message) {
  Object.assign(openDraft(), { editing: message.message_id, replyTo: null, text: message.text ?? message.caption });
  emit("composer", { focus: true });
}

async function askToDelete(message) {
  if (await confirmBox(t("delete_sure"), t("delete"), { danger: true })) remove(message.chat.id, [message.message_id]);
}

function reactionRow(message, at) {
  const mine = message.view?.reactions?.find((reaction) => reaction.mine)?.emoji;
  const choose = (emoji) => {
    closeMenu();
    react(message.chat.id, message.message_id, emoji === mine ? null : emoji);
  };
  const more = el(
    "button",
    {
      type: "button",
      class: "emoji-button",
      role: "menuitem",
      tabindex: -1,
      "aria-label": t("more_reactions"),
      title: t("more_reactions"),
      onclick: () =>
        openMenu(at, [], {
          label: t("reactions"),
          top: el("div", { class: "reaction-grid" }, emojiButtons(ALL, choose, MENU_ITEM)),
        }),
    },
    "＋",
  );
  return el("div", { class: "reaction-row" }, emojiButtons(QUICK, choose, MENU_ITEM), more);
}

const MENU_ITEM = { role: "menuitem", tabindex: -1 };

async function chooseTarget(message) {
  const target = await modal({
    label: t("forward_to"),
    build: (close) => [
      el("h2", {}, t("forward_to")),
      el(
        "div",
        { class: "choice-list" },
        [...state.chats.values()]
          .filter(({ can_send: can }) => can)
          .map((view) =>
            el(
              "button",
              { type: "button", class: "choice", onclick: () => close(view) },
              chatAvatar(view, "small"),
              el("span", {}, view.title),
            ),
          ),
      ),
    ],
  });
  if (!target || !(await forward(message.chat.id, message.message_id, target.chat.id))) return;
  toast(t("forwarded"));
  go(target.chat.id, target.chat.is_forum ? 0 : null);
}
