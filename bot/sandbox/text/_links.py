"""The links that Telegram accepts in text and on buttons, in the form it keeps them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

_LINK = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<user>[^/?#@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^/?#:@\s]+)(?P<port>:\d{1,5})?"
    r"(?P<rest>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_OWN_SCHEME = re.compile(r"(tg|ton):(?://)?([a-z0-9_-]+)(.*)", re.IGNORECASE | re.DOTALL)


def checked_link(link: str) -> str | None:
    """The link with scheme and path written out, or None when Telegram would not take it for one."""
    own = _OWN_SCHEME.fullmatch(link)
    if own:
        return f"{own[1].lower()}://{own[2].lower()}{own[3]}"
    match = _LINK.fullmatch(link.strip())
    if match is None or "://" in (match["host"] or ""):
        return None
    host = match["host"].lower()
    if "." not in host and not host.startswith("["):
        return None
    rest = (match["rest"] or "/").replace(" ", "%20")
    path = rest if rest.startswith("/") else "/" + rest
    return f"{(match['scheme'] or 'http').lower()}://{match['user'] or ''}{host}{match['port'] or ''}{path}"


def linked_user(link: str) -> int | None:
    """The id in a link `tg://user?id=…`, or None."""
    head, _, query = link.lower().removeprefix("tg:").removeprefix("//").partition("?")
    if not link.lower().startswith("tg:") or head.rstrip("/") != "user":
        return None
    value = parse_qs(query.partition("#")[0]).get("id", [""])[0]
    return int(value) if value.isdecimal() else None
