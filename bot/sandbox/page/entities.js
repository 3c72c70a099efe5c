/* Text with its entities as nodes. Offsets count UTF-16 units, as strings do here. */
import { send, goToBot } from "./actions.js";
import { el } from "./elements.js";
import { follow, readable } from "./links.js";
import { showProfile } from "./profile.js";
import { openChat, state } from "./state.js";
import { fullDate, t } from "./words.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** The nodes that show a text with its entities. */
export function formatted(text, entities = []) {
  const order = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return slice(text, 0, text.length, order);
}

function slice(text, from, to, entities) {
  const nodes = [];
  let at = from;
  const queue = [...entities];
  while (queue.length) {
    const entity = queue.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    nodes.push(text.slice(at, start));
    const { inside, after } = parted(queue, end);
    queue.splice(0, queue.length, ...after);
    nodes.push(wrapped(entity, text.slice(start, end), slice(text, start, end, inside)));
    at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
  }
  nodes.push(text.slice(at, to));
  return nodes.flat(Infinity).filter((node) => node !== "");
}

/* What lies inside the entity that ends at `end`, and what comes after it; one that crosses the end is cut in two. */
function parted(entities, end) {
  const inside = entities.filter(({ offset }) => offset < end);
  const rests = inside
    .filter(({ offset, length }) => offset + length > end)
    .map((entity) => ({ ...entity, offset: end, length: entity.offset + entity.length - end }));
  return { inside, after: [...rests, ...entities.filter(({ offset }) => offset >= end)] };
}

function wrapped(entity, text, children) {
  const wrap = WRAPPERS[entity.type];
  return wrap ? wrap({ entity, text, children }) : children;
}

const WRAPPERS = {
  bold: ({ children }) => el("strong", {}, children),
  italic: ({ children }) => el("em", {}, children),
  underline: ({ children }) => el("u", {}, children),
  strikethrough: ({ children }) => el("s", {}, children),
  code: ({ children }) => el("code", {}, children),
  pre: ({ entity, children }) => el("pre", { "data-language": entity.language }, el("code", {}, children)),
  spoiler: ({ children }) => spoiler(children),
  blockquote: ({ children }) => el("blockquote", {}, children),
  expandable_blockquote: ({ children }) => expandable(children),
  text_link: ({ entity, children }) => link(entity.url, children, { ask: true, title: entity.url }),
  url: ({ text, children }) => link(text, children, { ask: false }),
  email: ({ text, children }) => link(`mailto:${text}`, children, { ask: false }),
  phone_number: ({ text, children }) => link(`tel:${text.replace(/[^\d+]/g, "")}`, children, { ask: false }),
  mention: ({ text, children }) => action(children, () => openMention(text.slice(1))),
  text_mention: ({ entity, children }) => action(children, () => showProfile(entity.user)),
  bot_command: ({ text, children }) => action(children, () => send({ text })),
  hashtag: ({ children }) => el("span", { class: "tag" }, children),
  cashtag: ({ children }) => el("span", { class: "tag" }, children),
  date_time: ({ entity, children }) => dateTime(entity, children),
};

function link(address, children, { ask, title }) {
  const url = readable(address);
  if (!url) return children;
  const onclick = (event) => {
    event.preventDefault();
    follow(url.href, { ask });
  };
  return el("a", { href: url.href, title, target: "_blank", rel: "noopener noreferrer", onclick }, children);
}

function action(children, onclick) {
  return el("button", { type: "button", class: "in-text", onclick }, children);
}

function openMention(username) {
  if (username.toLowerCase() === state.bot.username.toLowerCase()) return goToBot();
  const known = [...state.people, ...openChat().members].find(
    ({ user }) => user.username?.toLowerCase() === username.toLowerCase(),
  );
  return known && showProfile(known.user);
}

function spoiler(children) {
  const hidden = el("span", { class: "spoiler-text", "aria-hidden": "true" }, children);
  const show = (event) => {
    if (node.classList.contains("shown") || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.add("shown");
    hidden.removeAttribute("aria-hidden");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  const node = el(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": t("spoiler"), onclick: show, onkeydown: show },
    hidden,
  );
  return node;
}

function expandable(children) {
  const toggle = el("button", { type: "button", class: "expand", "aria-expanded": "false" }, t("show_more"));
  const quote = el("blockquote", { class: "expandable" }, el("div", { class: "expandable-text" }, children), toggle);
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "show_less" : "show_more");
  });
  return quote;
}

function dateTime(entity, children) {
  return el(
    "time",
    { datetime: new Date(entity.unix_time * 1000).toISOString(), title: fullDate(entity.unix_time) },
    children,
  );
}
