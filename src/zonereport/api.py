"""The Python API: load a zone, compose a briefing, render it; the command line is a thin layer over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.errors import UsageError, did_you_mean
from zonereport.zone.reading import DEFAULT_ZONE, find_zone, read_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone


def load(zone: str | Path = DEFAULT_ZONE) -> Zone:
    """Return the zone of a TOML or JSON file, or of a bundled zone's name.

    Raises InputError, which carries every problem found, or UsageError for an unknown name.
    """
    return read_zone(find_zone(zone) if isinstance(zone, str) else zone)


def compose(
    zone: Zone,
    *,
    previous: Sequence[Zone] = (),
    template: str = "briefing",
    language: str = "en",
    date: date | None = None,
) -> Briefing:
    """Return the briefing of a zone, beside earlier snapshots of it, dated as asked or as its edition.

    Raises UsageError for an earlier snapshot of another zone or of a later time, and TemplateError
    for a template or language that does not hold.
    """
    from zonereport.briefing.compose import compose as compose_facts
    from zonereport.briefing.template import load_template
    from zonereport.language import load_language
    from zonereport.measures import Facts, order_snapshots

    seen = {zone.edition.snapshot}
    for earlier in previous:
        if earlier.id != zone.id:
            raise UsageError(f"the earlier snapshot is of `{earlier.id}`, the briefing of `{zone.id}`")
        if earlier.edition.snapshot in seen:
            raise UsageError(f"the snapshot {earlier.edition.snapshot} of `{zone.id}` is given twice")
        if earlier.edition.snapshot.end >= zone.edition.snapshot.end:
            raise UsageError(
                f"the snapshot {earlier.edition.snapshot} is not earlier than {zone.edition.snapshot}",
                hint="give the later one as the zone, the earlier one as previous",
            )
        seen.add(earlier.edition.snapshot)
    facts = Facts(zone, order_snapshots(previous))
    return compose_facts(facts, load_template(template), load_language(language), date)


def render(briefing: Briefing, format: str) -> bytes:
    """Return the briefing as a file of a format ("pdf", "docx"): the same bytes for the same briefing.

    Raises UsageError for an unknown format, RenderError for what cannot be drawn.
    """
    return render_all(briefing, [format])[format]


def render_all(briefing: Briefing, formats: Sequence[str]) -> dict[str, bytes]:
    """Return the briefing in several formats, with the fonts made once; errors as in `render`."""
    from zonereport.briefing.text import every_text
    from zonereport.charts.style import Style
    from zonereport.fonts import prepare_fonts
    from zonereport.render.registry import FORMATS
    from zonereport.theme import load_theme

    for name in formats:
        if name not in FORMATS:
            raise UsageError(
                f"no format `{name}`", hint=did_you_mean(name, FORMATS) or f"there are {', '.join(FORMATS)}"
            )
    theme = load_theme(briefing.theme)
    style = Style(theme, prepare_fonts(every_text(briefing), theme.fonts.text))
    return {name: FORMATS[name].write(briefing, style) for name in formats}


def file_name(briefing: Briefing, format: str) -> str:
    """Return the name of a briefing's file: zone, snapshot, template, language, ending."""
    from zonereport.render.registry import FORMATS

    language = briefing.language.split("-")[0]
    return f"{briefing.zone}-{briefing.snapshot}-{briefing.template}-{language}{FORMATS[format].suffix}"
