"""Who gets the briefing: recipients from a CSV, a TOML file or the command line, every one checked."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, MailError, Problem, did_you_mean
from zonereport.files import read_file
from zonereport.language import language_codes
from zonereport.mail.envelope import mailbox_key
from zonereport.mail.mailboxes import make_mailbox, parse_mailbox
from zonereport.render.registry import FORMATS
from zonereport.zone.parsing import find_lines, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from zonereport.mail.mailboxes import Mailbox

MOST = 100_000
"""Recipients in one file: more is another file."""
COLUMNS = {
    "name": ("name", "姓名", "名称"),
    "address": ("address", "email", "e-mail", "mail", "邮箱", "电子邮箱", "电子邮件", "邮件地址"),
    "language": ("language", "lang", "语言"),
    "zones": ("zones", "zone", "园区"),
    "formats": ("formats", "format", "格式"),
}
"""The columns of a CSV, and what else they may be called."""
_SEPARATOR = re.compile(r'"?sep=([,;\t])"?', re.IGNORECASE)
"""A first line by which Excel is told what parts the cells."""
_LIST = re.compile(r"[\s,;，；、|]+")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets the briefing; what is empty is as the job says."""

    mailbox: Mailbox
    language: str = ""
    zones: tuple[str, ...] = ()
    """Ids of the zones that he or she gets; empty for all."""
    formats: tuple[str, ...] = ()

    def gets(self, zone: str) -> bool:
        """Whether he or she gets the zone of this id."""
        return not self.zones or zone in self.zones


@dataclass(frozen=True, slots=True)
class Recipients:
    """The recipients of a file in its order, and what the reader of the file should be told."""

    entries: tuple[Recipient, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry as it stands in the file."""

    line: int | None
    values: Mapping[str, Any]
    place: str = ""


def gather_recipients(given: Iterable[str], file: Path | None = None) -> Recipients:
    """Return whom a file and the command line name, each mailbox once.

    Whoever is given as `Name <address>`, or by the address alone, gets every zone, in the language and
    formats that the file says. Raises MailError for what is given, else as `read_recipients`.
    """
    read = read_recipients(file) if file else Recipients(())
    found = {mailbox_key(recipient.mailbox.address): recipient for recipient in read.entries}
    notes = []
    for text in given:
        recipient = Recipient(parse_mailbox(text))
        key = mailbox_key(recipient.mailbox.address)
        if known := found.get(key):
            notes.append(f"`{recipient.mailbox.address}` is named more than once, and gets one message")
            mailbox = known.mailbox if known.mailbox.name else recipient.mailbox
            recipient = replace(known, mailbox=mailbox, zones=())
        found[key] = recipient
    return Recipients(tuple(found.values()), (*read.notes, *notes))


def read_recipients(path: Path) -> Recipients:
    """Return the recipients of a CSV or TOML file.

    A mailbox that stands twice becomes one recipient if the entries differ in their zones only. Raises
    InputError with every problem, its line and a hint.
    """
    data = read_file(path)
    text, notes = _decode(data, str(path))
    rows = list(_toml_rows(text, str(path)) if path.suffix.lower() == ".toml" else _csv_rows(text, str(path)))
    problems: list[Problem] = []
    read = []
    for row in rows:
        try:
            read.append((row, _recipient(row, problems)))
        except MailError as error:
            problems.append(Problem(error.message, row.place, row.line, error.hint))
    entries, merged = _merged(read, problems)
    if not rows:
        problems.append(Problem("no recipients", hint="a CSV has a line `name,address` above them"))
    if problems:
        raise InputError(str(path), sorted(problems, key=lambda problem: problem.line or 0))
    return Recipients(tuple(entries), (*notes, *merged))


# The file


def _decode(data: bytes, file: str) -> tuple[str, list[str]]:
    """Return the text and, where it is not UTF-8, the note that Chinese Excel's encoding was taken."""
    try:
        text, notes = data.decode("utf-8-sig"), []
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            hint = "save the file again with the encoding UTF-8"
            raise InputError(
                file, [Problem("expected UTF-8 or GB18030 text, found neither", line=line, hint=hint)]
            ) from None
        notes = [f"{file}: read as GB18030, because it is not UTF-8; see whether line {line} is right: "
                 f"`{text.splitlines()[line - 1].strip()[:60]}`"]  # fmt: skip
    if "\0" in text:
        raise InputError(
            file, [Problem("expected text, found binary data", hint="save it as CSV, not as XLSX")]
        )
    return text, notes


def _csv_rows(text: str, file: str) -> Iterator[_Row]:
    first, _, rest = text.partition("\n")
    said = _SEPARATOR.fullmatch(first.strip("\r"))
    above, text = (1, rest) if said else (0, text)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = said[1] if said else max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    end = above
    try:
        for cells in reader:
            line, end = end + 1, above + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells, file, line)
            elif len(cells) > len(columns) and any(cells[len(columns) :]):
                hint = f"put what holds a `{separator}` between quotation marks"
                problem = Problem(f"{len(cells)} cells, expected {len(columns)}", line=line, hint=hint)
                raise InputError(file, [problem])
            else:
                yield _Row(line, dict(zip(columns, map(str.strip, cells), strict=False)))
            if line > MOST:
                raise InputError(file, [Problem(f"more than {MOST} lines", line=line)])
    except csv.Error as error:
        raise InputError(file, [Problem(f"not valid CSV: {error}", line=above + reader.line_num)]) from None


