"""Industries today beside future focus sectors: which continue, which are widened, which are new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import LINE, SHORT_DASHES, Sheet, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.model import Relation

ROW = 10.0
TOP = 7.0
COLUMNS = 44
"""Width of a name in columns of text."""


@dataclass(frozen=True, slots=True)
class Link:
    """One focus sector: its name, its relation in words, and the row of the industry it follows."""

    name: str
    relation: Relation | None
    word: str
    origin: int | None


@dataclass(frozen=True, slots=True)
class Links:
    """Draws the two lists and the lines between them; a relation is told by word and by line."""

    heads: tuple[str, str]
    present: tuple[str, ...]
    focus: tuple[Link, ...]

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return TOP + ROW * max(len(self.present), len(self.focus))

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, self.height)
        colours = sheet.colours
        left, right = sheet.width * 0.43, sheet.width * 0.57
        sheet.text(0, 3.5, self.heads[0], bold=True, colour=colours.muted)
        sheet.text(right, 3.5, self.heads[1], bold=True, colour=colours.muted)
        for row, name in enumerate(self.present):
            self._box(sheet, 0, left, row, colours.tint)
            self._name(sheet, 3, row, wrap(name, COLUMNS, 2))
        for row, link in enumerate(self.focus):
            colour = {"continuing": colours.accent, "widened": colours.third, "new": colours.second}.get(
                link.relation or "", colours.rule
            )
            self._box(sheet, right, sheet.width - right, row, colours.tint)
            sheet.rectangle(right, self._top(row), 1.4, ROW - 2, colour)
            self._name(sheet, right + 4, row, wrap(link.name, COLUMNS - 14, 2))
            sheet.text(
                sheet.width - 2.5,
                self._middle(row),
                link.word,
                align="right",
                middle=True,
                colour=colour,
                bold=True,
            )
            if link.origin is not None:
                self._curve(sheet, left, right, link, row, colour)
        return sheet.drawing()

    @staticmethod
    def _top(row: int) -> float:
        return TOP + row * ROW

    def _middle(self, row: int) -> float:
        return self._top(row) + (ROW - 2) / 2

    def _box(self, sheet: Sheet, x: float, width: float, row: int, colour: str) -> None:
        sheet.rectangle(x, self._top(row), width, ROW - 2, colour)

    def _name(self, sheet: Sheet, x: float, row: int, lines: list[str]) -> None:
        first = self._middle(row) - (len(lines) - 1) * LINE / 2
        sheet.lines(x, first, lines, middle=True)

    def _curve(self, sheet: Sheet, left: float, right: float, link: Link, row: int, colour: str) -> None:
        start, end, third = (
            (left, self._middle(link.origin or 0)),
            (right, self._middle(row)),
            (right - left) / 2,
        )
        points = [start, (start[0] + third, start[1]), (end[0] - third, end[1]), end]
        sheet.curve(points, colour, 1.3, SHORT_DASHES if link.relation == "widened" else ())


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return the two lists with their links; omitted unless both are published."""
    present, focus = facts.zone.lists.get("present-industries"), facts.zone.lists.get("focus-sectors")
    if present is None or focus is None:
        return Omitted("the present industries or the focus sectors are not published")
    names = [language.pick(item.name) for item in present.items]
    rows = {item.id: row for row, item in enumerate(present.items)}
    links = tuple(
        Link(
            language.pick(item.name),
            item.relation,
            language.text(f"relations.{item.relation}") if item.relation else "",
            rows.get(item.origin),
        )
        for item in focus.items
    )
    key = "" if any(link.relation for link in links) else "_plain"
    counts = {
        relation: sum(link.relation == relation for link in links)
        for relation in ("continuing", "widened", "new")
    }
    when = language.period(focus.as_of or present.as_of)
    heads = (
        present.label.get(language.code) or language.text("charts.sectors.present"),
        focus.label.get(language.code) or language.text("charts.sectors.focus"),
    )
    draw = Links(heads, tuple(names), links)
    return Chart(
        id="sectors",
        title=language.text(
            f"charts.sectors.title{key}",
            n=len(links),
            m=len(names),
            **counts,
        ),
        subtitle=language.text(f"charts.sectors.subtitle{key}", when=when),
        source=language.text(
            "charts.source", sources=language.enumerate(dict.fromkeys([present.source.id, focus.source.id]))
        ),
        alt=language.text(
            "charts.sectors.alt",
            present=language.enumerate(names),
            focus=language.enumerate(_described(link, names, language) for link in links),
        ),
        header=(
            language.text("charts.sectors.focus"),
            language.text("charts.sectors.relation"),
            language.text("charts.sectors.origin"),
        ),
        rows=tuple(
            (link.name, link.word, names[link.origin] if link.origin is not None else "") for link in links
        ),
        figures=(),
        height=draw.height,
        draw=draw,
    )


def _described(link: Link, names: Sequence[str], language: Language) -> str:
    if not link.word:
        return link.name
    key = "focus_item" if link.origin is None else "focus_item_from"
    origin = names[link.origin] if link.origin is not None else ""
    return language.text(f"charts.sectors.{key}", name=link.name, relation=link.word, origin=origin)
