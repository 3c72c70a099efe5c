/* Photos, files, videos, voice and the rest that a message can carry. */
import { fileAddress } from "../actions.js";
import { lightbox } from "../dialogs.js";
import { el } from "../elements.js";
import { icon } from "../icons.js";
import { motionAllowed } from "../motion.js";
import { avatar, fullName } from "../people.js";
import { fileSize, t } from "../words.js";
import { player } from "./player.js";

const WIDEST = 420;
const TALLEST = 380;

/** The node of whatever a message carries beside its text, or null. */
export function media(message) {
  const kind = Object.keys(BUILDERS).find((name) => message[name]);
  return kind ? BUILDERS[kind](message) : null;
}

/** Does this message fill its bubble with a picture? */
export function isPicture(message) {
  return Boolean(message.photo || message.video || message.animation);
}

const BUILDERS = {
  animation: ({ animation }) => clip(animation, { loop: true, muted: true, autoplay: motionAllowed() }),
  photo: (message) => photo(message),
  video: ({ video }) => clip(video, {}),
  video_note: ({ video_note: note }) => clip({ ...note, width: note.length, height: note.length }, {}, "round"),
  voice: ({ voice }) => player(fileAddress(voice.file_id), voice.duration, t("voice")),
  audio: ({ audio }) =>
    el(
      "div",
      {},
      el("div", { class: "audio-title" }, audio.title ?? audio.file_name ?? t("audio")),
      player(fileAddress(audio.file_id), audio.duration, t("audio")),
    ),
  document: ({ document }) => file(document),
  sticker: ({ sticker }) =>
    el("div", { class: "sticker", role: "img", "aria-label": t("sticker") }, sticker.emoji ?? "🖼"),
  dice: ({ dice }) =>
    el("div", { class: "sticker" }, dice.emoji, el("span", { class: "dice-value" }, String(dice.value))),
  venue: ({ venue }) => place(venue.location, venue.title, venue.address),
  location: ({ location }) => place(location, t("location")),
  contact: ({ contact }) =>
    el(
      "div",
      { class: "card" },
      avatar(contact.user_id ?? 0, fullName(contact), "small"),
      el("div", {}, el("strong", {}, fullName(contact)), el("div", { class: "muted" }, contact.phone_number)),
    ),
};

function photo(message) {
  const sizes = [...message.photo].sort((a, b) => a.width - b.width);
  const largest = sizes.at(-1);
  const shown = sizes.find(({ width }) => width >= WIDEST) ?? largest;
  const image = el("img", { src: fileAddress(shown.file_id), alt: message.caption ?? t("photo"), draggable: "false" });
  const open = () => lightbox(fileAddress(largest.file_id), message.caption);
  const node = el(
    "button",
    { type: "button", class: "picture", "aria-label": t("enlarge_photo"), onclick: open },
    image,
  );
  return sized(node, largest.width, largest.height);
}

function clip(video, settings, extra = "") {
  const node = el("video", {
    class: `picture ${extra}`,
    src: fileAddress(video.file_id),
    preload: "metadata",
    controls: true,
    playsinline: true,
    "aria-label": t("video"),
    ...settings,
  });
  node.muted = Boolean(settings.muted);
  return sized(node, video.width || 320, video.height || 240);
}

/* Room is kept before the picture has come, so that the list does not jump. */
function sized(node, width, height) {
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  node.style.setProperty("--ratio", `${width} / ${height}`);
  node.style.setProperty("--width", `${Math.max(120, Math.round(width * scale))}px`);
  return node;
}

function file(doc) {
  const name = doc.file_name ?? t("file");
  return el(
    "a",
    { class: "file", href: fileAddress(doc.file_id), download: name, "aria-label": t("download_file", { name }) },
    el("span", { class: "file-icon" }, icon("file")),
    el(
      "span",
      { class: "file-words" },
      el("span", { class: "file-name" }, name),
      el("span", { class: "muted" }, doc.file_size === undefined ? t("download") : fileSize(doc.file_size)),
    ),
  );
}

function place({ latitude, longitude }, title, address) {
  return el(
    "div",
    { class: "card" },
    el("span", { class: "card-icon", "aria-hidden": "true" }, "📍"),
    el(
      "div",
      {},
      el("strong", {}, title),
      address && el("div", {}, address),
      el("div", { class: "muted" }, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
    ),
  );
}
