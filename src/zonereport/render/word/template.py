"""A corporate Word file as the frame of a briefing: its styles, headers, footers and page, not its text."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from zonereport.errors import RenderError
from zonereport.render.word import opc
from zonereport.render.word.attachments import is_attachment
from zonereport.render.word.merging import Merged, merge_numbering, merge_styles
from zonereport.render.word.package import Base, page_setup, zip_parts
from zonereport.render.word.sections import keep_last_section, text_width
from zonereport.render.word.table_styles import PADDINGS
from zonereport.render.word.text import language_of, region
from zonereport.render.word.wml import W
from zonereport.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from zonereport.theme import Theme

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DOCUMENT = f"{_WORD}document.main+xml"
_TEMPLATE = f"{_WORD}template.main+xml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"

_KEPT = {
    *("styles", "stylesWithEffects", "numbering", "settings", "fontTable", "theme", "customXml"),
    *("glossaryDocument",),
}
"""What belongs to the document as a whole; anything else must be referred to by what is kept of it."""

_LEFT_OUT_SETTINGS = (
    "attachedTemplate",
    "linkStyles",
    "mailMerge",
    "saveThroughXslt",
    "footnotePr",
    "endnotePr",
)
_LAYOUT_2013 = 15
_LEFT_OUT_OF_PACKAGE = {"thumbnail", "core-properties"}
"""The template's picture, title and author: a briefing has its own."""


def open_template(path: Path, theme: Theme, language: str) -> Base:
    """Return the template as a package without text, with what we need beside its own.

    Raises RenderError, which names the file, for what is no Word file (.docx, .dotx), holds macros,
    or takes something from outside itself.
    """
    try:
        base, _ = _open(path, theme, language)
    except opc.UnreadableError as error:
        raise _refused(path, str(error)) from error
    return base


def missing_styles(template: Path) -> list[str]:
    """Return the names of the styles that a briefing needs and the template lacks.

    A briefing made with the template gets them in the theme's looks; whoever defines them in the
    template decides the looks instead. Errors as in `open_template`.
    """
    try:
        _, merged = _open(template, load_theme("neutral"), "en")  # names are the same in every theme
    except opc.UnreadableError as error:
        raise _refused(template, str(error)) from error
    return list(merged.added)


def _refused(path: Path, found: str, hint: str = "") -> RenderError:
    return RenderError(f"{path}: expected a Word template (.docx or .dotx), found {found}", hint=hint)


def _open(path: Path, theme: Theme, language: str) -> tuple[Base, Merged]:
    try:
        parts = opc.read_parts(path.read_bytes())
    except OSError as error:
        raise RenderError(f"{path}: cannot be read: {error.strerror or error}") from error
    main = _main_part(parts, path)
    document = opc.parse(parts[main], main)
    keep_last_section(document, etree.fromstring(page_setup(theme)))
    parts[main] = opc.write(document)
    opc.drop_relationships(parts, "", lambda related: opc.kind_of(related) in _LEFT_OUT_OF_PACKAGE)
    _prune_document(parts, main, document)
    _clean_settings(parts, main)
    _refuse_outside(parts, path)
    return _merge(parts, main, theme, language, text_width(document))


def _main_part(parts: dict[str, bytes], path: Path) -> str:
    """Return the name of the part with the text, announced as a document; refuse what is no Word file."""
    types = opc.parse(parts[opc.CONTENT_TYPES], opc.CONTENT_TYPES)
    kinds = {item.get("ContentType", "") for item in types}
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds):
        raise _refused(path, "a file with macros", "save it in Word as a .docx or .dotx")
    root = opc.parse(parts.get("_rels/.rels", b""), "_rels/.rels")
    for related in root:
        if opc.kind_of(related) == "officeDocument":
            if related.get("Type", "").startswith(_STRICT):
                raise _refused(path, "a strict Open XML document", "save it in Word as a “Word Document”")
            main = opc.target_of("", related)
            break
    else:
        raise _refused(path, "a package without a document")
    for item in types:
        if item.get("PartName") == f"/{main}" and item.get("ContentType") in (_DOCUMENT, _TEMPLATE):
            item.set("ContentType", _DOCUMENT)
            parts[opc.CONTENT_TYPES] = opc.write(types)
            if main not in parts:
                raise _refused(path, "a package without a document")
            return main
    raise _refused(path, "another kind of Office file")


def _prune_document(parts: dict[str, bytes], main: str, document: etree._Element) -> None:
    """Leave out what only the text of the template referred to, and attachments of an earlier briefing."""
    attributes = (item for element in document.iter("*") for item in element.attrib.items())
    used = {value for name, value in attributes if str(name).startswith(f"{{{_RELATED}}}")}

    def is_left_out(related: etree._Element) -> bool:
        kind, target = opc.kind_of(related), opc.target_of(main, related)
        if kind == "customXml" and is_attachment(parts.get(target, b"")):
            return True
        return kind not in _KEPT and related.get("Id") not in used

    opc.drop_relationships(parts, main, is_left_out)


