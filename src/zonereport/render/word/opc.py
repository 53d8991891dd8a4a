"""A package of parts (Open Packaging Conventions, ECMA-376 part 2), read with limits and without trust."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

_OPC = "http://schemas.openxmlformats.org/package/2006"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"

MOST_PARTS = 5_000
LARGEST_PART = 64 * 2**20
LARGEST_PACKAGE = 256 * 2**20
"""Sizes unpacked, in bytes: far above any document, far below what fills a machine."""

_OLE = b"\xd0\xcf\x11\xe0"


class UnreadableError(Exception):
    """The bytes are no package that can be read; the message says what was found."""


def read_parts(data: bytes, pattern: re.Pattern[str] | None = None) -> dict[str, bytes]:
    """Return the parts of a package by name, those of a pattern alone where one is given.

    Raises UnreadableError for what is no package or is too large.
    """
    if data.startswith(_OLE):
        raise UnreadableError("an older Word file (.doc), or one that is protected by a password")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = _unpack(archive, pattern)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        # RuntimeError: encrypted, or a way of compressing that this Python does not know
        raise UnreadableError("no Word file, or a damaged one") from error
    if CONTENT_TYPES not in parts:
        raise UnreadableError("a ZIP archive that is no Word file")
    return parts


def _unpack(archive: zipfile.ZipFile, pattern: re.Pattern[str] | None) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_PARTS:
        raise UnreadableError(f"a package of {len(entries)} parts, more than {MOST_PARTS}")
    parts: dict[str, bytes] = {}
    left = LARGEST_PACKAGE
    for entry in entries:
        if pattern and entry.filename != CONTENT_TYPES and not pattern.fullmatch(entry.filename):
            continue
        most = min(left, LARGEST_PART)
        with archive.open(entry) as packed:
            # the size that the archive declares may be a lie
            blob = packed.read(most + 1)
        if len(blob) > most:
            raise UnreadableError(f"a part that unpacks to more than {most // 2**20} MB: `{entry.filename}`")
        left -= len(blob)
        parts[entry.filename] = blob
    return parts


def parse(blob: bytes, name: str) -> etree._Element:
    """Return the XML of a part; raise UnreadableError if it is none or declares entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(blob, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"a part that is no valid XML: `{name}`") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise UnreadableError(f"a part with a document type, which Word forbids: `{name}`")
    return root


def write(root: etree._Element) -> bytes:
    """Return an element as the XML of a part."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def relationships_of(part: str) -> str:
    """Return the name of the part that lists the relationships of a part, or of the package for ``""``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def target_of(part: str, relationship: etree._Element) -> str:
    """Return the name of the part that a relationship of `part` leads to."""
    target = relationship.get("Target", "")
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def kind_of(relationship: etree._Element) -> str:
    """Return the last word of a relationship's type: `styles`, `image`, `hyperlink`."""
    return relationship.get("Type", "").rpartition("/")[2]


def is_external(relationship: etree._Element) -> bool:
    """Return whether a relationship leads out of the package."""
    return relationship.get("TargetMode") == "External"


def relationships(parts: dict[str, bytes], part: str) -> list[etree._Element]:
    """Return the relationships of a part."""
    name = relationships_of(part)
    return list(parse(parts[name], name)) if name in parts else []


def related_part(parts: dict[str, bytes], part: str, kind: str) -> str | None:
    """Return the name of the part that `part` has a relationship of a kind to, or None."""
    targets = (target_of(part, r) for r in relationships(parts, part) if kind_of(r) == kind)
    return next((target for target in targets if target in parts), None)


def drop_relationships(
    parts: dict[str, bytes], part: str, is_dropped: Callable[[etree._Element], bool]
) -> None:
    """Take relationships away from a part; what nothing else leads to is not saved then."""
    name = relationships_of(part)
    if name not in parts:
        return
    root = parse(parts[name], name)
    for related in list(root):
        if is_dropped(related):
            root.remove(related)
    parts[name] = write(root)


def add_part(parts: dict[str, bytes], part: str, kind: str, content_type: str, blob: bytes) -> str:
    """Add a part that `part` has a relationship of a kind to, and return its name."""
    name = posixpath.join(posixpath.dirname(part), f"{kind}.xml")
    while name in parts:
        name = name.removesuffix(".xml") + "_.xml"
    listed = relationships_of(part)
    empty = f'<Relationships xmlns="{_OPC}/relationships"/>'.encode()
    root = parse(parts.get(listed, empty), listed)
    related = etree.SubElement(root, f"{{{_OPC}/relationships}}Relationship")
    related.set("Id", f"zonereport-{kind}")
    related.set("Type", f"{_RELATED}/{kind}")
    related.set("Target", f"/{name}")
    types = parse(parts[CONTENT_TYPES], CONTENT_TYPES)
    override = etree.SubElement(types, f"{{{_OPC}/content-types}}Override")
    override.set("PartName", f"/{name}")
    override.set("ContentType", content_type)
    parts |= {name: blob, listed: write(root), CONTENT_TYPES: write(types)}
    return name


def reachable(parts: dict[str, bytes]) -> list[str]:
    """Return the names of the parts that relationships lead to, and ``""`` for the package."""
    found, waiting = [""], [""]
    while waiting:
        part = waiting.pop()
        for related in relationships(parts, part):
            target = target_of(part, related)
            if not is_external(related) and target in parts and target not in found:
                found.append(target)
                waiting.append(target)
    return found
