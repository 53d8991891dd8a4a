"""What stands in a compendium for each zone of a batch: the zone, its files, or why there are none."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from zonereport.errors import UsageError
from zonereport.fonts.characters import is_east_asian

if TYPE_CHECKING:
    from zonereport.zone.model import Zone

FORMAT_NAMES = {"pdf": "PDF", "docx": "Word", "html": "HTML"}
"""What formats are called in every language; any other by its ending."""
LONGEST_REASON = 300
FEW_FONTS_FROM = 0x590
"""Latin, Greek and Cyrillic end here; of what follows, only Chinese is sure to have a font."""


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A file beside the compendium, or below it, that it links to."""

    path: str
    """Relative to the compendium, with `/` between its parts, not encoded."""
    format: str
    """The name of a format: `pdf`, `docx`, `html`."""
    language: str
    """The code of the file's language."""
    template: str = ""
    """The template's name, where files of several are listed."""

    @property
    def label(self) -> str:
        """What its format is called, after its template."""
        return f"{self.template} {FORMAT_NAMES.get(self.format, self.format.upper())}".strip()

    @property
    def address(self) -> str:
        """Its path as a relative address, percent-encoded, so that no part of it is read as a scheme.

        Raises UsageError for a path that is absolute or leads upwards.
        """
        if any(part in ("", ".", "..") for part in self.path.split("/")):
            raise UsageError(
                f"the path `{printable(self.path)}` leads to no file beside the compendium or below it",
                hint="give it relative to the compendium, such as `testonia/2002.pdf`",
            )
        return "./" + quote(self.path.encode("utf-8", "surrogateescape"), safe="/")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a compendium."""

    zone: Zone | None
    """None where its file could not be read."""
    files: tuple[LinkedFile, ...] = ()
    failure: str = ""
    """Why its briefing, or one of its files, was not made; empty if all were."""
    name: str = ""
    """What it is called where there is no zone, such as the name of the file that could not be read."""

    @property
    def reason(self) -> str:
        """The first line of why it was not made."""
        first = next((line for line in self.failure.splitlines() if line.strip()), "").strip()
        return printable(first if len(first) <= LONGEST_REASON else f"{first[:LONGEST_REASON]} …")


def printable(text: str) -> str:
    """Return a text of unknown origin with whatever a font may lack written by its number."""
    return "".join(
        each
        if each.isprintable() and (ord(each) < FEW_FONTS_FROM or is_east_asian(each))
        else ascii(each)[1:-1]
        for each in unicodedata.normalize("NFC", text)
    )
