"""An invented zone's contents, and an archive of three editions of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zonereport.archive.store import Archive, Contents

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)


def contents(text: str = "one", snapshot: str = "2022", zone: str = "testonia") -> Contents:
    """Return contents that differ by their text."""
    payload = {
        "briefing.pdf": f"%PDF {text}".encode(),
        "charts/workforce.svg": b"<svg/>",
        "zone.toml": b'id = "testonia"',
        "数据.csv": b"1,2",
    }
    return Contents(
        zone, snapshot, payload, {"made": text}, f"An invented zone, {text}", "Office of Testonia"
    )


def fill(root: Path) -> Archive:
    """Return an archive with 2021-e01, 2022-e01 and 2022-e02, and 2023-e01 forgotten."""
    archive = Archive(root)
    archive.add(contents(snapshot="2021"), now=NOW)
    archive.add(contents(), now=NOW)
    archive.add(contents(snapshot="2023"), now=NOW)
    archive.add(contents("two"), note="a figure was corrected", now=NOW)
    archive.forget("testonia", "2023", 1, reason="not meant to be published", now=NOW)
    return archive
