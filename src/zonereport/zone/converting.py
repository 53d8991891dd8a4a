"""A zone file in another format, TOML, JSON or XLSX, with nothing lost; and one to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, Problem, UsageError
from zonereport.zone.plain import plain_data
from zonereport.zone.reading import WORKBOOK, parse_form
from zonereport.zone.toml import write_toml
from zonereport.zone.writing import write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.zone.model import Zone
    from zonereport.zone.schema import ZoneForm

    Snapshot = tuple[ZoneForm, Zone]

FORMATS = (".toml", ".json", WORKBOOK)

STARTER = """\
# What is known of one zone in one year; docs/zone-file.md describes the format. Fill in what stands
# between < and >, then run `zonereport check` on this file.

format = 1

[zone]
id = "<id>"                          # lower-case letters, digits, hyphens
name = "<Name of the zone>"
place = "<City, country>"

[edition]
snapshot = "<2022>"
date = "<2022-12-31>"

[defaults]
source = "S1"
as_of = "<2022-12>"
currency = "<CNY>"

[sources.S1]
title = "<Yearbook>"
publisher = "<Publisher>"
date = "<2022>"

# `zonereport indicators` lists what a figure can be of.
[figures]
# innovation-platforms = 158
# achievements-applied = { more_than = 500 }
# technology-contract-turnover = { value = 206, scale = "million", period = "2022" }
"""


def convert(
    data: bytes, file: str, target: str, *, earlier: Sequence[Zone] = (), language: str = "en"
) -> bytes:
    """Return a zone file in the format that the name `target` ends with.

    Scales, defaults, dates and languages stay as they were given; comments are not kept. A workbook shows
    `earlier` snapshots, and its lists to choose from are in `language`, "en" or "zh". Raises InputError for
    a file that does not hold or does not fit into cells, UsageError for another format.
    """
    suffix = known_suffix(target)
    form, _ = parse_form(data, file)
    if suffix != WORKBOOK:
        plain = plain_data(form)
        return (write_toml(plain) if suffix == ".toml" else write_json(plain)).encode()
    return _workbook(form.model_dump(exclude_defaults=True), earlier, language, file)


def start(target: str, *, earlier: Sequence[Snapshot] = (), language: str = "en") -> bytes:
    """Return a zone file to be filled in; a workbook has the names and sources of the latest of `earlier`.

    Raises UsageError for a name that is of neither a TOML file nor a workbook.
    """
    if known_suffix(target) == WORKBOOK:
        latest = max(earlier, key=lambda snapshot: snapshot[1].edition.snapshot.end, default=None)
        head = _head(latest[0]) if latest else {}
        return _workbook(head, [zone for _, zone in earlier], language, target)
    if not target.lower().endswith(".toml") or earlier:
        hint = f"try `{Path(target).with_suffix(WORKBOOK)}`"
        raise UsageError(
            "only a workbook shows earlier years" if earlier else "JSON is not written by hand", hint=hint
        )
    return STARTER.encode()


def known_suffix(name: str) -> str:
    """Return the ending of a zone file's name; raise UsageError for another."""
    suffix = Path(name).suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(
            f"expected a name that ends with {', '.join(FORMATS)}, found `{name}`", hint="try `zone.xlsx`"
        )
    return suffix


def _workbook(data: dict[str, Any], earlier: Sequence[Zone], language: str, file: str) -> bytes:
    from zonereport.zone.workbook.cells import CellError
    from zonereport.zone.workbook.writing import write_workbook

    try:
        return write_workbook(data, earlier=earlier, language=language)
    except CellError as error:
        raise InputError(file, [Problem(str(error), hint="keep it as TOML or JSON")]) from None


def _head(form: ZoneForm) -> dict[str, Any]:
    """Return what is much the same every year: names, sources, indicators of the zone's own, the currency."""
    data = form.model_dump(exclude_defaults=True)
    kept = {key: data[key] for key in ("language", "zone", "sources", "indicators") if key in data}
    currency = form.defaults.currency
    return kept | ({"defaults": {"currency": currency}} if currency else {})
