"""What may identify a patient, as its writer sees it: underlined, named by its kind, with the ways to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from bot import screening
from bot.features.questions import Question, id_of
from bot.i18n import Translator
from bot.screening import Finding
from handlers._identifiers import kinds_in_words, may_be_harmless, underlined
from handlers._kit import Button, Said, Screen, Tap
from handlers.questions._feature import Discard, Send


@dataclass(frozen=True)
class Rewrite(Tap, prefix="questions.edit"):
    """The asker wants to write it anew."""

    question: int


@dataclass(frozen=True)
class NotAPatients(Tap, prefix="questions.harmless"):
    """The asker says that what was found is not a patient's."""

    question: int


def to_check(question: Question, findings: Sequence[Finding], t: Translator, *, consented: bool) -> Screen:
    """What was found in a draft, and the choice: mask, write it anew, or leave it."""
    parts = [
        t(
            "Please look once more before this goes to our experts. Underlined is what may identify a patient: {kinds}.",
            kinds=kinds_in_words(findings, t),
        ),
        Markup("<blockquote>{}</blockquote>").format(underlined(question.text, findings)),
        t("<b>Mask and send</b> puts ▇▇▇ in its place. The experts see your name unless you send it anonymously."),
    ]
    if question.media:
        parts.append(t("I cannot look into what you attached: please check it yourself."))
    if question.in_group:
        parts.append(
            t(
                "To word it differently, ask again with /ask. Everybody in this group can read your message; you may want "
                "to delete it."
            )
        )
    if not consented:
        parts.append(t("By sending you agree that I keep your question and its answer (/privacy)."))
    return Screen(Markup("\n\n").join(parts), buttons=ways_on(question, findings, t), about=f"draft:{id_of(question)}")


def ways_on(question: Question, findings: Sequence[Finding], t: Translator) -> list[list[Button]]:
    """The buttons under what was found; writing it anew is for private, where the next words are surely meant for it."""
    question_id = id_of(question)
    others = [] if question.in_group else [Button("✏️ " + t.label("Edit"), Rewrite(question_id))]
    if may_be_harmless(findings):
        others.append(Button(t.label("It is not a patient's"), NotAPatients(question_id)))
    return [*masking(question, t), others, [Button(t.label("Do not send"), Discard(question_id))]]


def masking(question: Question, t: Translator) -> list[list[Button]]:
    """The two ways to send it masked, one below the other: their labels are long."""
    question_id = id_of(question)
    return [
        [Button(t.label("Mask and send"), Send(question_id, anonymous=False))],
        [Button(t.label("Mask and send anonymously"), Send(question_id, anonymous=True))],
    ]


def without_identifiers(content: Said) -> tuple[Said, list[Finding]]:
    """What was said with its findings masked, and the findings."""
    text, entities = screening.masked_message(content.text, content.entities)
    return replace(content, text=text, entities=entities), screening.find(content.text)


def what_was_masked(findings: Sequence[Finding], t: Translator) -> list[Markup]:
    """A sentence for the writer; none when nothing was masked."""
    return [t("I masked {kinds} before passing it on.", kinds=kinds_in_words(findings, t))] if findings else []
