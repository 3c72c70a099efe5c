"""During an open consultation the consultants on duty hear of a question at once, beside its offer to whom it fits best."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.features import consultations, groups, questions
from bot.features.people import Member
from bot.features.questions import Question, id_of
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Screen, Tap, as_html
from handlers.questions._links import topic_link
from handlers.questions._room import asker_name

WORDS_SHOWN = 1500


@dataclass(frozen=True)
class TakeLive(Tap, prefix="questions.live"):
    """Take a question that came during an open consultation."""

    question: int


def tell_live(deed: Deed, question: Question) -> bool:
    """Write to everybody on duty now, with the way to take it; False when no open consultation is going on."""
    session = consultations.open_now(deed.db, now=deed.now)
    if session is None:
        return False
    for member_id in consultations.consultants(deed.db, session.id or 0):
        member = deed.db.get(Member, member_id)
        if member is not None and member.id != question.asker_id and member.is_reachable:
            deed.post(
                _screen(deed, question, deed.words(member)),
                chat_id=member.telegram_id,
                key=question.key("live", member.id),
                lane=Lane.ANSWER,
                about=question.key("live"),
            )
    return True


def _screen(deed: Deed, question: Question, t: Translator) -> Screen:
    group = groups.find(deed.db, question.chat_id) if question.in_group and not question.anonymous else None
    name = asker_name(question, questions.asker_of(deed.db, question), t)
    heading = (
        t(
            "🟢 {label}, asked now by {name} in “{title}”:",
            label=topic_link(deed, question),
            name=name,
            title=group.title,
        )
        if group is not None
        else t("🟢 {label}, asked now by {name}:", label=topic_link(deed, question), name=name)
    )
    words = Markup("<blockquote>{}</blockquote>").format(as_html(question.text[:WORDS_SHOWN], None))
    below = t("Take it, and answer in its topic: your reply goes to where it was asked.")
    return Screen(
        Markup("\n\n").join([heading, words, below]),
        buttons=[[Button("🙋 " + t.label("Take it"), TakeLive(id_of(question)))]],
    )
