"""Other people's tables: what is read of them, what is refused with its line, and that the rest is kept."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from zonereport.errors import InputError
from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.numerals import NumeralError, read_number
from zonereport.zone.reading import parse_file
from zonereport.zone.tables.importing import Imported, read_table
from zonereport.zone.tables.report import Refusal, write_report

HEAD = """
[file.zone]
place = "Testonia"
[file.defaults]
source = "YB"
currency = "EUR"
[file.sources.YB]
title = "Yearbook"
publisher = "Testonia Statistics"
date = 2023
"""
LONG = """
format = 1
[columns]
zone = "Zone"
year = "Year"
indicator = "Indicator"
value = "Value"
"""
WIDE = """
format = 1
shape = "wide"
year = 2022
[columns]
zone = "Zone"
[indicators]
"Staff" = "staff"
"Exports, mln" = { id = "exports", scale = "million", unit = "USD" }
"""


def imported(folder: Path, table: str | bytes, mapping: str, name: str = "table.csv") -> Imported:
    (folder / name).write_bytes(table.encode() if isinstance(table, str) else table)
    (folder / "map.toml").write_text(mapping + HEAD, "utf-8")
    return read_table(folder / name, folder / "map.toml")


def values(result: Imported) -> dict[str, dict[str, str]]:
    """Return what the files say, as numbers with their qualifiers, by file and indicator."""
    said: dict[str, dict[str, str]] = {}
    for name, data in result.files.items():
        figures = parse_file(data, name).figures
        said[name] = {
            id: str(getattr(figure.value, "number", None) or figure.value.value)  # type: ignore[union-attr]
            for id, figure in figures.items()
        }
    return said


def reasons(result: Imported) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.reason) for refusal in sorted(result.refusals, key=lambda r: r.line)]


def test_a_long_table_makes_a_file_a_zone_and_year(tmp_path: Path) -> None:
    table = "Zone,Year,Indicator,Value\nTestonia East,2021,staff,12\nTestonia East,2022,staff,15\nUpper Testonia,2022,staff,7\n"
    result = imported(tmp_path, table, LONG)
    assert values(result) == {
        "testonia-east-2021.toml": {"staff": "12"},
        "testonia-east-2022.toml": {"staff": "15"},
        "upper-testonia-2022.toml": {"staff": "7"},
    }
    assert (result.figures, result.refusals) == (3, ())
    zone = parse_file(result.files["testonia-east-2021.toml"], "a.toml")
    assert (zone.name, str(zone.edition.snapshot)) == ({"en": "Testonia East"}, "2021")
    assert str(zone.figures["staff"].as_of) == "2021"


def test_a_wide_table_has_its_scales_in_the_mapping_and_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    table = 'Zone;"Exports, mln";Staff;Remark\nTestonia;2.5;12;x\nNorthia;;3;\n'
    result = imported(tmp_path, table, WIDE)
    assert values(result) == {
        "testonia-2022.toml": {"staff": "12", "exports": "2500000"},
        "northia-2022.toml": {"staff": "3"},
    }
    assert parse_file(result.files["testonia-2022.toml"], "a.toml").figures["exports"].unit == "USD"
    assert result.refusals == ()


@pytest.mark.parametrize(
    ("value", "decimal", "number", "status"),
    [
        ("12439", ".", "12439", set()),
        ("12,439", ".", "12439", set()),
        ("12.439", ",", "12439", set()),
        ("12 439,50", ",", "12439.50", set()),
        ("5.2 p", ".", "5.2", {"provisional"}),
        ("5.2bep", ".", "5.2", {"break", "estimated", "provisional"}),
        ("5,2 s", ",", "5.2", {"estimated"}),
        (":", ".", "not published", set()),
        (": c", ".", "confidential", set()),
        (":z", ".", "not applicable", set()),
        ("…", ".", "not published", set()),
        (">500", ".", "500", set()),
        ("≤ 50", ".", "50", set()),
        ("k. A.", ".", "not published", set()),
    ],
)
def test_a_value_is_read_with_its_decimal_mark_and_flags(
    value: str, decimal: str, number: str, status: set[str], tmp_path: Path
) -> None:
    table = f'Zone\tYear\tIndicator\tValue\nTestonia\t2022\texports\t"{value}"\n'
    mapping = f'decimal = "{decimal}"\nmissing = {{ "k. A." = "not published" }}\n{LONG}'
    result = imported(tmp_path, table, mapping)
    assert values(result) == {"testonia-2022.toml": {"exports": number}}
    figure = parse_file(result.files["testonia-2022.toml"], "a.toml").figures["exports"]
    assert figure.status == status
    qualifier = getattr(figure.value, "qualifier", "exact")
    assert qualifier == {">": "more_than", "≤": "up_to"}.get(value[0], "exact")


def test_columns_of_units_flags_qualifiers_sources_and_notes_are_read(tmp_path: Path) -> None:
    mapping = LONG + (
        'unit = "Unit"\nqualifier = "How"\nto = "To"\nflag = "Flag"\nstatus = "Status"\nsource = "From"\n'
        'note = "Remark"\nperiod = "Period"\nname = "Name"\n'
        '[units]\n"mln $" = { scale = "million", unit = "USD" }\n[sources]\n"the yearbook" = "YB"\n'
    )
    table = (
        "Zone,Year,Indicator,Value,To,Unit,How,Flag,Status,From,Remark,Period,Name\n"
        "te,2022,exports,2,3,mln $,range,pe,revised,the yearbook,net,2022-H1,Testonia\n"
        "te,2022,imports,4,,万,约,,,,,,\n"
    ).replace("imports", "taxes")
    result = imported(tmp_path, table, mapping)
    zone = parse_file(result.files["te-2022.toml"], "te.toml")
    exports, taxes = zone.figures["exports"], zone.figures["taxes"]
    assert (exports.value.low.value, exports.value.high.value) == (2_000_000, 3_000_000)  # type: ignore[union-attr]
    assert exports.status == {"provisional", "estimated", "revised"}
    assert (exports.unit, str(exports.period), exports.note) == ("USD", "2022-H1", {"en": "net"})
    assert (taxes.value.qualifier, taxes.value.number) == ("about", 40_000)  # type: ignore[union-attr]
    assert zone.name == {"en": "Testonia"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Testonia,2022,staff", "expected 4 cells, as there are headings, found 3"),
        ("Testonia,2022,staff,1,2", "expected 4 cells, as there are headings, found 5"),
        ("Testonia,2022,stuff,1", "unknown indicator `stuff`"),
        ("Testonia,last,staff,1", "expected a year such as `2022`, found `last`"),
        (",2022,staff,1", "no zone in this row"),
        ("测试园区,2022,staff,1", "no id for the zone `测试园区`"),
        ("KEPT!,2022,exports,1", "`KEPT!` and `Kept` would both be `kept`"),
        ("Kept,2022,staff,9", "`staff` of `kept` in 2022 stands in line 2 already"),
        ("Testonia,2022,staff,", "no value in this row"),
        ("Testonia,2022,staff,12x", "unknown flag `x`"),
        ("Testonia,2022,staff,3 pp", "`pp` can be a unit, or flags"),
        ("Testonia,2022,exports,100 eur", "`eur` can be a unit, or flags"),
        ("Testonia,2022,exports,500rub", "`rub` can be a unit, or flags"),
        ("Testonia,2022,exports,5 bep", "`bep` can be a unit, or flags"),
        ("Testonia,2022,exports,5 fr", "`fr` can be a unit, or flags"),
        ("Testonia,2022,staff,-", "`-` means zero to some"),
        ("Testonia,2022,staff,12.439", "can mean one thing only, found the text `12.439`"),
        ("Testonia,2022,staff,5 c", "found `5`, flagged confidential"),
        ("Testonia,2022,staff,2.5", "expected a whole number, found `2.5`"),
        ("Testonia,2022,staff,-3", "expected no negative number, found `-3`"),
        ("Testonia,2022,patents-granted-share-of-city,140", "expected a share of 0 to 100 %"),
        ('Testonia,2022,staff,"1"2', "the row cannot be parted into cells"),
        ("Testonia,1,staff,1", "expected a year such as"),
    ],
)
def test_a_row_that_fails_is_listed_with_its_line_and_the_others_are_kept(
    row: str, reason: str, tmp_path: Path
) -> None:
    table = f"Zone,Year,Indicator,Value\nKept,2022,staff,5\n{row}\nKept,2022,rd-projects,6\n"
    result = imported(tmp_path, table, LONG)
    assert values(result)["kept-2022.toml"] == {"staff": "5", "rd-projects": "6"}
    ((line, said),) = reasons(result)
    assert line == 3
    assert reason in said


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-16-le", ""), ("gb18030", ""),
        ("gb18030", "gb18030"), ("cp1252", "cp1252"), ("latin-1", "iso-8859-1"),
    ],
)  # fmt: skip
def test_an_encoding_is_found_or_declared(encoding: str, declared: str, tmp_path: Path) -> None:
    name = "München" if "1252" in encoding or "latin" in encoding else "测试园区"
    table = f"Zone,Year,Indicator,Value,Name\nte,2022,staff,5,{name}\n".encode(encoding)
    mapping = (f'encoding = "{declared}"\n' if declared else "") + LONG + 'name = "Name"\n'
    result = imported(tmp_path, table, mapping)
    assert parse_file(result.files["te-2022.toml"], "te.toml").name == {"en": name}


@pytest.mark.parametrize("declared", ["utf-16", "utf-32", "idna"])
def test_a_declared_encoding_that_the_table_is_not_in_is_said(declared: str, tmp_path: Path) -> None:
    table = "Zone,Year,Indicator,Value\nTestonia,2022,staff,3\n"
    with pytest.raises(InputError, match=f"is not in the declared encoding `{declared}`"):
        imported(tmp_path, table, LONG.replace("format = 1", f'format = 1\nencoding = "{declared}"'))


def test_both_ends_of_a_range_are_percentages_where_the_cells_are(tmp_path: Path) -> None:
    columns = 'qualifier = "Qualifier"\nto = "To"\n'
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["Zone", "Year", "Indicator", "Value", "To", "Qualifier"])
        sheet.write_row(1, 0, ["Testonia", 2022, "rd-intensity"])
        sheet.write_number(1, 3, 0.002, percent)
        sheet.write_number(1, 4, 0.45, percent)
        sheet.write_string(1, 5, "range")
    (text,) = imported(tmp_path, data.getvalue(), LONG + columns, "table.xlsx").files.values()
    assert "range = [0.2, 45]" in text.decode()


@pytest.mark.parametrize(("text", "said"), [("0,123", "0.123"), ("0.041", "0.041"), ("-0,500", "-0.500")])
def test_a_zero_before_three_digits_is_no_group_of_thousands(text: str, said: str) -> None:
    assert str(read_number(text)) == said


def test_a_zero_before_three_digits_is_refused_under_the_other_mark() -> None:
    with pytest.raises(NumeralError):
        read_number("0.123", ",")


@pytest.mark.parametrize(
    ("encoding", "name", "declared", "is_told"),
    [("gb18030", "测试园区", "", True), ("euc_kr", "서울 연구단지", "", True),
     ("euc_kr", "서울 연구단지", "euc_kr", False), ("utf-8", "测试园区", "", False)],
)  # fmt: skip
def test_a_table_taken_for_chinese_by_its_bytes_is_told(
    encoding: str, name: str, declared: str, is_told: bool, tmp_path: Path
) -> None:
    table = f"Zone,Year,Indicator,Value,Name\nte,2022,staff,5,{name}\n".encode(encoding)
    mapping = (f'encoding = "{declared}"\n' if declared else "") + LONG + 'name = "Name"\n'
    notes = imported(tmp_path, table, mapping).notes
    assert [note.partition(": ")[2] for note in notes] == (
        ["read as GB18030; declare `encoding` if that is wrong"] if is_told else []
    )


def test_russian_and_japanese_bytes_do_not_pass_for_chinese(tmp_path: Path) -> None:
    for encoding, name in (("cp1251", "парк"), ("euc_jp", "つくばパーク")):
        table = f"Zone,Year,Indicator,Value,Name\nte,2022,staff,5,{name}\n".encode(encoding)
        result = imported(tmp_path, table, LONG + 'name = "Name"\n')
        assert (result.files, reasons(result)) == ({}, [(2, "found bytes that are not UTF-8")])


def test_bytes_of_another_encoding_are_refused_by_the_row_and_the_rest_is_kept(tmp_path: Path) -> None:
    table = "Zone,Year,Indicator,Value\nÖstonia,2022,staff,5\n".encode()
    table += "Münstonia,2022,staff,5\n".encode("cp1252") + b"Westonia,2022,staff,7\n"
    result = imported(tmp_path, table, LONG)
    assert list(result.files) == ["ostonia-2022.toml", "westonia-2022.toml"]
    assert reasons(result) == [(3, "found bytes that are not UTF-8")]
    assert "cp1252" in result.refusals[0].hint


def test_a_missing_column_is_reported_and_the_rest_kept_unless_numbers_would_change(tmp_path: Path) -> None:
    result = imported(tmp_path, "Zone,Staff\nTestonia,5\n", WIDE)
    assert values(result) == {"testonia-2022.toml": {"staff": "5"}}
    assert reasons(result) == [(1, "no column `Exports, mln`")]
    result = imported(
        tmp_path, "Zone,Year,Indicator,Value\nTestonia,2022,staff,5\n", LONG + 'note = "Remark"\n'
    )
    assert reasons(result) == [(1, "no column `Remark`")]
    assert len(result.files) == 1
    for missing in ('unit = "Unit"', 'qualifier = "How"', 'flag = "Flag"'):
        with pytest.raises(InputError, match=r"no column `(Unit|How|Flag)`"):
            imported(tmp_path, "Zone,Year,Indicator,Value\nTestonia,2022,staff,5\n", f"{LONG}{missing}\n")


def test_a_quotation_mark_that_is_never_closed_does_not_pass_for_a_table(tmp_path: Path) -> None:
    table = 'Zone,Year,Indicator,Value\nKept,2022,staff,5\nTestonia,2022,staff,"5\nNorthia,2022,staff,6\n'
    result = imported(tmp_path, table, LONG)
    assert list(result.files) == ["kept-2022.toml"]
    assert [line for line, _ in reasons(result)] == [3]


def sheet(rows: list[list[Any]], percent: tuple[int, int] | None = None) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    page = book.add_worksheet("Data")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            look = book.add_format({"num_format": "0%"}) if (number, column) == percent else None
            if str(cell).startswith("="):
                page.write_formula(number, column, cell, None, "#DIV/0!")
            else:
                page.write(number, column, cell, look)
    book.close()
    return data.getvalue()


def test_a_workbook_is_a_table_too(tmp_path: Path) -> None:
    rows = [
        ["Some Testonia table"], [], ["", "Zone", "Year", "Indicator", "Value"], ["", "Testonia", 2022, "staff", 5],
        ["", "Testonia", 2022, "patents-granted-share-of-city", 0.76], ["", "Testonia", 2022, "exports", "=1/0"],
        ["", "Testonia", 2022, "rd-projects", "1,234,567"],
    ]  # fmt: skip
    data = sheet(rows, (4, 4))
    result = imported(tmp_path, data, "header = 3\n" + LONG, "table.xlsx")
    assert values(result)["testonia-2022.toml"] == {
        "staff": "5", "rd-projects": "1234567", "patents-granted-share-of-city": "76",
    }  # fmt: skip
    assert reasons(result) == [(6, "expected a value, found the error `#DIV/0!`")]
    with pytest.raises(InputError, match=r"no sheet `Dta`\n  hint: did you mean `Data`"):
        imported(tmp_path, data, 'sheet = "Dta"\n' + LONG, "table.xlsx")


def test_a_map_that_does_not_hold_says_where(tmp_path: Path) -> None:
    faults = {
        LONG.replace('value = "Value"', ""): "columns: no `value`",
        LONG.replace('year = "Year"', ""): "columns: no year",
        LONG + "[indicators]\nStaff = 'stuff'\n": "indicators.Staff: unknown indicator `stuff`",
        LONG + "[units]\nm = { scale = 'mill' }\n": "units.m: unknown scale `mill`",
        "encoding = 'klingon'\n" + LONG: "encoding: unknown encoding `klingon`",
        LONG + "[flags]\nq = 'odd'\n": "flags.q: expected 'provisional'",
        LONG + "colour = 'red'\n": "columns.colour: unknown key",
        LONG + "[file.edition]\nissuer = 'x'\n": "file.edition.issuer: unknown key",
    }
    for mapping, message in faults.items():
        with pytest.raises(InputError) as caught:
            imported(tmp_path, "Zone,Year,Indicator,Value\n", mapping)
        assert message in str(caught.value)


def test_the_report_holds_no_formula_and_opens_as_utf_8() -> None:
    data = write_report([Refusal(3, "a reason", "", "=cmd|' /C calc'!A0", "-1 | 测试\n")])
    header, row = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert header == ["line", "column", "reason", "hint", "row"]
    assert row == ["3", "'=cmd|' /C calc'!A0", "a reason", "", "'-1 | 测试 "]
    assert data.startswith(b"\xef\xbb\xbf")


PROBE = """
import sys
from pathlib import Path
from peak import peak_bytes
from zonereport.zone.tables.importing import read_table
result = read_table(Path(sys.argv[1]), Path(sys.argv[2]))
print(len(result.files), result.figures, len(result.refusals), peak_bytes())
"""


@pytest.mark.slow
def test_a_thousand_zones_by_twenty_indicators_take_seconds_and_little_memory(tmp_path: Path) -> None:
    ids = [
        indicator.id
        for indicator in load_catalogue().indicators.values()
        if indicator.unit in ("number", "money")
    ][:20]
    assert len(ids) == 20
    with (tmp_path / "big.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Zone", "Year", "Indicator", "Value"])
        writer.writerows(
            [f"Testonia {zone}", 2022, id, 1000 + zone * 7 + place]
            for zone in range(1000)
            for place, id in enumerate(ids)
        )
    (tmp_path / "map.toml").write_text(LONG + HEAD, "utf-8")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROBE, tmp_path / "big.csv", tmp_path / "map.toml"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    taken = time.monotonic() - began
    files, figures, refused, memory = map(int, done.stdout.split())
    assert (files, figures, refused) == (1000, 20_000, 0)
    assert taken < 30
    assert memory < 500 * 10**6
