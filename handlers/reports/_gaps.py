"""The gaps: what people ask and the FAQ does not answer, the same question in other words counted together."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.features import faq, reports
from bot.features.people import Role
from bot.features.reports import Lacking
from handlers._kit import Preparing, Request, Screen
from handlers.reports._feature import WINDOW, ShowGaps, feature

LOOKED_AT = 150
"""The newest unanswered questions; to compare them takes some 20 ms each."""

SHOWN, EXAMPLES, LENGTH = 8, 2, 140


@dataclass(frozen=True)
class Gap:
    """Questions that ask much the same; the most typical one first."""

    weight: int
    questions: tuple[Lacking, ...]


def find_gaps(preparing: Preparing) -> list[Gap]:
    """The slow part: heaviest gap first."""
    with preparing.reading() as db:
        found = reports.lacking(db, since=preparing.now - WINDOW, limit=LOOKED_AT)
    groups = preparing.services.knowledge().alike([(each.text, each.language) for each in found])
    gaps = [Gap(sum(found[n].weight for n in group), tuple(found[n] for n in group)) for group in groups]
    return sorted(gaps, key=lambda gap: -gap.weight)


@feature.tap(ShowGaps, role=Role.ORGANIZER, prepare=find_gaps)
def gaps(request: Request, _tap: ShowGaps) -> Screen:
    """Each gap with its weight and other ways in which it was asked, without what could identify anybody."""
    t = request.t
    found: list[Gap] = request.prepared or []
    if not found:
        return Screen(t("The FAQ had an answer to everything that was asked in the last 30 days."))
    lines = [
        t("<b>What the FAQ lacks</b>"),
        t("From the last 30 days. A question that went to the experts counts twice."),
        *(_gap(gap) for gap in found[:SHOWN]),
    ]
    if len(found) > SHOWN:
        rest = len(found) - SHOWN
        lines.append(t.n("… and {n} more that was asked less.", "… and {n} more that were asked less.", rest))
    return Screen(Markup("\n\n").join(lines))


def _gap(gap: Gap) -> Markup:
    first, *others = dict.fromkeys(_words(question) for question in gap.questions)
    examples = [Markup("\n   • {}").format(words) for words in others[:EXAMPLES]]
    return Markup("<b>{}×</b> {}").format(gap.weight, first) + Markup("").join(examples)


def _words(question: Lacking) -> str:
    words = faq.screened(question.text)
    return words if len(words) <= LENGTH else words[: LENGTH - 1] + "…"