def _columns(cells: Sequence[str], file: str, line: int) -> list[str]:
    names = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    given = [cell.strip().lower() for cell in cells]
    while given and not given[-1]:
        given.pop()  # spreadsheets write cells that were used once
    problems = [
        Problem(f"unknown column `{cell}`", line=line, hint=did_you_mean(cell, names) or _columns_hint())
        for cell in given
        if cell not in names
    ]
    columns = [names.get(cell, cell) for cell in given]
    problems += [
        Problem(f"two columns for `{column}`", line=line) for column in COLUMNS if columns.count(column) > 1
    ]
    if "address" not in columns and not problems:
        problems.append(Problem("no column `address`", line=line, hint=_columns_hint()))
    if problems:
        raise InputError(file, problems)
    return columns


def _columns_hint() -> str:
    return f"the first line names the columns: {', '.join(COLUMNS)}"


def _toml_rows(text: str, file: str) -> Iterator[_Row]:
    data = parse(text, file)
    entries = data.get("recipient")
    if set(data) - {"recipient"} or not isinstance(entries, list):
        wrong = next(iter(set(data) - {"recipient"}), "recipient")
        raise InputError(file, [Problem("expected tables `[[recipient]]` alone", wrong)])
    lines = find_lines(text, file, [("recipient", place) for place in range(len(entries))])
    for place, (entry, line) in enumerate(zip(entries, lines, strict=True)):
        where = f"recipient.{place}"
        if not isinstance(entry, dict):
            raise InputError(file, [Problem("expected a table", where, line)])
        yield _Row(line, entry, where)


# An entry


def _recipient(row: _Row, problems: list[Problem]) -> Recipient:
    """Return the recipient of an entry, adding what does not hold; raise MailError for the mailbox."""

    def wrong(message: str, key: str, hint: str = "") -> None:
        problems.append(Problem(message, f"{row.place}.{key}" if row.place else key, row.line, hint))

    for key in row.values:
        if key not in COLUMNS:
            wrong("unknown key", key, did_you_mean(key, COLUMNS))
    for key in ("name", "address", "language"):
        if not isinstance(row.values.get(key, ""), str):
            raise MailError(f"`{key}`: expected a text", hint="put it between quotation marks")
    language = row.values.get("language", "").lower().partition("-")[0]
    if language and language not in language_codes():
        known = language_codes()
        wrong(f"no language `{language[:20]}`", "language",
              did_you_mean(language, known) or f"there are {', '.join(known)}")  # fmt: skip
    zones, formats = (_listed(key, row.values.get(key, "")) for key in ("zones", "formats"))
    for name in formats:
        if name.lower() not in FORMATS:
            hint = did_you_mean(name.lower(), FORMATS) or f"there are {', '.join(FORMATS)}"
            wrong(f"no format `{name[:20]}`", "formats", hint)
    mailbox = make_mailbox(row.values.get("address", ""), row.values.get("name", ""))
    return Recipient(mailbox, language, zones, tuple(name.lower() for name in formats))


def _listed(key: str, value: Any) -> tuple[str, ...]:
    """Return the entries of a list, or of a cell that parts them by comma, semicolon or space."""
    entries = _LIST.split(value) if isinstance(value, str) else value
    if not (isinstance(entries, list) and all(isinstance(entry, str) for entry in entries)):
        raise MailError(f"`{key}`: expected a list of texts", hint=f'write `{key} = ["…"]`')
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def _merged(
    read: Iterable[tuple[_Row, Recipient]], problems: list[Problem]
) -> tuple[list[Recipient], list[str]]:
    """Return each mailbox once, and a note on each that stood twice; add a problem where they differ."""
    found: dict[str, tuple[_Row, Recipient]] = {}
    notes = []
    for row, recipient in read:
        key = mailbox_key(recipient.mailbox.address)
        first, known = found.setdefault(key, (row, recipient))
        if known is recipient:
            continue
        address = recipient.mailbox.address
        if (known.language, known.formats) != (recipient.language, recipient.formats):
            hint = f"line {first.line} has the same address with another language or other formats"
            problems.append(Problem(f"`{address}` stands twice", row.place, row.line, hint))
            continue
        zones = () if not (known.zones and recipient.zones) else tuple(
            dict.fromkeys((*known.zones, *recipient.zones)))  # fmt: skip
        found[key] = (first, replace(known, zones=zones))
        notes.append(f"`{address}` stands on the lines {first.line} and {row.line}, and gets one message")
    return [recipient for _, recipient in found.values()], notes
