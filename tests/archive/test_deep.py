"""Making an edition anew from its own files: every byte, elsewhere, without the package's templates."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zonereport.archive.bag import make_bag
from zonereport.archive.contents import Request, make_contents
from zonereport.archive.deep import Difference, differences, read_run, regenerate
from zonereport.errors import ArchiveError, TemplateError
from zonereport.resources import PACKAGE, TEMPLATES
from zonereport.zone.reading import bundled_zones, find_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.archive.store import Contents

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301"
    "0100c9fe92ef0000000049454e44ae426082"
)


def zones(*names: str) -> tuple[Path, ...]:
    return tuple(find_zone(name) for name in names)


def bag(contents: Contents) -> dict[str, bytes]:
    return make_bag(contents.payload, contents.run, ())


def own_template(folder: Path) -> str:
    shutil.copytree(TEMPLATES / "briefing", folder / "简报")
    return str(folder / "简报")


def own_theme(folder: Path) -> str:
    (folder / "logos").mkdir()
    (folder / "logos" / "mark.png").write_bytes(PIXEL)
    (folder / "house.toml").write_text('base = "warm"\n[brand]\nlogo = "logos/mark.png"\n', "utf-8")
    return str(folder / "house.toml")


CASES: dict[str, Callable[[Path], Request]] = {
    "2017": lambda _: Request(*zones("baotou-2017")),
    "2021 on one page": lambda _: Request(*zones("baotou-2021"), template="onepage"),
    "2022 in Chinese, own template": lambda folder: Request(
        *zones("baotou-2022"), languages=("zh",), template=own_template(folder)
    ),
    "2022 beside 2021, own theme": lambda folder: Request(
        *zones("baotou-2022"), previous=zones("baotou-2021"), theme=own_theme(folder)
    ),
    "2023, the annual report": lambda _: Request(
        *zones("baotou-2023"), previous=zones("baotou-2022", "baotou-2021", "baotou-2017"), template="annual"
    ),
}

CHILD = """
import pickle, sys
from pathlib import Path
import zonereport
from zonereport.archive.deep import differences, regenerate

assert str(Path(zonereport.__file__)).startswith(sys.argv[2]), zonereport.__file__
files = pickle.loads(Path(sys.argv[1]).read_bytes())
for difference in differences(files):
    print(difference)
"""


@pytest.fixture(scope="session")
def bare_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package that has lost its templates, languages and themes."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copytree(PACKAGE, folder / "zonereport", ignore=shutil.ignore_patterns("__pycache__", "templates"))
    (folder / "zonereport" / "templates").mkdir()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_an_edition_is_made_anew_byte_for_byte_elsewhere_without_the_package_s_templates(
    case: str, tmp_path: Path, bare_package: Path
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    files = bag(make_contents(CASES[case](given)))
    shutil.rmtree(given)  # nothing but the edition is there any more
    (tmp_path / "bag").write_bytes(pickle.dumps(files))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "bag"), str(bare_package)],
        env={
            **os.environ, "PYTHONPATH": str(bare_package), "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7",
            "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_cases_take_every_bundled_zone(tmp_path: Path) -> None:
    asked = []
    for name, case in CASES.items():
        (tmp_path / name).mkdir()
        asked.append(case(tmp_path / name).zone)
    assert {zone.stem for zone in asked if isinstance(zone, Path)} == set(bundled_zones())


# What differs


@cache
def small() -> dict[str, bytes]:
    """Return the bag of an edition that is quickly made, with a file that was only kept."""
    return bag(make_contents(Request(find_zone("baotou-2017"), formats=("html",), template="onepage")))


HTML = "data/en/baotou-2017-onepage-en.html"


def with_run(
    change: Callable[[dict[str, Any]], None], files: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return a bag whose run.json has been changed."""
    files = dict(files or small())
    run = json.loads(files["run.json"])
    change(run)
    return {**files, "run.json": json.dumps(run).encode()}


def found(files: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in differences(files)]


def test_an_edition_made_anew_is_the_same_contents_and_nothing_differs(tmp_path: Path) -> None:
    (tmp_path / "sent.docx").write_bytes(b"what went out, edited by hand")
    contents = make_contents(
        Request(
            find_zone("baotou-2017"), formats=("html",), template="onepage", kept=(tmp_path / "sent.docx",)
        )
    )
    assert regenerate(bag(contents)) == contents
    assert differences(bag(contents)) == ()
    assert contents.payload["kept/sent.docx"] == b"what went out, edited by hand"


def test_a_file_that_was_tampered_with_removed_or_slipped_in_is_found() -> None:
    altered = {**small(), HTML: small()[HTML].replace(b"2017", b"2018", 1)}
    assert found(altered) == [("changed", HTML)]
    assert differences(altered)[0].message == f"`{HTML}` is not what is made anew"
    without = {path: data for path, data in small().items() if path != HTML}
    assert found(without) == [("missing", HTML)]
    assert found({**small(), "data/en/more.pdf": b"%PDF-"}) == [("extra", "data/en/more.pdf")]


def test_another_version_is_named_as_the_likely_cause_of_what_differs() -> None:
    def older(run: dict[str, Any]) -> None:
        run["versions"] |= {"matplotlib": "2.0.0", "leptonica": "1.0"}
        run["fonts"][0]["sha256"] = "0" * 64

    altered = {**with_run(older), HTML: b"other"}
    (_, *causes) = differences(altered)
    now = read_run(small())["versions"]["matplotlib"]
    assert [cause.message for cause in causes] == [
        "likely cause: made with leptonica 1.0, here is none",
        f"likely cause: made with matplotlib 2.0.0, here is {now}",
        f"likely cause: the font `{read_run(small())['fonts'][0]['file']}` is another one here",
    ]
    assert differences(with_run(older)) == (), "what changed no byte is no cause"


