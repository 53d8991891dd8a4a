"""What a second run makes: what is missing, damaged, or made from something else; and no more."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from here import make_batch, request
from many_zones import contents, zone_text

from zonereport.api import installed_fonts
from zonereport.batch import kit as kits
from zonereport.batch.making import make
from zonereport.batch.manifest import MANIFEST, FontsHere, Manifest, opened
from zonereport.batch.planning import Request, plan
from zonereport.batch.task import Failed
from zonereport.errors import OutputError
from zonereport.fonts.store import file_digest
from zonereport.resources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ["testonia-a-2002-briefing-en.html", "testonia-b-2002-briefing-en.html"]


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `zones` with two, the template they are made by, and `output` with what was made, once."""
    folder = tmp_path_factory.mktemp("batch")
    for name in "ab":
        (folder / f"{name}.toml").write_text(zone_text(f"testonia-{name}", ord(name)), "utf-8")
    shutil.copytree(TEMPLATES / "briefing", folder / "briefing")
    assert make_batch(folder / "output", asked(folder)) == NAMES
    return folder


@pytest.fixture
def made(_made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(_made, tmp_path / "batch")
    return tmp_path / "batch"


def asked(folder: Path, **more: object) -> Request:
    return request(*sorted(folder.glob("*.toml")), **{"templates": (str(folder / "briefing"),), **more})


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "output" / MANIFEST).read_text("utf-8").splitlines()]


def lacking(folder: Path, **more: object) -> list[str]:
    manifest, fonts = Manifest(folder / "output"), FontsHere()
    jobs = [job.making(manifest.lacking(job, fonts)) for job in plan(asked(folder, **more)).jobs]
    return [job.names[format] for job in jobs for format in job.task.formats]


def test_a_second_run_makes_nothing_and_leaves_every_byte(made: Path) -> None:
    before = contents(made / "output")
    assert make_batch(made / "output", asked(made)) == []
    assert contents(made / "output") == before


def test_each_line_says_what_a_briefing_was_made_of(made: Path) -> None:
    one, two = lines(made)
    assert (one["zone"], two["zone"]) == ("testonia-a", "testonia-b")
    assert one["inputs"] == [{"name": "a.toml", "sha256": kits.digest((made / "a.toml").read_bytes())}]
    data = (made / "output" / NAMES[0]).read_bytes()
    assert one["files"] == {NAMES[0]: {"sha256": kits.digest(data), "size": len(data)}}
    assert one["kit"] == two["kit"]
    assert one["fingerprint"] != two["fingerprint"]
    assert {"python", "zonereport", "matplotlib", "catalogue.toml"} <= dict(one["versions"]).keys()  # type: ignore[call-overload]
    assert one["fonts"]


def test_the_same_batch_gives_the_same_manifest_in_any_order(made: Path, tmp_path: Path) -> None:
    files = sorted(made.glob("*.toml"), reverse=True)
    make_batch(tmp_path / "again", replace(asked(made), files=files))
    assert contents(tmp_path / "again") == contents(made / "output")


def change_zone(made: Path) -> None:
    (made / "b.toml").write_text(zone_text("testonia-b", 7), "utf-8")


def remove_file(made: Path) -> None:
    (made / "output" / NAMES[1]).unlink()


def damage_file(made: Path) -> None:
    path = made / "output" / NAMES[1]
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


def lose_line(made: Path) -> None:
    path = made / "output" / MANIFEST
    path.write_bytes(path.read_bytes()[:-20])


def name_another_font(made: Path) -> None:
    one, two = lines(made)
    two["fonts"] = {**dict(two["fonts"]), "Gone.ttf": "0" * 64}  # type: ignore[call-overload]
    write_lines(made, one, two)


def write_lines(made: Path, *written: object) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in written)
    (made / "output" / MANIFEST).write_text(text, "utf-8")


@pytest.mark.parametrize("change", [change_zone, remove_file, damage_file, lose_line, name_another_font])
def test_only_the_briefing_that_something_happened_to_is_made_again(
    made: Path, change: Callable[[Path], None]
) -> None:
    change(made)
    assert lacking(made) == NAMES[1:]
    assert make_batch(made / "output", asked(made)) == NAMES[1:]
    assert lacking(made) == []
    assert len(lines(made)) == 2


