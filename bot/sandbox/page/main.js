/* The beginning: who is it, connect, draw. */
import { useConnection } from "./actions.js";
import { chatPane } from "./chat_pane.js";
import { chooser } from "./chooser.js";
import { Connection } from "./connection.js";
import { alertBox, toast } from "./dialogs.js";
import { el, fill } from "./elements.js";
import { follow as followLink } from "./links.js";
import { closeMenu } from "./menus.js";
import { fullName } from "./people.js";
import { applyTheme } from "./preferences.js";
import { follow, go, personInAddress } from "./route.js";
import { emit, on, openChat, openTopic, receive, showsMessages, silence, state } from "./state.js";
import { sidebar } from "./sidebar.js";
import { speak, t } from "./words.js";

const RETRY = 1000;
const app = document.getElementById("app");

async function begin() {
  applyTheme();
  speak(navigator.language);
  const known = await people();
  const id = personInAddress();
  if (known.people.some(({ user }) => user.id === id)) return connect(id);
  return showChooser(known);
}

async function people() {
  for (;;) {
    try {
      const response = await fetch("/sandbox/people");
      if (response.ok) return await response.json();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch throws TypeError when the server cannot be reached
    }
    fill(app, connectingBar());
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

function showChooser(known) {
  document.title = t("page_title");
  fill(
    app,
    chooser(known, () => showChooser(known)),
  );
}

function connect(id) {
  fill(app, connectingBar());
  listen();
  useConnection(new Connection(id, { onEvent: receive, onStatus: connected }));
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  document.addEventListener("visibilitychange", () => emit("visible"));
}

function connected(now) {
  state.connected = now;
  if (!now) state.taps.clear();
  emit("connection");
}

function listen() {
  on("hello", () => {
    if (!app.dataset.pane) {
      speak(state.language);
      draw();
    }
    emit("chats");
    follow();
  });
}

/* The whole page: at the first hello, and after a change of language. */
function draw() {
  closeMenu();
  silence();
  listen();
  const bar = connectingBar();
  bar.hidden = state.connected;
  on("connection", () => {
    bar.hidden = state.connected;
  });
  on("open", placed);
  on("chats", placed);
  on("answer", answered);
  fill(app, bar, el("div", { class: "panes" }, sidebar(draw), chatPane()));
  placed();
}

function connectingBar() {
  return el(
    "div",
    { class: "connecting", "aria-live": "polite", testid: "connecting" },
    el("span", { class: "spinner", "aria-hidden": "true" }),
    t("connecting"),
  );
}

function placed() {
  const { chatId, threadId } = state.open;
  if (chatId !== null && !openChat()) return go();
  if (threadId !== null && !openTopic()) return go(chatId);
  app.dataset.pane = showsMessages() ? "chat" : "list";
  const unread = [...state.chats.values()].reduce((sum, view) => sum + view.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${fullName(state.me)} · ${t("page_title")}`;
  return undefined;
}

function answered({ text, show_alert: alert, url }) {
  if (url) followLink(url);
  if (text && alert) alertBox(state.bot.first_name, text);
  else if (text) toast(text);
}

begin();
