"""A question in any words: by command, by mention, as a reply, or just written in private."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from bot.errors import NotYours, TextMissing
from bot.features import faq, groups, people
from bot.features.faq import Asked
from bot.features.groups import Kind
from bot.search import Match
from handlers import questions, webinars
from handlers._kit import Button, Event, Request, Said, Screen, as_language, said
from handlers._matching import AsNew, match
from handlers.faq import _small_talk
from handlers.faq._answers import shown
from handlers.faq._feature import ShowOffer, certain, feature


@feature.command("ask", in_groups=True, prepare=match)
def ask(request: Request) -> Screen | None:
    """Answer a question asked by command; during an open consultation the consultants on duty hear it as well."""
    asked, screen = _heard(request, said(request.message, text=request.text))
    return questions.also_live(request, asked, screen)


@feature.event(Event.WORDS, prepare=match)
def words(request: Request) -> Screen | None:
    """Free words: in private, a mention of the bot, or a reply to it."""
    if request.heard.command is not None:
        return _unknown_command(request)
    if not request.heard.private and not request.heard.addressed:
        return _offer(request)
    if (screen := webinars.code_said(request)) is not None:
        return screen
    if (screen := questions.continue_answered(request)) is not None:
        return screen
    content = said(request.message, text=request.text)
    if content.unknown and request.message.text:  # our name, and nothing else
        return Screen(_small_talk.in_return("greeting", request.t))
    if content.unknown:
        return _not_passed_on(request, content) if request.heard.private else None
    return _beside_open_questions(request, content) if request.heard.private else _answered(request, content)


def _beside_open_questions(request: Request, content: Said) -> Screen:
    """In private the words may be meant for a question that the experts have: ask, or leave a way to it."""
    asked, screen = _heard(request, content)
    if asked is None:
        return screen
    if (choice := questions.ask_which(request, asked)) is not None:
        return choice
    return replace(screen, buttons=[*screen.buttons, questions.adding_row(request, asked)])


@feature.tap(AsNew)
def as_new(request: Request, tap: AsNew) -> Screen:
    """The words belong to none of the asker's questions: what the FAQ has to say to them."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    if asked.member_id != request.me.id:
        raise NotYours("")
    if asked.text:
        faq.checked(asked.text)
    return shown(request, asked, edit=True)


def _unknown_command(request: Request) -> Screen | None:
    if not request.heard.private:
        return None
    t = request.t
    return Screen(
        t(
            "I do not know /{command}. /help shows what I can do; a question needs no command at all.",
            command=request.heard.command or "",
        )
    )


def _not_passed_on(request: Request, content: Said) -> Screen:
    t = request.t
    named = questions.not_passed_on(content.left_out, t.of("questions")) + " " if content.left_out else Markup()
    return Screen(
        named
        + t(
            "I cannot read this kind of message. Nobody has received it. Please write your question in words. You can "
            "add a photo, a document or a voice message for the experts."
        )
    )


def _answered(request: Request, content: Said) -> Screen:
    return _heard(request, content)[1]


def _heard(request: Request, content: Said) -> tuple[Asked | None, Screen]:
    """What was asked, as it is kept (small talk is not), and what there is to say to it."""
    _welcome_to_the_community(request)
    if content.media is not None and not content.text.strip():
        asked = questions.keep_asked(request, content, Match("expert", (), request.me.language))
        return asked, shown(request, asked)
    text = faq.checked(content.text)
    if request.prepared is None:
        raise TextMissing
    content = replace(content, text=text, entities=content.entities if text == content.text else [])
    if content.media is None and (screen := _small_talk.answered(request, text, request.prepared)) is not None:
        return None, screen
    asked = questions.keep_asked(request, content, certain(request, request.prepared))
    return asked, paged(request, asked, shown(request, asked))


def paged(request: Request, asked: Asked, screen: Screen) -> Screen:
    """Words of emergency: whoever is on duty hears of it, and the person hears that they do."""
    if asked.decision != "urgent":
        return screen
    questions.page_room(request, asked.text or "")
    told = questions.told_on_duty(request)
    return replace(screen, text=Markup("\n\n").join(part for part in (screen.text, told) if part))


def _welcome_to_the_community(request: Request) -> None:
    """Whoever asks in a community group belongs to it."""
    if not request.heard.private:
        group = groups.find(request.db, request.chat_id)
        if group is not None and group.kind is Kind.COMMUNITY:
            people.admit(request.me)


def _offer(request: Request) -> Screen | None:
    """A question that the group asks itself, in a group that wants this: a discreet button, and only when it is sure."""
    group = groups.find(request.db, request.chat_id)
    found: Match | None = request.prepared
    if group is None or not group.offers or found is None or certain(request, found).decision != "answer":
        return None
    asked = questions.keep_asked(request, said(request.message), found)
    t = request.words(language=as_language(found.lang))
    return Screen(
        t("💡 I may have an answer."), buttons=[[Button(t.label("Show it"), ShowOffer(asked.id or 0))]], quiet=True
    )


@feature.tap(ShowOffer)
def show_offer(request: Request, tap: ShowOffer) -> Screen:
    """Somebody wants to see it; anybody in the group may."""
    return shown(request, faq.recall(request.db, tap.asked, chat_id=request.chat_id), edit=True)
