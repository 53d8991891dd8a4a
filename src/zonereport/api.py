"""The Python API: load a zone, compose a briefing, render it; the command line is a thin layer over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from zonereport.errors import MissingCharacterError, RenderError, UsageError, did_you_mean
from zonereport.zone.reading import DEFAULT_ZONE, find_zone, read_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from zonereport.briefing.blocks import Attachment, Briefing
    from zonereport.charts.style import Style
    from zonereport.render.preflight import Finding
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
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
) -> Briefing:
    """Return the briefing of a zone, beside earlier snapshots of it, dated as asked or as its edition.

    `theme` is a theme's name or file, the template's if left out; `stamp` is when the files say they
    were made, midnight UTC of the date if left out.

    Raises UsageError for an earlier snapshot of another zone or of a later time, and TemplateError
    for a template, theme or language that does not hold.
    """
    from zonereport.briefing.branding import put_under
    from zonereport.briefing.compose import MOST_ROOM
    from zonereport.briefing.compose import compose as compose_facts
    from zonereport.briefing.template import load_template
    from zonereport.language import load_language
    from zonereport.measures import Facts, order_snapshots, tell_sources_apart
    from zonereport.theme import load_theme

    if date is not None and date < zone.edition.date:
        raise UsageError(
            f"the date {date} lies before the edition's, {zone.edition.date}",
            hint="a document cannot be older than its figures",
        )
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
    facts = Facts(zone, tell_sources_apart(zone, order_snapshots(previous)))
    found = load_template(template)
    brand = load_theme(theme) if theme else load_theme(found.theme, found.folder)

    def make(room: int) -> Briefing:
        briefing = compose_facts(facts, found, load_language(language), date, room)
        return put_under(brand, replace(briefing, stamp=stamp))

    return _fitted(make, found.pages) if found.pages else make(MOST_ROOM)


def _fitted(make: Callable[[int], Briefing], pages: int) -> Briefing:
    """Return the fullest briefing that has no more than so many pages as a PDF."""
    from zonereport.briefing.compose import MOST_ROOM
    from zonereport.render.pdf.document import count_pages

    for room in range(MOST_ROOM, -1, -1):
        briefing = make(room)
        if count_pages(briefing, _style(briefing)) <= pages:
            return briefing
    raise RenderError(
        f"the template `{briefing.template}` does not fit on {pages} page{'s' if pages > 1 else ''}",
        hint="shorten the names of the headline figures, or name fewer in `zone.headline`",
    )


def render(briefing: Briefing, format: str, *, word_template: Path | None = None) -> bytes:
    """Return the briefing as a file of a format ("pdf", "docx", "html"): the same bytes for the same input.

    `word_template` is a corporate Word file whose styles and page set-up the Word file keeps. Raises
    UsageError for an unknown format, RenderError for what cannot be drawn.
    """
    return render_all(briefing, [format], word_template=word_template)[format]


def render_all(
    briefing: Briefing, formats: Sequence[str], *, word_template: Path | None = None
) -> dict[str, bytes]:
    """Return the briefing in several formats, with the fonts made once; errors as in `render`."""
    from zonereport.render.registry import FORMATS, Options

    for name in formats:
        if name not in FORMATS:
            raise UsageError(
                f"no format `{name}`", hint=did_you_mean(name, FORMATS) or f"there are {', '.join(FORMATS)}"
            )
    style = _style(briefing)
    options = Options(word_template)
    return {name: FORMATS[name].write(briefing, style, options) for name in formats}


def _style(briefing: Briefing) -> Style:
    """Return the briefing's theme with fonts for all its text; quick the second time."""
    from zonereport.briefing.text import every_text, find_characters
    from zonereport.charts.style import Style
    from zonereport.fonts import prepare_fonts
    from zonereport.theme import load_theme

    theme = load_theme(briefing.theme)
    theme = replace(
        theme, page=replace(theme.page, **briefing.page), sizes=replace(theme.sizes, **briefing.sizes)
    )
    try:
        fonts = prepare_fonts(every_text(briefing), theme.fonts.text, theme.fonts.east_asian)
        return Style(theme, fonts)
    except MissingCharacterError as error:
        places = ", ".join(f"`{place}`" for place in find_characters(briefing, error.codes))
        where = f"; see {places}" if places else ""
        raise MissingCharacterError(error.codes, error.message + where, hint=error.hint) from None


def preflight(briefing: Briefing) -> tuple[Finding, ...]:
    """Return what a reader would stumble over in a briefing, and where; errors as in `render`."""
    from zonereport.render.preflight import preflight as look

    return look(briefing, _style(briefing))


def extract(data: bytes, name: str = "the file") -> list[Attachment]:
    """Return the zone files and the charts' tables that a PDF or Word briefing carries.

    Raises RenderError for a file that is damaged, of another kind, or carries nothing.
    """
    from zonereport.render.attachments import read_attachments

    return read_attachments(data, name)


def file_name(briefing: Briefing, format: str) -> str:
    """Return the name of a briefing's file: zone, snapshot, template, language, ending."""
    from zonereport.render.registry import FORMATS

    language = briefing.language.split("-")[0]
    return f"{briefing.zone}-{briefing.snapshot}-{briefing.template}-{language}{FORMATS[format].suffix}"
