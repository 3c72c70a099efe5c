/* The message list as rows: day separators, the unread line, service lines, bubbles and albums. Pure. */
import { senderId } from "../people.js";
import { serviceSentence } from "./service.js";

const TOGETHER = 300; // seconds within which one sender's messages form a group

/**
 * Rows in order: { key, kind: "day" | "unread" | "service" | "bubble", messages, first, last }.
 * `unreadFrom` is the id of the first unread message, or null.
 */
export function rowsOf(messages, unreadFrom) {
  const rows = [];
  let day = "";
  for (const message of messages) {
    const today = new Date(message.date * 1000).toDateString();
    if (today !== day) rows.push({ key: `day ${today}`, kind: "day", messages: [], date: message.date });
    day = today;
    if (message.message_id === unreadFrom) rows.push({ key: "unread", kind: "unread", messages: [] });
    if (!joinsAlbum(rows.at(-1), message)) rows.push(rowOf(message));
    else rows.at(-1).messages.push(message);
  }
  return grouped(rows);
}

function rowOf(message) {
  return {
    key: `message ${message.message_id}`,
    kind: serviceSentence(message) ? "service" : "bubble",
    messages: [message],
  };
}

function joinsAlbum(row, message) {
  return Boolean(message.media_group_id) && row?.messages.at(-1)?.media_group_id === message.media_group_id;
}

function grouped(rows) {
  return rows.map((row, index) => ({
    ...row,
    first: !together(rows[index - 1], row),
    last: !together(row, rows[index + 1]),
  }));
}

function together(above, below) {
  if (above?.kind !== "bubble" || below?.kind !== "bubble") return false;
  const [one, two] = [above.messages.at(-1), below.messages[0]];
  return senderId(one) === senderId(two) && two.date - one.date < TOGETHER;
}

/** Would the two rows look the same? */
export function sameRow(one, two) {
  return (
    one.first === two.first &&
    one.last === two.last &&
    one.tap === two.tap &&
    one.messages.length === two.messages.length &&
    one.messages.every((message, index) => message === two.messages[index])
  );
}
