"""The command menu, by role and language: Telegram shows it on “/”."""

from __future__ import annotations

from bot.features.people import Member, Role
from bot.i18n import Language, Translator
from bot.outbox import Lane
from handlers._kit import Deed

_TELEGRAM_CODES: dict[Language, str] = {"en": "en", "zh_Hans": "zh"}


def menu_rows(role: Role, t: Translator) -> list[tuple[str, str]]:
    """The commands that a role has, with what they do, in the order of the menu."""
    t = t.of("people")
    of_trainees = [
        ("calendar", t.label("my sessions")),
        ("wins", t.label("my small wins: the next step")),
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


def introductions() -> list[tuple[str, dict[str, object]]]:
    """What everybody sees of the bot, as calls: menus and profile, in each language that Telegram tells apart."""
    calls: list[tuple[str, dict[str, object]]] = []
    for language, code in _TELEGRAM_CODES.items():
        t = Translator(language, "people")
        for shown in (*_menus(t), *_profile(t)):
            calls.append(_in_language(shown, code))
            if language == "en":
                calls.append(shown)
    return calls


def _in_language(call: tuple[str, dict[str, object]], code: str) -> tuple[str, dict[str, object]]:
    method, payload = call
    return method, payload | {"language_code": code}


def _menus(t: Translator) -> list[tuple[str, dict[str, object]]]:
    """The commands in private chats and in groups."""
    private = as_commands(menu_rows(Role.GUEST, t))
    group = [row for row in private if row["command"] in ("ask", "faq", "consult", "webinars", "rules", "help")]
    group += as_commands([("report", t.label("as a reply: tell the organizers about a message"))])
    scopes = {"all_private_chats": private, "all_group_chats": group}
    return [("setMyCommands", {"commands": rows, "scope": {"type": scope}}) for scope, rows in scopes.items()]


def _profile(t: Translator) -> list[tuple[str, dict[str, object]]]:
    """What stands in the empty chat before START (512 characters at most), and on the bot's profile (120 at most)."""
    long = t.label(
        "I help everyone who was trained to start peer support for people living with diabetes: answers to what is "
        "asked again and again, experts for the rest, consultations, webinars, and one small step after another. "
        "Press START below."
    )
    short = t.label("For colleagues who start diabetes peer support: answers, experts, consultations, small wins.")
    return [("setMyDescription", {"description": long}), ("setMyShortDescription", {"short_description": short})]
