"""What a reader would stumble over is found before anything is drawn, with its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conftest import composed
from zonereport.api import _style, preflight, render
from zonereport.briefing.blocks import Caption, ChartBlock, Column, Paragraph, Run, Table
from zonereport.charts.drawing import Label
from zonereport.charts.sheet import Sheet
from zonereport.errors import MissingCharacterError
from zonereport.render.preflight import Box, contrast
from zonereport.render.preflight import preflight as look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style


def with_chart(**changes: object) -> Briefing:
    briefing = composed("2022")
    blocks = [
        replace(b, chart=replace(b.chart, **changes))
        if isinstance(b, ChartBlock) and b.chart.id == "patents"
        else b
        for b in briefing.blocks
    ]
    return replace(briefing, blocks=tuple(blocks))


def test_the_bundled_briefings_have_nothing_to_mend(case: str) -> None:
    assert preflight(composed(case)) == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b5a7d", "#0b5a7d", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.01)


def test_a_pale_colour_of_the_theme_is_found() -> None:
    briefing = composed("2022")
    style = _style(briefing)
    pale = replace(style, theme=replace(style.theme, colours=replace(style.theme.colours, muted="#aaaaaa")))
    (paper, tint) = look(briefing, pale)
    assert paper.place == "theme `neutral`"
    assert paper.message == "`muted` on `paper` has a contrast of 2.3, expected 4.5 (WCAG AA)"
    assert "`tint`" in tint.message


def test_a_chart_without_an_alternative_is_found() -> None:
    (finding,) = preflight(with_chart(alt=" "))
    assert (finding.place, finding.message) == ("Figure 2", "the chart has no alternative text")


def test_a_label_that_leaves_the_picture_or_meets_another_is_found() -> None:
    def draw(style: Style) -> Drawing:
        sheet = Sheet(style, 20)
        sheet.text(150, 5, "much too long for its place")
        sheet.text(10, 10, "one")
        sheet.text(11, 10, "other")
        sheet.text(60, 10, "below")
        sheet.text(60, 13, "this")  # a line's distance: no fault
        sheet.text(90, 0, "high")
        sheet.text(90, 20, "deep")
        return sheet.drawing()

    assert [finding.message for finding in preflight(with_chart(draw=draw, height=20.0))] == [
        "the label `much too long for its place` leaves the picture",
        "the label `high` leaves the picture",
        "the label `deep` leaves the picture",
        "the labels `one` and `other` stand on one another",
    ]


def test_a_label_s_room_is_that_of_its_letters() -> None:
    label = Label(10, 20, "one", 8, "#000000", width=15)
    box = Box.around(label)
    assert box == pytest.approx((10, 14, 25, 21.76))
    assert box.overlaps(Box.around(replace(label, x=23)))
    assert not box.overlaps(Box.around(replace(label, x=24.5)))
    assert not box.overlaps(Box.around(replace(label, y=26)))


def test_a_table_too_narrow_for_its_words_is_found() -> None:
    columns = tuple(Column(f"Column {n}") for n in range(14))
    cells = tuple((Run("internationalisation"),) for _ in columns)
    table = Table("t", Caption("table", "Table ", 7, ". ", ()), columns, (cells,), "Wide")
    briefing = replace(composed("2022"), blocks=(table,))
    findings = preflight(briefing)
    assert len(findings) == 14
    assert findings[0].describe() == "Table 7: the column `Column 0` is too narrow for `internationalisation`"


def test_a_character_that_no_font_has_is_named_with_its_section() -> None:
    briefing = composed("2022")
    blocks = (*briefing.blocks, Paragraph((Run("a \U0001f9ff bead"),)))
    with pytest.raises(MissingCharacterError) as raised:
        render(replace(briefing, blocks=blocks), "pdf")
    assert "U+1F9FF" in raised.value.message
    assert raised.value.message.endswith("see `Sources and methods`")


def test_strict_writes_nothing_where_there_is_something_to_mend(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from zonereport import api
    from zonereport.render.preflight import Finding

    monkeypatch.setattr(api, "preflight", lambda _: (Finding("Table 1", "is ugly"),))
    code, out, err = run("generate", "-f", "pdf", "-o", tmp_path / "out", "--strict")
    assert (code, out) == (1, "")
    assert "zonereport: error: Table 1: is ugly" in err
    assert not (tmp_path / "out").exists()
    code, out, err = run("generate", "-f", "pdf", "-o", tmp_path / "out")
    assert code == 0
    assert "zonereport: warning: Table 1: is ugly" in err
