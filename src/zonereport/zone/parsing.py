"""From the bytes of a TOML or JSON file to plain data, and from a key path back to its line."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_BYTES = 8 * 2**20
"""A zone file is some kilobytes; more is another file, or an attack on memory."""

KeyPath = tuple[str | int, ...]


def read_text(path: Path) -> str:
    """Return the text of a file; raise InputError for what is missing, too large or not UTF-8 text."""

    def refuse(message: str, hint: str = "", line: int | None = None) -> InputError:
        return InputError(str(path), [Problem(message, line=line, hint=hint)])

    try:
        if path.is_dir():
            raise refuse("expected a file, found a folder", "give a zone file, such as `zone.toml`")
        if not path.exists():
            raise refuse("no such file")
        if not path.is_file():
            raise refuse("expected a file, found a device or pipe")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a possible file name"
        raise refuse(f"cannot be read: {(reason or 'unknown error').lower()}") from None
    if len(data) > MAX_BYTES:
        raise refuse(f"expected at most {MAX_BYTES // 2**20} MB, found more", "is this the right file?")
    if not data.strip():
        raise refuse("the file is empty", "`zonereport zones` lists examples to start from")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("expected UTF-8 text, found UTF-16", "save the file again with the encoding UTF-8")
    if b"\0" in data:
        raise refuse("expected UTF-8 text, found binary data", "give a zone file, such as `zone.toml`")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(
            f"expected UTF-8 text, found the byte 0x{data[error.start]:02x}",
            "save the file again with the encoding UTF-8",
            line,
        ) from None


def parse(text: str, file: str) -> dict[str, Any]:
    """Return the data of a TOML or JSON text with numbers as Decimal or int; `file` names it in messages."""
    is_json = file.lower().endswith(".json")
    try:
        data = _parse_json(text) if is_json else tomllib.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise InputError(
            file, [Problem(f"not valid JSON: {_lowered(error.msg)}", line=error.lineno)]
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(file, [_toml_problem(text, str(error))]) from None
    except RecursionError:
        raise InputError(file, [Problem("nested too deeply")]) from None
    except (ValueError, InvalidOperation) as error:
        message = "a number has too many digits" if "digits" in str(error) else str(error)
        raise InputError(file, [Problem(message)]) from None
    if not isinstance(data, dict):
        raise InputError(file, [Problem("expected an object at the top, found something else")])
    return data


def _toml_problem(text: str, message: str) -> Problem:
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", message, re.DOTALL)
    if not match:
        return Problem(f"not valid TOML: {_lowered(message)}")
    line = int(match[2]) if match[2] else text.count("\n") + 1
    hint = "a key stands once; delete or rename the second one" if "overwrite" in match[1] else ""
    return Problem(f"not valid TOML: {_lowered(match[1])}", line=line, hint=hint)


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _parse_json(text: str) -> Any:
    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            keys = [key for key, _ in pairs]
            raise ValueError(f"the key `{next(key for key in keys if keys.count(key) > 1)}` stands twice")
        return data

    return json.loads(text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=no_duplicates)


def find_line(text: str, file: str, path: KeyPath) -> int | None:
    """Return the line (from 1) on which the value at `path` begins; None where it cannot be told."""
    locate: Callable[[str, KeyPath], int | None] = (
        _json_line if file.lower().endswith(".json") else _toml_line
    )
    for length in range(len(path), 0, -1):  # what is missing has no line: its table has
        if (line := locate(text, path[:length])) is not None:
            return line
    return None


def _toml_line(text: str, path: KeyPath) -> int | None:
    """Return the line by which the path first stands, found by parsing ever shorter heads of the text.

    A head that ends within a statement does not parse, so the nearest shorter one that does counts.
    """
    lines = text.splitlines(keepends=True)

    def head(count: int) -> tuple[int, Any]:
        for size in range(count, 0, -1):
            try:
                return size, tomllib.loads("".join(lines[:size]), parse_float=str)
            except tomllib.TOMLDecodeError:
                continue
        return 0, {}

    below, above = 0, len(lines)  # the path is absent from the head of `below` lines, present in `above`
    if not _has(head(above)[1], path):
        return None
    while above - below > 1:
        middle = (below + above) // 2
        if _has(head(middle)[1], path):
            above = middle
        else:
            below = middle
    begin = head(above - 1)[0]  # the statement begins after the last head that parses
    while begin < above - 1 and re.match(r"\s*(#.*)?$", lines[begin]):
        begin += 1
    return begin + 1


def _has(data: Any, path: KeyPath) -> bool:
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _json_line(text: str, path: KeyPath) -> int | None:
    decoder = json.JSONDecoder(parse_float=str)
    blank = re.compile(r"[\s,:]*")

    def skip(position: int) -> int:
        match = blank.match(text, position)
        return match.end() if match else position

    position = skip(0)
    for wanted in path:
        found: int | None = None
        index, position = 0, skip(position + 1)
        while position < len(text) and text[position] not in "}]":
            key: str | int = index
            begin = position
            if isinstance(wanted, str):
                if text[position] != '"':
                    return None
                key, position = decoder.raw_decode(text, position)
                position = skip(position)
            if key == wanted:
                found = begin
                break
            _, position = decoder.raw_decode(text, position)
            position, index = skip(position), index + 1
        if found is None:
            return None
    return text.count("\n", 0, found) + 1 if path else 1
