/* Menus that open at a point or under a button. One is open at a time; arrows, Escape and Tab work as in any menu. */
import { el } from "./elements.js";
import { icon } from "./icons.js";

let closeOpen = null;

/**
 * Opens a menu. `items` are { icon, label, act, danger, checked } or "-" for a line; an item's `aside` is a second,
 * smaller one beside it: { icon, label, href }. `top` is an optional element above them.
 * `at` is { x, y } in the window, or an element to hang under.
 */
export function openMenu(at, items, { label, top = null } = {}) {
  closeMenu();
  const opener = document.activeElement;
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label, tabindex: -1 }, top, items.map(menuItem));
  document.body.append(menu);
  place(menu, at);
  const outside = (event) => !menu.contains(event.target) && closeMenu();
  const onKey = (event) => moveFocus(event, menu);
  document.addEventListener("pointerdown", outside, true);
  addEventListener("resize", closeMenu);
  menu.addEventListener("keydown", onKey);
  closeOpen = () => {
    document.removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", closeMenu);
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    if (hadFocus) opener?.focus({ preventScroll: true });
  };
  const byKeyboard = at instanceof Element && at.matches(":focus-visible");
  (byKeyboard ? menu.querySelector("[role^=menuitem]") : menu).focus({ preventScroll: true });
}

/** Closes whatever menu is open. */
export function closeMenu() {
  const close = closeOpen;
  closeOpen = null;
  close?.();
}

function menuItem(item) {
  if (item === "-") return el("div", { class: "menu-line", role: "separator" });
  const main = el(
    "button",
    {
      type: "button",
      class: `menu-item ${item.danger ? "danger" : ""}`,
      role: item.checked === undefined ? "menuitem" : "menuitemradio",
      tabindex: -1,
      testid: item.testid,
      "aria-checked": item.checked === undefined ? null : String(item.checked),
      onclick: () => chosen(item),
    },
    item.picture ?? (item.icon ? icon(item.icon) : null),
    el("span", { class: "menu-label" }, item.label),
    item.checked ? icon("check") : null,
  );
  return item.aside ? el("div", { class: "menu-pair", role: "none" }, main, asideLink(item.aside)) : main;
}

function chosen(item) {
  closeMenu();
  item.act();
}

function asideLink({ icon: name, label, href, testid }) {
  return el(
    "a",
    {
      class: "menu-item menu-aside",
      role: "menuitem",
      tabindex: -1,
      href,
      target: "_blank",
      rel: "noopener",
      "aria-label": label,
      title: label,
      testid,
      onclick: closeMenu,
    },
    icon(name),
  );
}

function place(menu, at) {
  const box = at instanceof Element ? at.getBoundingClientRect() : null;
  const { x, y } = box ? { x: box.left, y: box.bottom + 4 } : at;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(x, innerWidth - width - 8));
  const fitsBelow = y + height + 8 <= innerHeight;
  const above = (box ? box.top - 4 : y) - height;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(8, fitsBelow ? y : Math.max(above, innerHeight - height - 8 < y ? above : 8))}px`;
}

function moveFocus(event, menu) {
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu();
    return;
  }
  const items = [...menu.querySelectorAll("[role^=menuitem]")];
  const now = items.indexOf(document.activeElement);
  const back = now < 0 ? items.length - 1 : now - 1;
  const next = {
    ArrowDown: now + 1,
    ArrowRight: now + 1,
    ArrowUp: back,
    ArrowLeft: back,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (next === undefined || !items.length) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}
