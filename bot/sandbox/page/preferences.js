/* Light or dark, and the page's language. Both hold for this window only, so that two windows can differ. */
import { iconButton } from "./elements.js";
import { openMenu } from "./menus.js";
import { chooseLanguage, LANGUAGES, languageTag, t } from "./words.js";

const THEME = "theme";

/** Applies the theme that this window has chosen; without a choice the system's holds. */
export function applyTheme() {
  const choice = sessionStorage.getItem(THEME);
  if (choice) document.documentElement.dataset.theme = choice;
}

function isDark() {
  return (
    (document.documentElement.dataset.theme ??
      (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark"
  );
}

/** The button that turns light to dark and back. */
export function themeButton() {
  const flip = () => {
    sessionStorage.setItem(THEME, isDark() ? "light" : "dark");
    applyTheme();
    button.replaceWith(themeButton());
  };
  const button = iconButton(isDark() ? "sun" : "moon", t(isDark() ? "light" : "dark"), flip, { testid: "theme" });
  return button;
}

/** The button with the menu of languages; `redraw` draws the page anew. */
export function languageMenu(redraw) {
  const items = () =>
    LANGUAGES.map(({ tag, name }) => ({
      label: name,
      checked: tag === languageTag(),
      testid: `language-${tag}`,
      act: () => {
        chooseLanguage(tag);
        redraw();
      },
    }));
  const button = iconButton("globe", t("language"), () => openMenu(button, items(), { label: t("language") }), {
    testid: "language",
  });
  return button;
}
