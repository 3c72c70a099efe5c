"""Exact dates of birth: a whole date beside a word that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.screening._kinds import Finding, Kind

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:(?:(?:19|20)\d\d|\d\d) ?[年] ?\d{1,2} ?月 ?\d{1,2} ?[日号號]?"
    r"|(?:民[国國]) ?\d{1,3} ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2} ?[日号號]?"
    r"|[一二三四五六七八九〇零○]{2,4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿]{1,3}[日号號]?"
    r"|(?:19|20)\d\d ?(?P<a>[-/.]) ?\d{1,2} ?(?P=a) ?\d{1,2}"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|\d{1,2} ?(?P<b>[-/.]) ?\d{1,2} ?(?P=b) ?(?:(?:19|20)\d\d|\d\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? ?(?:19|20)\d\d"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? ?(?:19|20)\d\d)(?!\d)"
)
_SAID_BEFORE = re.compile(
    r"(?:出生(?:日期|年月日?|[于於])?|生[于於]|生日"
    r"|(?<![A-Za-z])(?:born(?: on)?|DOB|D\.O\.B\.?|date of birth|birth ?date|birthday))"
    rf"(?:\s|[:是为為(-]|(?:is|was|on)\b){{0,6}}(?P<date>{_DATE})",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    rf"(?<!\d)(?P<date>{_DATE})(?:\s?(?:出生|生日|生人|的?生(?![\u4e00-\u9fff])|的?生的|\(?(?:DOB|date of birth)))", re.IGNORECASE
)
_BESIDE_SEX = re.compile(rf"(?:[男女]|(?<![A-Za-z])(?:fe)?male)[\s,、;/]{{1,3}}(?P<date>{_DATE})", re.IGNORECASE)


def births(text: str) -> Iterator[Finding]:
    """Dates of birth that name a day."""
    for pattern in (_SAID_BEFORE, _SAID_AFTER, _BESIDE_SEX):
        yield from (Finding(Kind.BIRTH_DATE, *found.span("date")) for found in pattern.finditer(text))
