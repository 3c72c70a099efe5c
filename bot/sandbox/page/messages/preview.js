/* A message in one line: for the chat list, quotes, the pinned bar and screen readers. */
import { fullName, isMine } from "../people.js";
import { duration, t } from "../words.js";
import { serviceSentence } from "./service.js";

const KINDS = [
  ["animation", "🎞", () => t("animation")],
  ["photo", "🖼", () => t("photo")],
  ["video", "🎬", () => t("video")],
  ["video_note", "🎬", () => t("video")],
  ["voice", "🎤", ({ voice }) => `${t("voice")} ${duration(voice.duration)}`],
  ["audio", "🎵", ({ audio }) => audio.title ?? audio.file_name ?? t("audio")],
  ["document", "📎", ({ document }) => document.file_name ?? t("file")],
  ["sticker", "", ({ sticker }) => `${sticker.emoji ?? ""} ${t("sticker")}`.trim()],
  ["poll", "📊", ({ poll }) => poll.question],
  ["dice", "", ({ dice }) => dice.emoji],
  ["venue", "📍", ({ venue }) => venue.title],
  ["location", "📍", () => t("location")],
  ["contact", "👤", ({ contact }) => fullName(contact)],
];

/** What a message says, in one line. */
export function preview(message) {
  const service = serviceSentence(message);
  if (service) return service;
  const [kind, emoji, describe] = KINDS.find(([name]) => message[name]) ?? [];
  const words = message.text ?? message.caption ?? (kind ? describe(message) : t("unsupported"));
  return `${kind && emoji ? `${emoji} ` : ""}${words}`.replace(/\s+/g, " ");
}

/** The one line of a chat list: in groups it begins with who said it. */
export function previewBy(message, inGroup) {
  if (serviceSentence(message)) return { by: "", text: preview(message) };
  const by = isMine(message) ? t("you") : inGroup ? (message.sender_chat?.title ?? message.from?.first_name ?? "") : "";
  return { by, text: preview(message) };
}
