"""Judge the form in Excel: filled in and saved by LibreOffice, it makes the same briefing as its TOML twin.

usage: workbook.py, with arguments that are ignored: it makes what it judges

The form is opened by LibreOffice, cells are typed into it as flat OpenDocument, and LibreOffice saves it as
XLSX again. Every bundled zone's workbook is opened and saved too, and must still be the same zone.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from common import HERE, need, run, verdict

sys.path.remove(str(HERE))  # where html.py hides that of the standard library
sys.path.append(str(HERE.parents[1] / "tests" / "zone"))

from typing_in import place_of

from zonereport.api import compose, load
from zonereport.zone.converting import convert, start
from zonereport.zone.reading import bundled_zones, parse_zone

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"

TWIN = """
format = 1
headline = ["innovation-platforms", "achievements-applied"]
[zone]
id = "testonia"
name = { en = "Testonia Sample Zone", zh = "测试园区" }
place = "Testonia"
[edition]
snapshot = 2022
date = 2022-12-31
as_of = "2022-12"
[defaults]
source = "YB"
as_of = "2022-12"
period = 2022
currency = "EUR"
[sources.YB]
title = "Yearbook"
publisher = "Testonia Statistics"
date = "2022-12"
address = "https://example.org/yearbook"
[figures]
achievements-applied = { more_than = 500, printed = "more than 500", note = "=1+1 is no formula" }
rd-professionals = { value = 3228, status = ["provisional", "estimated"] }
rd-projects = { range = [1200, 1235], period = "2022-H1" }
exports = "not published"
technology-contract-turnover = { value = 2.06, scale = "亿", unit = "CNY" }
[figures.innovation-platforms]
value = 158
breakdown = { by = "kind", parts = [{ name = "sheds", value = 50 }, { name = "barns" }] }
[lists.focus-sectors]
label = "Future focus sectors"
items = [{ id = "green", name = "green development", relation = "new" }, { id = "blue", name = "blue water" }]
[[milestones]]
date = "1990-05"
title = "A shed was built"
[[voices]]
speaker = "A. Person"
role = "director"
paraphrase = "on sheds"
"""

TYPED: list[tuple[str, str | int, dict[str, str | float]]] = [
    # sheet, row, what is typed under each key
    ("Zone", "zone.id", {"value": "testonia"}),
    ("Zone", "zone.name", {"value": "Testonia Sample Zone", "value.zh": "测试园区"}),
    ("Zone", "zone.place", {"value": "Testonia"}),
    ("Zone", "edition.snapshot", {"value": 2022}),
    ("Zone", "edition.date", {"value": "2022-12-31"}),
    ("Zone", "edition.as_of", {"value": "2022-12"}),
    ("Zone", "defaults.source", {"value": "YB"}),
    ("Zone", "defaults.as_of", {"value": "2022-12"}),
    ("Zone", "defaults.period", {"value": 2022}),
    ("Zone", "defaults.currency", {"value": "EUR"}),
    ("Zone", "headline", {"value": "innovation-platforms, achievements-applied"}),
    ("Sources", 3, {"id": "YB", "title": "Yearbook", "publisher": "Testonia Statistics", "date": "2022-12"}),
    ("Sources", 3, {"address": "https://example.org/yearbook"}),
    ("Figures", "achievements-applied", {"qualifier": "more than", "value": 500, "printed": "more than 500"}),
    ("Figures", "achievements-applied", {"note": "=1+1 is no formula"}),
    ("Figures", "rd-professionals", {"value": 3228, "status": "provisional, estimated"}),
    ("Figures", "rd-projects", {"qualifier": "range", "value": 1200, "to": 1235, "period": "2022-H1"}),
    ("Figures", "exports", {"qualifier": "not published"}),
    ("Figures", "technology-contract-turnover", {"value": 2.06, "scale": "亿", "unit": "CNY"}),
    ("Figures", "innovation-platforms", {"value": 158}),
    ("Breakdowns", 3, {"figure": "innovation-platforms", "by": "kind", "name": "sheds", "value": 50}),
    ("Breakdowns", 4, {"figure": "innovation-platforms", "name": "barns"}),
    ("Lists", 3, {"list": "focus-sectors", "label": "Future focus sectors", "id": "green"}),
    ("Lists", 3, {"name": "green development", "relation": "new"}),
    ("Lists", 4, {"list": "focus-sectors", "id": "blue", "name": "blue water"}),
    ("Milestones", 3, {"date": "1990-05", "title": "A shed was built"}),
    ("Voices", 3, {"speaker": "A. Person", "role": "director", "how": "paraphrase", "text": "on sheds"}),
]


def main() -> None:
    need("soffice", "libreoffice-calc-nogui")
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        faults += filled_faults(folder)
        for zone, path in bundled_zones().items():
            faults += saved_faults(folder, zone, path)
    verdict("workbook", 1 + len(bundled_zones()), faults)


def filled_faults(folder: Path) -> list[str]:
    """Return how the briefing of a form that was filled in differs from its twin's."""
    form = start("form.xlsx")
    (folder / "form.xlsx").write_bytes(form)
    flat = saved(folder / "form.xlsx", "fods")
    for _, (prefix, address) in ElementTree.iterparse(flat, ["start-ns"]):
        ElementTree.register_namespace(prefix, address)  # LibreOffice knows the format by its prefixes
    tree = ElementTree.parse(flat)
    for sheet, row, cells in TYPED:
        for key, value in cells.items():
            type_into(tree, sheet, place_of(form, sheet, row, key), value)
    tree.write(flat, "utf-8", xml_declaration=True)
    (folder / "form.xlsx").unlink()
    zone, twin = load(saved(flat, "xlsx")), parse_zone(TWIN, "twin.toml")
    faults = [] if zone == twin else [f"the filled-in form says {zone}, its twin {twin}"]
    for language in ("en", "zh"):
        one, other = (replace(compose(it, language=language), attachments=()) for it in (zone, twin))
        if one != other:
            faults.append(f"the briefing in {language} is another one than the twin's")
    return faults


