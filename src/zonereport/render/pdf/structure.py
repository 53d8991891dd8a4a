"""The structure tree, written into a finished file: elements, parent tree and identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Name, String

from zonereport.render.pdf.tags import Annotation, Element, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikepdf import Object, Pdf

KEPT_EMPTY = ("TH", "TD")
"""Elements that stay without content: a table's rows must be of one length."""
PRINTED = 4
"""The annotation flag that PDF/A asks for."""


def write_structure(pdf: Pdf, document: Element, files: Mapping[str, Object]) -> None:
    """Write the tree into a file whose pages have the marks already; `files` are by block."""
    _Writer(pdf, files).write(document)


class _Writer:
    """Writes elements and gathers, for each page and link, which element it belongs to."""

    def __init__(self, pdf: Pdf, files: Mapping[str, Object]) -> None:
        self._pdf, self._files = pdf, files
        self._pages = [page.obj for page in pdf.pages]
        self._marks: list[dict[int, Object]] = [{} for _ in self._pages]
        self._links: list[Object] = []
        self._ids: dict[str, Object] = {}

    def write(self, document: Element) -> None:
        root = self._pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = self._element(document, root)
        root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(self._parents())))
        root.ParentTreeNextKey = len(self._pages) + len(self._links)
        if self._ids:
            names = [part for id in sorted(self._ids) for part in (String(id), self._ids[id])]
            root.IDTree = Dictionary(Names=Array(names), Limits=Array([names[0], names[-2]]))
        self._pdf.Root.StructTreeRoot = root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, element: Element, parent: Object) -> Object:
        written = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.kind}"), P=parent, **_facts(element))
        )
        if element.id:
            self._ids[element.id] = written
        if element.block in self._files and element.kind == "Figure":
            written.AF = Array([self._files[element.block]])
        page = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        if page is not None:
            written.Pg = self._pages[page]
        kids = [self._kid(kid, written, page) for kid in element.kids if _is_kept(kid)]
        if kids:
            written.K = kids[0] if len(kids) == 1 else Array(kids)
        return written

    def _kid(self, kid: Element | Mark | Annotation, owner: Object, page: int | None) -> Any:
        if isinstance(kid, Element):
            return self._element(kid, owner)
        if isinstance(kid, Annotation):
            return self._link(kid, owner)
        self._marks[kid.page][kid.mcid] = owner
        if kid.page == page:
            return kid.mcid
        return Dictionary(Type=Name.MCR, Pg=self._pages[kid.page], MCID=kid.mcid)

    def _link(self, kid: Annotation, owner: Object) -> Object:
        annotation = self._pages[kid.page].Annots[kid.place]
        annotation.StructParent = len(self._pages) + len(self._links)
        annotation.F = PRINTED
        self._links.append(owner)
        return Dictionary(Type=Name.OBJR, Pg=self._pages[kid.page], Obj=annotation)

    def _parents(self) -> list[Any]:
        """Return the parent tree's numbers: each page's elements by mark, then each link's element."""
        numbers: list[Any] = []
        for key, (page, marks) in enumerate(zip(self._pages, self._marks, strict=True)):
            page.StructParents, page.Tabs = key, Name.S
            owners = self._pdf.make_indirect(Array([marks[mcid] for mcid in range(len(marks))]))
            numbers += [key, owners]
        for key, owner in enumerate(self._links, start=len(self._pages)):
            numbers += [key, owner]
        return numbers


def _is_kept(kid: Element | Mark | Annotation) -> bool:
    return not isinstance(kid, Element) or kid.kind in KEPT_EMPTY or kid.is_painted()


def _facts(element: Element) -> dict[str, Any]:
    """Return what the element says of itself."""
    texts = {"Alt": element.alt, "Lang": element.lang, "T": element.title, "ID": element.id}
    facts: dict[str, Any] = {key: String(text) for key, text in texts.items() if text}
    attributes = [
        Dictionary(O=Name(f"/{owner}"), **{key: _value(value) for key, value in values.items()})
        for owner, values in element.attributes.items()
    ]
    if attributes:
        facts["A"] = attributes[0] if len(attributes) == 1 else Array(attributes)
    return facts


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return Array(value)
    return Name(value) if value.startswith("/") else String(value)
