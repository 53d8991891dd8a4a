"""A message as HTML that mail programs show alike: tables, styles in line, nothing from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.briefing import blocks as b
from zonereport.render.addresses import safe_address
from zonereport.render.html.elements import Markup, element, join, text, void
from zonereport.render.html.text import language_code, plain
from zonereport.render.mail.look import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.theme import Theme

WIDTH = 592
"""Pixels of the text on a wide screen: 640 with the margins."""
BETWEEN = " · "
"""What parts the remarks on a headline figure where they stand on one line."""
_LAYOUT = {"role": "presentation", "width": "100%", "border": "0", "cellpadding": "0", "cellspacing": "0"}
_FOR_OUTLOOK = Markup(
    "<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch>"
    "</o:OfficeDocumentSettings></xml><![endif]-->"
)
"""Else Outlook enlarges pictures, but not text, on screens with more dots."""
_NARROW = (
    Markup(
        '<!--[if mso]><table role="presentation" align="center" width="640" border="0" cellpadding="0" '
        'cellspacing="0"><tr><td><![endif]-->'
    ),
    Markup("<!--[if mso]></td></tr></table><![endif]-->"),
)
"""A width for Outlook, which knows no `max-width`."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture comes from, its size on the page in pixels, and what it says."""

    cid: str
    width: int
    height: int
    alt: str


def write_mail_html(briefing: b.Briefing, theme: Theme, pictures: Mapping[str, Picture]) -> str:
    """Return the HTML of a message; `pictures` are those of charts by their blocks' ids, "" is the logo."""
    look = Look(theme, briefing.language)
    language = language_code(briefing.language)
    shown = _Setter(look, briefing, pictures).message()
    inside = element("tr", element("td", shown, class_="inner", style="padding:28px 24px"))
    edge = f"max-width:640px;border-top:4px solid {look.light.accent}"
    card = element("table", inside, **_LAYOUT, **look.ground("paper", edge))
    cell = element(
        "td", _NARROW[0], card, _NARROW[1], align="center", class_="outer", style="padding:16px 8px"
    )
    preview = element("div", briefing.subject, style="display:none;max-height:0;overflow:hidden;mso-hide:all")
    page = element("table", element("tr", cell), **_LAYOUT, **look.ground("tint"))
    article = element(
        "div", preview, page, role="article", aria_roledescription="email", aria_label=briefing.title,
        lang=language, dir="ltr",
    )  # fmt: skip
    body = element("body", article, **look.ground("tint", "margin:0;padding:0;-webkit-text-size-adjust:100%"))
    whole = element("html", _head(briefing, look), body, lang=language, **{"xmlns:o": _OFFICE})
    return f"<!DOCTYPE html>\n{whole}\n"


_OFFICE = "urn:schemas-microsoft-com:office:office"


def _head(briefing: b.Briefing, look: Look) -> Markup:
    named = {
        "viewport": "width=device-width, initial-scale=1",
        "color-scheme": "light dark",
        "supported-color-schemes": "light dark",
        "format-detection": "telephone=no, date=no, address=no, email=no, url=no",
        "x-apple-disable-message-reformatting": "yes",
    }
    # Outlook lets `td` and `p` fall back to Times where a style in line names a family it has not.
    fallback = Markup(
        "<!--[if mso]><style>td,p,li,h1,h2{font-family:Calibri,Arial,sans-serif}</style><![endif]-->"
    )
    return element(
        "head",
        void("meta", charset="utf-8"),
        *(void("meta", name=name, content=content) for name, content in named.items()),
        element("title", briefing.title),
        _FOR_OUTLOOK,
        element("style", Markup(look.stylesheet())),
        fallback,
    )


