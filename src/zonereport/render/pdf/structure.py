"""The structure tree, written into a finished file: elements, parent tree and identifiers."""

from __future__ import annotations

from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Dictionary, Name, String

from zonereport.render.pdf.tags import Annotation, Element, Mark
from zonereport.render.pdf.update import Update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikepdf import Pdf

KEPT_EMPTY = ("TH", "TD")
"""Elements that stay without content: a table's rows must be of one length."""
PRINTED = 4
"""The annotation flag that PDF/A asks for."""
LEAF = 500
"""Entries of a number or name tree in one node."""


def number_contents(pdf: Pdf) -> None:
    """Give pages and links the keys by which the parent tree finds their elements, and room for a tree."""
    pages = [page.obj for page in pdf.pages]
    links = [link for page in pages for link in page.get("/Annots", ())]
    for key, page in enumerate(pages):
        page.StructParents, page.Tabs = key, Name.S
    for key, link in enumerate(links, start=len(pages)):
        link.StructParent, link.F = key, PRINTED
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def add_structure(data: bytes, document: Element, files: Mapping[str, int]) -> bytes:
    """Return a file with its tree; its pages have marks and keys already.

    `files` tells, by block, the place of a file among those that are associated with the document.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        writer = _Writer(pdf, Update(data, int(pdf.trailer.Size)), files)
        writer.write(document, _number(pdf.Root.StructTreeRoot))
        trailer = f"/Root {_reference(pdf.Root)}/Info {_reference(pdf.trailer.Info)}"
        return writer.update.finish(trailer, bytes(pdf.trailer.ID[0]))


class _Writer:
    """Writes elements and gathers, for each page and link, which element it belongs to."""

    def __init__(self, pdf: Pdf, update: Update, files: Mapping[str, int]) -> None:
        self.update = update
        self._files = {block: _reference(pdf.Root.AF[place]) for block, place in files.items()}
        pages = [page.obj for page in pdf.pages]
        self._pages = [_reference(page) for page in pages]
        self._links = [[_reference(link) for link in page.get("/Annots", ())] for page in pages]
        self._first_keys = list(accumulate(map(len, self._links), initial=len(pages)))
        self._marks: list[dict[int, int]] = [{} for _ in pages]
        self._owners: dict[int, int] = {}
        self._ids: dict[str, int] = {}

    def write(self, document: Element, root: int) -> None:
        kid = self._element(document, root)
        parents = self._tree("Nums", self._parents())
        facts = f"/Type/StructTreeRoot/K {kid} 0 R/ParentTree {parents}"
        facts += f"/ParentTreeNextKey {self._first_keys[-1]}"
        if self._ids:
            names = [(_text(id), f"{self._ids[id]} 0 R") for id in sorted(self._ids)]
            facts += f"/IDTree {self._tree('Names', names)}"
        self.update.put(root, f"<<{facts}>>")

    def _element(self, element: Element, parent: int) -> int:
        """Write an element and what it holds, and return its number."""
        number = self.update.reserve()
        if element.id:
            self._ids[element.id] = number
        page = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        kids = [self._kid(kid, number, page) for kid in element.kids if _is_kept(kid)]
        facts = _facts(element)
        if element.block in self._files and element.kind == "Figure":
            facts += f"/AF[{self._files[element.block]}]"
        if page is not None:
            facts += f"/Pg {self._pages[page]}"
        if kids:
            facts += f"/K {_one_or_all(kids)}"
        self.update.put(number, f"<</Type/StructElem/S/{element.kind}/P {parent} 0 R{facts}>>")
        return number

    def _kid(self, kid: Element | Mark | Annotation, owner: int, page: int | None) -> str:
        if isinstance(kid, Element):
            return f"{self._element(kid, owner)} 0 R"
        if isinstance(kid, Annotation):
            self._owners[self._first_keys[kid.page] + kid.place] = owner
            return f"<</Type/OBJR/Pg {self._pages[kid.page]}/Obj {self._links[kid.page][kid.place]}>>"
        self._marks[kid.page][kid.mcid] = owner
        if kid.page == page:
            return str(kid.mcid)
        return f"<</Type/MCR/Pg {self._pages[kid.page]}/MCID {kid.mcid}>>"

    def _parents(self) -> list[tuple[str, str]]:
        """Return the parent tree's entries: each page's elements by mark, then each link's element."""
        entries = []
        for key, marks in enumerate(self._marks):
            owners = self.update.reserve()
            self.update.put(owners, f"[{' '.join(f'{marks[mcid]} 0 R' for mcid in range(len(marks)))}]")
            entries.append((str(key), f"{owners} 0 R"))
        return entries + [(str(key), f"{self._owners[key]} 0 R") for key in sorted(self._owners)]

    def _tree(self, kind: str, entries: Sequence[tuple[str, str]]) -> str:
        """Return the reference to a number or name tree of entries that are in order."""
        if len(entries) <= LEAF:
            return self._add(f"<<{_node(kind, entries)}>>")
        leaves = []
        for start in range(0, len(entries), LEAF):
            part = entries[start : start + LEAF]
            leaves.append(self._add(f"<<{_node(kind, part)}/Limits[{part[0][0]} {part[-1][0]}]>>"))
        return self._add(f"<</Kids[{' '.join(leaves)}]>>")

    def _add(self, body: str) -> str:
        number = self.update.reserve()
        self.update.put(number, body)
        return f"{number} 0 R"


def _node(kind: str, entries: Sequence[tuple[str, str]]) -> str:
    return f"/{kind}[{' '.join(f'{key} {value}' for key, value in entries)}]"


def _number(thing: Any) -> int:
    return int(thing.objgen[0])


def _reference(thing: Any) -> str:
    return f"{_number(thing)} 0 R"


def _is_kept(kid: Element | Mark | Annotation) -> bool:
    return not isinstance(kid, Element) or kid.kind in KEPT_EMPTY or kid.is_painted()


def _facts(element: Element) -> str:
    """Return what the element says of itself."""
    texts = {"Alt": element.alt, "Lang": element.lang, "T": element.title, "ID": element.id}
    facts = "".join(f"/{key} {_text(text)}" for key, text in texts.items() if text)
    attributes = [
        f"<</O/{owner}{''.join(f'/{key} {_value(value)}' for key, value in values.items())}>>"
        for owner, values in element.attributes.items()
    ]
    return f"{facts}/A {_one_or_all(attributes)}" if attributes else facts


def _one_or_all(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"[{' '.join(parts)}]"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return value if value.startswith("/") else _text(value)


def _text(text: str) -> str:
    return String(text).unparse().decode("latin-1")
