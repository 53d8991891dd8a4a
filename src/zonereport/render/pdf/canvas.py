"""A canvas on which everything belongs to a structure element or is an artifact."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from zonereport.render.pdf.tags import Annotation, Mark, Shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from zonereport.render.pdf.spaces import Spaces
    from zonereport.render.pdf.tags import Element

PAINTS = re.compile(r"(?:^|\s)(?:S|s|f\*?|F|[Bb]\*?|Do|sh|ET|EI)(?=\s|$)")
"""An operator that leaves something on the page (ISO 32000-1, tables 60 and 107)."""
LAYOUT = "/Type /Layout"
PAGINATION = "/Type /Pagination"
HEADER = "/Type /Pagination /Subtype /Header /Attached [/Top]"
FOOTER = "/Type /Pagination /Subtype /Footer /Attached [/Bottom]"
BACKGROUND = "/Type /Background /BBox [0 0 {width:.2f} {height:.2f}]"


class Opening(str):
    """An operator that begins marked content outside a text object."""

    __slots__ = ()


class Closing(str):
    """The operator that ends it."""

    __slots__ = ()


class Tagged(str):
    """A text object that marks its own content."""

    __slots__ = ()


class Address(Shared, str):
    """Where a link leads, as ReportLab passes it on; as a text it is nothing that ReportLab would read."""

    __slots__ = ("contents", "element", "target")
    element: Element
    target: str
    """An address, or `#` and the name of a place in the document."""
    contents: str
    """The link in words."""

    @classmethod
    def of(cls, element: Element, target: str, contents: str) -> Address:
        """Return the address of a link element."""
        address = cls("target")
        address.element, address.target, address.contents = element, target, contents
        return address


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that numbers marked content and finds what is left over for artifacts."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        self._mcids = 0
        self._owner: Element | None = None
        self._later: list[tuple[int, str, Callable[[], None]]] = []
        self.pages_of: dict[str, int] = {}
        """The page on which each heading stands, by its id."""
        super().__init__(*args, **settings)

    def begin(self, element: Element) -> str:
        """Return the operator that begins marked content of an element, and note its place."""
        element.join()
        element.kids.append(Mark(self._pageNumber - 1, self._mcids))
        self._mcids += 1
        return f"/{element.kind} <</MCID {self._mcids - 1}>> BDC"

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """Make all that is drawn inside one piece of content of an element."""
        self._code.append(Opening(self.begin(element)))
        yield
        self._code.append(Closing("EMC"))

    @contextmanager
    def artifact(self, properties: str) -> Iterator[None]:
        """Make all that is drawn inside an artifact of a kind, such as HEADER."""
        self._code.append(Opening(f"/Artifact <<{properties}>> BDC"))
        yield
        self._code.append(Closing("EMC"))

    @contextmanager
    def owned(self, element: Element | None) -> Iterator[None]:
        """Give an element the text objects that ReportLab begins by itself, such as a list's marks."""
        self._owner, before = element, self._owner
        yield
        self._owner = before

    def beginText(self, x: float = 0, y: float = 0, direction: Any = None) -> PDFTextObject:  # noqa: N802
        return TaggedText(self, x, y, direction, element=self._owner)

    def drawText(self, aTextObject: PDFTextObject) -> None:  # noqa: N802, N803
        code = aTextObject.getCode()
        self._code.append(Tagged(code) if getattr(aTextObject, "element", None) else code)

    def linkURL(self, url: str, rect: Any, relative: int = 0, **settings: Any) -> None:  # noqa: N802
        """Add a link and note it with its element; `url` is an Address."""
        assert isinstance(url, Address)
        if url.target.startswith("#"):
            self.linkRect(url.contents, url.target[1:], rect, relative=relative)
        else:
            super().linkURL(url.target, rect, relative=relative, Contents=PDFString(url.contents))
        url.element.kids.append(Annotation(self._pageNumber - 1, len(self._annotationrefs) - 1))

    def later(self, draw: Callable[[], None]) -> None:
        """Draw here, in what surrounds it now, what is known only when all pages are laid out.

        It may set type, and nothing else: a page's resources are settled when it ends.
        """
        mark = f"% {len(self._later)} comes later"
        self._later.append((self._pageNumber - 1, mark, draw))
        self._code.append(mark)

    def save(self) -> None:
        pages = self._doc.Pages.pages
        for number, mark, draw in self._later:
            self._code: list[str] = []
            draw()
            page = pages[number]
            page.stream = page.stream.replace(f"{mark}\n", "".join(f"{piece}\n" for piece in self._code))
        self._code = []
        super().save()

    def showPage(self) -> None:  # noqa: N802
        self._code[:] = _with_artifacts(self._code)
        self._mcids = 0
        super().showPage()


class TaggedText(PDFTextObject):  # type: ignore[misc]
    """A text object whose content belongs to an element, and within it to the elements of its runs.

    A run's element comes with its colour: ReportLab sets that right before the run's text, and keeps
    it when it breaks and splits paragraphs. Marked content stays inside BT and ET.
    """

    def __init__(
        self,
        canvas: TaggedCanvas,
        x: float = 0,
        y: float = 0,
        direction: Any = None,
        *,
        element: Element | None = None,
        inline: Element | None = None,
        spaces: Spaces | None = None,
    ) -> None:
        super().__init__(canvas, x, y, direction)
        self.element, self._spaces = element, spaces
        self._current = inline or element
        self._open: Element | None = None

    def setFillColor(self, aColor: Any, alpha: float | None = None) -> None:  # noqa: N802, N803
        super().setFillColor(aColor, alpha)
        if self.element:
            self._current = getattr(aColor, "element", None) or self.element

    def line_of(self, element: Element, x: float, y: float, text: str) -> None:
        """Write an element's text, one line, at a place."""
        self._current = element
        self._begin()
        self.setTextOrigin(x, y)
        super()._textOut(text)

    def textOut(self, text: str) -> None:  # noqa: N802
        self._begin()
        super().textOut(text)

    def _textOut(self, text: str, TStar: int = 0) -> None:  # noqa: N802, N803
        """Write text, at a line's end with the space that the text has there and ReportLab drops."""
        self._begin()
        if self._spaces and self._spaces.ends_with_space(text) and TStar and not text.endswith(" "):
            text += " "
        super()._textOut(text, TStar)

    def _begin(self) -> None:
        if self._current is self._open:
            return
        if self._open:
            self._code.append("EMC")
        self._code.append(self._canvas.begin(self._current))
        self._open = self._current

    def getCode(self) -> str:  # noqa: N802
        if self._open:
            self._code.append("EMC")
        return str(super().getCode())


def _with_artifacts(code: Sequence[str]) -> list[str]:
    """Return the pieces of a page with the painting ones that belong to no element marked as artifacts."""
    done: list[str] = []
    depth, last = 0, -1
    for piece in code:
        if isinstance(piece, Opening):
            depth += 1
        elif isinstance(piece, Closing):
            depth -= 1
        elif depth == 0 and not isinstance(piece, Tagged) and PAINTS.search(piece):
            if last >= 0 and not any(_bars(between) for between in done[last + 1 :]):
                del done[last]
            else:
                done.append(f"/Artifact <<{LAYOUT}>> BDC")
            done += [piece, "EMC"]
            last = len(done) - 1
            continue
        done.append(piece)
    return done


def _bars(piece: str) -> bool:
    """Return whether an artifact must end before a piece: it keeps within marks and saved states."""
    return isinstance(piece, Opening | Closing | Tagged) or piece.split()[:1] in (["q"], ["Q"])
