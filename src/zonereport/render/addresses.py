"""Where a link of a briefing may lead: to the web, to mail or to a file beside it, and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")


def safe_address(href: str) -> str:
    """Return an http, https or mailto address with all else escaped, or empty for any other.

    `./` and a path that never goes up is a file beside the briefing, or below it.
    """
    href = href.strip()
    if href.startswith("./"):
        return "" if ".." in href.split("/") else quote(href, safe="%/-._~")
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.netloc))
    mail = parts.scheme == "mailto" and "@" in parts.path
    return quote(href, safe="%/:?#@!$&'()*+,;=~-._", errors="replace") if web or mail else ""
