"""What attached files are called: in the reader's language, and so that every system takes the name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from zonereport.api import file_name
from zonereport.language import fill, load_language
from zonereport.render.registry import FORMATS

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone

LONGEST = 150
"""Bytes of a name: file systems take 255, and a header's line with three for each 998."""
_KINDS = {"pdf": "PDF", "docx": "Word", "html": "HTML"}
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def kind_of(format: str) -> str:
    """Return what a format is called in a sentence: PDF, Word."""
    return _KINDS.get(format, format.upper())


def media_type_of(format: str) -> str:
    """Return the MIME type of a format."""
    return _MEDIA_TYPES.get(format, "application/octet-stream")


def attachment_name(zone: Zone, briefing: Briefing, format: str) -> str:
    """Return what a briefing's file is called for its readers: `包头稀土高新区-2022-简报.pdf`.

    Where the language has no table `files`, it is the name that `generate` gives, in ASCII.
    """
    words = load_language(briefing.language.partition("-")[0])
    files = words.words.get("files")
    if not files:
        return file_name(briefing, format)
    kind = files.get(briefing.template, files["other"])
    stem = fill(files["name"], zone=words.pick(zone.short_name), snapshot=briefing.snapshot, kind=kind)
    return safe_name(f"{stem}{FORMATS[format].suffix}")


def safe_name(name: str) -> str:
    """Return a name that every system takes: one line, no path, not reserved, not too long, not empty."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(letter for letter in name if letter.isspace() or unicodedata.category(letter)[0] != "C")
    name = " ".join(re.sub(r'[\\/:*?"<>|]', "-", name).split()).strip(". ")
    if not name or _RESERVED.match(name):
        name = f"_{name}"
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > 10:
        stem, dot, suffix = name, "", ""
    while len(f"{stem}{dot}{suffix}".encode()) > LONGEST:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{dot}{suffix}"
