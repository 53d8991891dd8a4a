"""The wheel, built and used as a user would: in a clean environment, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Return what a program prints; what it complains about stands in the test's report."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=inherited | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing but the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin" / "python", "-m", "pip", "install", "--constraint", ROOT / "constraints.txt", wheel)
    return folder


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def files_below(folder: Path) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


def test_the_wheel_carries_every_module_and_every_file_of_data(wheel: Path) -> None:
    templates = [f"zonereport/templates/{name}" for name in files_below(ROOT / "templates")]
    package = files_below(ROOT / "src")
    for one in (
        "templates/briefing/en.md",
        "templates/languages/en/words.toml",
        "templates/themes/neutral.toml",
    ):
        assert f"zonereport/{one}" in templates
    for one in ("zone/catalogue.toml", "zone/bundled/baotou-2022.toml"):
        assert f"zonereport/{one}" in package

    content = [name for name in names_in(wheel) if ".dist-info/" not in name]

    assert content == sorted(templates + package)


def test_a_wheel_built_by_way_of_the_source_archive_holds_the_same_files(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--outdir", tmp_path)
    (by_way,) = tmp_path.glob("*.whl")
    assert list(tmp_path.glob("*.tar.gz"))
    assert names_in(by_way) == names_in(wheel)


def test_the_installed_package_puts_nothing_beside_itself(installed: Path) -> None:
    (site,) = installed.glob("lib/python*/site-packages")
    record = next(site.glob("zonereport-*.dist-info/RECORD")).read_text("utf-8")
    places = {line.split("/")[0] for line in record.splitlines() if not line.startswith("../")}
    assert not (site / "templates").exists()
    assert places == {"zonereport", next(site.glob("zonereport-*.dist-info")).name}


def test_the_installed_command_makes_both_files_far_from_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    zonereport = installed / "bin" / "zonereport"
    cache = str(tmp_path / "cache")
    work = tmp_path / "work"
    work.mkdir()

    assert run(zonereport, "--version", cwd=work).startswith("zonereport ")
    assert "baotou-2022" in run(zonereport, "zones", cwd=work)
    printed = run(zonereport, "generate", cwd=work, XDG_CACHE_HOME=cache).split()

    pdf, docx = (work / name for name in sorted(printed, reverse=True))
    assert pdf.suffix == ".pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert docx.suffix == ".docx"
    assert zipfile.is_zipfile(docx)
    assert sorted(path.name for path in (work / "output").iterdir()) == sorted((pdf.name, docx.name))
