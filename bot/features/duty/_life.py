"""A duty's life: what follows from the person until they say otherwise, and the verbs with which they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from babel.core import get_global
from sqlalchemy import delete
from sqlmodel import Session, col

from bot.errors import Outdated, Unclear
from bot.features.duty._tables import NOWHERE, Duty
from bot.features.people import Member, Role
from bot.i18n import LANGUAGES
from bot.worktime import Calendar, Days, Hours, has_holidays

CAPACITY = 50
DAYS_OFF_LIMIT = 20
WEEKDAYS: Hours = {day: ((time(9), time(17)),) for day in range(5)}
"""Monday to Friday, nine to five: until somebody says otherwise."""

_TOGETHER = {"zh_Hans": ("zh_Hans", "zh_Hant"), "zh_Hant": ("zh_Hant", "zh_Hans")}
"""Whoever reads one Chinese script reads the other."""


def of(db: Session, member: Member) -> Duty:
    """The person's duty; one made of defaults, and not stored, when they never said anything."""
    return db.get(Duty, member.id) or Duty(member_id=_id(member))


def is_asked(db: Session, member: Member) -> bool:
    """Whether questions are offered to this person: consultants always, organizers once they have said something."""
    return member.role is Role.CONSULTANT or (
        member.role.reaches(Role.CONSULTANT) and db.get(Duty, member.id) is not None
    )


def languages_of(duty: Duty, member: Member) -> Sequence[str]:
    """The languages that somebody answers in: what they said, or their own."""
    if duty.languages:
        return duty.languages
    return _TOGETHER.get(member.language, (member.language,))


def hours_of(duty: Duty) -> Hours:
    """The working hours: what they said, or Monday to Friday, nine to five."""
    if duty.hours is None:
        return WEEKDAYS
    return {
        int(weekday): tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
        for weekday, spans in duty.hours.items()
    }


def region_of(duty: Duty, member: Member) -> str | None:
    """The region whose public holidays are free: what they said, or that of their time zone; None for none."""
    if duty.region == NOWHERE:
        return None
    return duty.region or region_of_zone(member.timezone)


def region_of_zone(zone: str) -> str | None:
    """The country that a time zone lies in, where its public holidays are known."""
    country: str | None = get_global("zone_territories").get(get_global("zone_aliases").get(zone, zone))
    return country if country is not None and has_holidays(country) else None


def calendar(duty: Duty, member: Member) -> Calendar:
    """When this person works."""
    days_off = tuple(span(days) for days in duty.days_off)
    return Calendar(member.timezone, hours_of(duty), days_off, region_of(duty, member))


def community_calendar(zone: str) -> Calendar:
    """When somebody can be expected to work while nobody has a question yet."""
    return Calendar(zone, WEEKDAYS, region=region_of_zone(zone))


def span(days: Sequence[str]) -> Days:
    """Stored days off as dates."""
    first, last = days
    return date.fromisoformat(first), date.fromisoformat(last)


def set_categories(db: Session, member: Member, categories: Sequence[str]) -> Duty:
    """What they know; nothing means everything."""
    duty = _stored(db, member)
    duty.categories = sorted(set(categories))
    return duty


def toggle_category(db: Session, member: Member, category: str) -> Duty:
    """Add one subject, or take it away."""
    return set_categories(db, member, list({*of(db, member).categories} ^ {category}))


def set_languages(db: Session, member: Member, languages: Sequence[str]) -> Duty:
    """What they answer in; raises Unclear for none, Outdated for a language that is not ours."""
    if not languages:
        raise Unclear("languages")
    if set(languages) - set(LANGUAGES):
        raise Outdated
    duty = _stored(db, member)
    duty.languages = [language for language in LANGUAGES if language in languages]
    return duty


def toggle_language(db: Session, member: Member, language: str) -> Duty:
    """Add one language, or take it away; raises Unclear when none would be left."""
    return set_languages(db, member, list({*languages_of(of(db, member), member)} ^ {language}))


def set_hours(db: Session, member: Member, hours: Mapping[int, Sequence[tuple[time, time]]]) -> Duty:
    """When they work; raises Unclear for hours that cannot be."""
    try:
        Calendar(member.timezone, hours)
    except ValueError:
        raise Unclear("hours") from None
    duty = _stored(db, member)
    duty.hours = {
        str(weekday): [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in spans]
        for weekday, spans in sorted(hours.items())
        if spans
    }
    return duty


def add_days_off(db: Session, member: Member, ranges: Sequence[Days], *, today: date) -> Duty:
    """More days off; those that are over are forgotten. Raises Unclear beyond what anybody needs."""
    duty = _stored(db, member)
    kept = {span(days) for days in duty.days_off if span(days)[1] >= today} | set(ranges)
    if len(kept) > DAYS_OFF_LIMIT:
        raise Unclear("days off")
    duty.days_off = [[first.isoformat(), last.isoformat()] for first, last in sorted(kept)]
    return duty


def remove_days_off(db: Session, member: Member, first: date) -> Duty:
    """They work after all on the days that begin with `first`."""
    duty = _stored(db, member)
    duty.days_off = [days for days in duty.days_off if span(days)[0] != first]
    return duty


def set_region(db: Session, member: Member, region: str) -> Duty:
    """Whose public holidays are free; raises Outdated for a region whose holidays are not known."""
    if region != NOWHERE and not has_holidays(region):
        raise Outdated
    duty = _stored(db, member)
    duty.region = region
    return duty


def set_capacity(db: Session, member: Member, capacity: int) -> Duty:
    """How many open questions they carry; raises Outdated for a number that makes no sense."""
    if not 1 <= capacity <= CAPACITY:
        raise Outdated
    duty = _stored(db, member)
    duty.capacity = capacity
    return duty


def pause(db: Session, member: Member, *, until: datetime) -> Duty:
    """Nothing is offered to them until then."""
    duty = _stored(db, member)
    duty.paused_until = until
    return duty


def resume(db: Session, member: Member) -> Duty:
    """They are back."""
    duty = _stored(db, member)
    duty.paused_until = None
    return duty


def forget(db: Session, member: Member) -> None:
    """Delete what they said about their time."""
    db.execute(delete(Duty).where(col(Duty.member_id) == member.id))


def _stored(db: Session, member: Member) -> Duty:
    duty = db.get(Duty, member.id)
    if duty is None:
        duty = Duty(member_id=_id(member))
        db.add(duty)
        db.flush()
    return duty


def _id(member: Member) -> int:
    if member.id is None:
        raise Outdated
    return member.id
