"""Chinese text in the PDF: where its lines end, how wide they are, and that it is read as it was written."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.pdfbase.pdfmetrics import stringWidth
from test_pdf import boxes
from test_pdf_tags import File

from conftest import composed
from gallery import noted
from reading_back import pdf_pages
from zonereport.api import render
from zonereport.briefing.blocks import Block, Caption, Column, Listing, Paragraph, Run, Table
from zonereport.charts.style import Style
from zonereport.fonts import prepare_fonts, register_in_reportlab
from zonereport.render.pdf.east_asian import Break, breaks_of
from zonereport.render.pdf.flowables import Setter
from zonereport.render.pdf.styles import make_styles
from zonereport.render.pdf.tags import Element
from zonereport.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.render.pdf.paragraphs import TaggedParagraph

NOT_FIRST = "，。！？：；、）》〉」』】〕”’％%℃…·,.)!?:;"
NOT_LAST = "（《〈「『【〔“‘("
HAN = re.compile("[\u4e00-\u9fff]")
WORD = re.compile(r"https?://[!-~]+|[A-Za-z0-9][A-Za-z0-9.,&/+-]*[A-Za-z0-9]|[A-Za-z0-9]")
WIDTHS = (60, 75, 100, 160, 240, 350, 460)
GAP = 0.095
"""Ems between Chinese and Latin; at a tenth, readers of PDF see a space."""

HANZI = "包头稀土高新技术产业开发区创新平台专业人才研发经费同比增长国家级自治区院士工作站的和在为了等"
WORDS = ("GDP", "AI", "5G", "R&D", "IoT", "Northern Rare Earth", "Nd2Fe14B", "COVID-19", "Wi-Fi")
NUMBERS = (
    "2.06亿元",
    "500余项",
    "158个",
    "1,235万元",
    "3.5%",
    "12月",
    "2022年",
    "25℃",
    "第3批",
    "0.3个百分点",
)
WRAPPED = ("（{}）", "《{}》", "“{}”", "「{}」", "‘{}’", "【{}】", "({})", "“《{}》”", "（“{}”）")
STOPS = ("，", "。", "、", "；", "：", "！", "？", "——", "……", "％", "·")
PROSE = (
    "“双碳”目标下，高新区坚持“科技创新＋产业升级”双轮驱动，AI、5G和IoT等新一代信息技术与稀土新材料"
    "（永磁、储氢、抛光等）深度融合，规上企业R&D经费投入强度达到4.12%，较上年提高0.3个百分点；高新技术企业由"
    "2021年的126家增至158家，增长25.4%。园区深入实施创新驱动发展战略，持续加大财政科技投入，完善科技成果转化"
    "服务体系，推动高校、科研院所与企业共建联合实验室和中试基地，创新创业生态不断优化。"
)


# Paragraphs, and their lines as a reader sees them


@cache
def style() -> Style:
    theme = load_theme(composed("2022").theme)
    fonts = prepare_fonts(Path(__file__).read_text("utf-8"), theme.fonts.text)
    register_in_reportlab(fonts)
    return Style(theme, fonts)


@cache
def setter() -> Setter:
    return Setter(style(), make_styles(style()), [], {}, 1)


def paragraph(runs: Sequence[Run], name: str = "body", **changes: Any) -> TaggedParagraph:
    made: TaggedParagraph = setter().paragraph(tuple(runs), name, Element("P"), **changes)
    return made


def lines_of(made: TaggedParagraph) -> list[str]:
    return ["".join(word.text for word in line.words) for line in made.blPara.lines]


def written(seed: int) -> list[Run]:
    """Return runs of a paragraph as they might be written, the same for the same seed."""
    dice = random.Random(seed)

    def han(most: int) -> str:
        return "".join(dice.choices(HANZI, k=dice.randint(1, most)))

    def piece() -> str:
        return dice.choice(
            (
                han(9),
                han(4) + dice.choice(NUMBERS),
                dice.choice(NUMBERS) + han(3),
                dice.choice(WORDS) + han(2),
                f"共有 {dice.randint(1, 999)} 个",
                dice.choice(WRAPPED).format(han(4)),
                dice.choice(WRAPPED).format(dice.choice(NUMBERS)),
                "https://" + "/".join(["a", *("b" * dice.randint(1, 9) for _ in range(dice.randint(0, 9)))]),
            )
        )

    def run() -> Run:
        text = "".join(piece() + dice.choice((*STOPS, "", "", "")) for _ in range(dice.randint(1, 6)))
        looks = dice.choice(({}, {}, {"strong": True}, {"emphasis": True}, {"href": "https://example.org/"}))
        return Run(text, **looks)

    return [Run(han(2)), *(run() for _ in range(dice.randint(1, 8)))]


def may_end(text: str, place: int) -> bool:
    """Return whether a line may end before a place of a text."""
    before, after = text[place - 1], text[place]
    seen = text[:place].rstrip()[-1]
    if after == " " or after in NOT_FIRST or seen in NOT_LAST or before + after in {"——", "……"}:
        return False
    if before.isdigit() and HAN.match(after):
        return False
    return not any(word.start() < place < word.end() for word in WORD.finditer(text))


def width_of(text: str, frags: Sequence[Any]) -> float:
    """Return the width of a text with a frag for each character, with gaps and without a space at the end."""
    pairs = list(zip(text, frags, strict=True))[: len(text.rstrip())]
    width = sum(stringWidth(character, frag.fontName, frag.fontSize) for character, frag in pairs)
    for (before, one), (after, other) in pairwise(pairs):
        both = {bool(HAN.match(c)) for c in (before, after)} == {True, False}
        if both and all(HAN.match(c) or (c.isascii() and c.isalnum()) for c in (before, after)):
            width += GAP * min(one.fontSize, other.fontSize)
    return float(width)


def owners(made: TaggedParagraph) -> list[Any]:
    """Return the frag of each character that is painted."""
    return [word for line in made.blPara.lines for word in line.words for _ in word.text]


def faults(made: TaggedParagraph, width: float) -> list[str]:
    """Return the ends of lines that break a rule although the room allows to keep it."""
    lines, frags = lines_of(made), owners(made)
    text = "".join(lines)
    allowed = [0, *(p for p in range(1, len(text)) if may_end(text, p)), len(text)]
    found, place = [], 0
    for line in lines[:-1]:
        place += len(line)
        if place not in allowed:
            start = max(p for p in allowed if p < place)
            end = min(p for p in allowed if p > place)
            if width_of(text[start:end], frags[start:end]) <= width:
                found.append(f"{text[start:place]}|{text[place:end]}")
    return found


# The rules


@pytest.mark.parametrize("part", range(5))
def test_generated_paragraphs_break_by_the_rules_and_fit_and_lose_nothing(part: int) -> None:
    for seed in range(part * 100, part * 100 + 100):
        runs = written(seed)
        width = WIDTHS[seed % len(WIDTHS)]
        alignment = (TA_LEFT, TA_JUSTIFY)[seed // 7 % 2]
        made = paragraph(runs, "cell" if width < 100 else "body", alignment=alignment, firstLineIndent=0)
        made.wrap(width, 9999)
        assert "".join(lines_of(made)) == " ".join("".join(run.text for run in runs).split())
        assert faults(made, width) == []
        for line in made.blPara.lines:
            text = "".join(word.text for word in line.words)
            assert width_of(text, [word for word in line.words for _ in word.text]) <= width + 0.01, text
            assert max(word.right for word in line.words) <= width + 0.01, text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("产值为2.06亿元", "2.06亿元"),
        ("专利有500余项", "500余项"),
        ("面积是3万平方米", "3万平方米"),
        ("这是第3批", "第3批"),
        ("跨越2019—2022年", "2019—2022年"),
        ("气温为-5℃", "-5℃"),
        ("化学式是Fe2(SO4)3", "Fe2(SO4)3"),
        ("他们称“稀土", "“稀"),
        ('他们叫"稀土"', '"稀'),
        ("编号为２０２２年", "２０２２年"),
    ],
)
def test_what_belongs_together_goes_to_the_next_line_together(text: str, kept: str) -> None:
    start = text.index(kept)
    breaks = breaks_of(text, [False] * len(text))
    assert Break.FREE in breaks[1 : start + 1]
    assert Break.FREE not in breaks[start + 1 : start + len(kept)]


def test_a_narrow_column_parts_a_number_from_its_unit_before_it_parts_the_number() -> None:
    made = paragraph([Run("2.06亿元")])
    made.wrap(40, 999)
    assert lines_of(made) == ["2.06亿", "元"]


def test_an_address_longer_than_a_line_fills_the_lines_and_breaks_at_its_strokes() -> None:
    address = "https://www.example.org/" + "/".join(f"part{n}" for n in range(40))
    made = paragraph([Run("详见网址" + address + "。")], firstLineIndent=0)
    made.wrap(300, 999)
    lines = lines_of(made)
    assert lines[0].startswith("详见网址https")
    assert all(line.endswith("/") for line in lines[:-1])
    whole = paragraph([Run("网" + "a" * 200)])
    whole.wrap(300, 999)
    assert all(line.extraSpace < 12 for line in whole.blPara.lines[:-1])


@pytest.mark.parametrize("width", [1, 9, 12, 15])
def test_a_column_as_narrow_as_a_character_ends(width: int) -> None:
    made = paragraph([Run("（2022年）包头"), Run("稀土 AI", strong=True), Run("……")], "cell")
    made.wrap(width, 9999)
    assert "".join(lines_of(made)) == "（2022年）包头稀土 AI……"
    assert made.minWidth() > 0


# Gaps and flush edges


def test_chinese_and_latin_stand_apart_but_not_beside_punctuation_spaces_or_marks() -> None:
    runs = [Run("约2.06亿元，AI（5G）有 158 个企业"), noted("1", "注"), Run("家A")]
    made = paragraph(runs, firstLineIndent=0)
    made.wrap(460, 999)
    (line,) = made.blPara.lines
    apart = [w.left - before.right for before, w in pairwise(line.words) if w.left - before.right > 0.01]
    spaces = 2 * stringWidth(" ", line.words[0].fontName, 10.5)
    assert len([a for a in apart if a == pytest.approx(GAP * line.words[0].fontSize)]) == 3
    assert sum(apart) < 3 * GAP * line.words[0].fontSize + spaces


def test_lines_have_no_gap_at_their_ends() -> None:
    made = paragraph([Run("数字" + "2.06亿元是" * 30)], firstLineIndent=0)
    made.wrap(200, 999)
    assert all(line.words[0].left == 0 for line in made.blPara.lines)


def test_justified_lines_are_full_or_ragged_and_characters_stand_no_tenth_of_an_em_apart() -> None:
    full = 0
    for seed in range(100):
        made = paragraph(written(seed), alignment=TA_JUSTIFY, firstLineIndent=0)
        made.wrap(400, 9999)
        *lines, last = made.blPara.lines
        assert {word.apart for word in last.words} == {0.0}
        for line in lines:
            words = [word for word in line.words if " " not in word.text]
            assert all(word.apart < 0.1 * word.fontSize for word in words)
            right = max(word.right for word in line.words)
            assert right == pytest.approx(line.maxWidth - line.extraSpace, abs=0.01)
            full += abs(line.extraSpace) < 0.01
    assert full > 100


@pytest.mark.parametrize(("size", "width"), [(10.5, 453), (16, 442)])
def test_nearly_all_lines_of_prose_have_a_flush_edge(size: float, width: float) -> None:
    made = paragraph([Run(PROSE * 6)], alignment=TA_JUSTIFY, fontSize=size)
    made.wrap(width, 9999)
    ragged = [line for line in made.blPara.lines[:-1] if line.extraSpace > 0.01]
    assert len(ragged) <= 0.1 * len(made.blPara.lines)


def test_a_paragraph_without_chinese_is_reportlab_s() -> None:
    made = paragraph([Run("Plain words, “quoted”, with a dash — and 3.5% — and so on. " * 5)])
    made.wrap(300, 999)
    assert not made.east_asian
    assert made.spaces


# Splitting


def test_parts_on_two_pages_have_two_lines_at_least_and_all_the_text() -> None:
    text = "截至2022年12月，包头稀土高新区共有158个创新平台（其中国家级38个）。" * 4
    for lines in range(8):
        made = paragraph([Run(text[:40]), Run(text[40:], strong=True)], alignment=TA_JUSTIFY)
        width, leading = 300, made.style.leading
        count = len(made.breakLines([width, width]).lines)
        made.wrap(width, 9999)
        parts = made.split(width, lines * leading + 1)
        assert not parts or len(parts) == 2 or lines >= count
        for part in parts if len(parts) == 2 else ():
            part.wrap(width, 9999)
            assert part.east_asian
            assert len(part.blPara.lines) >= 2
        if len(parts) == 2:
            assert "".join(line for part in parts for line in lines_of(part)) == text
            assert all(abs(line.extraSpace) < 0.01 for line in parts[0].blPara.lines)


def test_a_forced_end_of_a_line_stays_where_the_paragraph_is_split() -> None:
    made = paragraph([Run("第一行\n第二行\n\n第四行\n第五行")], firstLineIndent=0)
    made.wrap(300, 999)
    assert lines_of(made) == ["第一行", "第二行", "", "第四行", "第五行"]
    parts = made.split(300, 2 * made.style.leading + 1)
    for part in parts:
        part.wrap(300, 999)
    assert [lines_of(part) for part in parts] == [["第一行", "第二行"], ["", "第四行", "第五行"]]


# The file

TEXT = (
    "截至2022年12月，“高新区”共有158个创新平台；实现产值2.06亿元，同比增长3.5%——占GDP的2.1%……"
    "专利500余项，参见《规划》（2021—2025年），共有 158 个平台。"
)
NOTE = "数据来源：管委会《2022年统计公报》，共158个项目，总投资2.06亿元。"
LINKED = "包钢集团年产2万吨高性能钕铁硼磁材产业化项目"


def blocks() -> tuple[Block, ...]:
    columns = (Column("指标名称", weight=3), Column("数值", weight=1), Column("说明（2022年）", weight=18))
    rows = (((Run("创新平台"),), (Run("158个"),), (Run(TEXT),)),) * 3
    return (
        Paragraph(
            (Run(TEXT * 2), Run(LINKED, href="https://example.org/x"), noted("1", NOTE), Run("，" + TEXT)),
            "lead",
        ),
        Listing(((Paragraph((Run(TEXT * 2),)),),)),
        Table("t", Caption("table", "表 ", 1, " ", (Run("指标2022年", note=()),)), columns, rows, "A table"),
        Paragraph((Run(TEXT * 40), noted("2", NOTE), Run("末尾" + TEXT))),
    )


@cache
def made() -> bytes:
    return render(replace(composed("2022"), blocks=blocks(), attachments=()), "pdf")


def test_elements_hold_the_whole_text_in_order() -> None:
    file = File(made())

    def texts(*kinds: str) -> list[str]:
        return ["".join(file.marked[m].text for m in n.marks()) for n in file.document.all(*kinds)]

    assert f"{TEXT * 2}{LINKED}1，{TEXT}" in texts("P")
    assert TEXT * 2 in texts("P")
    assert texts("P")[-1] == f"{TEXT * 40}2末尾{TEXT}"
    assert texts("TD") == ["158个", TEXT] * 3
    assert texts("Link")[0] == LINKED
    assert [note.lstrip("12 ") for note in texts("Note")] == [NOTE] * 2


def test_a_long_paragraph_is_one_element_over_pages_and_its_note_is_on_the_page_of_the_mark() -> None:
    file = File(made())
    last = file.document.all("P")[-1]
    assert len({page for page, _ in last.marks()}) > 1
    marks = [n for n in file.document.all("Reference") if n.parent and n.parent.kind != "TOCI"]
    for mark, note in zip(marks[-2:], file.document.all("Note"), strict=True):
        assert {page for page, _ in mark.marks()} == {page for page, _ in note.marks()}


def test_a_search_finds_numbers_with_their_units() -> None:
    text = "".join("".join(page.split("\n")) for page in pdf_pages(made()))
    assert "\u2009" not in text
    for words in (
        "2.06亿元",
        "158个创新平台",
        "3.5%——占GDP的2.1%",
        "2022年12月，“高新区”共有",
        "共有 158 个平台",
    ):
        assert text.count(words) > 40, words


def test_nothing_leaves_the_type_area() -> None:
    document = pypdfium2.PdfDocument(made())
    edge = 595.3 - style().theme.page.right * 72 / 25.4
    for page in document:
        assert all(right < edge + 0.5 for _, _, right, _, text in boxes(page) if text.strip())
    document.close()


def test_a_link_s_area_covers_its_words() -> None:
    document = pypdfium2.PdfDocument(made())
    page = document[0].get_textpage()
    content = page.get_text_range()
    start = content.replace("\r\n", "").index(LINKED[:6])
    places = [p for p, c in enumerate(content) if c not in "\r\n"][start : start + len(LINKED)]
    characters = [page.get_charbox(place) for place in places]
    document.close()
    file = File(made())
    areas = [tuple(map(float, link.Rect)) for link in file.document.all("Link")[0].links]
    assert areas
    for left, bottom, right, top in characters:
        assert any(a < left + 1 and right < c + 1 and b < bottom and top < d for a, b, c, d in areas)
    edges = sorted(area[0] for area in areas)
    assert min(box[0] for box in characters) - edges[0] < 3
