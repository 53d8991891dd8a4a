"""Objects added to a finished PDF as an update, some hundred to a stream (ISO 32000-1, 7.5.6 to 7.5.8).

Written as text they take a tenth of the time and memory that they take as objects of a PDF library.
"""

from __future__ import annotations

import struct
import zlib
from hashlib import md5
from io import BytesIO
from itertools import accumulate

HELD = 200
"""Objects in a stream: a reader unpacks all of them to get at one."""
ENTRY = struct.Struct(">BIH")
"""An entry of the table of objects: its kind and two numbers."""
AT_OFFSET, IN_STREAM = 1, 2


class Update:
    """Adds objects to a file; they may be numbered long before they are written."""

    def __init__(self, data: bytes, size: int) -> None:
        """Begin behind a file whose objects have numbers below `size`."""
        self._out = BytesIO(data)
        self._previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
        self._out.seek(len(data))
        self._size = size
        self._entries = bytearray()
        self._replaced: dict[int, bytes] = {}
        self._held: list[tuple[int, str]] = []

    def reserve(self) -> int:
        """Return a number for a new object."""
        self._entries += bytes(ENTRY.size)
        return self._size + len(self._entries) // ENTRY.size - 1

    def put(self, number: int, body: str) -> None:
        """Write an object, a new one or one that replaces another; a character is a byte."""
        self._held.append((number, body))
        if len(self._held) == HELD:
            self._write_held()

    def _write_held(self) -> None:
        numbers, bodies = zip(*self._held, strict=True)
        offsets = accumulate((len(body) + 1 for body in bodies[:-1]), initial=0)
        head = " ".join(f"{number} {offset}" for number, offset in zip(numbers, offsets, strict=True))
        facts = f"/Type/ObjStm/N {len(bodies)}/First {len(head) + 1}"
        stream = self._write_stream(facts, " ".join([head, *bodies]).encode("latin-1"))
        for place, number in enumerate(numbers):
            self._enter(number, ENTRY.pack(IN_STREAM, stream, place))
        self._held.clear()

    def _write_stream(self, facts: str, content: bytes, number: int = 0) -> int:
        number = number or self.reserve()
        packed = zlib.compress(content)
        self._enter(number, ENTRY.pack(AT_OFFSET, self._out.tell(), 0))
        head = f"{number} 0 obj\n<<{facts}/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
        self._out.write(b"".join((head.encode("latin-1"), packed, b"\nendstream\nendobj\n")))
        return number

    def _enter(self, number: int, entry: bytes) -> None:
        if number < self._size:
            self._replaced[number] = entry
        else:
            start = (number - self._size) * ENTRY.size
            self._entries[start : start + ENTRY.size] = entry

    def finish(self, trailer: str, identifier: bytes) -> bytes:
        """Return the file; `identifier` is what it had before, `trailer` where its catalogue is."""
        if self._held:
            self._write_held()
        number, start = self.reserve(), self._out.tell()
        self._enter(number, ENTRY.pack(AT_OFFSET, start, 0))
        now = md5(self._out.getbuffer(), usedforsecurity=False).hexdigest()
        sections = [(old, 1) for old in sorted(self._replaced)] + [(self._size, number + 1 - self._size)]
        index = " ".join(f"{first} {count}" for first, count in sections)
        entries = b"".join([*(self._replaced[old] for old in sorted(self._replaced)), self._entries])
        self._write_stream(
            f"/Type/XRef/Size {number + 1}/Index[{index}]/W[1 4 2]/Prev {self._previous}"
            f"/ID[<{identifier.hex()}><{now}>]{trailer}",
            entries,
            number,
        )
        self._out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return self._out.getvalue()
