"""The Python API: load a zone, compose a briefing, render it; the command line is a thin layer over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import MissingCharacterError, RenderError, UsageError, did_you_mean
from zonereport.resources import TEMPLATES
from zonereport.zone.reading import DEFAULT_ZONE, find_zone, read_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from matplotlib.figure import Figure

    from zonereport.briefing.blocks import Attachment, Briefing
    from zonereport.briefing.enclosure import Enclosure
    from zonereport.briefing.listed import Listed
    from zonereport.briefing.redline import Wording
    from zonereport.briefing.template import Template
    from zonereport.changes import Changes
    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.fonts import FontSet
    from zonereport.measures import Facts
    from zonereport.render.mail.body import MailBody
    from zonereport.render.preflight import Finding
    from zonereport.zone.model import Edition, Zone


def load(zone: str | Path = DEFAULT_ZONE) -> Zone:
    """Return the zone of a TOML or JSON file, or of a bundled zone's name.

    Raises InputError, which carries every problem found, or UsageError for an unknown name.
    """
    return read_zone(find_zone(zone) if isinstance(zone, str) else zone)


def load_peers(folder: Path) -> tuple[Zone, ...]:
    """Return the zones of all zone files of a folder, by file name.

    Raises InputError with every problem of every file, UsageError for what is no folder of zone files.
    """
    from zonereport.zone.reading import read_zones

    return read_zones(folder)


def load_snapshots(zones: Sequence[str | Path]) -> tuple[Zone, ...]:
    """Return the zones of several files or names, the latest snapshot first.

    Raises UsageError for one without a time among several; other errors as in `load`.
    """
    from zonereport.measures import order_snapshots

    loaded = [load(zone) for zone in zones]
    if len(loaded) < 2:
        return tuple(loaded)
    _check_dated(loaded)
    return order_snapshots(loaded)


def _check_dated(zones: Sequence[Zone]) -> None:
    """Raise UsageError unless each of several snapshots says of what time it is."""
    for zone in zones:
        if not zone.edition.snapshot.is_stated:
            raise UsageError(
                f"a snapshot of `{zone.id}` says `not stated`",
                hint="to stand beside others it needs a time, such as `snapshot = 2022`",
            )


def compose(
    zone: Zone,
    *,
    previous: Sequence[Zone] = (),
    peers: Sequence[Zone] = (),
    template: str = "briefing",
    language: str = "en",
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
    templates: Path = TEMPLATES,
    enclosure: Enclosure | None = None,
) -> Briefing:
    """Return the briefing of a zone, beside earlier snapshots of it, dated as asked or as its edition.

    Of `peers`, the other zones at the same snapshot are set beside it; see docs/peers.md.
    `theme` is a theme's name or file, the template's if left out; `stamp` is when the files say they
    were made, midnight UTC of the date if left out. Templates, languages and themes are those of the
    package, or of a folder `templates` of the same shape. `enclosure` is what the text of a message
    says about its attachments.

    Raises UsageError for an earlier snapshot of another zone, of no or of a later time, and for peers of
    which none is another zone at the snapshot, or one is given twice; TemplateError for a template, theme
    or language that does not hold.
    """
    from zonereport.briefing.template import load_template
    from zonereport.measures import Facts, order_snapshots, tell_sources_apart

    if date is not None and date < zone.edition.date:
        raise UsageError(
            f"the date {date} lies before the edition's, {zone.edition.date}",
            hint="a document cannot be older than its figures",
        )
    seen = {zone.edition.snapshot}
    _check_dated([zone, *previous] if previous else [])
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
    facts = Facts(zone, tell_sources_apart(zone, order_snapshots(previous)), _peers(zone, peers))
    found = load_template(template, templates)
    return _composed(
        facts,
        found,
        language=language,
        theme=theme,
        date=date,
        stamp=stamp,
        templates=templates,
        enclosure=enclosure,
    )


def _peers(zone: Zone, given: Sequence[Zone]) -> tuple[Zone, ...]:
    """Return the zones to set beside a zone; raise UsageError if there is none, or one twice."""
    from zonereport.peers import choose_peers

    chosen = choose_peers(zone, given)
    snapshot = zone.edition.snapshot
    if given and not chosen:
        raise UsageError(
            f"none of the peers is another zone than `{zone.id}` at the snapshot {snapshot}",
            hint="peers are compared at the same snapshot only",
        )
    ids = [other.id for other in chosen]
    for id in ids:
        if ids.count(id) > 1:
            raise UsageError(f"the peer `{id}` is given twice at the snapshot {snapshot}")
    return chosen


def _composed(
    facts: Facts,
    template: Template,
    *,
    language: str,
    theme: str | None,
    date: date | None,
    stamp: datetime | None,
    templates: Path,
    wording: Wording | None = None,
    enclosure: Enclosure | None = None,
) -> Briefing:
    """Return the briefing of the facts under its theme, as long as its template allows."""
    from zonereport.briefing.branding import put_under
    from zonereport.briefing.compose import MOST_ROOM
    from zonereport.briefing.compose import compose as compose_facts
    from zonereport.briefing.enclosure import NOTHING
    from zonereport.language import LANGUAGES, load_language
    from zonereport.theme import THEMES, load_theme

    beside = Path() if theme else template.folder
    brand = load_theme(theme or template.theme, beside, templates / THEMES.name)

    def make(room: int) -> Briefing:
        words = load_language(language, templates / LANGUAGES.name)
        briefing = compose_facts(facts, template, words, date, room, wording, enclosure or NOTHING)
        return put_under(brand, replace(briefing, stamp=stamp, templates=templates))

    return _fitted(make, template.pages) if template.pages else make(MOST_ROOM)


def compose_index(
    entries: Sequence[Listed],
    *,
    title: str = "",
    language: str = "en",
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
    templates: Path = TEMPLATES,
) -> Briefing:
    """Return the compendium of many zones: a list with links to their files, and league tables.

    Dated as the latest edition if no date is asked for; under the title of its template if none is given;
    theme, stamp and templates are as in `compose`. docs/compendium.md states what is ranked.

    Raises UsageError without an entry, for one that has neither zone nor name, for a zone given twice at
    one snapshot, for a link that leads upwards, without a date if no entry has one; TemplateError for a
    template, theme or language that does not hold.
    """
    from zonereport.briefing.branding import put_under
    from zonereport.briefing.compendium import NAME, compose_compendium
    from zonereport.briefing.template import load_template
    from zonereport.language import LANGUAGES, load_language
    from zonereport.theme import THEMES, load_theme

    _check_listed(entries)
    latest = max((entry.zone.edition.date for entry in entries if entry.zone), default=date)
    if latest is None:
        raise UsageError("no zone of the compendium could be read, so it has no date", hint="give a date")
    if date is not None and date < latest:
        raise UsageError(
            f"the date {date} lies before the edition's, {latest}",
            hint="a document cannot be older than its figures",
        )
    usual = load_template("briefing", templates)
    template = replace(usual, name=NAME, folder=templates / NAME, sections=())
    brand = load_theme(theme or template.theme, Path(), templates / THEMES.name)
    words = load_language(language, templates / LANGUAGES.name)
    briefing = compose_compendium(entries, template, words, date or latest, title)
    return put_under(brand, replace(briefing, stamp=stamp, templates=templates))


def _check_listed(entries: Sequence[Listed]) -> None:
    """Raise UsageError unless there are entries, all called something, each zone once a snapshot."""
    if not entries:
        raise UsageError("there is no zone to list")
    if not all(entry.zone or entry.name.strip() for entry in entries):
        raise UsageError("an entry has neither a zone nor a name", hint="name the file that was not read")
    seen = set()
    for zone in (entry.zone for entry in entries if entry.zone):
        if (zone.id, zone.edition.name) in seen:
            raise UsageError(f"the zone `{zone.id}` is listed twice at the snapshot {zone.edition.name}")
        seen.add((zone.id, zone.edition.name))


def numbered(zone: Zone, number: int) -> Zone:
    """Return a zone with the number of its edition in an archive, said wherever its snapshot is."""
    return replace(zone, edition=replace(zone.edition, number=number))


def compare(
    now: Zone,
    before: Zone,
    *,
    texts: tuple[Briefing, Briefing] | None = None,
    template: str = "comparison",
    language: str = "en",
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
) -> Briefing:
    """Return the comparison of a snapshot with an earlier one, or with an earlier edition of the same.

    `texts` are the two briefings, the later one first, whose wording is to be compared. Editions of one
    snapshot are `numbered`. Dated as the later of the two editions if no date is asked for; the rest is
    as in `compose`.

    Raises UsageError for another zone, the wrong order, two of one snapshot without their numbers,
    texts in several languages, or a template that does not compare.
    """
    from zonereport.briefing.template import load_template
    from zonereport.measures import Facts, tell_sources_apart

    found = load_template(template)
    if not found.compares:
        raise UsageError(
            f"the template `{found.name}` does not compare two snapshots", hint="try `comparison`"
        )
    _check_order(now, before)
    latest = max(now.edition.date, before.edition.date)
    if date is not None and date < latest:
        raise UsageError(
            f"the date {date} lies before the edition's, {latest}",
            hint="a document cannot be older than its figures",
        )
    return _composed(
        Facts(now, tell_sources_apart(now, (before,))),
        found,
        language=language,
        theme=theme,
        date=date or latest,
        stamp=stamp,
        templates=TEMPLATES,
        wording=_wording(texts, language),
    )


def comparison_as_json(
    now: Zone,
    before: Zone,
    *,
    texts: tuple[Briefing, Briefing] | None = None,
    language: str = "en",
) -> dict[str, Any]:
    """Return a comparison as plain data that JSON can hold; arguments and errors as in `compare`."""
    from zonereport.comparison import comparison_as_json as as_json
    from zonereport.language import load_language

    changes = _changes(now, before)
    return as_json(changes, load_language(language), _wording(texts, language))


def comparison_as_text(
    now: Zone,
    before: Zone,
    *,
    texts: tuple[Briefing, Briefing] | None = None,
    language: str = "en",
    width: int = 100,
) -> str:
    """Return a comparison as lines for a terminal so wide; arguments and errors as in `compare`."""
    from zonereport.comparison import comparison_as_text as as_text
    from zonereport.language import load_language

    changes = _changes(now, before)
    return as_text(changes, load_language(language), _wording(texts, language), width=width)


def _changes(now: Zone, before: Zone) -> Changes:
    from zonereport.changes import find_changes
    from zonereport.measures import tell_sources_apart

    _check_order(now, before)
    return find_changes(now, *tell_sources_apart(now, (before,)))


def _check_order(now: Zone, before: Zone) -> None:
    """Raise UsageError unless the two are of one zone, apart, and the earlier one is the earlier."""
    if before.id != now.id:
        raise UsageError(f"the earlier snapshot is of `{before.id}`, the later one of `{now.id}`")
    a, b = before.edition.snapshot, now.edition.snapshot
    one_end = a != b and a.end == b.end
    if not _is_earlier(before.edition, now.edition):
        raise UsageError(
            f"the snapshot {before.edition.name} is not earlier than {now.edition.name}",
            hint="both end on one day" if one_end else "name the earlier one first",
        )
    if now.edition.name == before.edition.name:
        raise UsageError(
            f"both are the snapshot {now.edition.name} of `{now.id}`",
            hint="name two snapshots, or two editions of one",
        )


def _is_earlier(before: Edition, now: Edition) -> bool:
    """Whether a snapshot ends before another, or is of one with it and not of a later number."""
    if before.snapshot != now.snapshot:
        return before.snapshot.end < now.snapshot.end
    return before.number <= now.number or not now.number


def _wording(texts: tuple[Briefing, Briefing] | None, language: str) -> Wording | None:
    """Return what two texts in the language of the comparison say in other words."""
    from zonereport.briefing.redline import find_rewordings
    from zonereport.language import load_language

    if texts is None:
        return None
    region = load_language(language).text("region")
    for text in texts:
        if text.language != region:
            raise UsageError(
                f"the text of {text.snapshot} is in {text.language}, the comparison in {region}",
                hint="compare texts of one language",
            )
    return find_rewordings(*texts)


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

    check_formats(formats)
    style = _style(briefing)
    options = Options(word_template)
    return {name: FORMATS[name].write(briefing, style, options) for name in formats}


def check_formats(formats: Sequence[str]) -> None:
    """Raise UsageError for a format that there is not."""
    from zonereport.render.registry import FORMATS

    for name in formats:
        if name not in FORMATS:
            raise UsageError(
                f"no format `{name}`", hint=did_you_mean(name, FORMATS) or f"there are {', '.join(FORMATS)}"
            )


def draw_charts(briefing: Briefing) -> dict[str, bytes]:
    """Return each chart of a briefing as SVG, as Word has it, by its name; errors as in `render`."""
    from zonereport.charts.svg import svg

    drawings, fonts = _drawings(briefing)
    return {name: svg(drawing, fonts) for name, drawing in drawings.items()}


def chart_figures(briefing: Briefing) -> dict[str, Figure]:
    """Return each chart of a briefing as a matplotlib figure, by its name; errors as in `render`.

    They are for notebooks and slides: find the labels with `findobj(Text)`, change or annotate them, in
    points from the top left, and save them as anything that matplotlib knows. A figure is drawn with
    fonts made for the briefing: their files, in the user's cache folder, must be there whenever it is.
    """
    from zonereport.charts.figure import to_figure

    drawings, fonts = _drawings(briefing)
    return {name: to_figure(drawing, fonts) for name, drawing in drawings.items()}


def _drawings(briefing: Briefing) -> tuple[dict[str, Drawing], FontSet]:
    """Return each chart of a briefing as it is drawn, by its name, and the fonts for all of them."""
    from zonereport.briefing.blocks import ChartBlock, iter_blocks

    style = _style(briefing)
    charts = {
        block.id: block.chart for block in iter_blocks(briefing.blocks) if isinstance(block, ChartBlock)
    }
    return {id.removeprefix("chart-"): chart.draw(style) for id, chart in charts.items()}, style.fonts


def font_files(briefing: Briefing) -> tuple[Path, ...]:
    """Return the installed font files that a briefing is drawn with; errors as in `render`."""
    return tuple(
        dict.fromkeys(file for family in _style(briefing).fonts.families for file in family.cut_from)
    )


def keep_fonts_ready(text: str, theme: str, *, folder: Path = TEMPLATES) -> None:
    """Make a theme's fonts once for many briefings, whose words are expected to be in a text.

    From now on this process draws every briefing with them, to the same bytes. `folder` is the
    templates' folder. Raises TemplateError for a theme, and RenderError for a font, that does not hold.
    """
    from zonereport.fonts import keep_fonts_ready as keep
    from zonereport.theme import THEMES, load_theme

    fonts = load_theme(theme, folder=folder / THEMES.name).fonts
    keep(text, fonts.text, fonts.east_asian)


def installed_fonts(theme: str, beside: Path = Path()) -> Iterator[Path]:
    """Yield the font files that briefings under a theme may be drawn with here, the quick ones first.

    Raises TemplateError for a theme, RenderError for a font of it that cannot be used.
    """
    from zonereport.fonts import default_cache
    from zonereport.fonts.sources import font_files
    from zonereport.theme import load_theme

    fonts = load_theme(theme, beside).fonts
    return font_files(fonts.text, fonts.east_asian, default_cache())


def render_mail(briefing: Briefing) -> MailBody:
    """Return the briefing as the text of an email: HTML, plain text and pictures; errors as in `render`."""
    from zonereport.render.mail.body import write_mail

    return write_mail(briefing, _style(briefing))


def _style(briefing: Briefing) -> Style:
    """Return the briefing's theme with fonts for all its text; quick the second time."""
    from zonereport.briefing.text import every_text, find_characters
    from zonereport.charts.style import Style
    from zonereport.fonts import prepare_fonts
    from zonereport.theme import THEMES, load_theme

    theme = load_theme(briefing.theme, folder=briefing.templates / THEMES.name)
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
    return name_file(briefing.zone, str(briefing.snapshot), briefing.template, briefing.language, format)


def name_file(zone: str, snapshot: str, template: str, region: str, format: str) -> str:
    """Return the name of the file of a briefing that is not made yet; the region is such as `en-GB`."""
    from zonereport.render.registry import FORMATS

    return f"{zone}-{snapshot}-{template}-{region.split('-', maxsplit=1)[0]}{FORMATS[format].suffix}"
