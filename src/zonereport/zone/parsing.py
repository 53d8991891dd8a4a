"""From the bytes of a TOML or JSON file to plain data, and from a key path back to its line."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES = 8 * 2**20
"""A zone file is some kilobytes; more is another file, or an attack on memory."""

KeyPath = tuple[str | int, ...]


def read_data(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file, of one that is too large not all; raise InputError for what is no file."""

    def refuse(message: str, hint: str = "") -> InputError:
        return InputError(str(path), [Problem(message, hint=hint)])

    try:
        if path.is_dir():
            raise refuse("expected a file, found a folder", "give a zone file, such as `zone.toml`")
        if not path.exists():
            raise refuse("no such file")
        if not path.is_file():
            raise refuse("expected a file, found a device or pipe")
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a possible file name"
        raise refuse(f"cannot be read: {(reason or 'unknown error').lower()}") from None


def decode(data: bytes, file: str) -> str:
    """Return the text of a file's bytes; `file` names it in the InputError for what is no UTF-8 text."""

    def refuse(message: str, hint: str = "", line: int | None = None) -> InputError:
        return InputError(file, [Problem(message, line=line, hint=hint)])

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
    except InvalidOperation:
        raise InputError(file, [Problem("a number has too large an exponent")]) from None
    except ValueError as error:
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
    hint = (
        "a key stands once; delete or rename the second one"
        if "overwrite" in match[1]
        else 'text stands in quotes, and so does a month such as "2022-12"; a number has no commas'
    )
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
    """Return the line (from 1) on which the key or entry at `path` begins; None where it cannot be told."""
    return find_lines(text, file, [path])[0]


def find_lines(text: str, file: str, paths: Iterable[KeyPath]) -> list[int | None]:
    """Return the line of each path in a text that is valid; the text is read once for all of them.

    What is missing has no line: that of the table it is missing from is given.
    """
    scanner = _Scanner(text, is_json=file.lower().endswith(".json"))
    scanner.scan()

    def nearest(path: KeyPath) -> int | None:
        heads = (path[:length] for length in range(len(path), 0, -1))
        return next((scanner.lines[head] for head in heads if head in scanner.lines), None)

    return [nearest(path) for path in paths]


_TOKEN = re.compile(
    r'''
      (?P<skip> [ \t\r]+ | \#[^\n]* )
    | """ (?: \\[\s\S] | (?!""")[^\\] )* "{3,5}
    | \'{3} [\s\S]*? \'{3,5}
    | " (?: \\. | [^"\\\n] )* "
    | \' [^\'\n]* \'
    | [\[\]{},=:\n]
    | [^\s\[\]{},=:"\'\#]+
    ''',
    re.VERBOSE,
)
"""What JSON and TOML are made of; the text is known to be valid, so a looser grammar will do."""

_DEPTH = 8
"""No place in a zone file lies deeper, such as `figures.x.breakdown.parts.0.name.en`."""


class _Scanner:
    """Walks over a valid text and notes the line on which each key and each entry of a list begins."""

    def __init__(self, text: str, *, is_json: bool) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._is_json = is_json
        self._tokens: list[tuple[str, int]] = []
        self._next = 0
        self._entries: dict[KeyPath, int] = {}  # how many tables an array of TOML tables has so far
        line = 1
        for match in _TOKEN.finditer(text):
            if match["skip"] is None:
                self._tokens.append((match[0], line))
            line += match[0].count("\n")

    def scan(self) -> None:
        """Fill `lines`."""
        if self._is_json:
            self._value(())
            return
        table: KeyPath = ()
        while self._skip_blank():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._take_until("\n")

    # Tokens

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _line(self) -> int:
        return self._tokens[self._next][1]

    def _skip_blank(self) -> bool:
        """Go to the next token that is not a line's end; False if there is none."""
        while self._peek() == "\n":
            self._next += 1
        return self._next < len(self._tokens)

    def _take_until(self, *ends: str) -> str:
        begin = self._next
        while self._next < len(self._tokens) and self._peek() not in ends:
            self._next += 1
        return "".join(token for token, _ in self._tokens[begin : self._next])

    # What stands there

    def _header(self) -> KeyPath:
        """Take `[a.b]` or `[[a.b]]`; return the path of the table that it opens."""
        line = self._line()
        data: Any = tomllib.loads(self._take_until("\n"))
        path: KeyPath = ()
        while isinstance(data, dict) and data:
            if path in self._entries:
                path = (*path, self._entries[path] - 1)
            key, data = next(iter(data.items()))
            path = self._note((*path, key), line)
        if isinstance(data, list):
            count = self._entries.get(path, 0)
            self._entries[path] = count + 1
            path = self._note((*path, count), line)
        return path

    def _pair(self, table: KeyPath) -> None:
        """Take `key = value`, in TOML perhaps with a dotted key, or `"key": value`."""
        line = self._line()
        key = self._take_until(":" if self._is_json else "=")
        self._next += 1
        data: Any = {json.loads(key): 0} if self._is_json else tomllib.loads(f"{key}=0")
        path = table
        while isinstance(data, dict):
            name, data = next(iter(data.items()))
            path = self._note((*path, name), line)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        """Take a value and note what is in it."""
        self._skip_blank()
        opening = self._peek()
        self._next += 1
        if opening not in ("[", "{"):
            return
        if len(path) >= _DEPTH:
            self._take_nested()
            return
        index, is_due = 0, True  # a scalar such as a time of day is several tokens: the first one counts
        while self._skip_blank() and self._peek() not in ("]", "}"):
            if self._peek() == ",":
                index, is_due = index + 1, True
                self._next += 1
            elif not is_due:
                self._next += 1
            else:
                is_due = False
                if opening == "[":
                    self._value(self._note((*path, index), self._line()))
                else:
                    self._pair(path)
        self._next += 1

    def _take_nested(self) -> None:
        depth = 1
        while depth and self._next < len(self._tokens):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(self._peek(), 0)
            self._next += 1

    def _note(self, path: KeyPath, line: int) -> KeyPath:
        if len(path) <= _DEPTH:
            self.lines.setdefault(path, line)
        return path
