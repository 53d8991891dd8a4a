"""PDF, Word, HTML and the composed briefing hold the same figures in the same words, and nothing else."""

from __future__ import annotations

import re

import pytest

from conftest import composed, rendered
from reading_back import docx_text, flat, html_text, numbers, pdf_pages
from zonereport.briefing.blocks import Briefing, ChartBlock, Paragraph, Table, Tiles, iter_blocks
from zonereport.briefing.text import every_text
from zonereport.charts.multiples import Multiples

EXPECTED_2022 = [
    "158 innovation platforms",
    "3,228",
    "1,235",
    "1,057",
    "more than 500",
    "46 technology contracts (period not stated)",
    "206 million yuan ($29.5 million; period not stated)",
    "76%",
    "1990",
    "more than 320",
    "R&D centers, key laboratories, academician workstations, innovation complexes"
    " and industrial technological innovation alliances",
    "rare earth new materials, intensive processing of aluminum and copper products,"
    " manufacturing of high-end equipment and new energy",
    "new energy, new materials, high-end equipment manufacturing, green development and environmental protection",
    "September 2022",
]


def text_of(case: str, kind: str) -> str:
    data = rendered(case)[kind]
    if kind == "html":
        return flat(html_text(data))
    return flat(" ".join(pdf_pages(data)) if kind == "pdf" else docx_text(data))


def worded_figures(briefing: Briefing) -> set[str]:
    """Return the words of every figure that the text, the tables and the tiles show."""
    runs = []
    for block in iter_blocks(briefing.blocks):
        if isinstance(block, Paragraph):
            runs += block.runs
        elif isinstance(block, Table):
            runs += [run for row in block.rows for cell in row for run in cell]
        elif isinstance(block, Tiles):
            runs += [tile.value for tile in block.tiles]
    return {flat(run.text) for run in runs if run.figure and run.text}


def chart_words(briefing: Briefing) -> set[str]:
    """Return the words of every value that the charts show, without remarks: these stand beside them."""
    charts = [block.chart for block in briefing.blocks if isinstance(block, ChartBlock)]
    cells = [cell for chart in charts for row in chart.rows for cell in row if numbers(cell)]
    return {flat(re.split(r" \(|（", cell)[0]) for cell in cells}


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
@pytest.mark.parametrize("expected", EXPECTED_2022)
def test_the_main_example_says_what_its_source_says(expected: str, kind: str) -> None:
    assert expected in text_of("2022", kind)


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_every_worded_figure_of_the_briefing_stands_in_the_file(case: str, kind: str) -> None:
    text = text_of(case, kind)
    figures = worded_figures(composed(case))
    assert figures
    assert {figure for figure in figures if figure not in text} == set()


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_the_file_holds_no_number_that_the_briefing_does_not(case: str, kind: str) -> None:
    briefing = composed(case)
    text = text_of(case, kind)
    allowed = numbers(flat(every_text(briefing)))
    captions = {
        str(block.caption.number) for block in briefing.blocks if isinstance(block, (ChartBlock, Table))
    }
    furniture = {
        str(number) for number in range(1, len(pdf_pages(rendered(case)["pdf"])) + 1)
    }  # page numbers
    charts = [block.chart for block in briefing.blocks if isinstance(block, ChartBlock)]
    drawn = [chart.id for chart in charts]
    years = {
        f"{year:.0f}" for chart in charts if isinstance(chart.draw, Multiples) for year in chart.draw.axis[2]
    }
    ticks = set(re.findall(r"(?<!\d)\d{4}(?!\d)", text)) if "milestones" in drawn and kind == "pdf" else set()
    milestones_axis = {tick for tick in ticks if int(tick) % 5 == 0}
    assert numbers(text) - allowed - captions - furniture - milestones_axis - years == set()


def test_all_files_hold_the_same_figures_in_the_same_words(case: str) -> None:
    words = worded_figures(composed(case)) | chart_words(composed(case))
    in_pdf = {word for word in words if word in text_of(case, "pdf")}
    in_docx = {word for word in words if word in text_of(case, "docx")}
    in_html = {word for word in words if word in text_of(case, "html")}
    assert in_pdf == in_docx == in_html == words


def test_chart_text_can_be_selected_in_the_pdf() -> None:
    text = text_of("2022", "pdf")
    for label in (
        "Zone: 206 million yuan",
        "Rest of Baotou: about 65 million yuan",
        "more than 500",
        "widened",
    ):
        assert label in text


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_kinds_of_platform_are_named_without_counts(kind: str) -> None:
    kinds = (
        "R&D centers",
        "key laboratories",
        "academician workstations",
        "innovation complexes",
        "alliances",
    )
    text = text_of("2022", kind)
    for name in kinds:
        assert not re.search(rf"\d[\d,.]* {re.escape(name)}|{re.escape(name)} \(?\d", text)


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_beside_2021_the_platforms_show_their_break_and_its_reason(kind: str) -> None:
    text = text_of("2022 beside 2021", kind)
    assert (
        "158 innovation platforms, after 119 R&D platforms in December 2021; break in series:"
        " December 2022 counts “Innovation platforms”, December 2021 counted “R&D platforms”"
    ) in text
    assert "+39" not in text


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_beside_2017_patents_are_not_compared_and_the_briefing_says_why(kind: str) -> None:
    text = text_of("2022 beside 2017", kind)
    assert "Not compared, because the two editions count different things" in text
    assert (
        "2017: 2,410 patents granted (cumulative; definition in doubt)."
        " 2022: 1,057 invention patents held by enterprises (stock)."
    ) in text
    assert "1,353" not in text  # 2,410 − 1,057
    assert not re.search(r"down from 2,410|after 2,410", text)


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_a_missing_subject_is_said_to_be_missing(kind: str) -> None:
    assert "Subjects without a published figure in this snapshot:" in text_of("2023", kind)


def test_the_same_input_gives_the_same_bytes() -> None:
    from zonereport.api import compose, load, render_all

    again = render_all(compose(load("baotou-2022")), ["pdf", "docx", "html"])
    assert again == rendered("2022")


def test_every_figure_shown_has_its_source_in_the_briefing(case: str) -> None:
    """Charts and tables name sources by id; each must be explained where the sources are listed."""
    briefing = composed(case)
    text = text_of(case, "docx")
    named = {
        id
        for block in briefing.blocks
        if isinstance(block, ChartBlock)
        for id in re.findall(r"[A-Z]+\d+", block.chart.source)
    }
    listed = set(re.findall(r"(?<![A-Z0-9])([A-Z]+\d+)[:：]", text))
    assert named <= listed


def test_earlier_figures_stand_with_their_sources_and_caveats() -> None:
    text = text_of("2022 beside 2021", "docx")
    assert "SMM21: Baotou rare Earth High-tech Zone increases Research and Development Investment." in text
    assert "R&D platforms 119 December 2021 stock SMM21" in text
    assert "The source says “R&D platforms”, not “innovation platforms”." in text
