"""A message: the briefing's figures in HTML and in plain text, that every mail program shows."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from lxml import html as lxml_html
from PIL import Image as Picture

from conftest import Case
from fat import fattest_zone
from gallery import briefing_of_all
from reading_back import flat, html_text, numbers
from test_same_in_every_format import worded_figures
from zonereport.api import _style, compose, load, render_mail
from zonereport.briefing.blocks import (
    Briefing,
    ChartBlock,
    Columns,
    Listing,
    PageBreak,
    Paragraph,
    Quote,
    Run,
    Table,
    TitleBlock,
)
from zonereport.briefing.enclosure import Enclosure
from zonereport.briefing.text import every_text
from zonereport.errors import RenderError
from zonereport.language import language_codes
from zonereport.render.html.palette import dark_palette
from zonereport.render.mail.body import MAX_HTML, MailBody, _narrowed, write_mail
from zonereport.render.mail.text import _columns
from zonereport.render.mail.wrapping import WIDTH, pad, width_of, wrap
from zonereport.render.preflight import label_faults
from zonereport.theme import AA, Logo, contrast, load_theme, theme_names

CASES = {
    f"{names[0]} beside {len(names) - 1}, {language}": Case(names, language, "message")
    for names in (
        ("baotou-2017",),
        ("baotou-2022",),
        ("baotou-2022", "baotou-2021"),
        ("baotou-2023", "baotou-2022", "baotou-2021", "baotou-2017"),
    )
    for language in ("en", "zh", "de")
}
ENCLOSURE = Enclosure(("testonia-2022.pdf",), ("Word", "HTML"), "https://example.org/b?a=1&b=2")


@cache
def text_of_a_message(case: str) -> Briefing:
    zone, *previous = (load(name) for name in CASES[case].zones)
    return compose(
        zone, previous=previous, language=CASES[case].language, template="message", enclosure=ENCLOSURE
    )


@cache
def body_of(case: str) -> MailBody:
    return render_mail(text_of_a_message(case))


def words_of(case: str, form: str) -> str:
    body = body_of(case)
    return flat(body.text if form == "text" else html_text(body.html.encode()))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("form", ["html", "text"])
def test_every_worded_figure_stands_in_both_forms(case: str, form: str) -> None:
    figures = worded_figures(text_of_a_message(case))
    assert figures
    assert {figure for figure in figures if figure not in words_of(case, form)} == set()


@pytest.mark.parametrize("form", ["html", "text"])
def test_neither_form_holds_a_number_that_the_briefing_does_not(case: str, form: str) -> None:
    briefing = text_of_a_message(case)
    captions = {str(block.caption.number) for block in briefing.blocks if isinstance(block, ChartBlock)}
    allowed = numbers(flat(every_text(briefing))) | captions
    assert numbers(words_of(case, form)) - allowed == set()


def columns_of(text: str) -> list[tuple[str, ...]]:
    """Return the columns of each table of a text, without spaces: what stands below its heading's rule."""
    found, lines = [], text.splitlines()
    for place, rule in enumerate(lines):
        if re.fullmatch(r"-{3,}(  -{3,})+", rule):
            starts = [match.start() for match in re.finditer(r"(?<!-)-", rule)]
            columns = [""] * len(starts)
            end = lines.index("", place) if "" in lines[place:] else len(lines)
            for line in lines[place + 1 : end]:
                at = 0
                for letter in line:
                    columns[max(n for n, start in enumerate(starts) if start <= at)] += letter.strip()
                    at += width_of(letter)
            found.append(tuple(columns))
    return found


def test_what_a_chart_shows_is_a_table_in_the_text_and_words_for_its_picture(case: str) -> None:
    charts = [block.chart for block in text_of_a_message(case).blocks if isinstance(block, ChartBlock)]
    expected = [
        tuple("".join("".join(cell.split()) for cell in column) for column in zip(*chart.rows, strict=True))
        for chart in charts
    ]
    assert columns_of(body_of(case).text) == expected
    assert [image.alt for image in body_of(case).images] == [" ".join(chart.alt.split()) for chart in charts]
    assert all(chart.alt for chart in charts)


@pytest.mark.parametrize("form", ["html", "text"])
def test_it_says_what_is_attached_what_is_left_out_and_where_it_can_be_had(case: str, form: str) -> None:
    for words in ("testonia-2022.pdf", "Word", "HTML", "https://example.org/b?a=1&b=2"):
        assert words in words_of(case, form)


@pytest.mark.parametrize("language", language_codes())
def test_without_attachments_it_says_nothing_of_them(language: str) -> None:
    body = render_mail(compose(load("baotou-2022"), template="message", language=language))
    for word in ("attach", "附", "liegt bei", "Word", "large", "过大", "groß", "http"):
        assert word not in body.text


def test_it_is_short_three_to_five_points_and_at_most_two_pictures(case: str) -> None:
    body = body_of(case)
    points = lxml_html.document_fromstring(body.html).findall(".//li")
    assert 1 <= len(points) <= 5
    assert len(body.images) <= 2
    assert len(body.html.encode()) < 40_000


