/* Who somebody is, and who is in a group. */
import { join, leave } from "./actions.js";
import { confirmBox, dialogButtons, modal } from "./dialogs.js";
import { el } from "./elements.js";
import { avatar, chatAvatar, fullName } from "./people.js";
import { state, statusIn } from "./state.js";
import { t } from "./words.js";

/** Shows a person's name, username and note. */
export function showProfile(user) {
  const note = state.people.find((person) => person.user.id === user.id)?.note;
  return modal({
    label: fullName(user),
    className: "profile",
    build: (close) => [
      avatar(user.id, fullName(user), "large"),
      el("h2", {}, fullName(user)),
      user.username && el("p", { class: "muted" }, `@${user.username}`),
      note && el("p", {}, note),
      user.is_bot && el("p", { class: "muted" }, t("bot")),
      dialogButtons(close, [t("close"), null, "primary"]),
    ],
  });
}

/** Shows a group's members, and lets one join or leave. */
export async function showGroup(view) {
  const inside = Boolean(statusIn(view, state.me.id));
  const wish = await modal({
    label: view.title,
    className: "profile",
    build: (close) => [
      chatAvatar(view, "large"),
      el("h2", {}, view.title),
      el("p", { class: "muted" }, t("members", { n: view.members.length })),
      el("ul", { class: "members" }, view.members.map(memberRow)),
      dialogButtons(close, inside ? [t("leave_group"), "leave", "danger"] : [t("join_group"), "join"], [
        t("close"),
        null,
        "primary",
      ]),
    ],
  });
  if (wish === "join") join(view.chat.id);
  if (
    wish === "leave" &&
    (await confirmBox(t("leave_sure", { title: view.title }), t("leave_group"), { danger: true }))
  )
    leave(view.chat.id);
}

function memberRow({ user, status }) {
  const role = { creator: t("role_creator"), administrator: t("role_administrator") }[status] ?? "";
  return el(
    "li",
    {},
    avatar(user.id, fullName(user), "small"),
    el("span", { class: "member-name" }, fullName(user), user.id === state.me.id ? ` ${t("you_in_brackets")}` : ""),
    el("span", { class: "muted" }, role || (user.is_bot ? t("bot") : "")),
  );
}
