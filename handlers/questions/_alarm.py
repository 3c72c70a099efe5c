"""Words that cannot wait, or that nobody here may answer: the fixed text at once, and somebody on duty who looks."""

from __future__ import annotations

from markupsafe import Markup

from bot import outbox, screening
from bot.features import duty, groups
from bot.features.duty import Reason
from bot.features.faq import Asked
from bot.features.faq.content import Entry, Library
from bot.features.questions import Question
from bot.i18n import Translator
from bot.search import Match
from handlers import _entries
from handlers._kit import Deed, Request, Screen, as_language
from handlers.questions._feature import feature

DOSE = "dose"


def page_room(request: Request, words: str, *, question: Question | None = None) -> bool:
    """Somebody may need help now: whoever is on duty sees it at once, with the words and who wrote them.

    Who asked anonymously stays without a name here as well: a reply in the question's topic reaches them. False when
    there is nobody to tell, or the same message was told already.
    """
    room = groups.room(request.db)
    if room is None or request.chat_id == room.chat_id:
        return False
    t, words = request.words(language=room.language).of(feature.name), screening.masked(words)[:1500]
    if question is not None and question.anonymous:
        text = t(
            "⚠️ <b>Urgent words</b> from the anonymous asker of {label}. They got the fixed safety text at once; please "
            "look whether somebody is with them: a reply in the topic of {label} reaches them.\n\n"
            "<blockquote>{words}</blockquote>",
            label=question.label,
            words=words,
        )
    else:
        text = t(
            "⚠️ <b>Urgent words</b> from {name}. They got the fixed safety text at once; please look whether somebody is with "
            "them.\n\n<blockquote>{words}</blockquote>",
            name=request.me.shown_name,
            words=words,
        )
    text = Markup("\n\n").join(part for part in (text, _on_duty(request, t)) if part)
    return request.post(Screen(text), chat_id=room.chat_id, key=_paging(request.chat_id, request.message.message_id))


def _on_duty(request: Request, t: Translator) -> Markup:
    """Calls those who work now by their names, or everybody when nobody does."""
    everybody = duty.candidates(
        request.db, category=None, language=t.language, load={}, now=request.now, excluding=[request.me.id or 0]
    )
    working = [one.member for one in everybody if Reason.FREE in one.reasons]
    names = Markup(" · ").join(
        Markup('<a href="tg://user?id={}">{}</a>').format(member.telegram_id, member.shown_name)
        for member in working or [one.member for one in everybody]
    )
    if not names:
        return names
    if working:
        return t("On duty now: {names}", names=names)
    return t("Nobody is on duty now. Whoever sees this first, please look: {names}", names=names)


def _paging(chat_id: int, message_id: int) -> str:
    return f"urgent:{chat_id}:{message_id}"


def was_paged(deed: Deed, chat_id: int, message_id: int) -> bool:
    """Whether the experts saw these words with the name of their writer."""
    return outbox.find(deed.db, _paging(chat_id, message_id)) is not None


def told_on_duty(request: Request, *, question: Question | None = None) -> Markup:
    """What the person hears about it; empty where nobody could be told."""
    room = groups.room(request.db)
    if room is None or request.chat_id == room.chat_id:
        return Markup()
    t = request.t.of(feature.name)
    if question is not None and question.anonymous:
        return t("I have told our experts, without your name, so that somebody looks at once.")
    return t("I have told our experts, with your name, so that somebody can look after you.")


def with_safety(request: Request, screen: Screen | None, *, question: Question) -> Screen | None:
    """What was said into a question holds words of emergency or of doses: the fixed text stands first, whatever else."""
    found: Match | None = request.prepared
    entry = _safety_entry(request, found)
    if found is None or entry is None:
        return screen
    parts = [_fixed(request, entry, found)]
    if found.decision == "urgent":
        page_room(request, request.text, question=question)
        parts.append(told_on_duty(request, question=question))
    if screen is not None and screen.text is not None:
        parts.append(screen.text)
    text = Markup("\n\n").join(part for part in parts if part)
    return Screen(text, buttons=screen.buttons if screen else (), about=screen.about if screen else None)


def surely_answered(request: Request) -> bool:
    """Whether the FAQ has a sure answer to these words; that they name a patient is no answer."""
    found: Match | None = request.prepared
    if found is None or found.decision != "answer" or not found.hits:
        return False
    entry = request.services.knowledge().library.entries.get(found.hits[0].id)
    return entry is None or entry.safety != "patient-data"


def is_about_doses(library: Library, asked: Asked) -> bool:
    """Whether what was asked got the fixed text about doses."""
    entry = library.entries.get(asked.shown or "")
    return entry is not None and entry.safety == DOSE


def edited_into_alarm(request: Request, screen: Screen | None, *, question: Question | None) -> Screen | None:
    """Words of emergency came in by an edit: the same, unless this message was told already."""
    found: Match | None = request.prepared
    entry = _safety_entry(request, found)
    if found is None or entry is None or found.decision != "urgent":
        return screen
    if not page_room(request, request.text, question=question):
        return screen
    told = told_on_duty(request, question=question)
    more = [screen.text] if screen is not None and screen.text is not None else []
    return Screen(Markup("\n\n").join([_fixed(request, entry, found), told, *more]))


def _safety_entry(request: Request, found: Match | None) -> Entry | None:
    """The fixed text that the words call for, if any."""
    if found is None or not found.hits or found.decision not in ("answer", "urgent"):
        return None
    entry = request.services.knowledge().library.entries.get(found.hits[0].id)
    return entry if entry is not None and (found.decision == "urgent" or entry.safety == DOSE) else None


def _fixed(request: Request, entry: Entry, found: Match) -> Markup:
    t = request.words(language=as_language(found.lang))
    library = request.services.knowledge().library
    if request.heard.private:
        return _entries.in_full(library, entry, t.language, t)
    return _entries.in_short(library, entry, t.language)
