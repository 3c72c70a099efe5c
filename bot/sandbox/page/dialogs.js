/* What lies over the page: toasts, alerts, questions, the enlarged picture. */
import { el, iconButton } from "./elements.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const TOAST_LASTS = 5000;

/** Shows a sentence for a few seconds at the bottom of the page. */
export function toast(text) {
  for (const shown of document.querySelectorAll(".toast")) if (shown.textContent === text) shown.remove();
  const node = el("div", { class: "toast", role: "status", onclick: () => node.remove() }, text);
  toasts().append(node);
  setTimeout(() => node.remove(), TOAST_LASTS);
}

function toasts() {
  return document.querySelector(".toasts") ?? document.body.appendChild(el("div", { class: "toasts" }));
}

/**
 * Opens a modal dialog and resolves with its outcome; Escape and a click beside it give null.
 * `build(close)` returns the children; calling `close(outcome)` ends it.
 */
export function modal({ label, role = null, className = "", build }) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: `dialog ${className}`.trim(), role, "aria-label": label });
    let outcome = null;
    const close = (value) => {
      outcome = value;
      dialog.close();
    };
    dialog.append(...[build(close)].flat(Infinity).filter(Boolean));
    dialog.addEventListener("click", (event) => event.target === dialog && close(null));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(outcome);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** The row of buttons under a dialog: [label, outcome, class] each. */
export function dialogButtons(close, ...buttons) {
  return el(
    "div",
    { class: "dialog-buttons" },
    buttons.map(([label, outcome, className = ""]) =>
      el("button", { type: "button", class: `text-button ${className}`, onclick: () => close(outcome) }, label),
    ),
  );
}

/** Shows a text that has to be confirmed: the bot's alert. */
export function alertBox(title, text) {
  return modal({
    label: title,
    role: "alertdialog",
    build: (close) => [el("p", { class: "dialog-text" }, text), dialogButtons(close, [t("ok"), true, "primary"])],
  });
}

/** Asks for a yes; resolves with true or null. */
export function confirmBox(text, yes, { detail = "", danger = false } = {}) {
  return modal({
    label: text,
    role: "alertdialog",
    build: (close) => [
      el("p", { class: "dialog-text" }, text),
      detail && el("p", { class: "dialog-detail" }, detail),
      dialogButtons(close, [t("cancel"), null], [yes, true, danger ? "danger" : "primary"]),
    ],
  });
}

/** Asks for one line of text; resolves with it, trimmed, or null. */
export function promptBox(label, yes) {
  return modal({
    label,
    build: (close) => {
      const input = el("input", { class: "field", "aria-label": label, maxlength: 128, autofocus: true });
      const submit = (event) => {
        event.preventDefault();
        if (input.value.trim()) close(input.value.trim());
      };
      return el(
        "form",
        { onsubmit: submit },
        el("h2", {}, label),
        input,
        el(
          "div",
          { class: "dialog-buttons" },
          el("button", { type: "button", class: "text-button", onclick: () => close(null) }, t("cancel")),
          el("button", { type: "submit", class: "text-button primary" }, yes),
        ),
      );
    },
  });
}

/** Shows a picture as large as the window allows. */
export function lightbox(address, caption) {
  return modal({
    label: t("photo"),
    className: "lightbox",
    build: (close) => [
      el("img", { src: address, alt: caption || t("photo"), onclick: () => close(null) }),
      caption && el("p", { class: "lightbox-caption" }, caption),
      el(
        "div",
        { class: "lightbox-bar" },
        el(
          "a",
          { class: "icon-button", href: address, download: "", "aria-label": t("download"), title: t("download") },
          icon("download"),
        ),
        iconButton("close", t("close"), () => close(null)),
      ),
    ],
  });
}
