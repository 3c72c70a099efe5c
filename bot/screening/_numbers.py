"""Numbers and addresses that belong to one person: identity papers, records, telephones, e-mail, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from bot.screening._kinds import Finding, Kind

_ALONE = r"(?<![0-9A-Za-z])"
_ENDS = r"(?![0-9A-Za-z])"
_RESIDENT = re.compile(_ALONE + r"(?=(\d(?:[ -]{0,2}\d){16}[ -]{0,2}[\dXx])" + _ENDS + ")")
_RESIDENT_OLD = re.compile(_ALONE + r"(?<!\d\.)\d{6} ?\d{6} ?\d{3}" + _ENDS)
_PAPER = re.compile(
    r"(?:身份[证證]|护照|護照|通行[证證]|台胞[证證]|回[乡鄉][证證]|居留[证證]"
    r"|(?<![A-Za-z])(?:passport|ID card|identity card|national ID))"
    r"(?:[号號]码?|[号號]碼|[ ]?(?:no\.?|number|num\.?))?[\s:是为為#]*(?:is\s)?\s*"
    r"([A-Za-z]{0,3}\d(?:[ -]?\d){4,18}(?:[ -]?X(?![A-Za-z])|\(\d\))?(?![0-9A-Za-z])|[A-Za-z0-9]{6,20}(?![0-9A-Za-z]))",
    re.IGNORECASE,
)
_TAIWAN = re.compile(_ALONE + r"[A-Z][1289A-D]\d{8}" + _ENDS, re.IGNORECASE)
_HONG_KONG = re.compile(_ALONE + r"[A-Z]{1,2}\d{6} ?(?:\([\dA]\)|[\dA](?![0-9A-Za-z]))", re.IGNORECASE)
_TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++ ?@ ?[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)*\.[A-Za-z]{2,}(?![A-Za-z0-9])"
)
_NUMBER_SIGN = r"(?:卡|[证證])?(?:[号號]码?|[号號]碼|[编編][号號]|ID|No\.?)"
_RECORD = re.compile(
    r"(?:(?:住院|病案|病[历歷]|[门門][诊診]|就[诊診]|急[诊診]|[诊診][疗療]|[医醫]保|健保|社保|健康|[登挂掛][记記号號]|[检檢][查验驗]|[标標]本|档案|檔案)"
    rf"{_NUMBER_SIGN}|(?:[医醫]保|社保|健保|就[诊診]|[诊診][疗療])卡)"
    r"(?:\s|:|是|为|為|#)*([A-Za-z]{0,5}-?\d[\dA-Za-z-]{2,30})(?![个個位])",
    re.IGNORECASE,
)
_BED = re.compile(r"床(?:[号號]|位[号號])(?:\s|:|是|为|為|#)*([A-Za-z]?\d{1,4}[A-Za-z]?)(?![0-9个個张張])")
_RECORD_IN_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?:MRN|(?:medical record"
    r"|hospital|patient|admission|inpatient|outpatient|case|chart|record|insurance|health card|bed)"
    r"(?: card)?(?: id)?\s?(?:no\.?|number|num\.?|#|id))(?:\s|:|#|is\b|was\b)*([A-Za-z]{0,5}-?\d[\dA-Za-z-]{0,30})",
    re.IGNORECASE,
)

_DIGITS_IN_GROUPS = re.compile(_ALONE + r"[+(]{0,2}\d(?:[ ()+-]{0,3}\d)*+")
_GROUP = re.compile(r"(?:\((?=\+?\d{2,4}\)))?\+?\d+")
_GROUPS_AT_MOST = 6
_DIGITS_AT_MOST = 15
_GOES_ON = re.compile(r"-?\d|[A-Za-z]|\.\d")
_DOTTED_PHONE = re.compile(_ALONE + r"1\d\d\.\d{4}\.\d{4}" + _ENDS)
_CALLED = re.compile(
    r"(?:[电電][话話]|手[机機]|座[机機]|[联聯][系絡络繫]方式|致[电電]|[拨撥]打|(?<![A-Za-z])(?:tel|phone|telephone|mobile|cell|cellphone|whatsapp|call))"
    r"(?:\s|[:.#]|[号號][码碼]?|是|为|為|(?:no|number|is|at)\b){0,6}$",
    re.IGNORECASE,
)
_MOBILE_GROUPS = ([11], [3, 4, 4], [3, 8], [5, 6], [4, 3, 4], [3, 3, 5], [7, 4])
_PERSONAL = frozenset(
    [
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
    ]
)
_HELP_LINES = frozenset(
    ["23820000", "23892222", "28960000", "01082951332"]
)
"""Lines of help in Hong Kong and Beijing that are as long as a person's number; shorter ones never look like one."""

_ACCOUNT = re.compile(
    r"(?:微信[号號]?|微[讯訊]|QQ[号號]?|(?<![A-Za-z])(?:we ?chat|LINE|telegram)(?:\s?(?:ID|no\.?|number))?)(?:[号號][码碼]|ID)?"
    r"(\s*[:是为為]\s*|\s+is\s+|(?<=[号號D])\s*)@?([A-Za-z0-9][A-Za-z0-9_-]{4,29})(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_ACCOUNT_BY_ITSELF = re.compile(r"(?<![A-Za-z0-9_])wxid_[A-Za-z0-9]{5,30}(?![A-Za-z0-9_])", re.IGNORECASE)


def papers(text: str) -> Iterator[Finding]:
    """Identity cards of the mainland, Taiwan and Hong Kong by their checksums; other papers by the word before them."""
    for found in _RESIDENT.finditer(text):
        if _is_resident(_only(found[1])):
            yield Finding(Kind.RESIDENT_ID, *found.span(1))
    for found in _RESIDENT_OLD.finditer(text):
        digits = _only(found[0])
        if int(digits[:2]) in _PROVINCES and _is_day(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12])):
            yield Finding(Kind.RESIDENT_ID, *found.span())
    for found in _TAIWAN.finditer(text):
        if _is_of_taiwan(found[0].upper()):
            yield Finding(Kind.OTHER_ID, *found.span())
    for found in _HONG_KONG.finditer(text):
        if _is_of_hong_kong(_only(found[0]).upper()):
            yield Finding(Kind.OTHER_ID, *found.span())
    for found in _PAPER.finditer(text):
        if sum(map(str.isdigit, found[1])) >= 5:
            kind = Kind.RESIDENT_ID if len(_only(found[1])) in (15, 18) else Kind.OTHER_ID
            yield Finding(kind, *found.span(1))


