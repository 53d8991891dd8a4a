"""What is settled once: which file is read, what wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from zonereport.configuration import DEFAULT_ARCHIVE, DEFAULT_OUTBOX, load_configuration
from zonereport.errors import InputError, UsageError


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_file_the_archive_is_where_output_is() -> None:
    assert load_configuration({}).archive == DEFAULT_ARCHIVE


def test_the_current_folders_file_wins_over_the_users(tmp_path: Path) -> None:
    home = tmp_path / "home" / ".config" / "zonereport"
    home.mkdir(parents=True)
    (home / "zonereport.toml").write_text('[archive]\nfolder = "of-the-user"\n')
    environment = {"HOME": str(tmp_path / "home")}
    assert load_configuration(environment).archive == home / "of-the-user"
    Path("zonereport.toml").write_text('[archive]\nfolder = "of-this-folder"\n')
    assert load_configuration(environment).archive == Path("of-this-folder")


def test_a_path_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "own.toml").write_text('[archive]\nfolder = "kept"\n')
    assert load_configuration({"ZONEREPORT_CONFIG": "office/own.toml"}).archive == Path("office/kept")


def test_the_outbox_is_beside_the_file_wherever_a_command_is_run(tmp_path: Path) -> None:
    assert load_configuration({}).outbox == DEFAULT_OUTBOX
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "own.toml").write_text("")
    found = load_configuration({"ZONEREPORT_CONFIG": str(tmp_path / "office" / "own.toml")})
    assert found.outbox == tmp_path / "office" / DEFAULT_OUTBOX


def test_the_environment_wins_over_the_file() -> None:
    Path("zonereport.toml").write_text('[archive]\nfolder = "filed"\n')
    assert load_configuration({"ZONEREPORT_ARCHIVE": "/elsewhere"}).archive == Path("/elsewhere")


def test_a_named_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"`ZONEREPORT_CONFIG` names `lost\.toml`, which is not a file"):
        load_configuration({"ZONEREPORT_CONFIG": "lost.toml"})


@pytest.mark.parametrize("key", ["HOME", "XDG_CONFIG_HOME", "ZONEREPORT_CONFIG"])
def test_a_file_that_cannot_be_looked_for_is_said(key: str) -> None:
    with pytest.raises(UsageError, match="cannot be looked for: file name too long") as caught:
        load_configuration({key: "/" + "x" * 300})
    assert "`ZONEREPORT_CONFIG`" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[archiv]\nfolder = "a"', "zonereport.toml: archiv: unknown table\n  hint: did you mean `archive`?"),
        ('[archive]\nfoldr = "a"', "archive.foldr: unknown key\n  hint: did you mean `folder`?"),
        ("[archive]\nfolder = 3", "archive.folder: expected a text"),
        ('[archive]\nfolder = ""', "archive.folder: expected a text"),
        ('[archive]\nfolder = "~nobody-of-testonia/a"', "archive.folder: could not determine home directory"),
        ('[archive]\nfolder = "a\\u0000b"', "archive.folder: expected a path, found a null character"),
        ("archive = 3", "archive: expected a table, `[archive]`"),
        ("[archive", "zonereport.toml: not TOML: "),
        (b"\xff\xfe", "zonereport.toml: not TOML: "),
    ],
)
def test_what_does_not_hold_is_named_with_its_place(text: str | bytes, message: str) -> None:
    Path("zonereport.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        load_configuration({})
    assert message in caught.value.describe()
