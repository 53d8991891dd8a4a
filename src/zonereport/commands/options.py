"""The options that several commands take: their help, their completion, and reading what they are given."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812 - `date` is an option's name
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zonereport.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_LANGUAGE = "en"


def complete_template(incomplete: str) -> list[str]:
    """Return the templates whose names begin so."""
    from zonereport.briefing.template import template_names

    return [name for name in template_names() if name.startswith(incomplete)]


def _complete_zone(incomplete: str) -> list[str]:
    from zonereport.zone.reading import bundled_zones

    return [name for name in bundled_zones() if name.startswith(incomplete)]


def _complete_format(incomplete: str) -> list[str]:
    from zonereport.render.registry import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def _complete_language(incomplete: str) -> list[str]:
    from zonereport.language import language_codes

    return [code for code in language_codes() if code.startswith(incomplete)]


def _complete_theme(incomplete: str) -> list[str]:
    from zonereport.theme import theme_names

    return [name for name in theme_names() if name.startswith(incomplete)]


def _parse_folder(text: str) -> Path:
    if not text:
        raise UsageError("expected a folder, found an empty name", hint="write `.` for the current folder")
    return Path(text)


ZoneName = Annotated[
    str | None,
    typer.Argument(
        help="A zone file, or the name of a bundled zone; baotou-2022 if left out.",
        autocompletion=_complete_zone,
        show_default=False,
    ),
]
ZoneNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ZONE]...",
        help="A zone file, or the name of a bundled zone; baotou-2022 if left out. Of several snapshots of a "
        "zone, in any order, the latest is set beside the others.",
        autocompletion=_complete_zone,
        show_default=False,
    ),
]
Previous = Annotated[
    list[str] | None,
    typer.Option(
        "--previous",
        "-p",
        help="An earlier snapshot to compare with; may be repeated.",
        autocompletion=_complete_zone,
        show_default=False,
    ),
]
PeersFolder = Annotated[
    Path | None,
    typer.Option(
        "--peers",
        metavar="DIR",
        help="A folder of zone files to set it beside: those of other zones at the same snapshot.",
        show_default=False,
    ),
]
History = Annotated[
    bool, typer.Option("--history", help="Set it beside the earlier snapshots in the archive.")
]
ArchiveFolder = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        parser=_parse_folder,
        help="The archive's folder; the configuration's, or output/archive, if left out.",
        show_default=False,
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        help="pdf, docx or html; repeat for several. Default: pdf and docx.",
        autocompletion=_complete_format,
        show_default=False,
    ),
]
Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--lang",
        "-l",
        help="en, zh or de; repeat for several. Default: en.",
        autocompletion=_complete_language,
        show_default=False,
    ),
]
LanguageCode = Annotated[
    str, typer.Option("--lang", "-l", help="en, zh or de.", autocompletion=_complete_language)
]
TemplateName = Annotated[
    str,
    typer.Option("--template", "-t", help="A template's name or folder.", autocompletion=complete_template),
]
ThemeName = Annotated[
    str | None,
    typer.Option(
        "--theme",
        help="A theme's name or file; the template's if left out.",
        autocompletion=_complete_theme,
        show_default=False,
    ),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="YYYY-MM-DD",
        help="The document's date; the edition's if left out.",
        show_default=False,
    ),
]
WordTemplate = Annotated[
    Path | None,
    typer.Option(
        "--word-template",
        metavar="FILE.docx",
        help="A Word file whose styles, headers, footers and page set-up are kept.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def listed(given: Sequence[str] | None, usual: Sequence[str]) -> list[str]:
    """Return what an option names, repeated or with commas, each once."""
    return list(dict.fromkeys(name.strip().lower() for names in given or usual for name in names.split(",")))


def parse_date(text: str | None) -> Date | None:
    """Return the day that an option names; raise UsageError for anything else."""
    if text is None:
        return None
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError
        return Date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"expected a date such as `2022-12-31`, found `{text}`") from None


def stamp() -> datetime | None:
    """Return the time of SOURCE_DATE_EPOCH (reproducible-builds.org), if it is set."""
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found `{text[:40]}`") from None
