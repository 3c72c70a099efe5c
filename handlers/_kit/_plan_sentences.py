"""Why a session or a series cannot be as it was wished, in the words of the person who wished it."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot.errors import CannotPlan, SessionOver
from bot.i18n import Translator


def cannot_plan(error: CannotPlan, t: Translator) -> Markup:
    """What is in the way, and what to write instead."""
    for sentences in (_unread, _impossible, _unfit):
        if (said := sentences(t, error).get(error.why)) is not None:
            return said()
    raise LookupError(error.why)


Sentences = dict[str, Callable[[], Markup]]


def _unread(t: Translator, error: CannotPlan) -> Sentences:
    facts = error.facts
    return {
        "words": lambda: t(
            "I do not understand “{rest}”. Write it like this: every second Tuesday 19:00–20:30, or Tue 8 Dec 19:00–20:30.",
            rest=facts["rest"],
        ),
        "rhythm": lambda: t(
            "How often? For example: every second Tuesday 19:00–20:30, or first Wednesday of the month 7pm."
        ),
        "when": lambda: t(
            "At what time? Please write it all once more, for example: every second Tuesday 19:00–20:30."
        ),
        "which": lambda: t(
            "On which day? For example: every Tuesday 19:00, or the first Wednesday of the month 19:00."
        ),
        "apart": lambda: t(
            "Each of these weekdays has a place of its own in the month. Please plan a series for each, for example: "
            "first Wednesday of the month 19:00."
        ),
        "parity": lambda: t(
            "Odd and even weeks are counted differently here and there. Say on which day it begins: every second Tuesday "
            "19:00, from 8 Dec."
        ),
        "half": lambda: t(
            "Is {hour} in the morning or in the evening? Please write it all once more, with {hour} am or {hour} pm.",
            hour=facts["hour"],
        ),
        "holidays": lambda: t(
            "Please leave out holidays: I show you weeks ahead what falls on one, and you decide. For example: every "
            "second Tuesday 19:00–20:30."
        ),
        "whichday": lambda: t("On which day? For example: Tue 8 Dec 19:00–20:30, or tomorrow 19:00."),
        "once": lambda: t("This is one session: write one day, for example Tue 8 Dec 19:00–20:30."),
    }


def _impossible(t: Translator, error: CannotPlan) -> Sentences:
    facts = error.facts
    return {
        "day": lambda: t(
            "Not every month has a day {day}. Choose a day from 1 to 28, or a weekday such as the last Friday of the month.",
            day=facts["day"],
        ),
        "fifth": lambda: t("Not every month has a fifth one. Choose the first to the fourth, or the last."),
        "date": lambda: t("I do not find this day in the calendar. Please write it once more, for example 8 Dec."),
        "weekday": lambda: t(
            "In the calendar it is {day}: weekday and date do not go together. Which one do you mean?",
            day=t.day(facts["day"]),
        ),
        "notthen": lambda: t(
            "Nothing would be on {day}, so it cannot be left out. Please check the day.", day=t.day(facts["day"])
        ),
        "past": lambda: t(
            "{when} is over. Please write a time to come.", when=f"{t.day(facts['when'].date())} {facts['when']:%H:%M}"
        ),
        "pastday": lambda: t("{day} is over. Please write a day to come.", day=t.day(facts["day"])),
        "end": lambda: t("It would end on {end}, before it begins.", end=t.day(facts["end"])),
        "hours": lambda: t(
            "It would end at {end}, before it begins at {start}.",
            end=f"{facts['end']:%H:%M}",
            start=f"{facts['start']:%H:%M}",
        ),
        "clock": lambda: t("“{text}” is no time of the day. Write it like this: 19:00, or 7pm.", text=facts["text"]),
        "gap": lambda: t(
            "The clocks there jump over {when}: this time does not exist. Please take another one.",
            when=f"{t.day(facts['when'].date())} {facts['when']:%H:%M}",
        ),
        "zone": lambda: t(
            "I do not know the time zone “{name}”. Write a city, such as Beijing or New York, or a name such as Asia/Shanghai.",
            name=facts["name"],
        ),
    }


def _unfit(t: Translator, error: CannotPlan) -> Sentences:
    facts = error.facts
    return {
        "link": lambda: t("The link has to be a whole address that begins with https://. Please write it once more."),
        "length": lambda: t("A session takes between 1 minute and 12 hours."),
        "number": lambda: t("This number is too large or too small. Please write another one."),
        "text": lambda: t(
            "Your text has {length} characters; the limit is {limit}. Please make it shorter.",
            length=t.number(facts["length"]),
            limit=t.number(facts["limit"]),
        ),
        "overlap": lambda: _overlap(error, t),
    }


def _overlap(error: CannotPlan, t: Translator) -> Markup:
    when = t.when(error.facts["when"])
    if error.facts["who"] is None:
        return t(
            "Two of these sessions would overlap on {when}. Please make them shorter, or choose other times.", when=when
        )
    return t(
        "{who} is in another session on {when}. Please choose another time or another person.",
        who=error.facts["who"],
        when=when,
    )


def session_over(error: SessionOver, t: Translator) -> Markup:
    """Nothing changes any more."""
    if error.cancelled:
        return t("This session was cancelled. What comes next is in /calendar.")
    return t("This session is over. What comes next is in /calendar.")
