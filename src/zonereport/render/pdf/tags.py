"""The structure of a PDF as data: elements in reading order, and where on the pages their content is.

The tree is made while the flowables are composed; painting adds the places. A standard type's name and
what it may hold: ISO 32000-1, 14.8.4. How it is written into the file: `structure.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from typing import Self


class Mark(NamedTuple):
    """A stretch of a page's content: the page's index and the number of the marked content there."""

    page: int
    mcid: int


class Annotation(NamedTuple):
    """A link's clickable area: the page's index and its place among the page's annotations."""

    page: int
    place: int


class Shared:
    """What a copy has in common with its original: ReportLab copies flowables to measure them."""

    __slots__ = ()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


@dataclass(eq=False, slots=True)
class Element(Shared):
    """A structure element; `kids` are in reading order."""

    kind: str
    """A standard structure type, such as `P` or `TD`."""
    parent: Element | None = field(default=None, repr=False)
    kids: list[Element | Mark | Annotation] = field(default_factory=list)
    alt: str = ""
    lang: str = ""
    title: str = ""
    """What the element is, for a reader of the structure; not read out."""
    id: str = ""
    """Unique in the document; a Note must have one."""
    block: str = ""
    """The id of the block it was made from, if files belong to it."""
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Attributes by owner (`Table`, `List`, `Layout`): names as `/Name`, other texts as they are."""
    joined: bool = False
    """Whether it stands among its parent's kids."""

    def add(self, kind: str, **facts: Any) -> Element:
        """Return a new last kid."""
        element = self.hang(kind, **facts)
        element.join()
        return element

    def hang(self, kind: str, **facts: Any) -> Element:
        """Return a new element that joins the kids when it is first painted, as inline ones must."""
        return Element(kind, parent=self, **facts)

    def join(self) -> None:
        """Take the next place among the parent's kids, if none is taken yet."""
        if self.parent is None or self.joined:
            return
        self.joined = True
        self.parent.join()
        self.parent.kids.append(self)

    def is_painted(self) -> bool:
        """Return whether any of it, or of what it holds, stands on a page."""
        return any(not isinstance(kid, Element) or kid.is_painted() for kid in self.kids)