def test_all_is_made_again_for_another_template_text_theme_or_date(made: Path) -> None:
    assert lacking(made, theme="warm") == NAMES
    assert lacking(made, date=plan(asked(made)).jobs[0].task.date) == []
    text = made / "briefing" / "en.md"
    text.write_text(text.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    assert lacking(made) == NAMES


def test_all_is_made_again_with_another_version(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = kits.versions()
    monkeypatch.setattr(kits, "versions", lambda: {**now, "reportlab": "0.1"})
    assert lacking(made) == NAMES


def test_a_font_that_was_drawn_with_must_be_here_as_it_was() -> None:
    theme = ("neutral", Path())
    first = next(installed_fonts(*theme))
    assert FontsHere().has_all(theme, [file_digest(first)])
    assert not FontsHere().has_all(theme, [file_digest(first), "0" * 64])


def test_only_the_format_that_is_missing_is_made_and_the_line_has_both(made: Path) -> None:
    both = asked(made, formats=("html", "docx"))
    words = [name.replace("html", "docx") for name in NAMES]
    assert lacking(made, formats=("html", "docx")) == words
    assert make_batch(made / "output", both) == words
    assert [sorted(dict(line["files"])) for line in lines(made)] == [
        [words[0], NAMES[0]],
        [words[1], NAMES[1]],
    ]  # type: ignore[call-overload]


def test_what_another_batch_made_in_the_folder_stays_in_the_manifest(made: Path) -> None:
    (made / "b.toml").unlink()
    (made / "c.toml").write_text(zone_text("testonia-0", 3), "utf-8")
    make_batch(made / "output", asked(made))
    assert [line["zone"] for line in lines(made)] == ["testonia-0", "testonia-a", "testonia-b"]


KEYED = b'{"zone":%s,"snapshot":"2002","template":"briefing","language":"en","fonts":%s,"files":{},"fingerprint":""}'
NO_LINES = {
    "cut short": b"{",
    "a number": b"7",
    "deep": b"[" * 100_000,
    "no text": b"\xff\xfe",
    "nothing": b"null",
    "too little": b'{"zone": "testonia-a"}',
    "a list for a name": KEYED % (b'["a"]', b"{}"),
    "a list for fonts": KEYED % (b'"testonia-a"', b"[]"),
}


@pytest.mark.parametrize("line", NO_LINES.values(), ids=NO_LINES)
def test_what_is_no_line_is_passed_over(made: Path, line: bytes) -> None:
    path = made / "output" / MANIFEST
    good = path.read_bytes()
    path.write_bytes(line + b"\n" + good + line)
    assert make_batch(made / "output", asked(made)) == []
    assert path.read_bytes() == good


def test_a_name_that_is_no_text_stands_in_the_manifest_and_is_read_again(made: Path) -> None:
    odd = made / os.fsdecode(b"\xff.toml")
    odd.write_text(zone_text("testonia-odd"), "utf-8")
    assert make_batch(made / "output", asked(made)) == ["testonia-odd-2002-briefing-en.html"]
    assert make_batch(made / "output", asked(made)) == []
    assert lines(made)[2]["inputs"] == [{"name": odd.name, "sha256": kits.digest(odd.read_bytes())}]


def test_a_line_is_on_the_disk_before_the_next_briefing_is_made(made: Path) -> None:
    shutil.rmtree(made / "output")
    planned = plan(asked(made))
    one, two = planned.jobs
    with opened(made / "output") as manifest:
        for job in (two, one):
            kit = planned.kits[job.task.kit]
            found = make(job.task, kit)
            assert not isinstance(found, Failed)
            manifest.record(job, kit, found)
            assert lines(made)[-1]["zone"] == job.zone
        assert [line["zone"] for line in lines(made)] == ["testonia-b", "testonia-a"]
    assert [line["zone"] for line in lines(made)] == ["testonia-a", "testonia-b"]


def test_a_second_batch_in_a_folder_is_refused(tmp_path: Path) -> None:
    with (
        opened(tmp_path),
        pytest.raises(OutputError, match="another batch is writing there"),
        opened(tmp_path),
    ):
        pytest.fail("both were let in")
    with opened(tmp_path):
        pass


def test_a_worker_with_other_versions_makes_nothing(made: Path) -> None:
    planned = plan(asked(made))
    (kit,) = planned.kits.values()
    other = replace(kit, versions={**kit.versions, "reportlab": "0.1"}, digest="other")
    failed = make(planned.jobs[0].task, other)
    assert isinstance(failed, Failed)
    assert "a worker would make other bytes: reportlab is" in failed.message
    assert "instead of 0.1" in failed.message
