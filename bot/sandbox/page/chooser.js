/* The first question: who are you? */
import { el } from "./elements.js";
import { icon } from "./icons.js";
import { avatar, fullName } from "./people.js";
import { languageMenu, themeButton } from "./preferences.js";
import { addressAs } from "./route.js";
import { t } from "./words.js";

/** The page on which one chooses a person; `redraw` draws it anew after a change of language. */
export function chooser({ people, bot }, redraw) {
  return el(
    "main",
    { class: "chooser" },
    el("div", { class: "chooser-tools" }, languageMenu(redraw), themeButton()),
    el(
      "div",
      { class: "chooser-card" },
      el("h1", {}, t("who_are_you")),
      el("p", { class: "muted" }, t("chooser_intro", { bot: bot.first_name })),
      el("ul", { class: "chooser-people" }, people.map(person)),
    ),
  );
}

function person({ user, note }) {
  const name = fullName(user);
  return el(
    "li",
    {},
    el(
      "a",
      { class: "chooser-person", href: addressAs(user.id), testid: `person-${user.id}` },
      avatar(user.id, name),
      el(
        "span",
        { class: "item-words" },
        el("span", { class: "item-title" }, name),
        el("span", { class: "muted note" }, note),
      ),
    ),
    el(
      "a",
      {
        class: "icon-button",
        href: addressAs(user.id),
        target: "_blank",
        rel: "noopener",
        "aria-label": t("in_new_window", { name }),
        title: t("in_new_window", { name }),
      },
      icon("external"),
    ),
  );
}
