/* What stands below the messages: the composer, or why there is none and what to do about it. */
import { join, reopenTopic, start, unblock } from "../actions.js";
import { el, fill } from "../elements.js";
import { iManage, on, openChat, openTopic, showsMessages, state, statusIn } from "../state.js";
import { t } from "../words.js";
import { Composer } from "./composer.js";

/** The lower end of the chat pane, kept up to date. */
export function footer() {
  const composer = new Composer();
  const notice = el("div", { class: "footer-notice" });
  const draw = () => {
    if (!showsMessages()) return;
    const instead = insteadOfComposer(openChat(), openTopic());
    const appears = composer.node.hidden && !instead;
    composer.node.hidden = Boolean(instead);
    if (appears) composer.focus();
    notice.hidden = !instead;
    fill(notice, instead);
  };
  for (const name of ["open", "chats"]) on(name, draw);
  draw();
  return el("footer", { class: "footer" }, notice, composer.node);
}

function insteadOfComposer(view, topic) {
  const { chat } = view;
  if (chat.type === "private" && view.blocked) return bigButton(t("unblock_bot"), unblock, "unblock");
  if (chat.type === "private" && !view.started) return bigButton(t("start"), () => start(), "start");
  if (chat.type !== "private" && !statusIn(view, state.me.id))
    return bigButton(t("join_group"), () => join(chat.id), "join");
  if (topic?.closed && iManage(view) && !view.can_send)
    return bigButton(t("reopen_topic"), () => reopenTopic(chat.id, topic.message_thread_id), "reopen");
  if (topic?.closed && !iManage(view)) return el("p", {}, t("topic_is_closed"));
  return view.can_send ? null : el("p", {}, t("cannot_send"));
}

function bigButton(label, act, testid) {
  return el("button", { type: "button", class: "big-button", onclick: act, testid }, label);
}
