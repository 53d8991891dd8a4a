"""A comparison for programs and terminals: what changed as plain data, and as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from io import StringIO
from typing import TYPE_CHECKING, Any

from zonereport.briefing.blocks import plain
from zonereport.changes import STANDINGS
from zonereport.wording import (
    change_of,
    entries_in_groups,
    entries_in_words,
    entry_in_words,
    not_compared,
    remarks_on,
    value_in_full,
    why,
)
from zonereport.zone.model import Figure, Missing, Source
from zonereport.zone.period import Period
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from rich.console import Console, RenderableType

    from zonereport.briefing.redline import Wording
    from zonereport.changes import Change, Changes
    from zonereport.entries import Entries, Entry
    from zonereport.language import Language
    from zonereport.measures import Unlike
    from zonereport.zone.model import ItemList, Printed, Zone

INDENT = 2
GAP = 2
LEAST_WIDTH = 40


# As data


def comparison_as_json(changes: Changes, words: Language, wording: Wording | None) -> dict[str, Any]:
    """Return a comparison as plain data: texts in the language of `words`, numbers as decimal texts.

    `wording` is null where the texts were not given to be compared.
    """
    return {
        "zone": changes.now.id,
        "name": words.pick(changes.now.name),
        "language": words.code,
        "before": _snapshot(changes.before, words),
        "now": _snapshot(changes.now, words),
        "counts": dict(changes.counts),
        "figures": [_change(change, changes, words) for change in changes.figures],
        "not_compared": [_unlike(unlike, words) for unlike in changes.unlike],
        "lists": [_list(entries, words) for entries in changes.entries],
        "wording": None if wording is None else _wording(wording),
    }


def _snapshot(zone: Zone, words: Language) -> dict[str, Any]:
    edition = zone.edition
    return {
        "snapshot": str(edition.snapshot),
        "edition": edition.number or None,
        "name": words.snapshot(edition),
        "as_of": str(edition.as_of) if edition.as_of else None,
        "date": edition.date.isoformat(),
    }


def _change(change: Change, changes: Changes, words: Language) -> dict[str, Any]:
    found = change.comparison
    return {
        "id": change.id,
        "name": words.name(change.figure),
        "standing": change.standing,
        "before": _figure(change.before, words),
        "now": _figure(change.now, words),
        "difference": _quantity(found.difference, signed=True) if found else None,
        "percent": _quantity(found.percent, signed=True) if found else None,
        "said": change_of(change, words),
        "reasons": [{"code": code, "said": said} for code, said in why(change, changes, words)],
        "differs_in": list(change.traits),
    }


def _figure(figure: Figure | None, words: Language) -> dict[str, Any] | None:
    """Return a figure as it is said and as it is; None where the file does not name the indicator."""
    if figure is None:
        return None
    value = figure.value
    return {
        "name": words.name(figure),
        "said": value_in_full(figure, words),
        "value": _quantity(value) if isinstance(value, Quantity) else None,
        "missing": None if isinstance(value, Quantity) else value.value,
        "unit": figure.unit,
        "also": _printed(figure.also),
        "as_of": str(figure.as_of) if figure.as_of else None,
        "period": str(figure.period) if figure.period else None,
        "status": sorted(figure.status),
        "scope": words.pick(figure.scope) if figure.scope else None,
        "sources": [source.id for source in figure.sources],
    }


def _printed(also: Printed | None) -> dict[str, Any] | None:
    """Return a second printed value with its unit."""
    return {**(_quantity(also.quantity) or {}), "unit": also.unit} if also else None


def _quantity(quantity: Quantity | None, *, signed: bool = False) -> dict[str, Any] | None:
    """Return a quantity, or a `signed` difference: its qualifier, and both ends, null where there is none."""
    if quantity is None:
        return None

    def end(value: Decimal) -> str | None:
        return f"{value:f}" if value.is_finite() else None

    return {
        "qualifier": quantity.signed_qualifier if signed else quantity.qualifier,
        "about": quantity.about,
        "low": end(quantity.low.value),
        "high": end(quantity.high.value),
    }


def _unlike(unlike: Unlike, words: Language) -> dict[str, Any]:
    groups = [
        {"snapshot": zone.edition.name, "figures": [figure.id for figure in figures]}
        for zone, figures in unlike.groups
    ]
    return {"family": unlike.family, "groups": groups, "said": not_compared(unlike, words)}


def _list(entries: Entries, words: Language) -> dict[str, Any]:
    return {
        "kind": entries.kind,
        "id": entries.owner.id if entries.owner else entries.kind,
        "name": entries_in_words(entries, words),
        "differs_in": list(entries.traits),
        "entries": [
            {
                "standing": change.standing,
                "before": _entry(change.before, entries.before, words),
                "now": _entry(change.now, entries.now, words),
                "said": entry_in_words(change, entries, words),
                "differs_in": list(change.traits),
            }
            for change in entries.changes
        ],
    }


def _entry(entry: Entry | None, owner: Figure | ItemList | None, words: Language) -> dict[str, Any] | None:
    """Return an entry as its file has it, a kind with its figure's unit; None where there is none."""
    if entry is None:
        return None
    unit = {"unit": owner.unit} if isinstance(owner, Figure) else {}
    return {field.name: _plain(getattr(entry, field.name), words) for field in fields(entry)} | unit


