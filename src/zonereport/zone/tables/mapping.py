"""The mapping file: what the columns of a table mean, what it calls things, what it leaves unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from zonereport.errors import InputError, Problem, did_you_mean
from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.parsing import decode, find_lines, parse, read_data
from zonereport.zone.reading import check_data, explain
from zonereport.zone.schema import SCALES, Id, Shape, Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from zonereport.zone.building import Finding

Outcome = Literal[
    "provisional", "estimated", "revised", "break", "forecast", "definition_differs", "unreliable",
    "not published", "not applicable", "confidential",
]  # fmt: skip

EUROSTAT: dict[str, Outcome] = {
    "p": "provisional", "e": "estimated", "s": "estimated", "r": "revised", "b": "break", "f": "forecast",
    "d": "definition_differs", "u": "unreliable", "c": "confidential", "z": "not applicable",
    ":": "not published",
}  # fmt: skip
"""Eurostat's flags: ec.europa.eu/eurostat, "Statistical symbols and flags"."""


def _target(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class TargetForm(Shape):
    """What a column or a name of the table is a figure of, and in what scale and currency."""

    id: Id
    scale: str | None = None
    unit: str | None = None


class UnitForm(Shape):
    """What the table calls a unit."""

    scale: str | None = None
    unit: str | None = None


class ColumnsForm(Shape):
    """The headings of the columns that are read."""

    zone: str
    name: str | None = None
    year: str | None = None
    indicator: str | None = None
    value: str | None = None
    to: str | None = None
    qualifier: str | None = None
    unit: str | None = None
    scale: str | None = None
    flag: str | None = None
    status: str | None = None
    as_of: str | None = None
    period: str | None = None
    source: str | None = None
    printed: str | None = None
    note: str | None = None


class ZoneEntry(Shape):
    """A zone that the table names."""

    id: Id
    name: Words | None = None
    short_name: Words | None = None
    place: Words | None = None
    host: Words | None = None


Target = Annotated[TargetForm, BeforeValidator(_target)]


class TableMap(Shape):
    """A mapping file."""

    format: Literal[1]
    shape: Literal["long", "wide"] = "long"
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    sheet: str | None = None
    header: Annotated[int, Field(ge=1, le=1000)] = 1
    year: int | str | None = None
    columns: ColumnsForm
    indicators: dict[str, Target] = Field({})
    units: dict[str, UnitForm] = Field({})
    flags: dict[str, Outcome] = Field({})
    missing: dict[str, Literal["not published", "not applicable", "confidential"]] = Field({})
    sources: dict[str, str] = Field({})
    zones: dict[str, ZoneEntry] = Field({})
    file: dict[str, Any] = Field({})


SAFE = ("name", "as_of", "period", "source", "printed", "note")
"""Columns that a table may lack after all: what they say is then not said, and no number is another one."""


def read_map(path: Path) -> TableMap:
    """Return a mapping; raise InputError with everything that is wrong with the file."""
    text = decode(read_data(path), str(path))
    data = parse(text, str(path))
    try:
        mapping = TableMap.model_validate(data, context={"language": _language(data)})
    except ValidationError as error:
        raise _refused(path, text, explain(error)) from None
    if findings := [*_check(mapping), *_check_file(mapping)]:
        raise _refused(path, text, findings)
    return mapping


def head_of(mapping: TableMap, entry: ZoneEntry, year: str) -> dict[str, Any]:
    """Return the data of a zone's file for a year, without figures."""
    file = mapping.file
    names = {key: value for key, value in entry.model_dump().items() if value is not None}
    edition = {"snapshot": year, **({"date": f"{year}-12-31"} if year.isdecimal() else {})}
    return {
        **file,
        "format": 1,
        "zone": {**file.get("zone", {}), **names},
        "edition": {**edition, **file.get("edition", {})},
        "defaults": {"as_of": year, "period": year, **file.get("defaults", {})},
    }


def _check(mapping: TableMap) -> Sequence[Finding]:
    findings: list[Finding] = []
    columns = mapping.columns
    if columns.year is None and mapping.year is None:
        findings.append(
            (("columns",), "no year", 'add `year = "…"`, a column\'s heading, or a `year` for all')
        )
    if mapping.shape == "long":
        findings += [
            (("columns",), f"no `{key}`", "a table with one row an observation has such a column")
            for key in ("indicator", "value")
            if getattr(columns, key) is None
        ]
    elif not mapping.indicators:
        findings.append(((), "no `[indicators]`", 'say which column is which: "Exports, mln" = "exports"'))
    known = {*load_catalogue().indicators, *mapping.file.get("indicators", {})}
    for name, target in mapping.indicators.items():
        if target.id not in known:
            findings.append(
                (("indicators", name), f"unknown indicator `{target.id}`", did_you_mean(target.id, known))
            )
    for table in ("indicators", "units"):
        for name, entry in getattr(mapping, table).items():
            if entry.scale is not None and entry.scale not in SCALES:
                hint = did_you_mean(entry.scale, SCALES) or f"scales are {', '.join(SCALES)}"
                findings.append(((table, name), f"unknown scale `{entry.scale}`", hint))
    if mapping.encoding:
        try:
            "".encode(mapping.encoding)
        except (LookupError, ValueError):
            findings.append(
                (("encoding",), f"unknown encoding `{mapping.encoding[:40]}`", "try `gb18030` or `cp1252`")
            )
    return findings


def _check_file(mapping: TableMap) -> Sequence[Finding]:
    """Try what the mapping says of every file on one that has no figures."""
    sample = ZoneEntry(id="sample", name={"en": "Sample"}, place=None)
    place = {"place": "Sample"} if mapping.zones or "place" in mapping.file.get("zone", {}) else {}
    data = head_of(mapping, sample, str(mapping.year or 2000))
    data["zone"] = {**place, **data["zone"]}
    _, findings = check_data(data)
    return [(("file", *path), message, hint) for path, message, hint in findings]


def _refused(path: Path, text: str, findings: Sequence[Finding]) -> InputError:
    lines = find_lines(text, str(path), [found[0] for found in findings])
    return InputError(
        str(path),
        [
            Problem(message, place=".".join(map(str, place)), line=line, hint=hint)
            for (place, message, hint), line in zip(findings, lines, strict=True)
        ],
    )


def _language(data: dict[str, Any]) -> str:
    file = data.get("file")
    language = file.get("language", "en") if isinstance(file, dict) else "en"
    return language if isinstance(language, str) else "en"
