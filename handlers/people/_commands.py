"""The command menu, by role and language: Telegram shows it on “/”."""

from __future__ import annotations

from bot.features.people import Member, Role
from bot.i18n import LANGUAGES, Language, Translator
from bot.outbox import Lane
from handlers._kit import Deed

_TELEGRAM_CODES: dict[Language, str] = {"en": "en", "zh_Hans": "zh"}


def menu_rows(role: Role, t: Translator) -> list[tuple[str, str]]:
    """The commands that a role has, with what they do, in the order of the menu."""
    t = t.of("people")
    of_trainees = [
        ("calendar", t.label("my sessions")),
        ("wins", t.label("my small wins: the next step")),
        ("peers", t.label("a colleague who has done it")),
        ("programmes", t.label("programmes of colleagues, my card")),
        ("peers", t.label("a colleague who has done it")),
    ]
    of_consultants = [
        ("queue", t.label("open questions of trainees")),
        ("duty", t.label("my subjects, hours and days off")),
        ("find", t.label("look up questions and answers")),
        ("saved", t.label("saved replies")),
        ("entries", t.label("FAQ entries: drafts, approvals")),
    ]
    of_organizers = [
        ("invite", t.label("make an invitation link")),
        ("people", t.label("members and roles")),
        ("notice", t.label("write a notice to many")),
        ("schedule", t.label("plan consultations and webinars")),
        ("report", t.label("what is asked, what helps")),
        ("settings", t.label("settings of a group")),
    ]
    return [
        ("help", t.label("everything at a glance")),
        ("ask", t.label("ask a question")),
        ("faq", t.label("browse the answers")),
        ("questions", t.label("my questions to the experts")),
        ("retract", t.label("take a question or a message back")),
        ("consult", t.label("consultations: book a slot")),
        ("webinars", t.label("webinars: sign up, recordings")),
        *(of_trainees if role.reaches(Role.TRAINEE) else []),
        ("resources", t.label("guides, trainings, studies")),
        *(of_consultants if role.reaches(Role.CONSULTANT) else []),
        *(of_organizers if role.reaches(Role.ORGANIZER) else []),
        ("profile", t.label("my profile")),
        ("quiet", t.label("what I am told, and when")),
        ("digest", t.label("my week in one message")),
        ("language", t.label("language · 语言")),
        ("privacy", t.label("what is kept about me")),
        ("mydata", t.label("see my data")),
        ("forget", t.label("delete my data")),
        ("rules", t.label("the rules of the groups")),
        ("cancel", t.label("cancel")),
    ]


def as_commands(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    """The rows as Telegram's BotCommand objects."""
    return [{"command": command, "description": what} for command, what in rows]


def show_menu(deed: Deed, member: Member) -> None:
    """Give a member the menu of their role, in their language."""
    rows = as_commands(menu_rows(member.role, deed.words(member)))
    deed.owe(
        "setMyCommands",
        {"commands": rows, "scope": {"type": "chat", "chat_id": member.telegram_id}},
        chat_id=member.telegram_id,
        key=f"menu:{member.telegram_id}:{deed.now.timestamp()}",
        lane=Lane.REMINDER,
    )


def general_menus() -> list[dict[str, object]]:
    """Calls of setMyCommands for everybody: private chats and groups, in each language that Telegram tells apart."""
    calls: list[dict[str, object]] = []
    for language in LANGUAGES:
        if language not in _TELEGRAM_CODES:
            continue
        t = Translator(language, "people")
        private = as_commands(menu_rows(Role.GUEST, t))
        group = [row for row in private if row["command"] in ("ask", "faq", "consult", "webinars", "rules", "help")]
        report = ("report", t.label("as a reply: tell the organizers about a message"))
        group += as_commands([report])
        for scope, commands in (("all_private_chats", private), ("all_group_chats", group)):
            calls.append({"commands": commands, "scope": {"type": scope}, "language_code": _TELEGRAM_CODES[language]})
            if language == "en":
                calls.append({"commands": commands, "scope": {"type": scope}})
    return calls
