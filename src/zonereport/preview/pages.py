"""The pages of a PDF as pictures, drawn when they are asked for."""

from __future__ import annotations

import threading
from io import BytesIO

import pypdfium2

SCALE = 2.0
"""Pixels a point: an A4 page is 1190 pixels wide."""

_pdfium = threading.Lock()
"""PDFium may be used by one thread at a time, whatever the document."""


class Pages:
    """The pages of one PDF; each is drawn once."""

    def __init__(self, pdf: bytes, name: str) -> None:
        self.pdf = pdf
        self.name = name
        """The name of the file to download."""
        with _pdfium, pypdfium2.PdfDocument(pdf) as document:
            self.sizes = [document.get_page_size(index) for index in range(len(document))]
        """Width and height of each page, in points."""
        self._drawn: dict[int, bytes] = {}

    def draw(self, number: int) -> bytes:
        """Return a page, counted from 1, as a PNG; raise IndexError if there is none."""
        if not 1 <= number <= len(self.sizes):
            raise IndexError(number)
        # the document is opened for each page, for else PDFium would close it in whichever thread forgets it
        with _pdfium:
            if number not in self._drawn:
                with pypdfium2.PdfDocument(self.pdf) as document:
                    picture = document[number - 1].render(scale=SCALE).to_pil()
                    with BytesIO() as file:
                        picture.save(file, "PNG", compress_level=1)
                        self._drawn[number] = file.getvalue()
            return self._drawn[number]
