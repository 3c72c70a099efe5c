"""What follows when a session changes: its slots are made again, and those whose slot is another one hear it once."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot.features import consultations
from bot.features.consultations import Booking, Change, What
from bot.i18n import Translator
from bot.timetable import SessionRow
from handlers._kit import Button, Moment, Screen
from handlers.consultations._card import facts
from handlers.consultations._feature import Look, Mine, WaitNoLonger, feature
from handlers.consultations._offering import offer_free
from handlers.consultations._telling import holder_of, take_back_words, tell
from handlers.consultations._words import minute_of, title_of


@feature.tick(timedelta(0))
def arrange(moment: Moment) -> None:
    """New sessions get their slots, changed ones other ones; what was cancelled is void."""
    take_back_words(moment, consultations.void(moment.db, now=moment.now))
    for session in consultations.unarranged(moment.db, now=moment.now):
        for change in consultations.arrange(moment.db, session, now=moment.now):
            _tell(moment, session, change)
        offer_free(moment, session)


def _tell(moment: Moment, session: SessionRow, change: Change) -> None:
    booking = change.booking
    take_back_words(moment, [booking])
    member = holder_of(moment, booking)
    t = moment.words(member)
    parts = [_what_happened(change.what, t), *_place(moment, session, change, t)]
    tell(
        moment,
        member,
        Screen(Markup("\n\n").join(parts), buttons=[_way_on(session, booking, change.what, t)]),
        key=booking.key(change.what, minute_of(booking.starts_at), booking.consultant_id or 0),
        about=booking.key(change.what),
        starts_at=booking.starts_at,
    )


def _place(moment: Moment, session: SessionRow, change: Change, t: Translator) -> list[Markup]:
    """The slot as it is now; or which one is gone."""
    if change.booking.holds:
        return [facts(moment, change.booking, t)]
    title = Markup("<b>{}</b>").format(title_of(moment, session, t))
    return [title + Markup(" · ") + Markup("{}").format(t.when(change.booking.starts_at))]


def _what_happened(what: What, t: Translator) -> Markup:
    return {
        What.PASSED: t("👤 Another consultant has your slot now; the time stays."),
        What.SHIFTED: t("🔁 The slots of your consultation are other ones now. Yours:"),
        What.WAITS: t(
            "Your slot is gone: the consultant cannot come, and nobody else is free then. We are sorry. You are first on "
            "the waiting list, and what you wrote is kept."
        ),
        What.OPENED: t("Your consultation has become an open one: there are no slots any more, just come and ask."),
    }[what]


def _way_on(session: SessionRow, booking: Booking, what: What, t: Translator) -> list[Button]:
    if booking.holds:
        return [Button(t.label("My slot"), Mine(consultations.id_of(booking)))]
    buttons = [Button("🗓 " + t.label("Other sessions"), Look(0))]
    if what is What.WAITS:
        buttons.append(Button(t.label("Leave the waiting list"), WaitNoLonger(session.id or 0)))
    return buttons
