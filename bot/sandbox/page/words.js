/* The page's own words and dates, in the language of the person or the one they switched to. */
import english from "./words/en.js";
import simplified from "./words/zh-hans.js";
import traditional from "./words/zh-hant.js";

/** The languages of the page: their tag, their own name and their words. */
export const LANGUAGES = [
  { tag: "en", name: "English", words: english },
  { tag: "zh-Hans", name: "简体中文", words: simplified },
  { tag: "zh-Hant", name: "繁體中文", words: traditional },
];

const CHOICE = "language";
let current = LANGUAGES[0];

/** Which of the page's languages serves a language code such as "zh-hant" or "zh-TW". */
export function languageFor(code) {
  const tag = (code ?? "").toLowerCase();
  if (/^zh-(hant|tw|hk|mo)/.test(tag)) return LANGUAGES[2];
  return tag.startsWith("zh") ? LANGUAGES[1] : LANGUAGES[0];
}

/** Speaks the language switched to in this window, or else the one of the person. */
export function speak(code) {
  current = languageFor(sessionStorage.getItem(CHOICE) ?? code);
  document.documentElement.lang = current.tag;
}

/** Switches this window's language. */
export function chooseLanguage(tag) {
  sessionStorage.setItem(CHOICE, tag);
  speak(tag);
}

/** The tag of the language spoken now. */
export function languageTag() {
  return current.tag;
}

/**
 * The sentence of a key, with `{name}` filled in from `values`. A sentence with forms ({ one, other }) takes the one
 * that fits `values.n`.
 */
export function t(key, values = {}) {
  const entry = current.words[key] ?? english[key];
  if (entry === undefined) throw new Error(`no words for ${key}`);
  const sentence =
    typeof entry === "string" ? entry : (entry[new Intl.PluralRules(current.tag).select(values.n)] ?? entry.other);
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const DAY = 86400000;

function format(date, options) {
  return new Intl.DateTimeFormat(current.tag, options).format(date);
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function daysAgo(date) {
  return Math.round((startOfDay(new Date()) - startOfDay(date)) / DAY);
}

/** The clock time of a Unix time, "14:05". */
export function clock(unix) {
  return format(new Date(unix * 1000), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Date and time in full, for tooltips. */
export function fullDate(unix) {
  return format(new Date(unix * 1000), { dateStyle: "full", timeStyle: "short" });
}

/** A day as a separator names it: Today, Yesterday, 3 November, 3 November 2025. */
export function dayName(unix) {
  const date = new Date(unix * 1000);
  const ago = daysAgo(date);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return format(date, { day: "numeric", month: "long", year });
}

/** When, as short as a chat list needs it: 14:05, Mon, 3 Nov, 03/11/2025. */
export function shortWhen(unix) {
  const date = new Date(unix * 1000);
  const ago = daysAgo(date);
  if (ago <= 0) return clock(unix);
  if (ago < 7) return format(date, { weekday: "short" });
  if (date.getFullYear() === new Date().getFullYear()) return format(date, { day: "numeric", month: "short" });
  return format(date, { dateStyle: "short" });
}

/** A number of bytes as people read it. */
export function fileSize(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = bytes ? Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), 3) : 0;
  const options = { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step ? 1 : 0 };
  return new Intl.NumberFormat(current.tag, options).format(bytes / 1024 ** step);
}

/** Seconds as a player shows them, "0:07". */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
