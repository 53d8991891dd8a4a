"""Word's own footnotes: the part that holds their words, and the marks in the text that lead there.

Word numbers footnotes itself, in reading order. A mark that is the next number is left to Word; any
other ("*", a number repeated) is written as a mark of its own, which Word does not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from zonereport.render.word.text import clean
from zonereport.render.word.wml import Element, paragraph, w, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document
    from docx.opc.part import Part

    from zonereport.briefing.blocks import Run, Runs

_SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))

_AFTER_FOOTNOTES = frozenset(
    qn(f"w:{name}")
    for name in (
        *("endnotePr", "compat", "docVars", "rsids", "attachedSchema", "themeFontLang"),
        *("clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade"),
        *("captions", "readModeInkLockDown", "smartTagType", "shapeDefaults", "doNotEmbedSmartTags"),
        *("decimalSymbol", "listSeparator"),
    )
)
"""What stands behind `footnotePr` in the settings (ECMA-376, CT_Settings), beside other namespaces."""


@dataclass(slots=True)
class Notes:
    """The footnotes of a document so far."""

    document: Document
    written: list[Element] = field(default_factory=list)
    part: XmlPart | None = None
    counted: int = 0
    """The last number that Word gives."""

    def open(self) -> XmlPart:
        """Return the part that holds the footnotes, made when the first is written."""
        if self.part is None:
            root = w("footnotes", *(_separator(key, kind) for key, kind in _SEPARATORS))
            package: Any = self.document.part.package
            self.part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, package)
            self.document.part.relate_to(self.part, RELATIONSHIP_TYPE.FOOTNOTES)
            _announce(self.document)
        return self.part


def set_note(run: Run, notes: Notes, set_words: Callable[[Runs, Part], list[Element]]) -> Element:
    """Return the mark of a footnote, and write its words into the part of footnotes."""
    part = notes.open()
    key = len(notes.written) + 1
    own = bool(run.text) and run.text != str(notes.counted + 1)
    notes.counted += not own
    if own:
        mark = _mark(w("footnoteReference", customMarkFollows=1, id=key), words("t", clean(run.text)))
        label = _mark(words("t", clean(run.text)))
    else:
        mark, label = _mark(w("footnoteReference", id=key)), _mark(w("footnoteRef"))
    # a footnote to a footnote is not possible in Word
    content = set_words(tuple(replace(inner, note=()) for inner in run.note), part)
    note = w("footnote", paragraph("FootnoteText", [label, w("r", words("t", " ")), *content]), id=key)
    notes.written.append(note)
    part.element.append(note)
    return mark


def _mark(*content: Element) -> Element:
    return w("r", w("rPr", w("rStyle", val="FootnoteReference")), *content)


def _separator(key: int, kind: str) -> Element:
    line = w("p", w("pPr", w("spacing", before=0, after=0)), w("r", w(kind)))
    return w("footnote", line, type=kind, id=key)


def _announce(document: Document) -> None:
    """Name the separators in the settings, as Word does in every file with footnotes."""
    settings = document.settings.element
    properties = w("footnotePr", *(w("footnote", id=key) for key, _ in _SEPARATORS))
    ours = qn("w:settings").removesuffix("settings")
    for child in settings.iterchildren("*"):
        if child.tag in _AFTER_FOOTNOTES or not child.tag.startswith(ours):
            child.addprevious(properties)
            return
    settings.append(properties)
