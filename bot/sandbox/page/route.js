/* Where the person is, kept in the address after "#": "", "#<chat>" or "#<chat>/<topic>". So Back and Reload work. */
import { emit, state } from "./state.js";

/** The person's id from the address, or null: then nobody is chosen yet. */
export function personInAddress() {
  const id = Number(new URLSearchParams(location.search).get("as"));
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** The address of the page as another person. */
export function addressAs(userId) {
  return `/?as=${userId}`;
}

/** Goes to a chat, to a topic of it, or (without arguments) to the list. */
export function go(chatId = null, threadId = null) {
  const hash = chatId === null ? "" : threadId === null ? `#${chatId}` : `#${chatId}/${threadId}`;
  if (hash !== location.hash) history.pushState(null, "", location.pathname + location.search + hash);
  follow();
}

/** Takes the place from the address into the state. */
export function follow() {
  const [, chat, topic] = /^#(-?\d+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  state.open = {
    chatId: chat === undefined ? null : Number(chat),
    threadId: topic === undefined ? null : Number(topic),
  };
  emit("open");
}