def saved_faults(folder: Path, name: str, path: Path) -> list[str]:
    """Return whether a bundled zone is another one after LibreOffice opened and saved its workbook."""
    file = folder / "in" / f"{name}.xlsx"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(convert(path.read_bytes(), str(path), file.name))
    return [] if load(saved(file, "xlsx", folder)) == load(name) else [f"{name}: saved, it is another zone"]


def saved(file: Path, suffix: str, folder: Path | None = None) -> Path:
    """Return the file that LibreOffice saved in another format, or in another folder."""
    folder = folder or file.parent
    profile = f"-env:UserInstallation=file://{folder}/profile"
    code, said = run(["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", folder, file])
    target = folder / f"{file.stem}.{suffix}"
    if code or not target.exists():
        sys.exit(f"judges: LibreOffice does not save {file.name} as {suffix}: {said}")
    return target


def type_into(tree: ElementTree.ElementTree, sheet: str, place: str, value: str | float) -> None:
    """Set a cell of a flat OpenDocument spreadsheet, parting the runs of equal rows and cells around it."""
    column = 0
    for letter in place.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    table = next(it for it in tree.iter(f"{{{TABLE}}}table") if it.get(f"{{{TABLE}}}name") == sheet)
    line = nth(table, "table-row", row, "number-rows-repeated")
    cell = nth(line, "table-cell", column, "number-columns-repeated")
    for child in list(cell):
        cell.remove(child)
    kind = "string" if isinstance(value, str) else "float"
    cell.set(f"{{{OFFICE}}}value-type", kind)
    if kind == "float":
        cell.set(f"{{{OFFICE}}}value", str(value))
    ElementTree.SubElement(cell, f"{{{TEXT}}}p").text = str(value)


def nth(within: ElementTree.Element, tag: str, number: int, attribute: str) -> ElementTree.Element:
    """Return the element at a place, from 1, that stands for itself alone; runs are parted for it."""
    key = f"{{{TABLE}}}{attribute}"
    parents = {child: parent for parent in within.iter() for child in parent}
    for child in list(within.iter(f"{{{TABLE}}}{tag}")):
        count = int(child.get(key, "1"))
        if number > count:
            number -= count
            continue
        at = list(parents[child]).index(child)
        for length, offset in ((count - number, 1), (number - 1, 0)):
            if length:
                twin = copy.deepcopy(child)
                twin.set(key, str(length))
                parents[child].insert(at + offset, twin)
        child.attrib.pop(key, None)
        return child
    raise IndexError(number)


if __name__ == "__main__":
    main()
