/* Polls and quizzes: choose before the vote, see the result after it. */
import { vote } from "../actions.js";
import { el } from "../elements.js";
import { formatted } from "../entities.js";
import { icon } from "../icons.js";
import { t } from "../words.js";

/** The node of a message's poll. */
export function poll(message) {
  const { poll: about, view } = message;
  const mine = view?.votes ?? [];
  const done = about.is_closed || mine.length > 0;
  const cast = (options) => vote(message.chat.id, message.message_id, options);
  return el(
    "div",
    { class: "poll", role: "group", "aria-label": about.question },
    el("div", { class: "poll-question" }, formatted(about.question, about.question_entities)),
    el("div", { class: "muted poll-kind" }, kind(about)),
    done
      ? results(about, mine)
      : about.allows_multiple_answers
        ? severalChoices(about, cast)
        : singleChoices(about, cast),
    done && mine.length > 0 && about.explanation && explanation(about),
    el(
      "div",
      { class: "poll-foot muted" },
      t("votes", { n: about.total_voter_count }),
      done &&
        canTakeBack(about, mine) &&
        el("button", { type: "button", class: "link-button", onclick: () => cast([]) }, t("take_vote_back")),
    ),
  );
}

function kind(about) {
  if (about.is_closed) return t("poll_closed");
  if (about.type === "quiz") return t(about.is_anonymous ? "quiz_anonymous" : "quiz");
  return t(about.is_anonymous ? "poll_anonymous" : "poll");
}

function canTakeBack(about, mine) {
  return mine.length > 0 && !about.is_closed && about.type !== "quiz" && about.allows_revoting !== false;
}

function singleChoices(about, cast) {
  return el(
    "div",
    { class: "poll-options" },
    about.options.map(({ text }, index) =>
      el(
        "button",
        { type: "button", class: "poll-choice", onclick: () => cast([index]) },
        el("span", { class: "dot", "aria-hidden": "true" }),
        text,
      ),
    ),
  );
}

function severalChoices(about, cast) {
  const boxes = about.options.map(() => el("input", { type: "checkbox" }));
  const chosen = () => boxes.flatMap((box, index) => (box.checked ? [index] : []));
  const button = el(
    "button",
    { type: "button", class: "text-button primary", disabled: true, onclick: () => cast(chosen()) },
    t("vote"),
  );
  return el(
    "div",
    {
      class: "poll-options",
      onchange: () => {
        button.disabled = !chosen().length;
      },
    },
    about.options.map(({ text }, index) => el("label", { class: "poll-choice" }, boxes[index], el("span", {}, text))),
    button,
  );
}

function results(about, mine) {
  const right = about.correct_option_ids ?? (about.correct_option_id === undefined ? [] : [about.correct_option_id]);
  return el(
    "ul",
    { class: "poll-options" },
    about.options.map(({ text, voter_count: count }, index) => {
      const share = about.total_voter_count ? Math.round((count / about.total_voter_count) * 100) : 0;
      const verdict =
        about.type !== "quiz" || !right.length
          ? ""
          : right.includes(index)
            ? "right"
            : mine.includes(index)
              ? "wrong"
              : "";
      const row = el(
        "li",
        { class: `poll-result ${verdict} ${mine.includes(index) ? "mine" : ""}` },
        el("span", { class: "poll-share" }, `${share}%`),
        el("span", { class: "poll-text" }, text, mark(verdict, mine.includes(index))),
        el("span", { class: "poll-bar", "aria-hidden": "true" }),
      );
      row.style.setProperty("--share", `${share}%`);
      return row;
    }),
  );
}

function mark(verdict, chosen) {
  if (verdict === "right")
    return el("span", { class: "poll-mark", role: "img", "aria-label": t("right_answer") }, icon("check"));
  if (verdict === "wrong")
    return el("span", { class: "poll-mark", role: "img", "aria-label": t("wrong_answer") }, icon("close"));
  return chosen && el("span", { class: "poll-mark", role: "img", "aria-label": t("your_vote") }, icon("check"));
}

function explanation(about) {
  return el("div", { class: "poll-explanation" }, formatted(about.explanation, about.explanation_entities));
}
