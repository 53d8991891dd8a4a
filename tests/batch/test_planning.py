"""From names and files to jobs: what is meant, what is refused before anything is made, what fails alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from here import request
from many_zones import zone_text

from zonereport.batch.finding import find_files
from zonereport.batch.planning import Plan, plan
from zonereport.errors import TemplateError, UsageError, ZonereportError

if TYPE_CHECKING:
    from pathlib import Path

    from zonereport.zone.model import Zone


def write(folder: Path, name: str = "one", year: int = 2002, *, id: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(zone_text(id or f"testonia-{name}", 1, year), "utf-8")
    return path


def planned_names(planned: Plan) -> list[str]:
    return [name for job in planned.jobs for name in job.names.values()]


def test_files_folders_patterns_and_lists_are_found_each_file_once(tmp_path: Path) -> None:
    b, a, deep = write(tmp_path, "b"), write(tmp_path, "a"), write(tmp_path / "x" / "y", "deep")
    for other in (".hidden.toml", "~$open.xlsx", "notes.txt"):
        (tmp_path / other).write_text("no zone", "utf-8")
    listed = tmp_path / "list.txt"
    listed.write_text(f"\n{b}\n  {deep}  \n", "utf-8")
    assert find_files([str(tmp_path)]) == [a, b]
    assert find_files([f"{tmp_path}/**/*.toml"]) == [a, b, deep]
    assert find_files([f"@{listed}"]) == [b, deep]
    assert find_files(["-"], f"{deep}\n{a}\n") == [deep, a]
    assert find_files([str(b), str(tmp_path), f"@{listed}"]) == [b, a, deep]
    assert [path.stem for path in find_files(["baotou-2022"])] == ["baotou-2022"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    path = write(tmp_path, "[1]")
    assert find_files([str(path)]) == [path]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("{folder}/*.toml", "no zone file there"),
        ("{folder}", "no zone file there"),
        ("x" * 300 + "/", "cannot be looked for: file name too long"),
        ("testonia", "no file and no bundled zone is called `testonia`"),
        ("@{folder}/list", "a list names another list: `@other`"),
    ],
)
def test_a_name_that_means_no_zone_file_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "list").write_text("@other\n", "utf-8")
    with pytest.raises(UsageError, match=message):
        find_files([name.format(folder=tmp_path)])


def test_every_zone_is_planned_by_every_template_in_every_language(tmp_path: Path) -> None:
    files = [write(tmp_path, name) for name in ("a", "b")]
    planned = plan(request(*files, templates=("briefing", "onepage"), languages=("en", "zh")))
    assert len(planned_names(planned)) == 8 == len(set(planned_names(planned)))
    assert planned_names(planned)[0] == "testonia-a-2002-briefing-en.html"
    assert len(planned.kits) == 4
    assert {job.task.kit for job in planned.jobs} == set(planned.kits)


def test_two_files_that_would_get_one_name_are_refused_and_both_named(tmp_path: Path) -> None:
    one, two = write(tmp_path, "one", id="testonia"), write(tmp_path, "two", id="testonia")
    with pytest.raises(UsageError, match=f"`{one}` and `{two}` would both be written as `testonia-2002-"):
        plan(request(one, two))
    assert len(plan(request(one, write(tmp_path, "two", 2003, id="testonia"))).jobs) == 2


def test_two_templates_of_names_that_differ_by_case_only_are_refused(tmp_path: Path) -> None:
    from zonereport.resources import TEMPLATES

    (tmp_path / "Briefing").symlink_to(TEMPLATES / "briefing")
    with pytest.raises(UsageError, match=r"two templates or languages, for `.*`, would both be written as"):
        plan(request(write(tmp_path), templates=("briefing", str(tmp_path / "Briefing"))))


def test_a_file_that_does_not_hold_fails_alone_with_its_whole_message(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(zone_text().replace("2002", "'none'"), "utf-8")
    planned = plan(request(broken, write(tmp_path), languages=("en", "zh")))
    (failure,) = planned.failures
    assert failure.describe().startswith(f"{broken}:")
    assert failure.describe().count(str(broken)) == failure.describe().count(
        "\n", 0
    ) + 1 - failure.describe().count("hint")
    assert failure.briefings == 2
    assert [job.zone for job in planned.jobs] == ["testonia-one"] * 2


def test_a_language_that_nothing_can_be_made_in_is_told_once_and_the_others_go_on(tmp_path: Path) -> None:
    planned = plan(request(write(tmp_path, "a"), write(tmp_path, "b"), languages=("en", "xx")))
    (failure,) = planned.failures
    assert failure.describe().startswith("briefing in xx: ")
    assert failure.briefings == 2
    assert {job.language for job in planned.jobs} == {"en"}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"formats": ("pfd",)}, UsageError),
        ({"templates": ("brefing",)}, TemplateError),
        ({"theme": "purple"}, TemplateError),
    ],
)
def test_what_nothing_can_be_made_with_is_refused_at_once(
    tmp_path: Path, wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        plan(request(write(tmp_path), **wrong))


def test_zones_among_one_another_share_a_kit_for_each_snapshot(tmp_path: Path) -> None:
    files = [
        write(tmp_path, f"{name}{year}", year, id=f"testonia-{name}")
        for name in "ab"
        for year in (2001, 2002)
    ]
    planned = plan(request(*files, among=True))
    assert len(planned.kits) == 2
    for job in planned.jobs:
        peers = planned.kits[job.task.kit].peers
        assert len(peers) == 2
        assert all(f"snapshot = {job.snapshot}".encode() in peer.data for peer in peers)


def test_nothing_is_set_beside_only_those_zones_that_could_be_read(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("format = ", "utf-8")
    with pytest.raises(ZonereportError, match=r"broken\.toml:1"):
        plan(request(write(tmp_path), tmp_path / "broken.toml", among=True))


def test_earlier_snapshots_of_the_batch_are_asked_for_by_zone_and_go_with_the_task(tmp_path: Path) -> None:
    files = [write(tmp_path, f"a{year}", year, id="testonia-a") for year in (2003, 2001, 2002)]
    asked = []

    def earlier(zone: Zone, given: list[Zone]) -> list[Zone]:
        asked.append((str(zone.edition.snapshot), sorted(str(one.edition.snapshot) for one in given)))
        return given

    planned = plan(request(*files, write(tmp_path, "b"), earlier=earlier))
    assert asked == [("2003", ["2001", "2002"]), ("2001", []), ("2002", ["2001"]), ("2002", [])]
    assert [len(job.task.previous) for job in planned.jobs] == [2, 0, 1, 0]


def test_a_file_that_is_spelled_in_two_ways_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "zones").mkdir()
    file = tmp_path / "zones" / "a.toml"
    file.write_text("", "utf-8")
    (tmp_path / "link.toml").symlink_to(file)
    other = tmp_path / "zones" / ".." / "zones" / "a.toml"
    assert find_files([str(tmp_path / "zones"), str(other), str(tmp_path / "link.toml")]) == [file]
