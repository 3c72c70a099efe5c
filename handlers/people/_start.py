"""Arriving: /start, consent, language and /cancel."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.features import people
from bot.features.people import Invitation, Member, Role
from bot.i18n import LANGUAGES, OWN_NAMES, Translator
from handlers import _entries, arrivals, consultations, faq, resources, webinars, wins
from handlers._kit import Button, Request, Screen, Tap, as_language
from handlers.people._commands import show_menu
from handlers.people._feature import feature
from handlers.people._profile import ask_for

INLINE = "inline"
"""The start parameter of the button above inline results: it leads here and means nothing more."""


@dataclass(frozen=True)
class Agree(Tap, prefix="people.agree"):
    """The person agrees to what is stored."""


@dataclass(frozen=True)
class ChooseLanguage(Tap, prefix="people.language"):
    """The person chooses a language; `arriving` while consent is still open."""

    language: str
    arriving: bool


@feature.command("start")
def start(request: Request) -> Screen:
    """Welcome somebody; with an invitation's code, let them in."""
    invitation = None
    parameter = request.text.split()[0] if request.text else ""
    if (entry := _entries.from_deep_link(parameter)) is not None:
        return faq.entry_screen(request, entry)
    if parameter.startswith(resources.LINK):
        return resources.card(request, parameter.removeprefix(resources.LINK))
    if parameter == consultations.LINK and request.me.consented_at is not None:
        return consultations.home(request)
    if parameter == wins.LINK and request.me.role.reaches(Role.TRAINEE):
        return wins.home(request)
    if (session := webinars.linked(parameter)) is not None:
        return webinars.opened(request, session)
    if (number := webinars.checked_link(parameter)) is not None:
        return webinars.verdict(request, number)
    if parameter and parameter not in (INLINE, arrivals.LINK, consultations.LINK, wins.LINK):
        invitation = people.accept(request.db, request.me, parameter, now=request.now)
        arrivals.invited(request)
    show_menu(request, request.me)
    if request.me.consented_at is None:
        return welcome(request.me, request.t, invitation)
    return back_again(request, invitation)


def welcome(me: Member, t: Translator, invitation: Invitation | None = None) -> Screen:
    """Who the bot is, what it keeps and why, and the button to agree."""
    parts = [
        t(
            "Hello {name}! I am Small Wins. I help everyone who was trained to start peer support for people living "
            "with diabetes.",
            name=me.shown_name,
        )
    ]
    if invitation is not None:
        parts.append(invited(invitation, t))
    parts += [
        t(
            "Ask me anything: how to find the first peer supporter, how to train, how to evaluate. If I do not know, "
            "our experts answer, and I bring you their answer."
        ),
        what_is_kept(t),
        t("Do you agree? You can see, change or delete it at any time."),
    ]
    return Screen(
        Markup("\n\n").join(parts), buttons=[[Button(t.label("I agree"), Agree())], language_row(arriving=True)]
    )


def what_is_kept(t: Translator) -> Markup:
    """In three lines: what is stored, why, and who sees it."""
    return t(
        "<b>What I keep, and why</b>\n"
        "• your Telegram name and ID (not your phone number), your language and your profile, so that I know who you "
        "are\n"
        "• the questions you ask and the answers you get, so that nothing is lost\n"
        "• if you send a question anonymously, experts do not see your name\n"
        "Please never send me patients' names, phone numbers or reports."
    )


def invited(invitation: Invitation, t: Translator) -> Markup:
    """What the invitation made of the person."""
    role = role_name(invitation.role, t)
    if invitation.cohort:
        return t("You have joined as <b>{role}</b>, group {cohort}.", role=role, cohort=invitation.cohort)
    return t("You have joined as <b>{role}</b>.", role=role)


def role_name(role: Role, t: Translator) -> str:
    """The role in words."""
    t = t.of("people")
    return {
        Role.GUEST: t.label("guest"),
        Role.TRAINEE: t.label("trainee"),
        Role.CONSULTANT: t.label("consultant"),
        Role.ORGANIZER: t.label("organizer"),
        Role.OWNER: t.label("owner"),
    }[role]


def back_again(request: Request, invitation: Invitation | None) -> Screen:
    """Somebody we know opens the chat again."""
    t = request.t
    hello = t("Good to see you, {name}.", name=request.me.shown_name)
    if invitation is not None:
        hello += Markup("\n") + invited(invitation, t)
    return Screen(hello + Markup("\n\n") + t("Just write your question. /help shows everything else."))


@feature.tap(Agree)
def agree(request: Request, _tap: Agree) -> Screen:
    """Note the consent and go on to the profile."""
    already = request.me.consented_at is not None
    people.agree(request.me, now=request.now)
    if already:
        return Screen(toast=request.t.label("You have agreed already. Thank you!"))
    show_menu(request, request.me)
    return ask_for(request, "name", onward=True, edit=True)


def language_row(*, arriving: bool) -> list[Button]:
    """A button for each language, in its own name."""
    return [Button(OWN_NAMES[language], ChooseLanguage(language, arriving)) for language in LANGUAGES]


@feature.command("language")
def language(request: Request) -> Screen:
    """Offer the languages."""
    return Screen(
        request.t(
            "Which language should I use with you? You can ask in any of them; I answer in the language of your question."
        ),
        buttons=[language_row(arriving=False)],
    )


@feature.tap(ChooseLanguage)
def choose_language(request: Request, tap: ChooseLanguage) -> Screen:
    """Change the language at once, on the same message."""
    people.choose_language(request.me, as_language(tap.language))
    show_menu(request, request.me)
    if tap.arriving and request.me.consented_at is None:
        screen = welcome(request.me, request.t)
        return Screen(screen.text, screen.buttons, edit=True)
    return Screen(request.t("From now on I write to you in English."), edit=True)


@feature.command("cancel")
def cancel(request: Request) -> Screen:
    """Leave whatever dialogue is open."""
    if request.pending:
        return Screen(request.t("OK, cancelled. Just write your next question."))
    return Screen(request.t("There was nothing to cancel. Just write your question."))
