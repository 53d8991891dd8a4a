"""Where a link of a briefing may lead: to the web or to mail, and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")


def safe_address(href: str) -> str:
    """Return an http, https or mailto address with all else escaped, or empty for any other."""
    href = href.strip()
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.netloc))
    mail = parts.scheme == "mailto" and "@" in parts.path
    return quote(href, safe="%/:?#@!$&'()*+,;=~-._", errors="replace") if web or mail else ""
