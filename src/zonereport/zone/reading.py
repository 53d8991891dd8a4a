"""Reading a zone file into a Zone: shape first, then meaning; every problem is reported with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from zonereport.errors import InputError, Problem, UsageError, did_you_mean
from zonereport.resources import BUNDLED_ZONES
from zonereport.zone.building import build_zone
from zonereport.zone.model import Origin
from zonereport.zone.parsing import MAX_BYTES, decode, find_lines, parse, read_data
from zonereport.zone.schema import Shape, ZoneForm, shorten
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from zonereport.zone.building import Finding
    from zonereport.zone.model import Zone
    from zonereport.zone.parsing import KeyPath

DEFAULT_ZONE = "baotou-2022"

WORKBOOK = ".xlsx"

MAX_PLACE = 12
"""Keys of a place that a message names; a file may nest deeper than anybody reads."""


def bundled_zones() -> dict[str, Path]:
    """Return the files of the zones that come with the package, by name."""
    return {path.stem: path for path in sorted(BUNDLED_ZONES.glob("*.toml"))}


def find_zone(name: str) -> Path:
    """Return the file that `name` means: a path, or the name of a bundled zone; raise UsageError."""
    bundled = bundled_zones()
    if name in bundled:
        return bundled[name]
    path = Path(name)
    if path.suffix or "/" in name or "\\" in name or _exists(path):
        return path
    raise UsageError(
        f"no file and no bundled zone is called `{name}`",
        hint=did_you_mean(name, bundled) or f"bundled zones are {', '.join(bundled)}",
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # too long for a file name
        return False


def read_zone(path: Path) -> Zone:
    """Return the zone of a TOML, JSON or XLSX file; raise InputError with every problem found."""
    return parse_file(read_data(path), str(path))


def parse_file(data: bytes, file: str) -> Zone:
    """Return the zone that a file's bytes say; `file` names it in messages and tells its kind."""
    return parse_form(data, file)[1]


def read_zones(folder: Path) -> tuple[Zone, ...]:
    """Return the zones of the TOML, JSON and XLSX files of a folder, by file name.

    Raises InputError with every problem of every file, so that none is left out unnoticed, and UsageError
    for what is no folder or holds no zone file.
    """
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (OSError, ValueError):
        raise UsageError(f"{folder}: expected a folder of zone files") from None
    zones: list[Zone] = []
    problems: list[Problem] = []
    for path in files:
        if path.suffix.lower() not in (".toml", ".json", WORKBOOK):
            continue
        try:
            zones.append(read_zone(path))
        except InputError as error:
            problems += [_within(path.name, problem) for problem in error.problems]
    if problems:
        raise InputError(str(folder), problems)
    if not zones:
        raise UsageError(
            f"{folder}: the folder holds no zone file", hint="a zone file ends in .toml, .json or .xlsx"
        )
    return tuple(zones)


def _within(file: str, problem: Problem) -> Problem:
    """Return a problem with the file of the folder that has it."""
    where = f"{_visible(file)}:{problem.line}" if problem.line else _visible(file)
    return replace(problem, place=": ".join(filter(None, (where, problem.place))), line=None)


def parse_zone(text: str, file: str) -> Zone:
    """Return the zone that a text says; `file` names it in messages and tells TOML from JSON."""
    return _parsed_text(text, file)[1]


def parse_form(data: bytes, file: str) -> tuple[ZoneForm, Zone]:
    """Return the form of a file, as it was given with its scales and defaults, and the zone that it says."""
    if not file.lower().endswith(WORKBOOK):
        return _parsed_text(decode(data, file), file)
    from zonereport.zone.workbook.assembling import read_workbook

    if len(data) > MAX_BYTES:
        raise InputError(file, [Problem(f"expected at most {MAX_BYTES // 2**20} MB, found more")])
    said = read_workbook(data, file)
    read, findings = check_data(said.data)
    if read is None or findings:
        places = [said.place(path) or _named(path) for path, _, _ in findings]
        raise InputError(
            file, [_problem(found, place) for found, place in zip(findings, places, strict=True)]
        )
    form, zone = read
    # what a briefing carries is what was read, and no more of the workbook
    return form, replace(zone, origin=Origin("json", write_zone(zone)))


def _parsed_text(text: str, file: str) -> tuple[ZoneForm, Zone]:
    read, findings = check_data(parse(text, file))
    if read is None or findings:
        lines = find_lines(text, file, [path for path, _, _ in findings])
        raise InputError(
            file,
            [
                replace(_problem(found, _named(found[0])), line=line)
                for found, line in zip(findings, lines, strict=True)
            ],
        )
    form, zone = read
    return form, replace(zone, origin=Origin("json" if file.lower().endswith(".json") else "toml", text))


def check_data(data: dict[str, Any]) -> tuple[tuple[ZoneForm, Zone] | None, list[Finding]]:
    """Return form and zone of a zone file's data, none if the shape is wrong, and what does not hold."""
    try:
        form = ZoneForm.model_validate(data, context=_context(data))
    except ValidationError as error:
        return None, explain(error)
    zone, findings = build_zone(form)
    return (form, zone), findings


def explain(error: ValidationError) -> list[Finding]:
    """Return what the schema finds, in the words of our messages."""
    # pydantic marks a key that is wrong itself by a last part `[key]`.
    return [(_place(detail), *_explain(detail)) for detail in error.errors()]


def _problem(found: Finding, place: str) -> Problem:
    _, message, hint = found
    return Problem(_visible(message), place=_visible(place), hint=_visible(hint))


def _named(path: KeyPath) -> str:
    return ".".join(shorten(key) for key in path[:MAX_PLACE])


def _place(detail: ErrorDetails) -> tuple[str | int, ...]:
    place = tuple(part for part in detail["loc"] if part != "[key]")
    return (*place, "printed") if detail["type"] == "printed" else place


def _context(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the shape of an entry depends on; numbers are printed in no language unless one is said."""
    defaults = data.get("defaults")
    currency = defaults.get("currency") if isinstance(defaults, dict) else None
    return {
        "language": _text_language(data),
        "printed": {
            "language": _text_language(data) if "language" in data else "",
            "currency": currency if isinstance(currency, str) else "",
        },
    }


def _text_language(data: dict[str, Any]) -> str:
    language = data.get("language", "en")
    return language if isinstance(language, str) else "en"


def _visible(text: str) -> str:
    """Return the text with what a terminal would obey, or not show, written as an escape."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _explain(detail: ErrorDetails) -> tuple[str, str]:
    """Return message and hint for one finding of the schema."""
    context: dict[str, Any] = detail.get("ctx", {})
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    found = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return "unknown key", did_you_mean(key, _known_keys())
        case "missing":
            return "missing; expected this key", ""
        case "literal_error":
            return f"expected {context['expected']}, found {_shown(found)}", ""
        case "string_pattern_mismatch":
            return (
                f"expected letters, digits and hyphens, found {_shown(found)}",
                "such as `rd-professionals`",
            )
        case _:
            message = detail["msg"]
            if detail["type"].endswith(("_type", "_parsing")):
                message = f"{message.removeprefix('Input should be ').replace('a valid ', 'a ')}"
                message = f"expected {message}, found {_shown(found)}"
            return message[:1].lower() + message[1:], str(context.get("hint", ""))


def _known_keys() -> set[str]:
    return {name for shape in _shapes(Shape) for name in shape.model_fields}


def _shapes(base: type[Shape]) -> list[type[Shape]]:
    return [shape for child in base.__subclasses__() for shape in (child, *_shapes(child))]


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    return f"`{shorten(value)}`"