class _Setter:
    """Sets the blocks of one message; `notes` grows with each footnote met."""

    def __init__(self, look: Look, briefing: b.Briefing, pictures: Mapping[str, Picture]) -> None:
        self.look, self.briefing, self.pictures = look, briefing, pictures
        self.notes: list[b.Run] = []

    def message(self) -> Markup:
        """Return everything between the margins: marks, the text, its notes, who issued it."""
        briefing = self.briefing
        marks = [self._text("p", "mark", briefing.classification)] if briefing.classification else []
        logo = [element("div", self._picture(self.pictures[""]))] if "" in self.pictures else []
        body, foot = self.set(briefing.blocks), self._foot()
        return join([*marks, *logo, body, self._notes(), foot], "\n")

    def set(self, blocks: Sequence[b.Block]) -> Markup:
        """Return the blocks, one a line."""
        return join([one for block in blocks if (one := self._block(block))], "\n")

    def _block(self, block: b.Block) -> Markup:
        match block:
            case b.TitleBlock():
                return join(
                    [
                        self._text("h1", "title", block.title),
                        *([self._text("p", "subtitle", block.subtitle)] if block.subtitle else []),
                    ]
                )
            case b.Heading():
                return self._text("h2" if block.level < 2 else "h3", "heading", self.runs(block.runs))
            case b.Paragraph():
                return self._text("p", block.role, self.runs(block.runs))
            case b.Listing():
                items = [element("li", self._item(item), **self.look.text("item")) for item in block.items]
                return element("ol" if block.ordered else "ul", *items, **self.look.text("list"))
            case b.Quote():
                words = [self.set(block.blocks)]
                if block.attribution:
                    words.append(self._text("p", "note", f"— {plain(block.attribution)}"))
                return self._boxed(join(words), self.look.rule("left", "padding:0 0 0 16px"))
            case b.Callout():
                return self._boxed(
                    join([self._text("p", "label", block.title), self.set(block.blocks)]),
                    self.look.ground("tint", "padding:12px 16px 0"),
                )
            case b.Columns():
                return join([self.set(column) for column in block.columns], "\n")
            case b.Tiles():
                rows = [self._tile(tile) for tile in block.tiles]
                return element("table", *rows, **_LAYOUT, style="margin:0 0 20px")
            case b.Table():
                return self._table(block)
            case b.ChartBlock():
                return self._chart(block)
            case b.Contents() | b.PageBreak():
                return Markup()

    # Text

    def _text(self, tag: str, role: str, words: str) -> Markup:
        return element(tag, words, **self.look.text(role))

    def _item(self, blocks: Sequence[b.Block]) -> Markup:
        """Return the blocks of a list's item; a first paragraph needs no element of its own."""
        match blocks:
            case [b.Paragraph(role="body") as first, *rest]:
                return join([self.runs(first.runs), self.set(rest)])
            case _:
                return self.set(blocks)

    def runs(self, runs: b.Runs) -> Markup:
        """Return the runs as HTML."""
        return join([self._run(run) for run in runs])

    def _run(self, run: b.Run) -> Markup:
        if run.note:
            if run not in self.notes:
                self.notes.append(run)
            return element("sup", run.text)
        inner = text(run.text)
        if run.emphasis:
            inner = element("em", inner)
        if run.strong:
            inner = element("strong", inner)
        if href := safe_address(run.href):
            inner = element("a", inner, href=href, **self.look.text("link"))
        language = language_code(run.lang) if run.lang != self.briefing.language else ""
        return element("span", inner, lang=language) if language else inner

    def _notes(self) -> Markup:
        """Return the footnotes under their heading; nothing if there are none."""
        written = []
        for note in self.notes:  # a footnote may have footnotes: the list grows while it is written
            written.append(self._text("p", "note", join([text(f"{note.text} "), self.runs(note.note)])))
        heading = [self._text("h2", "heading", self.briefing.notes_title)] if written else []
        return join([*heading, *written], "\n")

    def _foot(self) -> Markup:
        """Return what stands below a line: who issued this, of when it is, and the institution's footer."""
        title = next((block for block in self.briefing.blocks if isinstance(block, b.TitleBlock)), None)
        cells = [
            element(
                "tr",
                element("td", self._text("p", "remark", label), width="34%", valign="top"),
                element("td", self._text("p", "remark", self.runs(runs)), valign="top"),
            )
            for label, runs in (title.facts if title else ())
        ]
        said = [element("table", *cells, **_LAYOUT)] if cells else []
        if self.briefing.footer and self.briefing.footer not in {
            plain(runs) for _, runs in (title.facts if title else ())
        }:
            said.append(self._text("p", "remark", self.briefing.footer))
        return self._boxed(join(said, "\n"), self.look.rule("top", "padding:12px 0 0")) if said else Markup()

    def _boxed(self, content: str, look: dict[str, str]) -> Markup:
        """Return what has a line or a ground of its own; Outlook knows no padding but a cell's."""
        cell = element("td", content, **look)
        return element("table", element("tr", cell), **_LAYOUT, style="margin:0 0 16px")

    # Figures

    def _tile(self, tile: b.Tile) -> Markup:
        """Return a row: the value, and beside it what it counts."""
        value = self._text("p", "value", self.runs((tile.value,)))
        words = [self._text("p", "label", tile.label)]
        if tile.notes:
            words.append(self._text("p", "remark", BETWEEN.join(tile.notes)))
        edge = self.look.rule("bottom", "padding:10px 12px 10px 0")
        return element(
            "tr",
            element("td", value, width="35%", valign="top", **edge),
            element("td", *words, valign="top", **self.look.rule("bottom", "padding:12px 0 10px")),
        )

    def _caption(self, caption: b.Caption) -> Markup:
        words = join([text(f"{caption.label}{caption.suffix}"), self.runs(caption.runs)])
        return self._text("p", "caption", words)

    def _chart(self, block: b.ChartBlock) -> Markup:
        chart = block.chart
        lines = [self._caption(block.caption)]
        if chart.subtitle:
            lines.append(self._text("p", "remark", chart.subtitle))
        # it keeps its own paper by dark: its colours are made for that
        sheet = f"margin:8px 0 4px;background-color:{self.look.light.paper}"
        lines.append(element("div", self._picture(self.pictures[block.id]), class_="sheet", style=sheet))
        if chart.source:
            lines.append(self._text("p", "note", chart.source))
        return join(lines, "\n")

    def _picture(self, picture: Picture) -> Markup:
        """Return a picture of its size that shrinks with the screen; Outlook reads only the attributes."""
        return void(
            "img",
            src=f"cid:{picture.cid}",
            width=str(picture.width),
            height=str(picture.height),
            alt=picture.alt,
            style=f"display:block;width:100%;max-width:{picture.width}px;height:auto",
        )

    def _table(self, block: b.Table) -> Markup:
        total = sum(column.weight for column in block.columns)
        rule = self.look.rule("bottom")["style"]

        def cell(role: str, tag: str, words: str, column: b.Column, scope: str = "") -> Markup:
            given = self.look.text(role)
            return element(
                tag, words, align=column.align, valign="top", scope=scope,
                class_=f"{given['class_']} rule", style=f"{rule};{given['style']};overflow-wrap:anywhere",
            )  # fmt: skip

        head = [cell("head", "th", column.heading, column, "col") for column in block.columns]
        rows = [
            element("tr", *(cell("cell", "td", self.runs(runs), column)
                            for runs, column in zip(row, block.columns, strict=True)))
            for row in block.rows
        ]  # fmt: skip
        widths = [void("col", width=f"{column.weight / total:.0%}") for column in block.columns]
        table = element(
            "table", element("colgroup", *widths), element("tr", *head), *rows, width="100%", border="0",
            cellpadding="0", cellspacing="0", aria_label=block.description,
            style="border-collapse:collapse;margin:0 0 8px",
        )  # fmt: skip
        note = self._text("p", "note", self.runs(block.note)) if block.note else Markup()
        return join([self._caption(block.caption), table, note], "\n")