def test_another_catalogue_or_input_is_named_as_the_cause() -> None:
    catalogue, zone = "data/inputs/catalogue.toml", "data/inputs/zone.toml"
    altered = {**small(), catalogue: small()[catalogue] + b"\n", HTML: b"other"}
    assert found(altered) == [
        ("changed", HTML),
        ("cause", "inputs/catalogue.toml"),
        ("cause", "inputs/catalogue.toml"),
    ]
    changed = small()[zone].replace(b"Baotou Rare Earth", b"Testonia Rare Earth")
    kinds = found({**small(), zone: changed})
    assert ("changed", "data/zone.json") in kinds
    assert kinds[-1] == ("cause", "inputs/zone.toml")


def test_an_edition_that_cannot_be_made_anew_says_why_with_the_likely_cause() -> None:
    path = "data/inputs/templates/onepage/en.md"

    def older(run: dict[str, Any]) -> None:
        run["versions"]["zonereport"] = "0.0.1"

    broken = {**with_run(older), path: b"# {{ no_such_word }}\n"}
    first, *causes = differences(broken)
    assert first == Difference(
        "failed",
        "",
        "cannot be made anew: inputs/templates/onepage/en.md:1: 'no_such_word' is undefined",
    )
    assert [cause.subject for cause in causes] == ["inputs/templates/onepage/en.md", "zonereport"]
    with pytest.raises(TemplateError, match=r"^inputs/templates/onepage/en\.md:1"):
        regenerate(broken)


# What is not trusted


def parameter(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(run: dict[str, Any]) -> None:
        run["parameters"][key] = value

    return change


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("zone", "/etc/passwd"),
        ("zone", "inputs/../../secret.toml"),
        ("zone", "zone.json"),
        ("zone", "inputs/other.toml"),
        ("previous", ["../2021.toml"]),
        ("word_template", "inputs/./x.docx"),
        ("template", "../briefing"),
        ("template", "/srv/briefing"),
        ("theme", "../house.toml"),
        ("theme", "house.toml"),
        ("languages", ["../en"]),
        ("date", "soon"),
        ("stamp", 5),
        ("formats", "html"),
    ],
)
def test_a_record_that_leads_elsewhere_or_does_not_hold_is_refused(key: str, value: object) -> None:
    with pytest.raises(ArchiveError, match=r"`run\.json` (does not hold|asks for)"):
        regenerate(with_run(parameter(key, value)))


@pytest.mark.parametrize("name", ["../../x.md", "..", "", "a/b.md", "a\\b.md", "x" * 300])
def test_a_text_cannot_be_put_elsewhere_by_its_name(name: str) -> None:
    def change(run: dict[str, Any]) -> None:
        run["inputs"]["inputs/templates/onepage/en.md"]["name"] = name

    with pytest.raises(ArchiveError, match=r"does not hold: inputs\."):
        regenerate(with_run(change))


@pytest.mark.parametrize(
    "path", ["../x.toml", "/etc/x", "inputs/../../x", "inputs//x", "inputs/.x", "data/x", "inputs"]
)
def test_an_input_cannot_be_put_elsewhere_by_its_path(path: str) -> None:
    def change(run: dict[str, Any]) -> None:
        run["inputs"][path] = run["inputs"]["inputs/zone.toml"]

    with pytest.raises(ArchiveError, match="does not hold: inputs"):
        regenerate({**with_run(change), f"data/{path}": b""})


@pytest.mark.parametrize("named", ["/etc/hostname.png", "../../../logo.png", "logo.png"])
def test_a_theme_cannot_take_a_file_from_outside_the_edition(named: str) -> None:
    path = "data/inputs/templates/themes/neutral.toml"
    with pytest.raises(ArchiveError, match="which is not in the edition"):
        regenerate({**small(), path: small()[path] + f'\n[brand]\nlogo = "{named}"\n'.encode()})


def test_a_template_in_an_edition_is_as_little_trusted_as_any() -> None:
    path = "data/inputs/templates/onepage/en.md"
    for text in (
        "{{ zone.__class__ }}",
        '{% include "../../zone" %}',
        "{% for a in range(10**9) %}{% endfor %}",
    ):
        with pytest.raises(TemplateError):
            regenerate({**small(), path: f"# T\n\n{text}\n".encode()})


def test_a_record_that_is_missing_damaged_or_of_something_else_is_refused() -> None:
    files = {path: data for path, data in small().items() if path != "run.json"}
    with pytest.raises(ArchiveError, match=r"`run\.json` is missing"):
        differences(files)
    for data in (b"", b"{", b"[]", b"null", b"\xff", b'{"parameters": {}}', b"[" * 100_000):
        with pytest.raises(ArchiveError, match=r"`run\.json` does not hold"):
            differences({**small(), "run.json": data})
    with pytest.raises(ArchiveError, match=r"`data/inputs/zone\.toml` is missing"):
        regenerate({path: data for path, data in small().items() if path != "data/inputs/zone.toml"})


def test_contents_are_compared_as_a_whole() -> None:
    contents = regenerate(small())
    assert contents != replace(contents, description="another")
