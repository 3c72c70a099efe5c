"""Web addresses that may stand on a button, and when two of them are the same."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

LENGTH = 800
"""Longest address that is taken, in bytes; percent signs may triple it, and an index takes no more than 2,700."""

_HOST = re.compile(r"(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)|\d{1,3}(?:\.\d{1,3}){3}")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|spm|from|share_token")


def web_address(text: str) -> str | None:
    """The address as a button takes it, with a scheme; None for what leads nowhere on the web."""
    url = text if "://" in text else f"https://{text}"
    if len(url.encode("utf-8", "replace")) > LENGTH or re.search(r"[\s\x00-\x1f<>\"]", url):
        return None
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.username is None and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not close
        return None
    return url if known and _HOST.fullmatch(parts.hostname or "") else None


def same(url: str) -> str:
    """What is equal for addresses that differ only in scheme, www, letter case of the host, tracking or a fragment."""
    parts = urlsplit(url)
    asked = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    host = (parts.hostname or "").removeprefix("www.") + (f":{parts.port}" if parts.port else "")
    return host + parts.path.rstrip("/") + (f"?{urlencode(asked)}" if asked else "")