# The HTML


def test_nothing_comes_from_outside_nothing_runs_and_nothing_asks(case: str) -> None:
    root = lxml_html.document_fromstring(body_of(case).html)
    assert not list(root.iter("script", "form", "input", "link", "iframe", "object", "video", "base"))
    assert {image.get("src") for image in root.iter("img")} == {
        f"cid:{image.cid}" for image in body_of(case).images
    }
    loading = r"(?:src|background|poster)=\"(?!cid:)|url\(|@import|@font-face|\son\w+="
    assert not re.search(loading, body_of(case).html)
    assert {link.get("href") for link in root.iter("a")} == {"https://example.org/b?a=1&b=2"}


def test_pictures_have_a_size_an_alternative_and_two_dots_for_each_pixel(case: str) -> None:
    root = lxml_html.document_fromstring(body_of(case).html)
    shown = {image.get("src"): image for image in root.iter("img")}
    for image in body_of(case).images:
        element = shown[f"cid:{image.cid}"]
        assert element.get("alt") == image.alt
        size = Picture.open(BytesIO(image.data)).size
        for side, dots in zip(("width", "height"), size, strict=True):
            assert abs(dots - 2 * int(element.get(side))) <= 2


def test_a_table_for_places_says_so_and_the_language_stands_inside_the_body_too(case: str) -> None:
    root = lxml_html.document_fromstring(body_of(case).html)
    language = text_of_a_message(case).language
    assert {table.get("role") for table in root.iter("table")} == {"presentation"}
    assert [root.get("lang"), root.find("body/div").get("lang")] == [language, language]


def test_borrowed_words_keep_their_language() -> None:
    root = lxml_html.document_fromstring(body_of("baotou-2022 beside 1, de").html)
    assert "R&D platforms" in {span.text for span in root.iter("span") if span.get("lang") == "en"}


@pytest.mark.parametrize("theme", theme_names())
def test_every_text_has_contrast_by_light_and_by_dark(theme: str) -> None:
    body = render_mail(compose(load("baotou-2022"), template="message", theme=theme))
    dark = body.html.partition("prefers-color-scheme:dark")[2].partition("@media")[0]
    by_dark = dict(re.findall(r"\.(\w+)\{(?:background-)?color:(#[0-9a-f]{6})!important\}", dark))
    palette = dark_palette(load_theme(theme).colours)
    assert by_dark == {name: getattr(palette, name) for name in ("ink", "muted", "accent", "paper", "tint")}
    grounds = set(re.findall(r"background-color:(#[0-9a-f]{6});", body.html)) | {by_dark["paper"]}
    colours = set(re.findall(r"[;\"]color:(#[0-9a-f]{6})", body.html))
    assert colours
    for colour in colours:
        assert min(contrast(colour, ground) for ground in grounds - {by_dark["paper"]}) >= AA
    for name in ("ink", "muted", "accent"):
        assert min(contrast(by_dark[name], by_dark[ground]) for ground in ("paper", "tint")) >= AA


def test_the_theme_gives_colours_fonts_logo_classification_and_footer() -> None:
    data = BytesIO()
    Picture.new("RGB", (40, 20), "red").save(data, "PNG")
    briefing = replace(
        text_of_a_message("baotou-2022 beside 0, zh"),
        logo=Logo(data.getvalue(), "image/png", "测试标志", 20, 10),
        classification="内部资料",
        footer="测试研究院",
        theme="warm",
    )
    body = render_mail(briefing)
    assert load_theme("warm").colours.accent in body.html
    assert load_theme("warm").fonts.word_east_asian in body.html
    assert [image.alt for image in body.images][-1] == "测试标志"
    assert body.text.startswith("内部资料\n")
    assert body.text.endswith("\n测试研究院\n")
    assert flat(html_text(body.html.encode())).endswith("测试研究院")


HOSTILE = '<script>alert(1)</script>"><img src=http://example.org/x onerror=x>&amp;{{ 7*7 }}\x00\x1b[31m'


def test_data_never_becomes_markup() -> None:
    briefing = text_of_a_message("baotou-2022 beside 0, en")
    paragraph = Paragraph((Run(HOSTILE, strong=True, href="javascript:alert(1)"), Run("x", lang='"><b>')))
    briefing = replace(
        briefing,
        title=HOSTILE,
        subject=HOSTILE,
        classification=HOSTILE,
        footer=HOSTILE,
        blocks=(TitleBlock(HOSTILE, HOSTILE, ((HOSTILE, (Run(HOSTILE),)),)), paragraph),
    )
    body = write_mail(briefing, _style(text_of_a_message("baotou-2022 beside 0, en")))
    root = lxml_html.document_fromstring(body.html)
    assert not list(root.iter("script", "img", "b", "a"))
    assert not [node for node in root.iter() if any(key.startswith("on") for key in node.attrib)]
    assert "7*7" in body.html
    assert "\x00" not in body.html + body.text
    assert "\x1b" not in body.html + body.text
    assert "<script>" in body.text  # in plain text it is harmless, and what the data say


