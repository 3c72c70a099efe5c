"""A poster week from day to day: one card each morning in every community group, and a summary at the end."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import outbox
from bot.features import attention, groups, programmes
from bot.features.attention import Kind
from bot.features.groups import Group
from bot.features.people import Member
from bot.features.programmes import Answer, Echo, Level, Poster, PosterWeek, View
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Moment, Screen
from handlers.programmes._cards import owe_poster
from handlers.programmes._feature import feature
from handlers.programmes._threads import Applaud
from handlers.programmes._week import author_of, invitation
from handlers.programmes._words import card_text, title_of

MORNING, EVENING = 10, 20
"""Hours between which cards are presented, on the community's clock."""


@feature.tick(timedelta(minutes=10))
def go_on(moment: Moment) -> timedelta | None:
    """Present today's card, or end the week; a card that its author has hidden meanwhile is passed over."""
    week = programmes.current(moment.db)
    local = moment.now.astimezone(ZoneInfo(moment.services.settings.timezone))
    if week is None or not MORNING <= local.hour < EVENING:
        return None
    today = local.date()
    if programmes.is_over(moment.db, week, today=today):
        _end(moment, week)
        return None
    one = programmes.due_poster(moment.db, week, today=today)
    if one is None:
        return None
    seen = programmes.view(programmes.get(moment.db, one.programme_id), Level.COMMUNITY)
    if not seen:
        programmes.decline(moment.db, one, now=moment.now)
        return timedelta(0)
    one.presented_on = today
    for group in groups.community(moment.db):
        _present(moment, group, one, seen)
    _tell_author(moment, one)
    return None


def _present(moment: Moment, group: Group, one: Poster, seen: View) -> None:
    t = moment.words(language=group.language).on(group.timezone)
    about, key = f"poster:{one.id}", f"poster:{one.id}:shown:{group.chat_id}"
    if "poster" in seen.fields:
        owe_poster(moment, seen, chat_id=group.chat_id, key=f"{key}:picture", lane=Lane.REMINDER, about=about)
    lines = [
        t("📌 <b>Poster of the day</b>"),
        card_text(seen, t),
        t("A question to the author? Reply to this message."),
    ]
    screen = Screen(Markup("\n\n").join(lines), buttons=[[Button("👏 " + t.label("Applaud"), Applaud(one.id or 0))]])
    moment.post(screen, chat_id=group.chat_id, key=key, lane=Lane.REMINDER, about=about)


def _tell_author(moment: Moment, one: Poster) -> None:
    author = author_of(moment, programmes.get(moment.db, one.programme_id))
    if author is not None:
        t = moment.words(author)
        text = t("📌 Your card is the poster of the day. Questions come to you here; reply to them.")
        key = f"poster:{one.id}:today"
        _post(moment, author, text, key=key)


def _end(moment: Moment, week: PosterWeek) -> None:
    """The week in numbers, in every group that saw it, and for each author their own."""
    shown = [one for one in programmes.posters_of(moment.db, week) if one.presented_on is not None]
    shown.sort(key=lambda one: one.presented_on or week.first)
    echoes = {one.id or 0: programmes.echo(moment.db, one) for one in shown}
    for group in groups.community(moment.db) if shown else ():
        t = moment.words(language=group.language).on(group.timezone)
        screen = Screen(summary(moment, shown, echoes, t))
        key = f"posterweek:{week.id}:summary:{group.chat_id}"
        moment.post(screen, chat_id=group.chat_id, key=key, lane=Lane.REMINDER)
    for one in shown:
        _thank(moment, one, echoes[one.id or 0])
    for one in programmes.posters_of(moment.db, week):
        if one.answer is Answer.ASKED:
            outbox.void(moment.db, about=invitation(one), now=moment.now)
    programmes.end(week, now=moment.now)


def summary(moment: Moment, shown: list[Poster], echoes: dict[int, Echo], t: Translator) -> Markup:
    """What was presented and what came of it, in the order of the days: no ranking."""
    lines = [
        t("<b>The poster week is over.</b> Thank you to everyone who showed their work, asked and answered!"),
        Markup(""),
    ]
    for one in shown:
        seen = programmes.view(programmes.get(moment.db, one.programme_id), Level.COMMUNITY)
        if seen:
            lines.append(_line(title_of(seen, t), echoes[one.id or 0], t))
    return Markup("\n").join([*lines, Markup(""), t("All cards: /programmes")])


def _line(name: str, said: Echo, t: Translator) -> Markup:
    """A card with what came of it; nothing is said of what did not."""
    asked = (
        [t("❓ {asked}, answered {answered}", asked=said.questions, answered=said.answered)] if said.questions else []
    )
    kudos = [t("👏 {kudos}", kudos=said.kudos)] if said.kudos else []
    if not asked and not kudos:
        return t("• {name}", name=name)
    return t("• {name}: {echo}", name=name, echo=Markup(" · ").join([*asked, *kudos]))


def _thank(moment: Moment, one: Poster, said: Echo) -> None:
    author = author_of(moment, programmes.get(moment.db, one.programme_id))
    if author is None:
        return
    t = moment.words(author)
    questions = t.n("{n} question", "{n} questions", said.questions)
    kudos = t.n("{n} colleague applauded", "{n} colleagues applauded", said.kudos)
    numbers = [str(one.unescape()) for one, many in ((questions, said.questions), (kudos, said.kudos)) if many]
    text = (
        t("The poster week is over. Your card got: {numbers}. Thank you!", numbers=t.series(numbers))
        if numbers
        else t("The poster week is over. Thank you for showing your card!")
    )
    key = f"poster:{one.id}:thanks"
    _post(moment, author, text, key=key)


def _post(moment: Moment, author: Member, text: Markup, *, key: str) -> None:
    """To an author who agreed to be presented, after their night: it may be another one than the community's."""
    at = attention.moment(moment.db, author, kind=Kind.COMMUNITY, now=moment.now, asked_for=True)
    to = author.telegram_id
    moment.post(Screen(text), chat_id=to, key=key, lane=Lane.REMINDER, due_at=at, heeds=outbox.QUIET)
