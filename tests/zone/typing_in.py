"""Typing into a workbook as a spreadsheet program saves it: cells are set in the XML of its sheets."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from zonereport.zone.workbook.look import cell_name

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ElementTree.register_namespace("", MAIN)


@dataclass(frozen=True)
class Raw:
    """A cell as XML: its attributes, and what is in it."""

    attributes: dict[str, str]
    inner: str = ""


def error(text: str) -> Raw:
    return Raw({"t": "e"}, f"<v>{text}</v>")


def formula(text: str, value: str = "") -> Raw:
    return Raw({}, f"<f>{text}</f>" + (f"<v>{value}</v>" if value else ""))


def place_of(data: bytes, sheet: str, row: str | int, column: str) -> str:
    """Return the cell, such as `G7`, in a row (its number, or what its first cell says) under a key."""
    grid = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()
    number = row - 1 if isinstance(row, int) else [line[0] for line in grid].index(row)
    return cell_name(number, grid[0].index(column))


def typed(data: bytes, sheet: str, cells: dict[str, object], more: str = "") -> bytes:
    """Return a workbook with cells of a sheet set, and XML such as merged cells put behind its rows."""
    names = re.findall(r'<sheet name="([^"]+)"', part_of(data, "xl/workbook.xml").decode())
    part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
    root = ElementTree.fromstring(part_of(data, part))
    rows = root.find(f"{{{MAIN}}}sheetData")
    assert rows is not None
    for name, content in cells.items():
        _set(rows, name, content)
    text = ElementTree.tostring(root, encoding="unicode").replace("</sheetData>", f"</sheetData>{more}")
    return with_part(data, part, text.encode())


def _set(rows: ElementTree.Element, name: str, content: object) -> None:
    number = re.sub(r"\D", "", name)
    row = next((row for row in rows if row.get("r") == number), None)
    if row is None:
        row = ElementTree.SubElement(rows, f"{{{MAIN}}}row", {"r": number})
    cell = next((cell for cell in row if cell.get("r") == name), None)
    if cell is None:
        cell = ElementTree.SubElement(row, f"{{{MAIN}}}c", {"r": name})
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    match content:
        case Raw():
            cell.attrib.update(content.attributes)
            inner = ElementTree.fromstring(f'<c xmlns="{MAIN}">{content.inner}</c>')
            cell.extend(list(inner))
        case bool():
            cell.set("t", "b")
            ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = str(int(content))
        case str():
            cell.set("t", "inlineStr")
            inline = ElementTree.SubElement(cell, f"{{{MAIN}}}is")
            ElementTree.SubElement(inline, f"{{{MAIN}}}t").text = content
        case _:
            ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = str(content)


def with_style(data: bytes, number_format: int) -> tuple[bytes, str]:
    """Return a workbook with a style of cells of a built-in number format, and the style's number."""
    text = part_of(data, "xl/styles.xml").decode()
    found = re.search(r'<cellXfs count="(\d+)">', text)
    assert found
    text = text.replace("</cellXfs>", f'<xf numFmtId="{number_format}" fontId="0"/></cellXfs>')
    return with_part(data, "xl/styles.xml", text.encode()), found[1]


def part_of(data: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(part)


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """Return a package with one part replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != part:
                new.writestr(entry, old.read(entry))
        new.writestr(part, content)
    return out.getvalue()
