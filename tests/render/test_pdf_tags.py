"""The PDF as assistive technology and archives read it: structure, links, metadata, attachments, footnotes.

veraPDF judges the files in CI; these tests ask for what it does not see, and need no Java.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
from test_pdf import boxes

from conftest import composed, rendered
from gallery import DOCUMENTS, LINES, briefing_of_all, noted, text
from reading_back import flat, pdf_pages
from zonereport.api import render
from zonereport.briefing.blocks import ChartBlock, Heading, Paragraph, Run
from zonereport.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator


PAINTING = frozenset(["S", "s", "f", "f*", "F", "B", "B*", "b", "b*", "Do", "sh", "Tj", "TJ", "'", '"', "EI"])
GROUPS = frozenset(["Document", "Sect", "Div", "BlockQuote"])
HOLDERS = {
    "LI": {"L"},
    "Lbl": {"LI", "Note"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TR": {"THead", "TBody"},
    "TH": {"TR"},
    "TD": {"TR"},
}
"""What an element must stand in (ISO 32000-1, 14.8.4)."""
HOLDS = {
    "L": {"LI"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOCI", "Caption"},
    "TOCI": {"Reference"},
    "Table": {"Caption", "THead", "TBody"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
}
"""All that an element may hold."""


# Reading a file back


@dataclass(eq=False)
class Node:
    """A structure element as it stands in the file."""

    kind: str
    obj: pikepdf.Object
    parent: Node | None = None
    kids: list[Node | tuple[int, int]] = field(default_factory=list)
    """Elements, and marked content as page and number."""
    links: list[pikepdf.Object] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()

    def all(self, *kinds: str) -> list[Node]:
        return [node for node in self.walk() if node.kind in kinds]

    def marks(self) -> list[tuple[int, int]]:
        return [m for kid in self.kids for m in (kid.marks() if isinstance(kid, Node) else [kid])]

    def kid_nodes(self) -> list[Node]:
        return [kid for kid in self.kids if isinstance(kid, Node)]


@dataclass
class Piece:
    """A stretch of marked content: its tag, its properties, its text."""

    tag: str
    properties: Any
    text: str = ""
    paints: int = 0


class File:
    """A file read back: its tree, and its pages' marked content."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(data))
        self.pages = [page.obj for page in self.pdf.pages]
        self.numbers = {page.objgen: number for number, page in enumerate(self.pages)}
        self.pieces: list[list[Piece]] = [read_pieces(page) for page in self.pdf.pages]
        self.marked = {
            (number, int(piece.properties.MCID)): piece
            for number, pieces in enumerate(self.pieces)
            for piece in pieces
            if piece.tag != "Artifact"
        }
        self.root = self.pdf.Root.StructTreeRoot
        self.document = self._node(self.root.K, None)

    def _node(self, obj: pikepdf.Object, parent: Node | None) -> Node:
        node = Node(str(obj.S)[1:], obj, parent)
        kids = obj.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids] if "/K" in obj else []:
            if isinstance(kid, int):
                node.kids.append((self.numbers[obj.Pg.objgen], kid))
            elif kid.get("/Type") == "/MCR":
                node.kids.append((self.numbers[kid.Pg.objgen], int(kid.MCID)))
            elif kid.get("/Type") == "/OBJR":
                node.links.append(kid.Obj)
            else:
                assert kid.P.objgen == obj.objgen
                node.kids.append(self._node(kid, node))
        return node

    def text(self, node: Node) -> str:
        """Return the text of an element as it reads, without notes."""
        parts = []
        for kid in node.kids:
            if not isinstance(kid, Node):
                parts.append(self.marked[kid].text)
            elif kid.kind != "Note":
                parts.append(self.text(kid))
        return flat("".join(parts) if node.kind not in GROUPS else " ".join(parts))

    def texts(self, *kinds: str) -> list[str]:
        return [self.text(node) for node in self.document.all(*kinds)]

    def number_tree(self) -> dict[int, pikepdf.Object]:
        numbers = list(self.root.ParentTree.Nums)
        return dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))


