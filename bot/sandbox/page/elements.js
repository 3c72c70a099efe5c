/* Elements are built here and nowhere from markup: whatever a person wrote ends up in a text node. */
import { icon } from "./icons.js";

/**
 * Builds one element. A prop named `onclick` and the like is a listener, a boolean switches an attribute,
 * null and undefined leave it out; children are nodes or strings (null, undefined and false are skipped).
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  node.append(...children.flat(Infinity).filter(isShown));
  return node;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "testid") node.setAttribute("data-testid", value);
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** A round button that shows an icon and is named by its label. */
export function iconButton(name, label, onclick, props) {
  const { class: extra = "", ...rest } = props ?? {};
  return el(
    "button",
    { type: "button", class: `icon-button ${extra}`.trim(), "aria-label": label, title: label, onclick, ...rest },
    icon(name),
  );
}

/** Replaces a node's children. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(isShown));
  return node;
}