def _only(number: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", number)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_resident(number: str) -> bool:
    """Checksum, birthday and province hold; that the county existed is no matter, since a typing slip still tells who."""
    number = number.upper()
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return int(number[:2]) in _PROVINCES and ric.calc_check_digit(number) == number[-1]


def _is_of_taiwan(number: str) -> bool:
    area = _TAIWAN_LETTERS.index(number[0]) + 10
    sex = number[1] if number[1].isdigit() else str((_TAIWAN_LETTERS.index(number[1]) + 10) % 10)
    digits = [area // 10, area % 10, int(sex), *map(int, number[2:])]
    return sum(digit * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def _is_of_hong_kong(number: str) -> bool:
    values = [10 + ord(c) - ord("A") if c.isalpha() else int(c) for c in number[:-1]]
    padded = values if len(values) == 8 else [36, *values]
    check = 10 if number[-1] == "A" else int(number[-1])
    return (sum(v * w for v, w in zip(padded, range(9, 1, -1), strict=True)) + check) % 11 == 0


def records(text: str) -> Iterator[Finding]:
    """Numbers of a hospital or an insurance, by the word before them."""
    for found in (*_RECORD.finditer(text), *_BED.finditer(text)):
        yield Finding(Kind.RECORD_NUMBER, *found.span(1))
    for found in _RECORD_IN_ENGLISH.finditer(text):
        least = 1 if found[0].casefold().startswith("bed") else 3
        if sum(map(str.isdigit, found[1])) >= least:
            yield Finding(Kind.RECORD_NUMBER, *found.span(1))


def addresses(text: str) -> Iterator[Finding]:
    """E-mail addresses, and accounts of messengers."""
    if "@" in text:
        yield from (Finding(Kind.EMAIL, *found.span()) for found in _EMAIL.finditer(text))
    for found in _ACCOUNT.finditer(text):
        if any(map(str.isdigit, found[2])) or "_" in found[2] or "号" in found[0] or "號" in found[0]:
            yield Finding(Kind.ACCOUNT, *found.span(2))
    yield from (Finding(Kind.ACCOUNT, *found.span()) for found in _ACCOUNT_BY_ITSELF.finditer(text))


def phones(text: str) -> Iterator[Finding]:
    """Telephone numbers of people: mobile and fixed lines, no help lines and no service numbers."""
    for found in _DIGITS_IN_GROUPS.finditer(text):
        yield from _phones_among(text, list(_GROUP.finditer(text, *found.span())))
    for found in _DOTTED_PHONE.finditer(text):
        if _is_valid(_only(found[0]), "CN"):
            yield Finding(Kind.PHONE, *found.span())


def _phones_among(text: str, groups: list[re.Match[str]]) -> Iterator[Finding]:
    """Groups of digits may be several numbers in a row: the longest that is a telephone's counts, from the left."""
    digits = [_only(group[0]) for group in groups]
    first = 0
    while first < len(groups):
        start, window = groups[first].start(), digits[first : first + _GROUPS_AT_MOST]
        while len("".join(window)) > _DIGITS_AT_MOST:
            window.pop()
        for count in range(len(window), 0, -1):
            end = groups[first + count - 1].end()
            whole = count == len(groups)
            if not _GOES_ON.match(text, end) and _is_phone(window[:count], text, start, whole=whole, at_front=first == 0):
                yield Finding(Kind.PHONE, start, end)
                first += count - 1
                break
        first += 1
        while first < len(groups) and text[groups[first - 1].end()] == "-":  # the middle of a number begins none
            first += 1


def _is_phone(groups: list[str], text: str, start: int, *, whole: bool, at_front: bool) -> bool:
    """Whether these groups of digits, written from `start` on, are the number of a person's telephone."""
    digits = "".join(groups)
    if len(digits) < 7 or digits in _HELP_LINES or digits.startswith(("400", "800")):
        return False
    if text[start] == "+" or digits.startswith("00"):
        abroad = digits.removeprefix("00")
        return abroad.removeprefix("86") not in _HELP_LINES and _is_valid("+" + abroad, None)
    if digits.startswith("1") and [len(group) for group in groups] in _MOBILE_GROUPS:
        return _is_valid(digits, "CN")
    if digits.startswith(("86", "852", "886")) and 11 <= len(digits) <= 13 and _is_valid("+" + digits, None):
        return True
    if digits.startswith("0") and len(groups[0]) > 1 and 9 <= len(digits) <= 12 and len(groups) <= 4:
        return _is_valid(digits, "CN") or _is_valid(digits, "TW")
    if at_front and _CALLED.search(text, max(0, start - 24), start) is not None:
        return len(digits) <= 13
    return whole and [len(group) for group in groups] == [4, 4] and digits[0] in "5679" and _is_valid(digits, "HK")


def _is_valid(number: str, region: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in _PERSONAL
