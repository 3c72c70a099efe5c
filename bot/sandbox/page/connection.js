/* The WebSocket to the sandbox: it numbers requests, settles them, and comes back by itself. */

const DELAYS = [300, 700, 1500, 3000, 5000];

/** One person's connection. `onEvent` gets every server event, `onStatus` gets true (connected) or false. */
export class Connection {
  #socket = null;
  #requests = new Map();
  #lastRef = 0;
  #failures = 0;
  #timer = 0;

  constructor(personId, { onEvent, onStatus }) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.url = `${scheme}//${location.host}/sandbox/socket?as=${personId}`;
    this.onEvent = onEvent;
    this.onStatus = onStatus;
    this.#open();
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => this.#hurry());
  }

  /** Sends a request and resolves when the server has done it; rejects with the server's sentence, or with OFFLINE. */
  request(type, fields) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Offline());
    const ref = ++this.#lastRef;
    const settled = new Promise((resolve, reject) => this.#requests.set(ref, { resolve, reject }));
    this.#socket.send(JSON.stringify({ type, ref, ...fields }));
    return settled;
  }

  #open() {
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(data)));
    socket.addEventListener("close", () => this.#lost());
  }

  #receive(event) {
    if (event.type === "hello") {
      this.#failures = 0;
      this.onStatus(true);
    }
    if (event.type === "done") this.#settle(event.ref, ({ resolve }) => resolve());
    else if (event.type === "error") this.#settle(event.ref, ({ reject }) => reject(new Refused(event.text)));
    else this.onEvent(event);
  }

  #settle(ref, how) {
    const request = this.#requests.get(ref);
    this.#requests.delete(ref);
    if (request) how(request);
  }

  #lost() {
    for (const ref of [...this.#requests.keys()]) this.#settle(ref, ({ reject }) => reject(new Offline()));
    this.onStatus(false);
    const delay = DELAYS[Math.min(this.#failures++, DELAYS.length - 1)];
    this.#timer = setTimeout(() => this.#open(), delay);
  }

  #hurry() {
    if (document.hidden || this.#socket.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.#timer);
    this.#open();
  }
}

/** There is no connection, or it broke before the answer came. */
export class Offline extends Error {}

/** The server said no; the message is its sentence. */
export class Refused extends Error {}
