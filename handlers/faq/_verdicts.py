"""What people say of an answer, and where they go from it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import Outdated
from bot.features import faq
from bot.features.faq import Asked
from bot.features.faq.content import Library
from bot.i18n import Translator
from bot.search import Match
from handlers import questions
from handlers._kit import Button, Request, Screen, as_language
from handlers._matching import match
from handlers.faq import _small_talk
from handlers.faq._answers import SUGGESTIONS, near_the_shown, related_rows, shown, suggestion_rows
from handlers.faq._asking import paged
from handlers.faq._feature import Helpful, Near, NotQuite, Related, Suggested, certain, feature

LIKELY = 0.1
"""How near an entry must have come to be named before those that belong to the answer."""


@feature.tap(Helpful)
def helpful(request: Request, tap: Helpful) -> Screen:
    """Note that it helped; only the asker's word counts."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    if asked.member_id == request.me.id:
        asked.helpful = True
    return Screen(toast=request.t.label("Thank you! Good to know that it helps."))


@feature.tap(NotQuite)
def not_quite(request: Request, tap: NotQuite) -> Screen:
    """What else may be meant, room to say what was missing, and the experts."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    if asked.member_id == request.me.id:
        asked.helpful = False
    t = request.words(language=as_language(asked.language))
    library = request.services.knowledge().library
    rows = [*_meant_instead(library, asked, t), [questions.way_on(library, asked, t)]]
    if not request.heard.private:
        return Screen(t("Thank you for telling me. Perhaps one of these, or our experts:"), buttons=rows)
    request.me.expects("faq.missing", asked=tap.asked, text=(asked.text or "")[:1000])
    return Screen(
        t("Thank you for telling me. What was missing? Write it in a few words, or choose:"),
        buttons=rows,
        about=f"asked:{tap.asked}",
    )


def _meant_instead(library: Library, asked: Asked, t: Translator) -> list[Sequence[Button]]:
    """What else the question came near to, then what belongs to the answer that was shown."""
    near = suggestion_rows(library, asked, t, at_least=LIKELY)
    offered = [entry for entry, score in asked.hits if score >= LIKELY]
    return [*near, *related_rows(library, asked, t, without=offered)][:SUGGESTIONS]


@feature.step("missing", prepare=match)
def missing(request: Request) -> Screen:
    """Look again with what was missing; what was shown before is not shown again."""
    before = faq.recall(request.db, request.pending["asked"], chat_id=request.chat_id)
    found: Match | None = request.prepared
    if found is None:
        request.me.pending = request.pending
        return Screen(request.t("Please write in words what was missing, or /cancel."))
    alone = found if found.decision == "urgent" else Match("expert", (), found.lang)  # found with the question's words
    if (screen := _small_talk.answered(request, request.text, alone)) is not None:
        return screen
    hits = tuple(hit for hit in found.hits if hit.id != before.shown)
    decision = (
        found.decision
        if hits and (found.decision != "answer" or hits[0] == found.hits[0])
        else ("suggest" if hits else "expert")
    )
    text = faq.checked("\n".join(part for part in (before.text, request.text) if part))
    asked = faq.record(
        request.db,
        asker=request.me,
        text=text,
        match=certain(request, Match(decision, hits, found.lang)),
        chat_id=before.chat_id,
        message_id=before.message_id,
        now=request.now,
    )
    return paged(request, asked, shown(request, asked))


@feature.tap(Suggested)
def suggested(request: Request, tap: Suggested) -> Screen:
    """Show what was meant, in place of the suggestions."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    if not 0 <= tap.place < len(asked.entries):
        raise Outdated
    faq.choose(asked, asked.entries[tap.place])
    _found(request)
    return shown(request, asked, edit=True)


def _found(request: Request) -> None:
    """What the person writes next is no longer about what was missing."""
    if (request.me.pending or {}).get("step") == "faq.missing":
        request.me.pending = None


@feature.tap(Related)
def related(request: Request, tap: Related) -> Screen:
    """Buttons of the entries near the one that is shown."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    library = request.services.knowledge().library
    t = request.words(language=as_language(asked.language))
    rows = related_rows(library, asked, t)
    if not rows:
        return Screen(toast=t.label("No related questions yet."))
    return Screen(t("Related:"), buttons=rows, about=f"asked:{asked.id}")


@feature.tap(Near)
def near(request: Request, tap: Near) -> Screen:
    """Show a related entry."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    entries = near_the_shown(request.services.knowledge().library, asked)
    if not 0 <= tap.place < len(entries):
        raise Outdated
    faq.choose(asked, entries[tap.place])
    _found(request)
    return shown(request, asked, edit=True)