def test_html_that_a_mail_program_would_cut_off_is_refused() -> None:
    with pytest.raises(RenderError, match="expected at most 100") as refused:
        render_mail(compose(fattest_zone(), template="annual", language="zh"))
    assert "attach what is long" in refused.value.hint


def test_the_message_of_the_fattest_zone_is_not_cut_off() -> None:
    for language in language_codes():
        briefing = compose(
            fattest_zone(), previous=[fattest_zone(2001)], template="message", language=language
        )
        assert len(render_mail(briefing).html.encode()) < MAX_HTML


@pytest.mark.parametrize("kind", ["html", "text"])
def test_every_kind_of_block_is_set(kind: str) -> None:
    briefing = briefing_of_all()
    body = render_mail(briefing)
    shown = flat(html_text(body.html.encode()) if kind == "html" else body.text)
    for words in ("A kicker", "outer two", "and its second paragraph", "inner two", "Quoted words.", "— Somebody",
                  "Boxed words.", "row 60", "A note in a fact.", "A late note.", "A note in a caption.", "一整段中文",
                  "Two levels below", "Issued by"):  # fmt: skip
        assert words in shown
    assert all(
        row[0][0].text in shown for block in briefing.blocks if isinstance(block, Table) for row in block.rows
    )


@pytest.mark.parametrize("kind", ["html", "text"])
def test_columns_stand_below_each_other_and_bare_words_of_a_quote_too(kind: str) -> None:
    left, right = (Paragraph((Run(words),)) for words in ("What stands left.", "What stands right."))
    blocks = (Columns(((left,), (right,))), Quote((left,)), Listing(((Quote((right,)),),)), PageBreak())
    body = render_mail(replace(briefing_of_all(), blocks=blocks, footer="", subject=""))
    shown = flat(html_text(body.html.encode()) if kind == "html" else body.text.rstrip("\n-"))
    assert re.sub("[-•] ", "", shown) == " ".join(["What stands left.", "What stands right."] * 2)


def test_no_label_of_a_picture_meets_another(case: str) -> None:
    briefing = text_of_a_message(case)
    blocks = [block for block in briefing.blocks if isinstance(block, ChartBlock)]
    style = _narrowed(blocks, _style(briefing))
    assert [fault for block in blocks for fault in label_faults(block, style)] == []
    assert not blocks or style.width < _style(briefing).width


def test_the_same_input_gives_the_same_body() -> None:
    briefing = text_of_a_message("baotou-2022 beside 1, zh")
    assert render_mail(briefing) == body_of("baotou-2022 beside 1, zh")


# The text


def test_lines_have_at_most_72_columns_and_nothing_is_left_of_markup(case: str) -> None:
    text = body_of(case).text
    assert [line for line in text.splitlines() if width_of(line) > WIDTH] == []
    assert not re.search(r"\*\*|&\w+;|</|\{\{|\]\(|\ue000|\xa0|[ \t]$", text, re.MULTILINE)
    assert "\n\n\n" not in text


def test_a_headline_figure_is_a_line_with_what_must_be_said_below_it() -> None:
    assert (
        "  158个     创新平台\n"
        "            2022年12月 · 2021年12月：119个 · 序列中断\n"
        "  3228人    专职研发人员\n"
        "            2022年12月\n"
    ) in body_of("baotou-2022 beside 1, zh").text


def test_a_table_too_wide_for_its_lines_becomes_a_list_of_its_rows() -> None:
    columns = [f"Heading{number}" for number in range(7)]
    rows = [[f"row{row}", *(f"value-{row}-{column}" for column in range(6))] for row in range(2)]
    lines = _columns(columns, rows, [False] * 7, WIDTH)
    assert lines[:3] == ["row0", "  Heading1  value-0-0", "  Heading2  value-0-1"]
    assert lines[7:9] == ["", "row1"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("一二三四五", 6, ["一二三", "四五"]),
        ("一二三，四五", 6, ["一二", "三，四", "五"]),  # no line begins with a comma
        ("一二（三）四", 6, ["一二", "（三）", "四"]),  # nor ends with an opening bracket
        ("共158个平台", 6, ["共158", "个平台"]),
        ("206\xa0million yuan", 11, ["206 million", "yuan"]),
        (
            "see https://example.org/a/long/address now",
            12,
            ["see", "https://example.org/a/long/address", "now"],
        ),
        ("e\u0301e\u0301", 2, ["e\u0301e\u0301"]),
        ("", 10, []),
        (" \n ", 10, []),
    ],
)
def test_lines_end_where_they_may(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_padding_counts_columns() -> None:
    assert pad("一a", 5) == "一a  "
    assert pad("一a", 5, right=True) == "  一a"
