"""What a user or an office has settled once: where the archive is; read from one TOML file.

The command line asks for it; nothing below reads a configuration or the environment. No secret stands here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, Problem, UsageError, did_you_mean
from zonereport.files import read_file, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "zonereport.toml"
DEFAULT_ARCHIVE = Path("output/archive")

_KEYS = {"archive": ("folder",)}
"""The tables a configuration may hold, and the keys of each."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is settled, every path absolute or relative to the current folder."""

    archive: Path = DEFAULT_ARCHIVE
    """The folder of the archive."""


def load_configuration(environment: Mapping[str, str]) -> Configuration:
    """Return what is settled: by `ZONEREPORT_ARCHIVE`, else by the file, else by default.

    The file is the one that `ZONEREPORT_CONFIG` names, else `zonereport.toml` in the current folder, else
    in the user's (XDG Base Directory); the first one found is the only one. A path in it is relative to it.

    Raises InputError for a file that does not hold, UsageError for a named one that is not there.
    """
    file = find_configuration(environment)
    tables = _read(file) if file else {}
    archive = DEFAULT_ARCHIVE
    if file and (folder := tables.get("archive", {}).get("folder")):
        archive = file.parent / _expanded(file, "archive.folder", folder)
    if named := environment.get("ZONEREPORT_ARCHIVE"):
        archive = Path(named)
    return Configuration(archive=archive)


def find_configuration(environment: Mapping[str, str]) -> Path | None:
    """Return the configuration's file, or None where there is none."""
    if named := environment.get("ZONEREPORT_CONFIG"):
        if not _is_file(Path(named)):
            raise UsageError(f"`ZONEREPORT_CONFIG` names `{named}`, which is not a file")
        return Path(named)
    home = environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", "~")) / ".config"
    places = (Path(FILE), Path(home) / "zonereport" / FILE)
    return next((place for place in places if _is_file(place)), None)


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except OSError as error:  # such as the home of another user
        raise UsageError(
            f"{place}: cannot be looked for: {reason(error)}",
            hint="name a file in `ZONEREPORT_CONFIG`, or your own folder in `HOME`",
        ) from None


def _expanded(file: Path, key: str, named: str) -> Path:
    """Return the path with `~` read as a home; raise InputError where there is none, or for no path."""
    try:
        if "\0" in named:
            raise ValueError("expected a path, found a null character")
        return Path(named).expanduser()
    except (ValueError, RuntimeError) as error:
        raise InputError(str(file), [Problem(reason(error).rstrip("."), key)]) from None


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """Return the tables of a configuration whose keys are all known and texts; raise InputError."""
    try:
        data = tomllib.loads(read_file(file).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(file), [Problem(f"not TOML: {error}")]) from None
    problems = [problem for name, table in data.items() for problem in _problems(name, table)]
    if problems:
        raise InputError(str(file), problems)
    return data


def _problems(name: str, table: Any) -> list[Problem]:
    if name not in _KEYS:
        return [Problem("unknown table", name, hint=did_you_mean(name, _KEYS))]
    if not isinstance(table, dict):
        return [Problem(f"expected a table, `[{name}]`", name)]
    return [
        Problem("unknown key", f"{name}.{key}", hint=did_you_mean(key, _KEYS[name]))
        if key not in _KEYS[name]
        else Problem("expected a text", f"{name}.{key}")
        for key, value in table.items()
        if key not in _KEYS[name] or not (isinstance(value, str) and value)
    ]
