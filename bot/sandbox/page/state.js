/* What this person's client knows. Server events change it, views listen to it; nothing here touches the document. */

const TYPING_LASTS = 6000;

export const state = {
  me: null,
  bot: null,
  people: [],
  language: "en",
  connected: false,
  chats: new Map(), // chat id → ChatView
  threads: new Map(), // threadKey → { messages, more, loaded }
  typing: new Map(), // threadKey → Map(user id → { user, action, timer })
  taps: new Map(), // "chat:message" → { data } of the button that waits for its answer
  drafts: new Map(), // threadKey → { text, replyTo, editing }
  open: { chatId: null, threadId: null },
  wanted: null, // id of a message that the open thread should scroll to
};

let listeners = new Map();

/**
 * Calls `listener` whenever `name` happens: "hello", "chats", "thread", "open", "connection", "typing", "answer",
 * "inline" (what the bot offers in inline mode), "composer" (a draft was changed from elsewhere), "visible" (the window came to the front, or went).
 */
export function on(name, listener) {
  listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

/** Tells every listener of `name`. */
export function emit(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}

/** Forgets every listener: the whole page is about to be drawn anew. */
export function silence() {
  listeners = new Map();
}

/** The name under which a chat's (or one topic's) messages are kept. */
export function threadKey(chatId, threadId) {
  return `${chatId}:${threadId ?? ""}`;
}

/** Which thread of its chat a message belongs to: a topic's id, 0 for General, null where there are no topics. */
export function threadOf(chat, message) {
  if (!chat.is_forum) return null;
  return message.is_topic_message ? message.message_thread_id : 0;
}

/** The chat that is open, or undefined. */
export function openChat() {
  return state.chats.get(state.open.chatId);
}

/** The topic that is open, or undefined. */
export function openTopic() {
  return openChat()?.topics?.find((topic) => topic.message_thread_id === state.open.threadId);
}

/** True when the open place shows messages: any chat but a forum whose topic is not chosen. */
export function showsMessages() {
  const view = openChat();
  return Boolean(view) && (!view.chat.is_forum || state.open.threadId !== null);
}

/** One thread's messages, oldest first. */
export function thread(chatId, threadId) {
  return state.threads.get(threadKey(chatId, threadId)) ?? { messages: [], more: false, loaded: false };
}

/** The thread that is open. */
export function openThread() {
  return thread(state.open.chatId, state.open.threadId);
}

/** The draft of the open thread, created when missing. */
export function openDraft() {
  const key = threadKey(state.open.chatId, state.open.threadId);
  if (!state.drafts.has(key)) state.drafts.set(key, { text: "", replyTo: null, editing: null });
  return state.drafts.get(key);
}

/** A person's place in a chat: "creator", "administrator", "member" or undefined. */
export function statusIn(view, userId) {
  return view.members.find(({ user }) => user.id === userId)?.status;
}

/** May I pin, delete and manage topics here? */
export function iManage(view) {
  return view.chat.type === "private" || ["creator", "administrator"].includes(statusIn(view, state.me.id));
}

/** A loaded message of the open thread by its id. */
export function messageById(messageId) {
  return openThread().messages.find((message) => message.message_id === messageId);
}

/** Takes one server event in. */
export function receive(event) {
  const reduce = reducers[event.type];
  if (reduce) reduce(event);
  else console.warn("unknown event", event.type);
}

const reducers = {
  hello({ me, bot, people, chats, language }) {
    Object.assign(state, { me, bot, people, language });
    state.chats = new Map(chats.map((view) => [view.chat.id, view]));
    state.threads.clear();
    state.taps.clear();
    emit("hello");
  },
  chat({ chat: view }) {
    state.chats.set(view.chat.id, view);
    emit("chats", view.chat.id);
  },
  gone({ chat_id: chatId }) {
    state.chats.delete(chatId);
    emit("chats", chatId);
  },
  history({ chat_id: chatId, thread_id: threadId, messages, more }) {
    const known = thread(chatId, threadId);
    keep(chatId, threadId, merged(known.messages, messages), more);
  },
  message({ chat_id: chatId, message }) {
    const view = state.chats.get(chatId);
    if (!view) return;
    const threadId = threadOf(view.chat, message);
    noteLast(view, threadId, message);
    stopTyping(threadKey(chatId, threadId), message.from?.id);
    addTo(chatId, threadId, message);
    emit("chats", chatId);
  },
  edited({ chat_id: chatId, message }) {
    const view = state.chats.get(chatId);
    if (!view) return;
    const threadId = threadOf(view.chat, message);
    if (view.last?.message_id === message.message_id) noteLast(view, threadId, message);
    const known = thread(chatId, threadId);
    const messages = known.messages.map((old) => (old.message_id === message.message_id ? message : old));
    if (known.loaded) keep(chatId, threadId, messages, known.more);
    emit("chats", chatId);
  },
  deleted({ chat_id: chatId, message_ids: ids }) {
    for (const [key, known] of state.threads) {
      if (!key.startsWith(`${chatId}:`)) continue;
      const messages = known.messages.filter(({ message_id: id }) => !ids.includes(id));
      state.threads.set(key, { ...known, messages });
    }
    emit("thread", { chatId });
  },
  answer(event) {
    state.taps.delete(`${event.chat_id}:${event.message_id}`);
    emit("thread", { chatId: event.chat_id });
    emit("answer", event);
  },
  inline(event) {
    emit("inline", event);
  },
  action({ chat_id: chatId, thread_id: threadId, user, action }) {
    const key = threadKey(chatId, state.chats.get(chatId)?.chat.is_forum ? (threadId ?? 0) : null);
    stopTyping(key, user.id);
    const timer = setTimeout(() => stopTyping(key, user.id), TYPING_LASTS);
    if (!state.typing.has(key)) state.typing.set(key, new Map());
    state.typing.get(key).set(user.id, { user, action, timer });
    emit("typing");
  },
};

function keep(chatId, threadId, messages, more) {
  state.threads.set(threadKey(chatId, threadId), { messages, more, loaded: true });
  emit("thread", { chatId, threadId });
}

function addTo(chatId, threadId, message) {
  const known = thread(chatId, threadId);
  if (known.loaded) keep(chatId, threadId, merged(known.messages, [message]), known.more);
}

function merged(older, newer) {
  const byId = new Map([...older, ...newer].map((message) => [message.message_id, message]));
  return [...byId.values()].sort((a, b) => a.message_id - b.message_id);
}

function noteLast(view, threadId, message) {
  view.last = message;
  const topic = view.topics?.find(({ message_thread_id: id }) => id === threadId);
  if (topic) topic.last = message;
}

function stopTyping(key, userId) {
  const typist = state.typing.get(key)?.get(userId);
  if (!typist) return;
  clearTimeout(typist.timer);
  state.typing.get(key).delete(userId);
  emit("typing");
}
