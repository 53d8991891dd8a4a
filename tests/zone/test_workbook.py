"""The form in Excel: what is typed into it is read as typed, asked back, or refused with sheet and cell."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook
from typing_in import Raw, error, formula, part_of, place_of, typed, with_part, with_style

from zonereport.api import load
from zonereport.errors import InputError
from zonereport.zone.converting import convert, start
from zonereport.zone.model import Missing
from zonereport.zone.reading import bundled_zones, parse_file
from zonereport.zone.schema import (
    BreakdownForm,
    DefaultsForm,
    EditionForm,
    FigureForm,
    IndicatorForm,
    ItemForm,
    ListForm,
    MilestoneForm,
    NamesForm,
    PartForm,
    SourceForm,
    VoiceForm,
    ZoneForm,
)
from zonereport.zone.workbook import layout, look, package
from zonereport.zone.workbook.writing import write_workbook

if TYPE_CHECKING:
    from zonereport.zone.model import Figure

TESTONIA = """
format = 1
headline = ["rd-projects"]
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = 2022
date = 2022-12-31
[defaults]
source = "S1"
as_of = "2022-12"
period = 2022
currency = "EUR"
[sources.S1]
title = "Sample yearbook"
publisher = "Testonia Press"
date = 2022
[figures]
rd-projects = 12
rd-professionals = { more_than = 300 }
technology-contract-turnover = { value = 2.5, scale = "million" }
innovation-platforms = { value = 9, breakdown = { by = "kind", parts = [{ name = "sheds", value = 4 }] } }
[lists.focus-sectors]
label = "Focus"
items = [{ id = "green", name = "green development" }]
[[milestones]]
date = 1990
title = "A shed was built"
[[voices]]
speaker = "A. Person"
role = "director"
quotation = "Sheds matter."
"""
FORM = convert(TESTONIA.encode(), "testonia.toml", "testonia.xlsx")


def figure(content: object, id: str = "staff", key: str = "value", form: bytes = FORM) -> Figure:
    """Return the figure that is read when something is typed into one cell of its row."""
    data = typed(form, "Figures", {place_of(form, "Figures", id, key): content})
    return parse_file(data, "testonia.xlsx").figures[id]


# What is read


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (3228, "3228"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "1E-7"),
        ("3228", "3228"),
        ("1,234,567", "1234567"),
        ("12,34,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234 567", "1234567"),
        ("3\u00a0228", "3228"),
        ("3\u202f228", "3228"),
        ("3'228", "3228"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("2,5", "2.5"),
        ("2.50", "2.50"),
        ("３，２２８，０００", "3228000"),
        ("\u2212" + "5", "-5"),
        ("36.300E0", "36.300"),
        ("1e3", "1E+3"),
        (formula("1+1", "2"), "2"),
    ],
)
def test_a_number_is_read_as_it_is_shown(content: object, number: str) -> None:
    found = figure(content, "net-profit")
    assert str(found.value.number) == number  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ("…", Missing.NOT_PUBLISHED),
        ("..", Missing.NOT_PUBLISHED),
        (":", Missing.NOT_PUBLISHED),
        ("未公布", Missing.NOT_PUBLISHED),
        ("Not published", Missing.NOT_PUBLISHED),
        ("不适用", Missing.NOT_APPLICABLE),
        ("confidential", Missing.CONFIDENTIAL),
    ],
)
def test_a_mark_that_means_one_thing_says_why_there_is_no_number(content: str, missing: Missing) -> None:
    assert figure(content).value == missing
    if content.isascii() and content.isalpha():
        assert figure(content, key="qualifier").value == missing


def test_a_choice_is_read_in_either_language() -> None:
    place = place_of(FORM, "Figures", "staff", "value")
    for word in ("more than", "多于", "More Than"):
        assert figure(word, "rd-projects", "qualifier").value.qualifier == "more_than"  # type: ignore[union-attr]
    cells: dict[str, Any] = {place: 5, place_of(FORM, "Figures", "staff", "qualifier"): "范围"}
    cells[place_of(FORM, "Figures", "staff", "to")] = 8
    zone = parse_file(typed(FORM, "Figures", cells), "testonia.xlsx")
    assert zone.figures["staff"].value.qualifier == "range"  # type: ignore[union-attr]


def test_a_share_shown_as_a_percentage_is_the_number_before_the_sign() -> None:
    form, style = with_style(FORM, 10)
    share = figure(Raw({"s": style}, "<v>0.765</v>"), "patents-granted-share-of-city", form=form)
    assert share.value.number == Decimal("76.5")  # type: ignore[union-attr]


def test_a_date_is_read_with_the_epoch_of_its_workbook() -> None:
    form, style = with_style(FORM, 14)
    place = place_of(form, "Zone", "edition.date", "value")
    for serial, attribute in ((44925, ""), (43463, ' date1904="1"')):
        text = part_of(form, "xl/workbook.xml").decode().replace("<workbookPr", f"<workbookPr{attribute}")
        data = with_part(form, "xl/workbook.xml", text.encode())
        data = typed(data, "Zone", {place: Raw({"s": style}, f"<v>{serial}</v>")})
        assert parse_file(data, "testonia.xlsx").edition.date.isoformat() == "2022-12-30"


def test_rows_columns_and_sheets_of_ones_own_do_not_disturb() -> None:
    data = typed(FORM, "Figures", {"A150": "", "AZ1": "", "AZ5": "a remark to myself"})
    assert parse_file(data, "testonia.xlsx") == parse_file(FORM, "testonia.xlsx")


def test_what_a_briefing_carries_of_a_workbook_is_what_was_read() -> None:
    zone = parse_file(FORM, "testonia.xlsx")
    assert zone.origin is not None
    assert zone.origin.format == "json"
    assert parse_file(zone.origin.text.encode(), "testonia.json") == zone


# What is refused

FAULTS: list[tuple[str, str | int, str, object, str]] = [
    # sheet, row, column, what is typed, what is said
    ("Figures", "staff", "value", error("#REF!"), "expected a value, found the error `#REF!`"),
    ("Figures", "staff", "value", error("#DIV/0!"), "expected a value, found the error `#DIV/0!`"),
    ("Sources", "S1", "title", error("#N/A"), "expected a value, found the error `#N/A`"),
    ("Figures", "staff", "value", formula("SUM(A1:A3)"), "found a formula whose result is not saved"),
    ("Figures", "staff", "value", "36.300", "can mean one thing only, found the text `36.300`"),
    ("Figures", "staff", "value", "12,439", "can mean one thing only, found the text `12,439`"),
    ("Figures", "staff", "value", "-", "`-` means zero to some"),
    ("Figures", "staff", "value", "n/a", "`n/a` means zero to some"),
    ("Figures", "staff", "value", "在建", "`在建` is a state, not a number"),
    ("Figures", "staff", "value", "about 500", "expected a number, found the text `about 500`"),
    ("Figures", "staff", "value", "1,23,4", "expected a number, found the text `1,23,4`"),
    ("Figures", "staff", "value", "12²", "expected a number, found the text `12²`"),
    ("Figures", "staff", "value", True, "expected a number, found `TRUE`"),
    ("Figures", "staff", "value", 3.5, "expected a whole number, found `3.5`"),
    ("Figures", "staff", "value", -3, "expected no negative number, found `-3`"),
    ("Figures", "staff", "qualifier", "roughly", "expected one of exactly, about, more than"),
    ("Figures", "staff", "to", 5, "expected nothing here unless `range` is chosen"),
    ("Figures", "rd-projects", "qualifier", "未公布", "expected no number beside `not published`, found `12`"),
    ("Figures", "rd-projects", "qualifier", "range", "expected both ends of the range"),
    ("Figures", "rd-projects", "scale", "dozen", "expected one of one, hundred, thousand"),
    ("Figures", "rd-projects", "status", "guessed", "expected 'provisional'"),
    ("Figures", "rd-projects", "source", "S2", "unknown source `S2`"),
    ("Figures", "rd-projects", "as_of", "last year", "expected a date such as"),
    ("Figures", "rd-projects", "period", 44926, "expected a date such as"),
    ("Figures", "technology-contract-turnover", "unit", "EURO", "expected an ISO 4217 currency code"),
    ("Figures", "rd-projects", "also.value", 5, "missing; expected this key"),
    ("Figures", "rd-projects", "note", '{"en', 'what begins with `{"` is read as JSON'),
    ("Figures", "rd-projects", "id", "rd-project", "unknown indicator `rd-project`"),
    ("Figures", "rd-projects", "id", "rd-professionals", "stands in Figures!"),
    ("Figures", "rd-projects", "id", "", "no id in this row, which says something"),
    ("Figures", 1, "note.zh", "remark", "unknown column `remark`"),
    ("Figures", 1, "qualifier", "", "no column `qualifier`"),
    ("Breakdowns", 3, "figure", "staff", "no figure `staff` on the sheet Figures"),
    ("Breakdowns", 3, "value", 10, "expected a part of the total, found more than the total"),
    ("Breakdowns", 3, "complete", "perhaps", "expected `yes` or `no`"),
    ("Sources", "S1", "address", "www", "expected an address that starts with `https://`"),
    ("Sources", "S1", "date", "", "missing; expected this key"),
    ("Lists", 3, "relation", "newish", "expected one of continuing, widened, new"),
    ("Lists", 4, "name", "loose", "no list in this row, which says something"),
    ("Milestones", 3, "date", 2030, "`2030` lies after the edition's date"),
    ("Voices", 3, "how", "shouted", "expected one of quotation, paraphrase"),
    ("Voices", 3, "how", "", "expected `quotation` or `paraphrase`, found nothing"),
    ("Indicators", 3, "id", "sheds", "missing; expected this key"),
    ("Zone", "zone.id", "value", "Testonia Zone", "expected letters, digits and hyphens"),
    ("Zone", "zone.name", "value", "", "missing; expected this key"),
    ("Zone", "zone.id", "value.zh", "甲", "this is not a text by language"),
    ("Zone", "edition.date", "value", "2022", "expected a day such as `2022-12-31`"),
    ("Zone", "format", "value", 7, "expected 1, found `7`"),
    ("Zone", "headline", "value", "rd-projects, sheds", "unknown indicator `sheds`"),
    ("Zone", "language", "key", "tongue", "unknown key `tongue`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "row", "column", "content", "message"),
    FAULTS,
    ids=[f"{n} {fault[4][:30]}" for n, fault in enumerate(FAULTS)],
)
def test_what_does_not_hold_is_said_with_sheet_and_cell(
    sheet: str, row: str | int, column: str, content: object, message: str
) -> None:
    place = place_of(FORM, sheet, row, column)
    with pytest.raises(InputError) as caught:
        parse_file(typed(FORM, sheet, {place: content}), "testonia.xlsx")
    problems = caught.value.problems
    assert any(message in problem.message for problem in problems), [p.describe("") for p in problems]
    assert all(problem.place.partition("!")[0] in layout_names() for problem in problems)
    assert all(problem.place.partition("!")[2].isalnum() for problem in problems)
    if message.startswith(IN_ANOTHER_CELL):
        assert re.sub(r"\D", "", problems[0].place) == re.sub(r"\D", "", place)
    elif not message.startswith("no column"):
        assert f"{sheet}!{place}" in {problem.place for problem in problems}


IN_ANOTHER_CELL = (
    "missing;",
    "expected no number beside",
    "expected both ends",
    "no list in",
    "expected a part of",
)
"""Faults of a row whose cause is not the cell that was typed into, but one beside it."""


def layout_names() -> set[str]:
    return {layout.ZONE, *(sheet.name for sheet in layout.SHEETS)}


def test_there_are_at_least_forty_planted_faults() -> None:
    assert len(FAULTS) >= 40


def test_merged_cells_are_refused_where_values_are_read() -> None:
    more = '<mergeCells count="1"><mergeCell ref="F5:G6"/></mergeCells>'
    with pytest.raises(
        InputError, match=r"Figures!F5: expected one value a cell, found the merged cells F5:G6"
    ):
        parse_file(typed(FORM, "Figures", {}, more), "testonia.xlsx")


def test_a_month_that_a_spreadsheet_made_a_day_of_is_asked_back() -> None:
    form, style = with_style(FORM, 17)
    place = place_of(form, "Figures", "staff", "as_of")
    value = place_of(form, "Figures", "staff", "value")
    data = typed(form, "Figures", {value: 5, place: Raw({"s": style}, "<v>44896</v>")})
    with pytest.raises(InputError, match="found the date 2022-12-01, which may be how") as caught:
        parse_file(data, "testonia.xlsx")
    assert caught.value.problems[0].place == f"Figures!{place}"


def test_a_number_that_a_spreadsheet_made_a_date_of_is_asked_back() -> None:
    form, style = with_style(FORM, 14)
    place = place_of(form, "Figures", "staff", "value")
    with pytest.raises(InputError, match="expected a number, found the date `2022-04-03`"):
        parse_file(typed(form, "Figures", {place: Raw({"s": style}, "<v>44654</v>")}), "testonia.xlsx")


def test_a_percentage_of_what_is_no_share_is_refused() -> None:
    form, style = with_style(FORM, 9)
    with pytest.raises(InputError, match="expected persons, found a percentage"):
        figure(Raw({"s": style}, "<v>12</v>"), form=form)


def test_a_sheet_that_was_renamed_is_missed() -> None:
    text = part_of(FORM, "xl/workbook.xml").decode().replace('name="Voices"', 'name="Stimmen"')
    with pytest.raises(InputError, match="no sheet `Voices`"):
        parse_file(with_part(FORM, "xl/workbook.xml", text.encode()), "testonia.xlsx")


# Traps


def test_a_workbook_that_unpacks_beyond_all_measure_is_refused_unread() -> None:
    bomb = with_part(FORM, "xl/media/zeros.bin", bytes(200 * 2**20))
    with pytest.raises(InputError, match="unpacks from"):
        parse_file(bomb, "testonia.xlsx")


def test_a_package_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_TOTAL", 50_000)
    monkeypatch.setattr(zipfile.ZipInfo, "file_size", property(lambda _: 10, lambda *_: None), raising=False)
    with pytest.raises(InputError, match=r"unpacks to more|damaged"):
        parse_file(FORM, "testonia.xlsx")


def test_a_cell_far_out_is_refused_before_its_sheet_is_filled_up() -> None:
    with pytest.raises(InputError, match="reaches to row 1048576, column 16384"):
        parse_file(typed(FORM, "Figures", {"XFD1048576": 1}), "testonia.xlsx")


def test_a_long_text_that_many_cells_share_is_counted_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "MAX_CHARACTERS", 5_000)
    with pytest.raises(InputError, match="characters of text"):
        parse_file(FORM, "testonia.xlsx")


def test_entities_of_ones_own_are_refused() -> None:
    text = part_of(FORM, "xl/sharedStrings.xml").decode()
    text = text.replace("<sst", '<!DOCTYPE sst [<!ENTITY a "aaaa">]><sst', 1)
    with pytest.raises(InputError, match="defines entities of its own"):
        parse_file(with_part(FORM, "xl/sharedStrings.xml", text.encode()), "testonia.xlsx")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected an XLSX workbook, found something else"),
        (b"PK\x03\x04 and no more", "expected an XLSX workbook, found something else"),
        (b"zone,year,value\n", "expected an XLSX workbook, found something else"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "one with a password, or of the old kind"),
        (FORM[:-200], "damaged"),
        (bytes(9 * 2**20), "expected at most 8 MB"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_file(data, "testonia.xlsx")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet3.xml", "xl/styles.xml"])
@pytest.mark.parametrize(
    "content", [b"", b"<a", b"<a/>", b"\xff\xfe\0", b"<worksheet><c r='12'/></worksheet>"]
)
def test_a_damaged_part_ends_in_a_message(part: str, content: bytes) -> None:
    with pytest.raises(InputError):
        parse_file(with_part(FORM, part, content), "testonia.xlsx")


# What is written


def cells_of(data: bytes) -> list[Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [
        cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(1)", "https://example.org/"]
)
def test_a_text_that_looks_like_a_formula_is_written_as_text(text: str) -> None:
    toml = TESTONIA.replace('"Testonia Sample Zone"', f'"{text}"').replace('"A. Person"', f'"{text}"')
    data = convert(toml.encode(), "testonia.toml", "testonia.xlsx")
    assert cells_of(data).count(text) == 2
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert not [name for name, part in parts.items() if b"<f>" in part or b"<hyperlink" in part]
    assert parse_file(data, "testonia.xlsx").name == {"en": text}


def test_the_same_zone_is_the_same_workbook() -> None:
    assert convert(TESTONIA.encode(), "testonia.toml", "testonia.xlsx") == FORM


def test_the_form_is_locked_but_for_what_is_to_be_typed() -> None:
    with zipfile.ZipFile(io.BytesIO(FORM)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert all("<sheetProtection sheet=" in sheet and "password" not in sheet for sheet in sheets)
    assert sum('state="frozen"' in sheet for sheet in sheets) == len(layout.SHEETS) + 1
    assert sum("<dataValidation " in sheet for sheet in sheets) >= 6


def test_an_empty_form_has_a_row_for_every_indicator_and_says_what_is_missing() -> None:
    form = start("zone.xlsx", language="zh")
    with pytest.raises(InputError) as caught:
        parse_file(form, "zone.xlsx")
    said = {(problem.place, problem.message) for problem in caught.value.problems}
    assert ("Zone!D5", "missing; expected this key") in said
    assert place_of(form, "Zone", "zone.id", "value") == "D5"
    assert "多于" in cells_of(form)
    assert "more than" not in cells_of(form)


def test_a_form_for_next_year_has_the_names_and_shows_the_years_before() -> None:
    from zonereport.zone.reading import parse_form

    before = [parse_form(path.read_bytes(), str(path)) for path in bundled_zones().values()]
    form = start("zone.xlsx", earlier=before)
    cells = cells_of(form)
    assert "包头稀土高新技术产业开发区" in cells
    assert "2,410" not in cells
    assert 2410.0 in cells
    assert "more than 500" in cells


def test_every_key_of_the_zone_file_has_its_place_in_the_form() -> None:
    head = {column.key for column in layout.HEAD}
    for table, shape in (("zone", NamesForm), ("edition", EditionForm), ("defaults", DefaultsForm)):
        assert {f"{table}.{key}" for key in shape.model_fields} <= head
    tables = {
        "zone",
        "edition",
        "defaults",
        "sources",
        "indicators",
        "figures",
        "lists",
        "milestones",
        "voices",
    }
    assert set(ZoneForm.model_fields) - tables <= head
    values = {"value", "more_than", "at_least", "less_than", "up_to", "about", "range", "missing"}
    elsewhere = values | {"also", "breakdown", "parts", "items", "quotation", "paraphrase"}
    for sheet, shapes in (
        (layout.FIGURES, (FigureForm,)),
        (layout.BREAKDOWNS, (BreakdownForm, PartForm)),
        (layout.SOURCES, (SourceForm,)),
        (layout.LISTS, (ListForm, ItemForm)),
        (layout.MILESTONES, (MilestoneForm,)),
        (layout.VOICES, (VoiceForm,)),
        (layout.INDICATORS, (IndicatorForm,)),
    ):
        keys = {key for shape in shapes for key in shape.model_fields} - elsewhere
        assert keys <= {column.key for column in sheet.columns}, sheet.name


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    long = dict.fromkeys(("zz", "en", "zh", *(f"a{n:c}" for n in range(97, 117))), "测" * 1999)
    toml = TESTONIA.replace(
        '"Testonia Sample Zone"', "{" + ",".join(f'{k}="{v}"' for k, v in long.items()) + "}"
    )
    with pytest.raises(InputError, match="more than 32767 characters"):
        convert(toml.encode(), "testonia.toml", "testonia.xlsx")


def test_the_bundled_zones_make_a_workbook_that_loads(tmp_path: Any) -> None:
    file = tmp_path / "mine.XLSX"
    path = bundled_zones()["baotou-2022"]
    file.write_bytes(convert(path.read_bytes(), str(path), "mine.xlsx"))
    assert load(file) == load("baotou-2022")


def test_writing_nothing_is_a_form_too() -> None:
    assert write_workbook({}) == start("zone.xlsx")
