/* What a person can do, as requests to the sandbox. A refusal becomes a toast, and false is returned. */
import { Offline } from "./connection.js";
import { toast } from "./dialogs.js";
import { go } from "./route.js";
import { emit, openThread, state } from "./state.js";
import { t } from "./words.js";

const PATIENCE = 30000; // milliseconds an inline button waits for its answer
let connection = null;

/** Gives the connection that every action goes through. */
export function useConnection(value) {
  connection = value;
}

async function ask(type, fields = {}) {
  try {
    await connection.request(type, fields);
    return true;
  } catch (error) {
    toast(error instanceof Offline ? t("not_connected") : error.message);
    return false;
  }
}

function here() {
  const { chatId, threadId } = state.open;
  return threadId === null ? { chat_id: chatId } : { chat_id: chatId, thread_id: threadId };
}

/** Loads the newest messages of the open thread. */
export const loadNewest = () => ask("open", here());

/** Loads the messages before the oldest one known. */
export const loadOlder = () => ask("open", { ...here(), before: openThread().messages[0].message_id });

/** Tells that the open thread has been read. */
export const markRead = () => ask("read", here());

/** Sends a text, or a file with a caption, to the open thread. */
export function send({ text, replyTo = null, file = null }) {
  return ask("send", { ...here(), text, ...(replyTo && { reply_to: replyTo }), ...(file && { file }) });
}

/** Presses an inline button; its spinner turns until the bot answers, or has been silent for too long. */
export async function tap(chatId, messageId, data) {
  const key = `${chatId}:${messageId}`;
  const waiting = { data };
  const giveUp = (sentence) => {
    if (state.taps.get(key) !== waiting) return;
    state.taps.delete(key);
    emit("thread", { chatId });
    if (sentence) toast(sentence);
  };
  state.taps.set(key, waiting);
  emit("thread", { chatId });
  setTimeout(() => giveUp(t("no_answer")), PATIENCE);
  if (!(await ask("tap", { chat_id: chatId, message_id: messageId, data }))) giveUp();
}

/** Asks the bot in inline mode; what it offers comes as an event of its own. */
export const askInline = (chatId, query) => ask("inline", { chat_id: chatId, query });

/** Sends one of the results that the bot offered to the open thread. */
export function chooseInline(handle, resultId, replyTo = null) {
  return ask("choose_inline", { ...here(), handle, result_id: resultId, ...(replyTo && { reply_to: replyTo }) });
}

/** Changes the text of an own message. */
export const edit = (chatId, messageId, text) => ask("edit", { chat_id: chatId, message_id: messageId, text });

/** Deletes messages. */
export const remove = (chatId, messageIds) => ask("delete", { chat_id: chatId, message_ids: messageIds });

/** Sets the own reaction, or takes it away with null. */
export const react = (chatId, messageId, emoji) => ask("react", { chat_id: chatId, message_id: messageId, emoji });

/** Votes in a poll; an empty list takes the vote back. */
export const vote = (chatId, messageId, options) => ask("vote", { chat_id: chatId, message_id: messageId, options });

/** Forwards a message to another chat. */
export function forward(chatId, messageId, toChatId) {
  return ask("forward", { chat_id: chatId, message_id: messageId, to_chat_id: toChatId });
}

export const pin = (chatId, messageId) => ask("pin", { chat_id: chatId, message_id: messageId });
export const unpin = (chatId, messageId) => ask("unpin", { chat_id: chatId, message_id: messageId });
export const block = () => ask("block");
export const unblock = () => ask("unblock");
export const join = (chatId) => ask("join", { chat_id: chatId });
export const leave = (chatId) => ask("leave", { chat_id: chatId });
export const createTopic = (chatId, name) => ask("create_topic", { chat_id: chatId, name });
export const closeTopic = (chatId, threadId) => ask("close_topic", { chat_id: chatId, thread_id: threadId });
export const reopenTopic = (chatId, threadId) => ask("reopen_topic", { chat_id: chatId, thread_id: threadId });
export const deleteTopic = (chatId, threadId) => ask("delete_topic", { chat_id: chatId, thread_id: threadId });

/** Opens the private chat with the bot. */
export function goToBot() {
  const own = [...state.chats.values()].find(({ chat }) => chat.type === "private");
  if (own) go(own.chat.id);
}

/** Presses START in the private chat with the bot, with a link's payload if there is one. */
export function start(payload = null) {
  goToBot();
  return ask("start", payload ? { payload } : {});
}

/** Uploads a file and returns its token; null when the sandbox did not take it. */
export async function upload(file) {
  const form = new FormData();
  form.append("file", file, file.name);
  try {
    const response = await fetch(`/sandbox/files?as=${state.me.id}`, { method: "POST", body: form });
    if (response.ok) return (await response.json()).token;
    toast(t("upload_refused", { status: response.status }));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch throws TypeError when the server cannot be reached
    toast(t("not_connected"));
  }
  return null;
}

/** Where a file's bytes are. */
export function fileAddress(fileId) {
  return `/sandbox/files/${encodeURIComponent(fileId)}`;
}
