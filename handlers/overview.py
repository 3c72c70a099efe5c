"""/help: one screen from which every part of the bot is one tap away, by role."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from bot.errors import NotAllowed, NotHere, Outdated
from bot.features.people import Role
from bot.i18n import Translator
from handlers._kit import Button, Feature, Request, Screen, Tap

feature = Feature("overview")

FOR_EVERYBODY = (
    ("faq", "questions"),
    ("consult", "webinars"),
    ("wins", "programmes"),
    ("peers", "resources"),
    ("calendar", "digest"),
    ("quiet", "profile"),
)
FOR_CONSULTANTS = (("queue", "duty"), ("entries", "saved"))
FOR_ORGANIZERS = (("notice", "schedule"), ("people", "invite"), ("report",))


@dataclass(frozen=True)
class Ask(Tap, prefix="overview.ask"):
    """How does one ask?"""


@dataclass(frozen=True)
class Open(Tap, prefix="overview.open"):
    """Open what a command opens."""

    command: str


def _labels(t: Translator) -> dict[str, str]:
    return {
        "faq": "📖 " + t.label("FAQ"),
        "questions": "🙋 " + t.label("My questions"),
        "consult": "🗓 " + t.label("Consultations"),
        "webinars": "🎓 " + t.label("Webinars"),
        "wins": "🪜 " + t.label("Small wins"),
        "programmes": "🏥 " + t.label("Programmes"),
        "peers": "🤝 " + t.label("A colleague"),
        "resources": "📚 " + t.label("Resources"),
        "calendar": "📅 " + t.label("Calendar"),
        "digest": "📰 " + t.label("My week"),
        "quiet": "🔔 " + t.label("What I am told"),
        "profile": "👤 " + t.label("Profile"),
        "queue": "📥 " + t.label("Open questions"),
        "duty": "🕘 " + t.label("My duty"),
        "entries": "📝 " + t.label("FAQ entries"),
        "saved": "💾 " + t.label("Saved replies"),
        "notice": "📣 " + t.label("Notice"),
        "schedule": "🛠 " + t.label("Plan sessions"),
        "people": "👥 " + t.label("Members"),
        "invite": "🎟 " + t.label("Invite"),
        "report": "📊 " + t.label("Report"),
    }


@feature.command("help", in_groups=True)
def help_(request: Request) -> Screen:
    """Everything at a glance; in a group, the way to ask there."""
    t = request.t
    if not request.heard.private:
        link = request.services.link
        return Screen(t('Ask me here with /ask and your question, or <a href="{link}">in private</a>.', link=link))
    also = t("Also: /retract takes a question back, /rules, /language · 语言, /privacy, /mydata, /forget, /cancel.")
    text = t("<b>Just write your question</b>, in any words. If I do not know, I can ask our experts.")
    return Screen(Markup("\n\n").join([text, also]), buttons=_rows(request))


def _rows(request: Request) -> list[list[Button]]:
    """Two short labels in a row, as a phone shows them; only what the role may open."""
    role, t, commands = request.me.role, request.t, request.triggers.commands
    rows: list[tuple[str, ...]] = [*FOR_EVERYBODY]
    rows += FOR_CONSULTANTS if role.reaches(Role.CONSULTANT) else ()
    rows += FOR_ORGANIZERS if role.reaches(Role.ORGANIZER) else ()
    labels = _labels(t)
    shown = [[Button(labels[name], Open(name)) for name in row if role.reaches(commands[name].role)] for row in rows]
    return [[Button("💬 " + t.label("Ask a question"), Ask())], *(row for row in shown if row)]


@feature.tap(Ask)
def ask(request: Request, _tap: Ask) -> Screen:
    """Nothing has to be opened for that."""
    if not request.heard.private:
        raise NotHere
    t = request.t
    example = t("How do we find our first peer supporter?")
    return Screen(t("Just write it here, in your own words, for example: <i>{example}</i>", example=example))


@feature.tap(Open)
def open_part(request: Request, tap: Open) -> Screen | None:
    """What the command shows, with the rights that the command demands."""
    if not request.heard.private:
        raise NotHere
    if tap.command not in _labels(request.t):
        raise Outdated
    trigger = request.triggers.commands[tap.command]
    if not request.me.role.reaches(trigger.role):
        raise NotAllowed(trigger.role)
    opened = trigger.run(replace(request, context=trigger.context))
    return opened if isinstance(opened, Screen) else None