def _plain(value: Any, words: Language) -> Any:
    """Return what an entry says of one thing as JSON can hold it."""
    match value:
        case Mapping():
            return words.pick(value)
        case Quantity():
            return _quantity(value)
        case Source():
            return value.id
        case Missing():
            return value.value
        case Period():
            return str(value)
    return value


def _wording(wording: Wording) -> dict[str, Any]:
    passages = [
        {
            "standing": rewording.standing,
            "section": rewording.section,
            "before": plain(rewording.before) or None,
            "now": plain(rewording.now) or None,
        }
        for rewording in wording.rewordings
    ]
    return {"passages": passages, "left_out": wording.left_out}


# As text


def comparison_as_text(changes: Changes, words: Language, wording: Wording | None, *, width: int) -> str:
    """Return a comparison as lines of at most `width` columns, a Chinese character being two.

    Figures stand in groups by standing, reasons below each.
    """
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out, width=max(width, LEAST_WIDTH), color_system=None, force_terminal=False, _environ={}
    )
    title = words.text(
        "changes.text.title",
        zone=words.pick(changes.now.short_name),
        before=words.snapshot(changes.before.edition),
        now=words.snapshot(changes.now.edition),
    )
    _say(console, title, 0)
    groups = list(_groups(changes, words, wording))
    for heading, lines in groups or [(words.text("changes.text.nothing"), [])]:
        _say(console, "", 0)
        _say(console, heading, 0)
        for line in lines:
            console.print(line)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _say(console: Console, text: str, indent: int) -> None:
    console.print(_indented(text, indent))


def _indented(text: str, indent: int) -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text), (0, 0, 0, indent))


def _groups(
    changes: Changes, words: Language, wording: Wording | None
) -> Iterator[tuple[str, Sequence[RenderableType]]]:
    """Yield each group that has anything: its heading and its lines."""
    for standing in STANDINGS:
        if found := changes.of(standing):
            heading = words.remarked(words.text(f"changes.text.{standing}"), [str(len(found))])
            yield heading, list(_figure_lines(found, changes, words))
    if changes.unlike:
        said = [_indented(not_compared(unlike, words), INDENT) for unlike in changes.unlike]
        yield words.text("changes.text.unlike"), said
    if lines := list(_entry_lines(changes, words)):
        yield words.text("changes.text.entries"), lines
    if wording is not None:
        same = [_indented(words.text("changes.text.same_wording"), INDENT)]
        yield words.text("changes.text.wording"), list(_wording_lines(wording, words)) or same


def _figure_lines(found: Sequence[Change], changes: Changes, words: Language) -> Iterator[RenderableType]:
    """Yield a row for each figure: name, before, now, change; its reasons below it."""

    def cell(figure: Figure | None) -> str:
        if figure is None:
            return words.text("changes.absent")
        when = [words.period(figure.when)] if isinstance(figure.value, Quantity) else []
        return words.remarked(words.value(figure), [*words.remarks(figure), *when])

    with_change = found[0].standing in ("revised", "changed")
    snapshots = [words.snapshot(zone.edition) for zone in (changes.before, changes.now)]
    yield _row(["", *snapshots, words.text("tables.change")][: 3 + with_change])
    for change in found:
        cells = [words.name(change.figure), cell(change.before), cell(change.now), change_of(change, words)]
        yield _row(cells[: 3 + with_change])
        for remark in remarks_on(change, changes, words):
            yield _point("·", remark)


def _row(cells: Sequence[str]) -> RenderableType:
    """Return cells side by side: name, before and now in equal parts, the change in a smaller one."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    row = Table.grid(padding=(0, GAP, 0, 0), expand=True)
    for _, ratio in zip(cells, (4, 4, 4, 3), strict=False):
        row.add_column(ratio=ratio, overflow="fold")
    row.add_row(*map(Text, cells))
    return Padding(row, (0, 0, 0, INDENT))


def _point(sign: str, text: str) -> RenderableType:
    """Return a text behind a sign, its further lines below its first."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    row = Table.grid()
    row.add_column(width=2)
    row.add_column(overflow="fold")
    row.add_row(Text(sign), Text(text))
    return Padding(row, (0, 0, 0, 2 * INDENT))


def _entry_lines(changes: Changes, words: Language) -> Iterator[RenderableType]:
    for name, what, said in entries_in_groups(changes, words):
        yield _indented(words.remarked(name, [what]), INDENT)
        yield from (_point("·", entry) for entry in said)


def _wording_lines(wording: Wording, words: Language) -> Iterator[RenderableType]:
    """Yield each passage below its section: "-" for the earlier text, "+" for the later one."""
    section = ""
    for rewording in wording.rewordings:
        if rewording.section != section:
            section = rewording.section
            yield _indented(section, INDENT)
        for sign, runs in (("-", rewording.before), ("+", rewording.now)):
            if runs:
                yield _point(sign, plain(runs))
    if wording.left_out:
        yield _indented(words.text("changes.left_out", n=wording.left_out), INDENT)
