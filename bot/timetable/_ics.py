"""Sessions as iCalendar (RFC 5545): what calendar programs read, as a file or as a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar

PRODUCT = "-//Small Wins//Calendar//EN"
Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]


@dataclass(frozen=True)
class CalendarEvent:
    """A session in somebody's calendar. An event with the same `uid` and a higher `sequence` replaces it."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    planned_at: datetime
    changed_at: datetime
    status: Status = "CONFIRMED"
    description: str = ""
    place: str = ""
    link: str | None = None


@dataclass(frozen=True)
class CalendarFile:
    """A calendar as bytes, and when anything in it changed last."""

    content: bytes
    changed_at: datetime


def calendar_file(
    events: Sequence[CalendarEvent],
    *,
    organizer: str,
    changed_at: datetime,
    name: str | None = None,
    method: Literal["PUBLISH", "CANCEL"] = "PUBLISH",
) -> CalendarFile:
    """The events with the time zones that they need; `organizer` is an address. The same events give the same bytes."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name is not None:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(_component(event, organizer))
    if events:
        years = [moment.year for event in events for moment in (event.starts_at, event.ends_at)]
        calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return CalendarFile(calendar.to_ical(), changed_at)


def _component(event: CalendarEvent, organizer: str) -> icalendar.Event:
    made, zone = icalendar.Event(), ZoneInfo(event.zone)
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", event.changed_at)
    made.add("created", event.planned_at)
    made.add("last-modified", event.changed_at)
    made.add("dtstart", event.starts_at.astimezone(zone))
    made.add("dtend", event.ends_at.astimezone(zone))
    made.add("summary", event.title)
    made.add("status", event.status)
    made.add("organizer", icalendar.vCalAddress(organizer))
    if event.description:
        made.add("description", event.description)
    if event.place:
        made.add("location", event.place)
    if event.link:
        made.add("url", event.link)
    return made
