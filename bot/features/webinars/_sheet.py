"""The attendance list of the meeting software (Tencent Meeting, VooV, Zoom) as CSV: who was there, and for how long."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import AttendanceUnreadable

LARGEST = 2_000_000
"""Bytes; a list of ten thousand people is about a third of it."""

MOST = 5000
NAME_LIMIT = 120
_DAY = 24 * 60

_NAME = re.compile(
    r"(full|display|user|participant|attendee|member)?s?\s*(nick\s*)?names?(\s*\(.*\))?|participants?|attendees?"
    r"|(用户|用戶|入会|入會|参会|參會|会议|會議|成员|成員|显示|顯示|与会|與會)*(姓名|昵称|暱稱|名称|名稱|者|人员|人員|人)(\(.*\))?|成员|成員"
)
_DURATION = re.compile(
    r".*(duration|minutes|time in (meeting|session)).*|.*(时长|時長|分钟|分鐘|时间\(分|時間\(分).*", re.DOTALL
)
_JOIN = re.compile(
    r"(first\s*)?join(ed)?(\s*time)?|time\s*joined|(首次|加入|开始|開始)*(入会|入會|加入|进入|進入)(时间|時間)"
)
_LEAVE = re.compile(
    r"(last\s*)?(leave|left|exit)(\s*time)?|time\s*left|(最后|最後)?(退会|退會|离开|離開|退出)(时间|時間)"
)
_TIMES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
)  # fmt: skip
_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2})(?::(\d{1,2}))?")
_PARTS = re.compile(
    r"(?:(\d+)\s*(?:小时|小時|时|時|hours?|hrs?|h))?\s*(?:(\d+)\s*(?:分钟|分鐘|分|minutes?|mins?|m))?\s*"
    r"(?:(\d+)\s*(?:秒钟|秒鐘|秒|seconds?|secs?|s))?"
)
_NUMBER = re.compile(r"\d{1,6}(\.\d+)?")


@dataclass(frozen=True)
class Presence:
    """Somebody in the list, with the minutes that they were there; None where the list does not say."""

    name: str
    minutes: int | None


def read(content: bytes) -> list[Presence]:
    """Who was there, each once, in the list's order. Raises AttendanceUnreadable for what is no such list."""
    if len(content) > LARGEST:
        raise AttendanceUnreadable("large")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise AttendanceUnreadable("excel")
    text = _decoded(content)
    if not text.strip():
        raise AttendanceUnreadable("empty")
    for delimiter in (",", "\t", ";"):
        rows = _rows(text, delimiter)
        if (header := _header(rows)) is not None:
            people = _together(rows[header + 1 :], _columns(rows[header]))
            if not people:
                raise AttendanceUnreadable("nobody")
            return people
    raise AttendanceUnreadable("columns")


def _decoded(content: bytes) -> str:
    """The text in whichever of the usual encodings it is."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\x00" in content[:200]:  # UTF-16 without its mark: every second byte of a Latin letter is nought
        big = content[:200:2].count(0) > content[1:200:2].count(0)
        return _strictly(content, "utf-16-be" if big else "utf-16-le")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "gb18030")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise AttendanceUnreadable("letters") from None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    lines = text.replace("\x00", "").splitlines()
    try:
        return [[_plain(cell) for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        raise AttendanceUnreadable("columns") from None


def _plain(cell: str) -> str:
    """A cell without what spreadsheets put around it: a tab, an apostrophe, ="…", quotes."""
    cell = unicodedata.normalize("NFKC", cell).replace("\ufeff", "").strip()
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    return " ".join(cell.strip("'\"\t ").split())


def _header(rows: Sequence[Sequence[str]]) -> int | None:
    """The line that names the columns; what stands above it tells about the meeting."""
    for number, row in enumerate(rows[:40]):
        cells = [cell.casefold() for cell in row]
        named = any(_NAME.fullmatch(cell) for cell in cells)
        if named and (len(cells) == 1 or not _is_about_the_meeting(cells)):
            return number
    return None


def _is_about_the_meeting(cells: Sequence[str]) -> bool:
    """Whether the columns are those of the lines above the list, in which people are a number."""
    return any(cell in ("topic", "meeting id", "会议主题", "会议号") for cell in cells) and not any(
        _JOIN.fullmatch(cell) for cell in cells
    )


@dataclass(frozen=True)
class _Columns:
    name: int
    duration: int | None
    joined: int | None
    left: int | None
    total: bool


def _columns(header: Sequence[str]) -> _Columns:
    cells = [cell.casefold() for cell in header]

    def first(pattern: re.Pattern[str]) -> int | None:
        return next((at for at, cell in enumerate(cells) if pattern.fullmatch(cell)), None)

    durations = [at for at, cell in enumerate(cells) if _DURATION.fullmatch(cell)]
    totals = [at for at in durations if re.search("total|累计|累計|总|總", cells[at])]
    duration = next(iter(totals or durations), None)
    return _Columns(first(_NAME) or 0, duration, first(_JOIN), first(_LEAVE), bool(totals))


def _together(rows: Sequence[Sequence[str]], columns: _Columns) -> list[Presence]:
    """Everybody once: whoever left and came back has several lines."""
    found: dict[str, list[Sequence[str]]] = {}
    for row in rows:
        name = row[columns.name][:NAME_LIMIT].strip() if columns.name < len(row) else ""
        if name and any(character.isalnum() for character in name):
            found.setdefault(name, []).append(row)
    if len(found) > MOST:
        raise AttendanceUnreadable("large")
    return [Presence(name, _minutes(lines, columns)) for name, lines in found.items()]


def _minutes(lines: Sequence[Sequence[str]], columns: _Columns) -> int | None:
    spans = list(_spans(lines, columns)) if not columns.total else []
    if spans and len(spans) == len(lines):
        return min(round(_covered(spans) / timedelta(minutes=1)), _DAY)
    counted = [_duration(_cell(line, columns.duration)) for line in lines]
    known = [minutes for minutes in counted if minutes is not None]
    if not known:
        return None
    return min(round(max(known) if columns.total else sum(known)), _DAY)


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


def _spans(lines: Sequence[Sequence[str]], columns: _Columns) -> Iterator[tuple[datetime, datetime]]:
    for line in lines:
        joined, left = _time(_cell(line, columns.joined)), _time(_cell(line, columns.left))
        if joined is not None and left is not None and joined <= left:
            yield joined, left


def _time(cell: str) -> datetime | None:
    for form in _TIMES:
        try:
            return datetime.strptime(cell, form)  # noqa: DTZ007  (only differences count)
        except ValueError:
            continue
    return None


def _covered(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How long somebody was there, once where two of their devices were there together."""
    total, until = timedelta(0), datetime.min  # noqa: DTZ901  (as above)
    for start, end in sorted(spans):
        total += max(end - max(start, until), timedelta(0))
        until = max(until, end)
    return total


def _duration(cell: str) -> float | None:
    """Minutes from “45”, “00:45:10”, “1小时5分”, “1 h 5 min”; None for what says nothing."""
    cell = cell.casefold().strip()
    if _NUMBER.fullmatch(cell):
        return float(cell)
    if (clock := _CLOCK.fullmatch(cell)) is not None:
        first, second, third = (int(part) if part is not None else None for part in clock.groups())
        if third is None:  # an hour and some minutes, as nobody lists seconds alone
            return (first or 0) * 60 + (second or 0)
        return (first or 0) * 60 + (second or 0) + third / 60
    parts = _PARTS.fullmatch(cell)
    if cell and parts is not None:
        hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return hours * 60 + minutes + seconds / 60
    return None
