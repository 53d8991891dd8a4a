"""The zone files inside a Word file, as custom XML parts: Word keeps those when it saves."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from typing import TYPE_CHECKING, Any, cast

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from zonereport.briefing.blocks import Attachment
from zonereport.errors import RenderError
from zonereport.render.word.opc import UnreadableError, parse, read_parts, write
from zonereport.render.word.text import ILLEGAL, clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document

NAMESPACE = "urn:zonereport:attachment:1"
"""A later form that these readers cannot read would have another number."""

_ROOT = f"{{{NAMESPACE}}}attachment"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_IDS = uuid.UUID("5f2f1d5e-6d0e-5b0e-9a53-6f6e65726570")

_PLACE = re.compile(r"customXml/[^/]*?(\d*)\.xml")


def attach(document: Document, attachments: Iterable[Attachment]) -> None:
    """Add each source among the attachments to the document; the data of charts are in it as tables."""
    package = document.part.package
    assert package is not None  # python-docx gives every part of a document its package
    for number, attachment in enumerate(a for a in attachments if a.relationship == "source"):
        blob = write(_element(attachment))
        item = Part(package.next_partname("/customXml/item%d.xml"), "application/xml", blob, package)
        document.part.relate_to(item, _RELATED)
        name = PackURI(item.partname.replace("/item", "/itemProps"))
        if any(part.partname == name for part in package.iter_parts()):
            name = package.next_partname("/customXml/zonereportProps%d.xml")
        item.relate_to(Part(name, _PROPERTIES, _properties(blob, number), package), f"{_RELATED}Props")


def read_attachments(data: bytes, name: str = "the Word file") -> list[Attachment]:
    """Return the files that a Word file carries, byte for byte, also after Word has saved it.

    An empty list is a Word file that carries none. Raises RenderError, which names the file as
    `name`, for bytes that are no Word file, unpack to more than `opc` allows, or were tampered with.
    """
    try:
        parts = read_parts(data, _PLACE)  # the text of a long document is larger than what is let in
        found = sorted((int(match[1] or 0), part) for part in parts if (match := _PLACE.fullmatch(part)))
        elements = [_parse(parts[part], part) for _, part in found]
        return [_attachment(element) for element in elements if element is not None]
    except UnreadableError as error:
        raise RenderError(f"{name}: expected a Word file (.docx), found {error}") from error


def is_attachment(blob: bytes) -> bool:
    """Return whether a custom XML part is one that `attach` wrote."""
    try:
        return _parse(blob, "") is not None
    except UnreadableError:
        return True


def _parse(blob: bytes, part: str) -> etree._Element | None:
    """Return the root of a part of ours; None for custom XML of others, valid or not."""
    try:
        root = parse(blob, part)
    except UnreadableError:
        if NAMESPACE.encode() in blob:
            raise
        return None
    return root if root.tag == _ROOT else None


def _element(attachment: Attachment) -> etree._Element:
    names: dict[Any, str] = {None: NAMESPACE}
    root = etree.Element(_ROOT, {}, names)
    root.set("name", clean(attachment.name))
    root.set("mediaType", clean(attachment.media_type))
    root.set("description", clean(attachment.description))
    text = _as_text(attachment.data)
    if text is None:
        root.set("encoding", "base64")
        root.text = base64.b64encode(attachment.data).decode()
    else:
        root.set(_SPACE, "preserve")
        root.text = text
    return root


def _as_text(data: bytes) -> str | None:
    """Return the text that every reader of XML gives back unchanged, or None if it might not.

    A reader makes one line end of CR LF (XML 1.0, section 2.11) and may drop text that is only space.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    fits = "\r" not in text and bool(text.strip()) and not ILLEGAL.search(text)
    return text if fits or not text else None


def _attachment(root: etree._Element) -> Attachment:
    text = "".join(cast("Iterable[str]", root.itertext()))
    if root.get("encoding") == "base64":
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise UnreadableError("an attachment that is no base64") from error
    else:
        data = text.encode()
    return Attachment(
        _file_name(root.get("name", "")),
        root.get("mediaType", ""),
        "source",
        root.get("description", ""),
        data,
    )


def _file_name(name: str) -> str:
    """Return a name without folders: whoever wrote the Word file might want to write elsewhere too."""
    return re.split(r"[/\\:]", name)[-1].lstrip(".") or "attachment"


def _properties(blob: bytes, number: int) -> bytes:
    """Return what Word wants to know of a custom XML part: an id of its own, and its namespace."""
    root = etree.Element(f"{{{_STORE}}}datastoreItem", {}, {"ds": _STORE})
    root.set(f"{{{_STORE}}}itemID", f"{{{uuid.uuid5(_IDS, f'{number} {binascii.crc32(blob)}')}}}".upper())
    schemas = etree.SubElement(root, f"{{{_STORE}}}schemaRefs")
    etree.SubElement(schemas, f"{{{_STORE}}}schemaRef").set(f"{{{_STORE}}}uri", NAMESPACE)
    return write(root)