def read_pieces(page: pikepdf.Page) -> list[Piece]:
    """Return a page's marked content; fails for what is painted outside, nested, or across text objects."""
    pieces: list[Piece] = []
    fonts = {name: to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    current, opened_in_text, in_text = None, False, False
    decode: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BT", "ET"}:
            assert current is None or not opened_in_text
            in_text = name == "BT"
        elif name in {"BDC", "BMC"}:
            assert current is None, "marked content is nested"
            current, opened_in_text = Piece(str(operands[0])[1:], operands[1]), in_text
            pieces.append(current)
        elif name == "EMC":
            assert current is not None
            assert opened_in_text == in_text
            current = None
        elif name == "Tf":
            decode = fonts[str(operands[0])]
        elif name in PAINTING:
            assert current is not None, f"{name} paints outside marked content"
            current.paints += 1
            if name == "Tj":
                current.text += "".join(decode[byte] for byte in bytes(operands[0]))
    assert current is None
    return pieces


def to_unicode(font: pikepdf.Object) -> dict[int, str]:
    """Return what each byte of a simple font stands for."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"^<(\w+)> <(\w+)>$", table, re.MULTILINE)
    return {int(byte, 16): bytes.fromhex(code).decode("utf-16-be") for byte, code in pairs if len(code) > 2}


# The documents


@cache
def made(name: str) -> bytes:
    return render(DOCUMENTS[name](), "pdf") if name in DOCUMENTS else rendered(name)["pdf"]


@cache
def opened(name: str) -> File:
    return File(made(name))


@pytest.fixture(params=["2022", "2022 beside 2021 and 2017", *DOCUMENTS])
def file(request: pytest.FixtureRequest) -> File:
    return opened(request.param)


@pytest.fixture
def every() -> File:
    return opened("every block")


# Structure


def test_every_mark_belongs_to_one_element_of_its_type(file: File) -> None:
    owners: Counter[tuple[int, int]] = Counter()
    for node in file.document.walk():
        for kid in node.kids:
            if not isinstance(kid, Node):
                owners[kid] += 1
                assert file.marked[kid].tag == node.kind
    assert set(owners) == set(file.marked)
    assert set(owners.values()) == {1}


def test_the_parent_tree_leads_from_pages_and_links_back_to_elements(file: File) -> None:
    tree = file.number_tree()
    assert list(tree) == list(range(int(file.root.ParentTreeNextKey)))
    for number, page in enumerate(file.pages):
        assert page.Tabs == "/S"
        owners = tree[int(page.StructParents)]
        assert len(owners) == sum(place[0] == number for place in file.marked)
    for node in file.document.walk():
        for kid in node.kids:
            if not isinstance(kid, Node):
                assert tree[int(file.pages[kid[0]].StructParents)][kid[1]].objgen == node.obj.objgen
        for link in node.links:
            assert tree[int(link.StructParent)].objgen == node.obj.objgen


def test_elements_stand_only_where_they_may(file: File) -> None:
    assert file.document.kind == "Document"
    for node in file.document.walk():
        parent = node.parent.kind if node.parent else ""
        assert parent in HOLDERS.get(node.kind, {parent}), (parent, node.kind)
        kinds = {kid.kind for kid in node.kid_nodes()}
        assert kinds <= HOLDS.get(node.kind, kinds), (node.kind, kinds)
        if node.kind in HOLDS or node.kind in GROUPS:
            assert len(node.kids) == len(node.kid_nodes()), f"text directly in {node.kind}"
        assert node.kids or node.kind in {"TD", "TH"}, f"an empty {node.kind}"


def test_headings_begin_with_the_title_and_skip_no_level(file: File) -> None:
    levels = [int(n.kind[1]) for n in file.document.walk() if re.fullmatch(r"H\d", n.kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))


def test_without_a_title_the_sections_are_the_first_level() -> None:
    blocks = (Heading(1, (Run("Alone"),), "a"), text("words"), Heading(2, (Run("Below"),), "b"))
    file = File(render(replace(briefing_of_all(), blocks=blocks, attachments=()), "pdf"))
    assert [node.kind for node in file.document.kid_nodes()] == ["H1", "P", "H2"]


def test_facts_read_label_by_value_and_tiles_one_by_one(every: File) -> None:
    assert [every.text(item) for item in every.document.all("L")[0].kid_nodes()] == [
        "PlaceBaotou包头市",
        "As ofDecember 20221",
        "Issued bya page of the web",
    ]
    strip = every.document.all("Sect")[0]
    assert str(strip.obj.T) == "The headline figures"
    assert [every.text(tile) for tile in strip.kid_nodes()] == [
        "158 Innovation platforms December 2022",
        "3,228 Professionals December 2022 period not stated",
    ]


def test_the_contents_read_down_the_first_column_and_then_the_second(file: File) -> None:
    entries = [file.text(node) for node in file.document.all("TOCI")]
    sections = [file.text(node) for node in file.document.all("H2")]
    assert [re.sub(r"\d+$", "", entry) for entry in entries] in (
        [re.sub(r"\d+$", "", section) for section in sections],
        [],
    )
    for entry in file.document.all("TOCI"):
        assert [kid.kind for kid in entry.all("Reference", "Link")] == ["Reference", "Link"]


def test_lists_nest_and_say_how_they_are_numbered(every: File) -> None:
    outer, inner = every.document.all("L")[1:3]
    assert (outer.obj.A.ListNumbering, inner.obj.A.ListNumbering) == ("/Disc", "/Decimal")
    assert inner.parent
    assert inner.parent.kind == "LBody"
    assert [every.text(n) for n in inner.all("Lbl")] == ["1.", "2."]
    assert [every.text(n) for n in inner.all("P")] == ["inner Figure 1", "inner two"]
    assert all((n.obj.A.O, "/ListNumbering" in n.obj.A) == ("/List", True) for n in every.document.all("L"))


def test_a_figure_has_its_alternative_text_and_its_box_on_the_page(file: File) -> None:
    for figure in file.document.all("Figure"):
        assert len(figure.kids) == 1
        assert str(figure.obj.Alt)
        left, bottom, right, top = map(float, figure.obj.A.BBox)
        assert 60 < left < right < 595 - 60
        assert 60 < bottom < top < 842 - 60
    assert len(file.document.all("Figure")) == len(file.document.all("Div")) - tiles_in(file)


def tiles_in(file: File) -> int:
    return sum(len(n.kid_nodes()) for n in file.document.all("Sect") if "/T" in n.obj)


def test_a_table_s_rows_are_regular_and_its_headings_say_their_scope(file: File) -> None:
    assert file.document.all("Table")
    for table in file.document.all("Table"):
        assert str(table.obj.A.Summary)
        assert table.kid_nodes()[0].kind == "Caption"
        assert len({len(row.kids) for row in table.all("TR")}) == 1
        (head,) = table.all("THead")[0].kid_nodes()
        assert {str(cell.obj.A.Scope) for cell in head.kid_nodes()} == {"/Column"}
        for row in table.all("TBody")[0].kid_nodes():
            first, *others = row.kid_nodes()
            assert (first.kind, str(first.obj.A.Scope)) == ("TH", "/Row")
            assert {cell.kind for cell in others} <= {"TD"}


def test_a_table_over_several_pages_is_one_table_with_one_head(every: File) -> None:
    (table,) = every.document.all("Table")
    assert len({page for page, _ in table.marks()}) > 1
    assert [every.text(cell) for cell in table.all("THead")[0].all("TH")] == ["Name", "Value", "Empty"]
    assert [every.text(row.kid_nodes()[0]) for row in table.all("TBody")[0].kid_nodes()] == [
        f"row {n}" for n in range(1, 61)
    ]
    repeated = [p for pieces in every.pieces for p in pieces if p.tag == "Artifact" and p.text == "Name"]
    assert repeated
    assert all(piece.properties.Type == "/Pagination" for piece in repeated)


def test_a_paragraph_over_several_pages_is_one_element(every: File) -> None:
    last = every.document.all("P")[-1]
    assert len({page for page, _ in last.marks()}) == 2
    assert every.text(last) == flat(LINES * 60 + "Here6 " + LINES * 30)


def test_words_keep_their_distance_at_the_ends_of_lines(every: File) -> None:
    assert flat(LINES * 3) + " 2 and a page of the web" in every.texts("P")
    for page in pdf_pages(made("every block")):
        assert not re.search(
            r"(?:that|where|lines,|over|several|the|text|has)(?:each|ends|Words|line\b)", page
        )


def test_a_word_that_is_broken_gets_no_space_and_chinese_none_either() -> None:
    word, chinese = "Unbreakable" * 20, "包头稀土高新技术产业开发区" * 8
    blocks = (text(word), text(chinese), Paragraph((Run("x "), Run(word), Run(" y"))))
    file = File(render(replace(briefing_of_all(), blocks=blocks, attachments=()), "pdf"))
    assert file.texts("P") == [word, chinese, f"x {word} y"]


def test_a_character_beyond_the_first_plane_reads_as_itself() -> None:
    blocks = (text("A sign: 𝔸."),)
    file = File(render(replace(briefing_of_all(), blocks=blocks, attachments=()), "pdf"))
    assert file.texts("P") == ["A sign: 𝔸."]


def test_the_language_is_the_document_s_and_a_run_s_own(every: File) -> None:
    assert str(every.pdf.Root.Lang) == "en-GB"
    spans = every.document.all("Span")
    assert [(every.text(span), str(span.obj.Lang)) for span in spans] == [
        ("包头市", "zh-Hans"),
        ("一整段中文", "zh-Hans"),
    ]


# Links and artifacts


def test_every_link_belongs_to_a_link_element_and_has_words(file: File) -> None:
    annotations = {a.objgen: a for page in file.pages for a in page.get("/Annots", [])}
    assert annotations
    owned = {link.objgen: node for node in file.document.walk() for link in node.links}
    assert set(owned) == set(annotations)
    for key, annotation in annotations.items():
        assert owned[key].kind == "Link"
        assert annotation.F == 4
        assert flat(str(annotation.Contents)) == flat(file.text(owned[key]))
    assert all(node.links for node in file.document.all("Link"))


def test_a_link_over_two_lines_is_one_element_with_two_areas(every: File) -> None:
    (whole,) = [n for n in every.document.all("Link") if every.text(n).startswith("A paragraph that is")]
    assert len(whole.links) == 2
    assert {str(link.A.URI) for link in whole.links} == {"https://example.org/whole"}
    assert whole.parent
    assert whole.parent.kind == "P"


def test_headers_and_footers_are_artifacts_of_pagination(file: File) -> None:
    briefing = composed("2022")
    for number, pieces in enumerate(file.pieces):
        kinds = {str(p.properties.get("/Subtype")): p.text for p in pieces if p.tag == "Artifact"}
        assert kinds["/Footer"].startswith(briefing.footer)
        assert f"Page {number + 1} of {len(file.pieces)}" in kinds["/Footer"]
        assert ("/Header" in kinds) == (number > 0)


# Footnotes


def test_a_note_stands_on_the_page_of_its_mark(file: File) -> None:
    notes = file.document.all("Note")
    assert len({str(note.obj.ID) for note in notes}) == len(notes)
    marks = [n for n in file.document.all("Reference") if n.parent and n.parent.kind != "TOCI"]
    for mark, note in zip(marks, notes, strict=True):
        assert file.text(mark) == file.text(note.kid_nodes()[0])
        (page,) = {page for page, _ in note.marks()}
        assert {page} == {page for page, _ in mark.marks()}
        for link in mark.all("Link")[0].links:
            assert file.numbers[link.Dest[0].objgen] == page


def test_a_note_follows_what_it_belongs_to(every: File) -> None:
    before = []
    for note in every.document.all("Note"):
        assert note.parent
        siblings = note.parent.kid_nodes()
        before.append(siblings[siblings.index(note) - 1].kind)
    assert before[:6] == ["P", "P", "P", "H2", "Reference", "P"]
    assert [every.text(n)[1:].strip() for n in every.document.all("Note")][:5] == [
        "A note in a fact.",
        "A note in a paragraph.",
        "A note in a list.",
        "A note in a heading.",
        "A note in a caption.",
    ]


def test_notes_stand_at_the_foot_and_no_line_runs_into_them(every: File) -> None:
    document = pypdfium2.PdfDocument(made("every block"))
    pages = [boxes(page) for page in document]
    document.close()
    found = 0
    for lines in pages:
        notes = [box for box in lines if re.search(r"A (late )?note|Note of row", box[4])]
        found += len(notes)
        top = max((box[3] for box in notes), default=0)
        others = [box for box in lines if box not in notes and not box[4].strip().isdigit()]
        assert all(bottom > top for _, bottom, *_ in others)
        assert min((bottom for _, bottom, *_ in notes), default=0) < 80
    assert found == len(every.document.all("Note"))


def test_a_note_higher_than_a_page_is_an_error() -> None:
    blocks = (Paragraph((Run("words"), noted("1", LINES * 200))),)
    with pytest.raises(RenderError, match="too large"):
        render(replace(briefing_of_all(), blocks=blocks, attachments=()), "pdf")


def test_sixty_pages_are_sixty_pages() -> None:
    assert len(opened("sixty pages").pages) >= 60


# The archive


def test_the_metadata_say_the_same_twice(file: File) -> None:
    info = {key[1:]: str(value) for key, value in file.pdf.docinfo.items()}
    xmp = ElementTree.fromstring(file.pdf.Root.Metadata.read_bytes())
    names = {"dc": "http://purl.org/dc/elements/1.1/", "pdf": "http://ns.adobe.com/pdf/1.3/"}
    names |= {"xmp": "http://ns.adobe.com/xap/1.0/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
    pairs = {
        "Title": "dc:title//rdf:li",
        "Author": "dc:creator//rdf:li",
        "Subject": "dc:description//rdf:li",
        "Keywords": "pdf:Keywords",
        "Producer": "pdf:Producer",
        "Creator": "xmp:CreatorTool",
    }
    for key, path in pairs.items():
        found = xmp.find(f".//{path}", names)
        assert found is not None
        assert found.text == info[key]
    assert (info["CreationDate"], info["ModDate"]) == ("D:20221219000000Z",) * 2
    for path in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
        assert xmp.findtext(f".//{path}", namespaces=names) == "2022-12-19T00:00:00Z"
    assert xmp.findtext(".//dc:language//rdf:li", namespaces=names) == str(file.pdf.Root.Lang)


def test_the_files_dates_are_the_stamp_s_where_there_is_one() -> None:
    when = datetime(2023, 1, 9, 8, 7, 6, tzinfo=UTC)
    file = File(render(replace(briefing_of_all(), stamp=when), "pdf"))
    spec = file.pdf.Root.AF[0]
    for date in (file.pdf.docinfo.CreationDate, file.pdf.docinfo.ModDate, spec.EF.F.Params.ModDate):
        assert str(date) == "D:20230109080706Z"
    assert b"<xmp:CreateDate>2023-01-09T08:07:06Z</xmp:CreateDate>" in file.pdf.Root.Metadata.read_bytes()


def test_the_file_says_that_it_is_an_archive_and_accessible(file: File) -> None:
    root = file.pdf.Root
    packet = root.Metadata.read_bytes().decode()
    assert "<pdfaid:part>3</pdfaid:part>\n<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert file.pdf.pdf_version == "1.7"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert "/Outlines" in root
    assert root.OutputIntents[0].DestOutputProfile.N == 3
    assert len(file.pdf.trailer.ID) == 2


def test_attachments_are_had_back_as_they_were_given(file: File, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["file"]
    given = (DOCUMENTS[name]() if name in DOCUMENTS else composed(name)).attachments
    root = file.pdf.Root
    if not given:
        assert "/AF" not in root
        return
    names = list(root.Names.EmbeddedFiles.Names)
    listed = {str(key): spec for key, spec in zip(names[::2], names[1::2], strict=True)}
    assert [spec.objgen for spec in root.AF] == [listed[a.name].objgen for a in given]
    for attachment in given:
        spec = listed[attachment.name]
        assert (str(spec.F), str(spec.UF)) == (attachment.name,) * 2
        assert str(spec.Desc) == attachment.description
        assert str(spec.AFRelationship) == f"/{attachment.relationship.capitalize()}"
        stream = spec.EF.F
        assert stream.read_bytes() == attachment.data
        assert str(stream.Subtype) == f"/{attachment.media_type}"
        assert stream.Params.Size == len(attachment.data)
        assert bytes(stream.Params.CheckSum) == hashlib.md5(attachment.data, usedforsecurity=False).digest()
        assert str(stream.Params.ModDate) == "D:20221219000000Z"


def test_a_chart_s_table_belongs_to_its_figure(file: File, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["file"]
    briefing = DOCUMENTS[name]() if name in DOCUMENTS else composed(name)
    charts = [block.id for block in briefing.blocks if isinstance(block, ChartBlock)]
    files = {a.block: a.name for a in briefing.attachments}
    figures = file.document.all("Figure")
    assert [[str(spec.UF) for spec in figure.obj.AF] for figure in figures] == [[files[id]] for id in charts]


def test_the_media_type_is_written_as_a_name_may_be() -> None:
    assert b"/Subtype /text#2fcsv" in made("every block")


def test_a_briefing_stays_small() -> None:
    assert len(made("2022")) < 80_000
    assert b"/ObjStm" in made("2022")


def test_other_processes_in_other_places_write_the_same_bytes() -> None:
    code = (
        "import hashlib; from zonereport.api import compose, load, render;"
        "print(hashlib.sha256(render(compose(load('baotou-2022')), 'pdf')).hexdigest())"
    )
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        assert done.stdout.decode().strip() == hashlib.sha256(made("2022")).hexdigest()
