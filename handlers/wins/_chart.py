"""The ladder as a chart: the highest stage above, as one climbs."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from bot.features.wins import Ladder, Month, Standing
from bot.i18n import Translator
from bot.pictures import Chart, Panel


def chart(ladder: Ladder, month: Month, standing: Standing, since: datetime, t: Translator) -> Chart:
    """How many people are at each stage, and how many steps were done there in the month."""
    titles = {stage.id: f"{n} {stage.title.for_reader(t.language)}" for n, stage in enumerate(ladder.stages, start=1)}
    people = [(titles[stage], float(count)) for stage, count in standing.stages]
    people.append((t.label("Every step done"), float(standing.top)))
    done = [(titles[stage], float(count)) for stage, count in month.stages] if month.total else []
    return Chart(
        t.label("Small wins in {month}", month=t.month(since)),
        (half_within(standing, t) or t("Small steps, one after the other.")).unescape(),
        (
            Panel(t.label("How many people are at each stage"), tuple(people[::-1])),
            Panel(t.label("Steps done in the month"), tuple(done[::-1])),
        ),
    )


def half_within(standing: Standing, t: Translator) -> Markup | None:
    """How long it took to the first peer supporter; None while nobody has found one."""
    if standing.median is None:
        return None
    return t.n(
        "Half of those with a first peer supporter found one within {n} day.",
        "Half of those with a first peer supporter found one within {n} days.",
        standing.median,
    )
