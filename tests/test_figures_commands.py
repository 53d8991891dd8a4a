"""The commands before there is a briefing: a form to fill in, a format into another, a table into zone files."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zonereport.api import load
from zonereport.zone.reading import bundled_zones

sys.path.append(str(Path(__file__).parent / "zone"))
from typing_in import place_of, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

MAP = """
format = 1
[columns]
zone = "Zone"
year = "Year"
indicator = "Indicator"
value = "Value"
[file]
zone = { place = "Testonia" }
defaults = { source = "YB" }
sources.YB = { title = "Yearbook", publisher = "Testonia Statistics", date = 2023 }
"""


def test_new_writes_a_form_and_says_what_it_lacks(run: Run, tmp_path: Path) -> None:
    form = tmp_path / "zone.xlsx"
    assert run("new", form, "--lang", "zh") == (0, f"{form}\n", "")
    code, out, _ = run("check", form)
    assert code == 1
    assert f"{form}: Zone!D5: missing; expected this key" in out
    code, _, err = run("new", form)
    assert (code, "`--force` replaces it" in err) == (1, True)
    assert run("new", form, "--force", "-p", "baotou-2021", "-p", "baotou-2022")[0] == 0


def test_new_writes_a_starter_in_toml(run: Run, tmp_path: Path) -> None:
    starter = tmp_path / "zone.toml"
    assert run("new", starter)[0] == 0
    code, out, _ = run("check", starter)
    assert (code, "zone.id: expected letters, digits and hyphens, found `<id>`" in out) == (1, True)
    text = starter.read_text("utf-8")
    for given, filled in {
        "<id>": "testonia",
        "<2022>": "2022",
        "<2022-12>": "2022-12",
        "<CNY>": "CNY",
    }.items():
        text = text.replace(given, filled)
    starter.write_text(
        text.replace("<2022-12-31>", "2022-12-31").replace("# inn", "inn").replace("# ach", "ach")
    )
    assert run("check", starter)[:2] == (0, f"{starter}: no problem found in 2 figures\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["new", "zone.ods"], 2, "expected a name that ends with .toml, .json, .xlsx, found `zone.ods`"),
        (["new", "zone.json"], 2, "JSON is not written by hand"),
        (["new", "zone.toml", "-p", "baotou-2021"], 2, "only a workbook shows earlier years"),
        (["convert", "baotou-2022", "zone.pdf"], 2, "expected a name that ends with"),
        (["convert", "baotou-2202", "zone.toml"], 2, "did you mean"),
        (["import", "nowhere.csv", "--map", "map.toml", "-o", "out"], 1, "map.toml: no such file"),
    ],
)
def test_what_cannot_be_is_said(
    arguments: list[str], code: int, message: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done, out, err = run(*arguments)
    assert (done, out) == (code, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", bundled_zones())
def test_convert_leads_from_toml_by_xlsx_and_json_back_to_toml(name: str, run: Run, tmp_path: Path) -> None:
    given: object = name
    for target in ("a.toml", "b.xlsx", "c.json", "d.toml"):
        assert run("convert", given, tmp_path / target)[0] == 0
        given = tmp_path / target
        assert load(given) == load(name)
    assert (tmp_path / "a.toml").read_bytes() == (tmp_path / "d.toml").read_bytes()


def test_generate_check_and_archive_take_a_workbook(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.xlsx"
    run("convert", "baotou-2022", file)
    assert run("check", file)[:2] == (0, f"{file}: no problem found in 9 figures\n")
    assert run("generate", file, "-f", "html", "-q", "-o", tmp_path)[0] == 0
    assert run("generate", "baotou-2022", "-f", "html", "-q", "-o", tmp_path / "twin")[0] == 0
    page = "baotou-2022-briefing-en.html"
    assert (tmp_path / page).read_bytes() == (tmp_path / "twin" / page).read_bytes()
    archive = tmp_path / "archive"
    assert run("archive", "add", file, "-f", "html", "--archive", archive)[0] == 0
    (kept,) = archive.rglob("inputs/zone.xlsx")
    assert kept.read_bytes() == file.read_bytes()
    assert run("archive", "verify", "--deep", "--archive", archive)[0] == 0
    assert (
        run("generate", "baotou-2023", "--history", "--archive", archive, "-f", "html", "-q", "-o", tmp_path)[
            0
        ]
        == 0
    )


def test_check_names_the_cell_in_json_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.xlsx"
    run("convert", "baotou-2022", file)
    data = file.read_bytes()
    place = place_of(data, "Figures", "rd-projects", "value")
    file.write_bytes(typed(data, "Figures", {place: "36.300"}))
    code, out, _ = run("check", file, "--json")
    (report,) = json.loads(out)
    assert code == 1
    assert [problem["place"] for problem in report["problems"]] == [f"Figures!{place}"]


def test_import_writes_a_file_a_zone_and_a_report_of_the_rest(run: Run, tmp_path: Path) -> None:
    table, mapping, out = tmp_path / "table.csv", tmp_path / "map.toml", tmp_path / "out"
    mapping.write_text(MAP, "utf-8")
    table.write_text("Zone;Year;Indicator;Value\nTestonia;2021;staff;5\nTestonia;2022;staff\n", "utf-8")
    code, said, err = run("import", table, "--map", mapping, "-o", out)
    assert (code, said) == (3, f"1 zone files with 1 figures in {out}\n")
    assert "1 rows or columns were not taken" in err
    assert load(out / "testonia-2021.toml").figures["staff"]
    with (out / "import-report.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["line"], row["reason"]) == ("3", "expected 4 cells, as there are headings, found 3")
    table.write_text("Zone;Year;Indicator;Value\nTestonia;2021;staff;6\n", "utf-8")
    code, said, err = run("import", table, "--map", mapping, "-o", out, "--json")
    assert (code, err, json.loads(said)["refused"]) == (0, "", 0)
    table.write_text("Zone;Year;Indicator;Value;测试\nTestonia;2021;staff;6;\n", "gb18030")
    code, _, err = run("import", table, "--map", mapping, "-o", out, "-q")
    assert (code, "read as GB18030" in err) == (0, True)
    table.write_text("Zone;Year;Indicator;Value\nTestonia;2021;staff;six\n", "utf-8")
    assert run("import", table, "--map", mapping, "-o", out, "-q")[0] == 1
