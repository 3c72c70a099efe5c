/* Voice messages: press the microphone, speak, send. */
import { toast } from "../dialogs.js";
import { el, iconButton } from "../elements.js";
import { duration, t } from "../words.js";

const FORMATS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

/** Can this browser record at all? */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder);
}

/** Records one voice message at a time; `deliver` gets it as a File. */
export class Recorder {
  #media = null;
  #chunks = [];
  #timer = 0;
  #keep = false;

  constructor(deliver) {
    this.deliver = deliver;
    this.time = el("span", { class: "record-time" }, "0:00");
    this.node = el(
      "div",
      { class: "recording", hidden: true, role: "group", "aria-label": t("record") },
      iconButton("trash", t("cancel"), () => this.cancel(), { testid: "record-cancel" }),
      el("span", { class: "record-dot", "aria-hidden": "true" }),
      this.time,
      iconButton("send", t("send_voice"), () => this.#finish(true), { class: "send", testid: "record-send" }),
    );
  }

  /** Asks for the microphone and starts. */
  async begin() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch((error) => error);
    if (stream instanceof Error) return toast(t("no_microphone"));
    this.#media = new MediaRecorder(stream, { mimeType: FORMATS.find((type) => MediaRecorder.isTypeSupported(type)) });
    this.#chunks = [];
    this.#media.addEventListener("dataavailable", ({ data }) => this.#chunks.push(data));
    this.#media.addEventListener("stop", () => this.#stopped(stream));
    this.#media.start();
    const began = Date.now();
    this.time.textContent = duration(0);
    this.#timer = setInterval(() => {
      this.time.textContent = duration((Date.now() - began) / 1000);
    }, 500);
    this.node.hidden = false;
    return this.node.querySelector(".send").focus();
  }

  /** Throws away what is being recorded. */
  cancel() {
    this.#finish(false);
  }

  #finish(keep) {
    this.#keep = keep;
    this.#media?.stop();
    this.#media = null;
  }

  #stopped(stream) {
    clearInterval(this.#timer);
    stream.getTracks().forEach((track) => track.stop());
    this.node.hidden = true;
    const [type] = (this.#chunks[0]?.type ?? "").split(";");
    if (this.#keep) this.deliver(new File(this.#chunks, `voice.${type.split("/")[1]}`, { type }));
  }
}