def _clean_settings(parts: dict[str, bytes], main: str) -> None:
    """Take from the settings what leads outside (its own template, a mail merge) and notes."""
    name = opc.related_part(parts, main, "settings")
    if name is None:
        return
    settings = opc.parse(parts[name], name)
    for setting in list(settings):
        if setting.tag in {f"{{{W}}}{left_out}" for left_out in _LEFT_OUT_SETTINGS}:
            settings.remove(setting)
    parts[name] = opc.write(settings)
    opc.drop_relationships(parts, name, opc.is_external)


def _refuse_outside(parts: dict[str, bytes], path: Path) -> None:
    """Refuse a template that makes Word fetch something when a briefing is opened; links are no danger."""
    for name in opc.reachable(parts):
        for related in opc.relationships(parts, name):
            if opc.is_external(related) and opc.kind_of(related) != "hyperlink":
                found = f"`{name}`, which takes its {opc.kind_of(related)} from `{related.get('Target')}`"
                raise _refused(path, found, "embed it in the template: a briefing fetches nothing")


def _merge(
    parts: dict[str, bytes], main: str, theme: Theme, language: str, width: int
) -> tuple[Base, Merged]:
    pieces = {}
    for kind in ("styles", "numbering"):
        name = opc.related_part(parts, main, kind) or opc.add_part(
            parts, main, kind, f"{_WORD}{kind}+xml", f'<w:{kind} xmlns:w="{W}"/>'.encode()
        )
        pieces[name] = opc.parse(parts[name], name)
    styles, numbering = pieces.values()
    merged = merge_styles(styles, theme, language)
    lists = merge_numbering(numbering, styles, merged, theme)
    parts |= {name: opc.write(root) for name, root in pieces.items()}
    outdented = _layout_version(parts, main) < _LAYOUT_2013
    return Base(zip_parts(parts), width, lists, merged.ids, _language(styles), outdented), merged


def _layout_version(parts: dict[str, bytes], main: str) -> int:
    """Return the version of Word whose layout the template asks for; 12 where it asks for none."""
    name = opc.related_part(parts, main, "settings")
    settings = () if name is None else opc.parse(parts[name], name).iter(f"{{{W}}}compatSetting")
    versions = (s.get(f"{{{W}}}val", "") for s in settings if s.get(f"{{{W}}}name") == "compatibilityMode")
    return next((int(version) for version in versions if version.isdecimal()), 12)


def _language(styles: etree._Element) -> str:
    """Return the language of the template's text where nothing else is said."""
    paths = ("w:style[@w:type='paragraph'][@w:default='1']/w:rPr", "w:docDefaults/w:rPrDefault/w:rPr")
    found = (styles.find(f"{path}/w:lang", {"w": W}) for path in paths)
    codes = (language.get(f"{{{W}}}val") for language in found if language is not None)
    return next((code for code in codes if code), "")


def adapt(elements: Iterable[etree._Element], base: Base, language: str) -> None:
    """Let what was laid name the template's styles, and its language where the template has another."""
    pointers = {f"{{{W}}}{name}" for name in ("pStyle", "rStyle", "tblStyle")}
    code = language_of(language) if region(language) != base.language else None
    for element in (inner for outer in elements for inner in outer.iter()):
        if element.tag == f"{{{W}}}tblPr" and base.outdented:
            _move_in(element)
        elif element.tag in pointers:
            element.set(f"{{{W}}}val", base.styles[element.get(f"{{{W}}}val", "")])
        elif element.tag == f"{{{W}}}r" and code is not None:
            _speak(element, code)


def _move_in(settings: etree._Element) -> None:
    """Move a table to the edge of the text; before Word 2013 the text of its cells stood there."""
    style, width, place = (settings.find(f"{{{W}}}{name}") for name in ("tblStyle", "tblW", "tblInd"))
    assert style is not None  # `start_table` gives every table its style and width
    assert width is not None
    if place is None:
        place = etree.Element(f"{{{W}}}tblInd", {f"{{{W}}}w": "0", f"{{{W}}}type": "dxa"})
        width.addnext(place)
    moved = int(place.get(f"{{{W}}}w", "0")) + PADDINGS[style.get(f"{{{W}}}val", "")]
    place.set(f"{{{W}}}w", str(moved))


def _speak(run: etree._Element, code: etree._Element) -> None:
    settings = run.find(f"{{{W}}}rPr")
    if settings is None:
        settings = etree.Element(f"{{{W}}}rPr")
        run.insert(0, settings)
    if settings.find(f"{{{W}}}lang") is None:
        settings.append(deepcopy(code))
