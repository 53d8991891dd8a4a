"""Tables with a repeated header row, and the strip of headline figures."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from zonereport.render.columns import longest_words, share_room
from zonereport.render.word.references import set_caption, set_runs, set_text
from zonereport.render.word.rows import RowWriter, hold_rows
from zonereport.render.word.styles import cell_size, tile_size
from zonereport.render.word.table_styles import PADDING, TILE_PADDING
from zonereport.render.word.text import clean, plain, set_run
from zonereport.render.word.wml import Element, cell, keep_next, paragraph, stand_in, w

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.briefing.blocks import Column, Runs, Table, Tile, Tiles
    from zonereport.render.word.references import Job
    from zonereport.render.word.wml import Frame

_SHORT = 12
"""A table of at most so many rows is kept on one page."""

_SMALLEST_VALUE = 13
"""The least type size of a tile's value, in points; a longer value runs over several lines."""


def lay_table(table: Table, frame: Frame, job: Job) -> list[Element]:
    """Return caption, table and note; without a note, the small gap that Word needs after a table."""
    caption = table.caption
    widths = share_width(frame.width, _fit_columns(table, frame, job))
    title = clean(f"{caption.label}{caption.suffix}") + plain(caption.runs)
    above = set_caption(table.id, caption, frame, job)  # first: its footnotes come before those of the cells
    grid = start_table("ZonereportTable", widths, frame.indent, title, table.description, head=True)
    grid.append(_head(table.columns, widths, job))
    grid.append(hold_rows(_held(table), RowWriter(table.columns, widths, job), job))
    note = paragraph("SourceNote", set_runs(table.note, job), stand_in(frame)) if table.note else None
    after = note if note is not None else paragraph("TableEnd", ())
    return [above, grid, after]


def _fit_columns(table: Table, frame: Frame, job: Job) -> list[float]:
    """Return the weights of the columns, changed where a column would break a word."""
    size = cell_size(job.style.theme)
    least = [20 * size * sum(map(_ems, word)) + 2 * PADDING for word in longest_words(table)]
    return share_room(frame.width, [column.weight for column in table.columns], least)


def share_width(total: int, weights: list[float]) -> list[int]:
    """Return whole widths in proportion to the weights that add up to `total`."""
    whole, widths, used, seen = sum(weights), [], 0, 0.0
    for weight in weights:
        seen += weight
        edge = round(total * seen / whole)
        widths.append(edge - used)
        used = edge
    return widths


def start_table(
    style: str, widths: list[int], indent: int, title: str, description: str, *, head: bool = False
) -> Element:
    """Return a table without rows: fixed widths in twips, and the words for who cannot see it."""
    look = {
        "firstRow": int(head),
        "lastRow": 0,
        "firstColumn": int(head),
        "lastColumn": 0,
        "noHBand": 1,
        "noVBand": 1,
    }
    settings = w(
        "tblPr",
        w("tblStyle", val=style),
        w("tblW", w=sum(widths), type="dxa"),
        w("tblInd", w=indent, type="dxa") if indent else None,
        w("tblLayout", type="fixed"),
        w("tblLook", val="06A0" if head else "0600", **look),
        w("tblCaption", val=clean(title)) if title else None,
        w("tblDescription", val=clean(description)) if description else None,
    )
    return w("tbl", settings, w("tblGrid", *(w("gridCol", w=width) for width in widths)))


def _head(columns: Sequence[Column], widths: list[int], job: Job) -> Element:
    row = w("tr", w("trPr", w("cantSplit"), w("tblHeader")))
    for column, width in zip(columns, widths, strict=True):
        style = "TableNumber" if column.align == "right" else "TableText"
        row.append(cell(width, [paragraph(style, set_text(column.heading, job), keep_next())]))
    return row


def _held(table: Table) -> Iterator[tuple[Sequence[Runs], bool]]:
    """Yield each row with whether it stays on the page of what follows.

    The last row holds on to its note; the first rows and the last two are never parted from each other.
    """
    last = len(table.rows) - 1
    for number, cells in enumerate(table.rows):
        hold = bool(table.note) if number == last else last < _SHORT or number == 0 or number == last - 1
        yield cells, hold


def lay_tiles(block: Tiles, frame: Frame, job: Job) -> list[Element]:
    """Return the headline figures side by side, each in its tinted cell."""
    if not block.tiles:
        return []
    widths = share_width(frame.width, [1.0] * len(block.tiles))
    size = _value_size(block.tiles, widths[0], job)
    strip = start_table("ZonereportTiles", widths, frame.indent, "", block.description)
    cells = (cell(width, _tile(tile, size, job)) for tile, width in zip(block.tiles, widths, strict=True))
    strip.append(w("tr", w("trPr", w("cantSplit")), *cells))
    return [strip, paragraph("TableEnd", ())]


def _tile(tile: Tile, size: float, job: Job) -> list[Element]:
    usual = size == tile_size(job.style.theme)
    value = set_run(tile.value, job.language, size=0 if usual else size)
    return [
        paragraph("TileValue", [value]),
        paragraph("TileLabel", set_text(tile.label, job)),
        *(paragraph("TileNote", set_text(note, job)) for note in tile.notes),
    ]


def _value_size(tiles: tuple[Tile, ...], width: int, job: Job) -> float:
    """Return the type size at which the longest value stands on one line, if a legible one does."""
    room = (width - 2 * TILE_PADDING) / 20
    longest = max(sum(_ems(letter) for letter in tile.value.text) for tile in tiles)
    fitting = int(room / longest) if longest else tile_size(job.style.theme)
    return max(_SMALLEST_VALUE, min(fitting, tile_size(job.style.theme)))


def _ems(letter: str) -> float:
    """Return about the width of a bold letter, in ems."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in " .,:;'’|!ijlIt()[]":
        return 0.32
    return 0.7 if letter.isupper() or letter in "mw%—" else 0.56
