"""From names to zone files: files, bundled zones, folders, patterns and lists of all these."""

from __future__ import annotations

from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.errors import UsageError
from zonereport.files import read_file, reason
from zonereport.zone.reading import WORKBOOK, find_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENDINGS = (".toml", ".json", WORKBOOK)


def find_files(names: Iterable[str], standard_input: str = "") -> list[Path]:
    """Return the files that the names mean, each once, in the order given; a folder's by name.

    `@FILE` is a list with one name a line, `-` the one of the standard input; `**` of a pattern stands for
    any folders. Raises UsageError for a name that means nothing, InputError for an unreadable list.
    """
    found: list[Path] = []
    for name in names:
        if name == "-":
            found += find_files(_lines(standard_input))
        elif name.startswith("@"):
            found += find_files(_lines(_read_list(Path(name[1:]))))
        else:
            found += _meant_by(name)
    # one file has many names; the first is the one that messages use
    once = {path.resolve(): path for path in reversed(found)}
    return [path for path in dict.fromkeys(found) if once[path.resolve()] is path]


def _lines(text: str) -> Iterator[str]:
    """Yield the names of a list; none of them is a list again."""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line == "-" or line.startswith("@"):
            raise UsageError(f"a list names another list: `{line[:60]}`", hint="name both lists instead")
        yield line


def _read_list(path: Path) -> str:
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: expected a list in UTF-8, one name a line") from None


def _meant_by(name: str) -> list[Path]:
    try:
        found = _found_by(name)
    except OSError as error:
        raise UsageError(f"`{name[:80]}`: cannot be looked for: {reason(error)}") from None
    if found is None:
        return [find_zone(name)]
    if not found:
        raise UsageError(f"`{name}`: no zone file there", hint="a zone file ends in .toml, .json or .xlsx")
    return found


def _found_by(name: str) -> list[Path] | None:
    """Return the zone files of a folder or pattern; None for a name that is neither."""
    path = Path(name)
    if has_magic(name) and not path.exists():
        matching = glob(name, recursive=True)  # noqa: PTH207 - that of a path takes no absolute pattern
        return sorted(path for path in map(Path, matching) if _may_be_zone(path))
    return sorted(file for file in path.iterdir() if _may_be_zone(file)) if path.is_dir() else None


def _may_be_zone(path: Path) -> bool:
    is_named = path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~$"))
    return is_named and not path.is_dir()
