/* The small player of voice messages and audio. */
import { el, fill } from "../elements.js";
import { icon } from "../icons.js";
import { duration, t } from "../words.js";

let playing = null;

/** A play button, a bar to seek in and the time. */
export function player(address, seconds, label) {
  const audio = new Audio(address);
  audio.preload = "none";
  const button = el("button", { type: "button", class: "play", "aria-label": `${t("play")}: ${label}` }, icon("play"));
  const bar = el("input", {
    type: "range",
    class: "seek",
    min: 0,
    max: 100,
    value: 0,
    step: 0.1,
    "aria-label": t("position"),
  });
  const time = el("span", { class: "muted play-time" }, duration(seconds));
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : seconds) || 1;

  button.addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
  bar.addEventListener("input", () => {
    audio.currentTime = (bar.value / 100) * length();
  });
  audio.addEventListener("timeupdate", () => {
    bar.value = (audio.currentTime / length()) * 100;
    bar.style.setProperty("--done", `${bar.value}%`);
    time.textContent = duration(audio.ended || !audio.currentTime ? seconds : audio.currentTime);
  });
  audio.addEventListener("play", () => {
    if (playing !== audio) playing?.pause();
    playing = audio;
  });
  for (const name of ["play", "pause", "ended"]) {
    audio.addEventListener(name, () => {
      fill(button, icon(audio.paused ? "play" : "pause"));
      button.setAttribute("aria-label", `${t(audio.paused ? "play" : "pause")}: ${label}`);
    });
  }
  audio.addEventListener("error", () => {
    time.textContent = t("cannot_play");
  });
  return el("div", { class: "player" }, button, bar, time);
}
