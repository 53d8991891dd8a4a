"""The bench makes the same briefing as its peers, and its arithmetic holds."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from measuring import FailedError, Job, Run, measure
from page import results
from peers import content
from programs import OURS, TUTORIALS, TYPST, long_jobs
from ratios import Spread, ratio, steepening
from targets import judge
from zones import TEMPLATE_LANGUAGES, YEARS, write_zones

from bench import modes, rounds
from zonereport.api import compose, load, load_snapshots
from zonereport.briefing.blocks import ChartBlock, Heading, Table, iter_blocks
from zonereport.briefing.checking import check_template
from zonereport.scrutiny.rules import find_doubts

if TYPE_CHECKING:
    from measuring import Measured, Mode

TEMPLATE = str(Path(__file__).parent / "template")


@pytest.mark.parametrize("n", [0, 7, 2999])
def test_the_zone_files_of_any_number_hold_and_nothing_in_them_is_doubted(n: int, tmp_path: Path) -> None:
    now, *earlier = load_snapshots(write_zones(n, tmp_path))
    assert [str(zone.edition.snapshot) for zone in (now, *earlier)] == [str(year) for year in reversed(YEARS)]
    assert find_doubts(now, earlier) == ()


def test_two_numbers_give_two_zones_with_other_figures(tmp_path: Path) -> None:
    one, two = (load(write_zones(n, tmp_path)[-1]) for n in (1, 2))
    assert one.id != two.id
    assert one.figures["rd-personnel"].value != two.figures["rd-personnel"].value


def test_the_zone_says_the_figures_that_the_peers_print(tmp_path: Path) -> None:
    zone = load(write_zones(3, tmp_path)[-1])
    blocks = compose(zone, template=TEMPLATE).blocks
    table = next(block for block in iter_blocks(blocks) if isinstance(block, Table))
    printed = [row[1].removesuffix(".0") for row in content.briefing(3)["sections"][0]["table"]["rows"]]
    assert [re.sub(r"[%€]| million", "", row[1][0].text) for row in table.rows] == printed


def test_the_template_passes_its_check_with_these_zones(tmp_path: Path) -> None:
    zones = load_snapshots(write_zones(0, tmp_path))
    assert check_template(TEMPLATE, TEMPLATE_LANGUAGES, zones) == []


@pytest.mark.parametrize("language", TEMPLATE_LANGUAGES)
def test_the_briefing_has_as_many_sections_tables_and_charts_as_the_peers(
    language: str, tmp_path: Path
) -> None:
    zone, *previous = load_snapshots(write_zones(0, tmp_path))
    briefing = compose(zone, previous=previous, template=TEMPLATE, language=language)
    blocks = list(iter_blocks(briefing.blocks))
    assert sum(isinstance(block, Heading) and block.level == 1 for block in blocks) == 6
    assert sum(isinstance(block, ChartBlock) for block in blocks) == 6
    cells = [(len(block.rows), len(block.columns)) for block in blocks if isinstance(block, Table)]
    assert cells == [(8, 3), (6, 5), (12, 3)]
    assert briefing.omissions == ()


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratio([1, 10, 3], [2, 20, 4]) == Spread(0.5, 0.5, 0.75)


def test_a_straight_line_has_no_steepening_whatever_its_constant_cost() -> None:
    sizes = (50, 200, 1000)
    assert steepening(sizes, [7 + 0.02 * size for size in sizes]) == pytest.approx(1)


def test_time_by_the_square_of_the_size_is_steep() -> None:
    sizes = (50, 200, 1000)
    assert steepening(sizes, [7 + 0.02 * size**2 for size in sizes]) == pytest.approx(1200 / 250)


def test_a_larger_document_that_is_no_slower_leaves_nothing_to_compare_with() -> None:
    assert steepening((1, 2, 3), [5, 5, 6]) == math.inf


def runs(*seconds: float, mebibytes: float = 100) -> list[Run]:
    return [Run(second, mebibytes, {".pdf": 2000}) for second in seconds]


def job(mode: Mode, group: str, name: str, layout: str = "") -> Job:
    return Job(mode, group, name, layout, lambda _: ["false"])


def verdicts(measured: Measured) -> dict[str, tuple[str, bool | None]]:
    return {line.what: (line.measured, line.holds) for line in judge(measured)}


def test_a_target_is_judged_against_charts_as_users_write_them() -> None:
    measured = {
        job("cold", "PDF", OURS): runs(0.7, 0.8),
        job("cold", "PDF", TYPST, "fixed"): runs(0.5, 0.5),
        job("cold", "PDF", TYPST, "constrained"): runs(1, 1),
    }
    assert verdicts(measured)["PDF, cold, beside Typst"] == ("0.75 (0.70 to 0.80)", True)


def test_memory_holds_by_either_of_its_two_bounds() -> None:
    def judged(ours: float, theirs: float) -> bool | None:
        measured = {
            job("cold", "both", OURS): runs(1, mebibytes=ours),
            job("cold", "both", TUTORIALS, "constrained"): runs(1, mebibytes=theirs),
        }
        return verdicts(measured)[f"both, cold: peak memory, or beside {TUTORIALS}"][1]

    assert (judged(115, 100), judged(120, 150), judged(120, 149)) == (True, True, False)


def test_what_was_not_measured_is_said_and_what_failed_does_not_hold() -> None:
    assert set(verdicts({}).values()) == {("not measured", None)}
    rows: Measured = {long: [Run(1, 1, {}, {"seconds": 1.0, "pages": 1})] for long in long_jobs("rows")}
    rows[next(long for long in rows if long.name == "100,000 rows")] = []
    assert verdicts(rows)["PDF of 100,000 rows"] == ("failed", False)


def test_the_results_show_a_program_beside_zonereport() -> None:
    measured = {job("cold", "PDF", OURS): runs(1), job("cold", "PDF", TYPST, "constrained"): runs(2)}
    row = next(line for line in results(measured).splitlines() if "| Typst" in line)
    assert [cell.strip() for cell in row.split("|")[4:9]] == ["2000", "2000 to 2000", "0.50", "100", "2"]


def test_a_program_that_fails_ends_the_bench_unless_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("measuring.WORK", tmp_path)
    failing = job("rows", "pdf", "fails")
    with pytest.raises(FailedError, match="exit code 1"):
        measure([failing], 1)
    assert measure([failing], 2, may_fail=True) == {failing: []}


def test_an_option_that_names_nothing_is_refused() -> None:
    assert modes("cold,rows") == ["cold", "rows"]
    with pytest.raises(Exception, match="there is no `hot`"):
        modes("hot")
    with pytest.raises(Exception, match="expected a number of rounds, found `0`"):
        rounds("0")
