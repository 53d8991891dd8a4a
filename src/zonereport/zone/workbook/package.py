"""The look at a workbook before it is read: what is in the package, how large it grows, what its cells hide.

The reader of cells gives errors and formulas without a value as empty, allocates up to the farthest cell
and unpacks whatever a package says. So every part is unpacked and read here first, within bounds, and the
reader gets a package of these parts alone.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from zonereport.errors import InputError, Problem
from zonereport.zone.workbook.look import Book, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from zonereport.zone.workbook.look import Look

MAX_PARTS = 1000
MAX_TOTAL = 64 * 2**20
MAX_RATIO = 200
"""XML of a spreadsheet is packed 10 to 40 times; a bomb 1,000 times."""


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that was looked at: safe to read, and what to know of each sheet by its name."""

    data: bytes
    looks: Mapping[str, Look]

    def grid(self, name: str, file: str) -> list[list[Any]]:
        """Return the cells of a sheet by row and column, from the first; raise InputError."""
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(self.data))
            return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError, LookupError, OverflowError) as error:
            reason = str(error)[:200].lower()
            raise InputError(file, [Problem(f"the sheet `{name}` cannot be read: {reason}")]) from None


def open_package(data: bytes, file: str) -> Package:
    """Return a workbook's package; raise InputError for what is no workbook, too large, or a trap."""

    def refuse(message: str, hint: str = "") -> InputError:
        return InputError(file, [Problem(message, hint=hint)])

    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        hint = "open it, and save it as `.xlsx` without a password"
        raise refuse("expected an XLSX workbook, found one with a password, or of the old kind `.xls`", hint)
    try:
        parts = _unpack(data)
        book = Book(parts)
        looks = {name: book.look(name, part) for name, part in book.sheets().items()}
    except RefusedError as error:
        raise refuse(str(error)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError):
        raise refuse(
            "expected an XLSX workbook, found something else or a damaged one",
            "save it again as `.xlsx` in a spreadsheet program",
        ) from None
    except (expat.ExpatError, ValueError, LookupError, OverflowError):
        raise refuse("the workbook is damaged: a part of it is no XML as expected") from None
    return Package(_packed(parts, book.needed), looks)


def _unpack(data: bytes) -> dict[str, bytes]:
    """Return every part; sizes are counted while unpacking, whatever the package's directory says."""
    parts: dict[str, bytes] = {}
    known: set[str] = set()
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        declared = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_PARTS:
            raise RefusedError(f"expected a workbook of at most {MAX_PARTS} parts, found {len(entries)}")
        if declared > MAX_TOTAL or declared > MAX_RATIO * len(data) + 2**20:
            raise RefusedError(
                f"the workbook unpacks from {len(data)} to {declared} bytes, which no form of figures needs"
            )
        for entry in entries:
            if entry.filename.lower() in known:
                raise RefusedError(f"the part `{entry.filename[:60]}` stands twice in the package")
            with package.open(entry) as part:
                content = part.read(MAX_TOTAL - total + 1)
            total += len(content)
            if total > MAX_TOTAL:
                raise RefusedError(f"the workbook unpacks to more than {MAX_TOTAL // 2**20} MB")
            parts[entry.filename] = content
            known.add(entry.filename.lower())
    return parts


def _packed(parts: Mapping[str, bytes], needed: set[str]) -> bytes:
    """Return a package of the parts that were looked at, and of nothing else."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name in parts:
            if name in needed:
                package.writestr(zipfile.ZipInfo(name), parts[name])
    return packed.getvalue()
