"""Wrong zone files: each is refused by one message with place, reason and hint, and writes nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from zonereport.errors import InputError
from zonereport.zone.parsing import MAX_BYTES, find_line, find_lines
from zonereport.zone.reading import bundled_zones, parse_zone, read_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

HERE = "#!"
"""Marks the line that a message must name."""

HEAD = """\
format = 1
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = 2022
date = 2022-12-31
[sources.S1]
title = "Sample yearbook"
publisher = "Testonia Press"
date = 2022-12-31
[defaults]
source = "S1"
as_of = "2022-12"
currency = "CNY"
[figures]
innovation-platforms = 158
"""


def head(old: str, new: str) -> str:
    """Return a right file with one thing in it replaced."""
    assert HEAD.count(old) == 1
    return HEAD.replace(old, new)


OWN = """\
[indicators.own]
section = "platforms"
unit = "number"
kind = "ratio"
label = "Own"
definition = "A sample."
formula = "{rd-projects} * 2"
"""


def own(line: str) -> str:
    """Return a file with an indicator of its own, of which one line is another."""
    begin = re.escape(line.partition("=")[0]) if "=" in line else r"\[indicators"
    assert len(re.findall(f"(?m)^{begin}.*$", OWN)) == 1
    return HEAD + re.sub(f"(?m)^{begin}.*$", lambda _: line, OWN)


@dataclass(frozen=True)
class Wrong:
    """A wrong file and what its one message says; a line marked with HERE must be named."""

    title: str
    content: str | bytes
    place: str
    message: str
    hint: str = ""
    line: int | None = None


TOML = [
    # not TOML
    Wrong("a value without quotes", HEAD + f"taxes = many {HERE}", "", "not valid TOML: invalid value"),
    Wrong("a key without a value", HEAD + f"taxes {HERE}", "", "not valid TOML: expected '='"),
    Wrong("a quotation mark that is not closed", HEAD + f'note = "open {HERE}', "", "not valid TOML"),
    Wrong("a bracket that is not closed", HEAD + f"area = [1, {HERE}", "", "not valid TOML"),
    Wrong(
        "a key that stands twice",
        HEAD + f"taxes = 1\ntaxes = 2 {HERE}",
        "",
        "not valid TOML: cannot overwrite a value",
        "a key stands once",
    ),
    Wrong("a table that stands twice", HEAD + f"[zone] {HERE}", "", "not valid TOML: cannot declare"),
    Wrong("a raw control character", HEAD + f"note = 'a\x07b' {HERE}", "", "not valid TOML"),
    # keys
    Wrong("no format", head("format = 1\n", ""), "format", "missing; expected this key"),
    Wrong("no edition", head("[edition]\nsnapshot = 2022\ndate = 2022-12-31\n", ""), "edition", "missing"),
    Wrong(
        "a key missing from a table",
        head('[zone]\nid = "testonia"', f"[zone] {HERE}"),
        "zone.id",
        "missing; expected this key",
    ),
    Wrong(
        "an unknown key",
        head('place = "Testonia"', f'place = "Testonia"\nplaec = "x" {HERE}'),
        "zone.plaec",
        "unknown key",
        "did you mean `place`?",
    ),
    Wrong("an unknown table", HEAD + f"[colours] {HERE}\nred = 1", "colours", "unknown key"),
    Wrong(
        "an unknown key of a figure",
        HEAD + f"[figures.area]\nvalue = 1\nas_off = 2022 {HERE}",
        "figures.area.as_off",
        "unknown key",
        "did you mean `as_of`?",
    ),
    Wrong("another format", head("format = 1", f"format = 2 {HERE}"), "format", "expected 1, found `2`"),
    # indicators
    Wrong(
        "a misspelt indicator",
        HEAD + f"rd-profesionals = 5 {HERE}",
        "figures.rd-profesionals",
        "unknown indicator `rd-profesionals`",
        "did you mean `rd-professionals`?",
    ),
    Wrong(
        "an indicator that nobody knows",
        HEAD + f"zzz = 5 {HERE}",
        "figures.zzz",
        "unknown indicator `zzz`",
        "declare it under [indicators.zzz]",
    ),
    Wrong(
        "an unknown indicator in the headline",
        "headline = ['innovation-platform'] " + HERE + "\n" + HEAD,
        "headline.0",
        "unknown indicator `innovation-platform`",
        "did you mean `innovation-platforms`?",
    ),
    # numbers
    Wrong(
        "text where a number belongs",
        HEAD + f'rd-projects = "many" {HERE}',
        "figures.rd-projects",
        "expected a number or one of `not published`",
    ),
    Wrong(
        "a number in quotes",
        HEAD + f'rd-professionals = "3,228" {HERE}',
        "figures.rd-professionals",
        "found the text `3,228`",
        "without quotes",
    ),
    Wrong(
        "a number in quotes in the long form",
        HEAD + f'rd-professionals = {{ value = "3228" }} {HERE}',
        "figures.rd-professionals.value",
        "expected a number, found the text `3228`",
        "without quotes",
    ),
    Wrong(
        "true as a number",
        HEAD + f"rd-projects = true {HERE}",
        "figures.rd-projects",
        "expected a number or a table such as `{ more_than = 500 }`, found `true`",
    ),
    Wrong(
        "false as a bound",
        HEAD + f"rd-projects = {{ more_than = false }} {HERE}",
        "figures.rd-projects.more_than",
        "expected a number, found `false`",
    ),
    Wrong(
        "a list as a number",
        HEAD + f"rd-projects = [1, 2] {HERE}",
        "figures.rd-projects",
        "found a list",
    ),
    Wrong(
        "a date as a number",
        HEAD + f"rd-projects = 2022-12-31 {HERE}",
        "figures.rd-projects",
        "expected a number or a table",
    ),
    Wrong(
        "a negative count",
        HEAD + f"rd-projects = -5 {HERE}",
        "figures.rd-projects.value",
        "expected no negative number, found `-5`",
    ),
    Wrong(
        "a negative bound",
        HEAD + f"rd-projects = {{ less_than = -5 }} {HERE}",
        "figures.rd-projects.less_than",
        "expected no negative number",
    ),
    Wrong(
        "a fraction of a count",
        HEAD + f"rd-projects = 2.5 {HERE}",
        "figures.rd-projects.value",
        "expected a whole number, found `2.5`",
    ),
    Wrong(
        "a scale that leaves a fraction of a count",
        HEAD + f'rd-projects = {{ value = 1.2345, scale = "thousand" }} {HERE}',
        "figures.rd-projects.value",
        "expected a whole number, found `1234.5`",
    ),
    Wrong(
        "not a number",
        HEAD + f"rd-projects = nan {HERE}",
        "figures.rd-projects.value",
        "expected a number, found `NaN`",
        "not published",
    ),
    Wrong(
        "infinitely many",
        HEAD + f"rd-projects = inf {HERE}",
        "figures.rd-projects.value",
        "expected a number, found `Infinity`",
        "not published",
    ),
    Wrong(
        "a number out of all proportion",
        HEAD + f"rd-projects = 1e400 {HERE}",
        "figures.rd-projects.value",
        "expected a number below 10^21 with at most 28 digits, found `1E+400`",
    ),
    Wrong(
        "an exponent out of all proportion",
        HEAD + "rd-projects = 1e9999999999999999999999",
        "",
        "a number has too large an exponent",
    ),
    Wrong(
        "an integer of 5,000 digits",
        HEAD + "rd-projects = " + "9" * 5000,
        "",
        "a number has too many digits",
    ),
    Wrong(
        "a decimal of 5,000 digits",
        HEAD + f"area = 1.{'3' * 5000} {HERE}",
        "figures.area.value",
        "at most 28 digits",
    ),
    Wrong(
        "a share of 140 %",
        HEAD + f"technology-contract-turnover-share-of-city = {{ value = 140, period = 2022 }} {HERE}",
        "figures.technology-contract-turnover-share-of-city.value",
        "expected a share of 0 to 100 %, found `140`",
        "of kind `ratio`",
    ),
    # forms of a value
    Wrong(
        "two forms of a value at once",
        HEAD + f"rd-projects = {{ value = 5, more_than = 4 }} {HERE}",
        "figures.rd-projects",
        "expected exactly one of `value`, `more_than`",
    ),
    Wrong(
        "no form of a value",
        HEAD + f'rd-projects = {{ note = "x" }} {HERE}',
        "figures.rd-projects",
        "found none",
    ),
    Wrong(
        "a range from high to low",
        HEAD + f"rd-projects = {{ range = [9, 5] }} {HERE}",
        "figures.rd-projects",
        "expected a range from low to high, found `9` to `5`",
    ),
    Wrong(
        "a range of one number",
        HEAD + f"rd-projects = {{ range = [9] }} {HERE}",
        "figures.rd-projects.range",
        "at least 2",
    ),
    Wrong(
        "an unknown scale",
        HEAD + f'taxes = {{ value = 5, scale = "milion", period = 2022 }} {HERE}',
        "figures.taxes",
        "expected a scale among one, hundred",
    ),
    Wrong(
        "an unknown reason for a missing value",
        HEAD + f'rd-projects = {{ missing = "lost" }} {HERE}',
        "figures.rd-projects.missing",
        "expected 'not published', 'not applicable' or 'confidential', found `lost`",
    ),
    # dates
    Wrong(
        "an outcome of 2031",
        HEAD + f"rd-projects = {{ value = 5, as_of = 2031 }} {HERE}",
        "figures.rd-projects.as_of",
        "`2031` lies after the edition's date 2022-12-31",
        'status = ["forecast"]',
    ),
    Wrong(
        "a milestone of 2031",
        HEAD + f'[[milestones]]\ntitle = "Opened"\ndate = 2031 {HERE}',
        "milestones.0.date",
        "`2031` lies after the edition's date",
    ),
    Wrong(
        "a month 13",
        HEAD + f'rd-projects = {{ value = 5, as_of = "2022-13" }} {HERE}',
        "figures.rd-projects.as_of",
        "expected a date such as `2022`, `2022-12`",
    ),
    Wrong(
        "an edition dated by its month",
        head("date = 2022-12-31\n[sources", f'date = "2022-12" {HERE}\n[sources'),
        "edition.date",
        "expected a day such as `2022-12-31`, found the text `2022-12`",
    ),
    Wrong(
        "a moment instead of a day",
        HEAD + f"rd-projects = {{ value = 5, as_of = 2022-12-31T12:30:00 }} {HERE}",
        "figures.rd-projects.as_of",
        "expected a date",
    ),
    Wrong(
        "a flow without a period",
        HEAD + f"taxes = 5 {HERE}",
        "figures.taxes",
        "no period; `taxes` is a flow",
        'period = "not stated"',
    ),
    Wrong(
        "a figure without a date",
        head('as_of = "2022-12"\n', "").replace("158", f"158 {HERE}"),
        "figures.innovation-platforms",
        "no date",
        'add `as_of = "2022-12"`',
    ),
    # sources
    Wrong(
        "a figure without a source",
        head('source = "S1"\n', "").replace("158", f"158 {HERE}"),
        "figures.innovation-platforms",
        "no source",
        "add `source = …`",
    ),
    Wrong(
        "an unknown source",
        HEAD + f'rd-projects = {{ value = 5, source = "S11" }} {HERE}',
        "figures.rd-projects.source",
        "unknown source `S11`",
        "did you mean `S1`?",
    ),
    Wrong(
        "a source named with blanks",
        HEAD + f'[sources."my source"] {HERE}\ntitle = "T"\npublisher = "P"\ndate = 2022',
        "sources.my source",
        "expected letters, digits and hyphens, found `my source`",
    ),
    Wrong(
        "an address that is a script",
        HEAD.replace('publisher = "T', f'address = "javascript:alert(1)" {HERE}\npublisher = "T'),
        "sources.S1.address",
        "expected an address that starts with `https://`",
    ),
    # currencies and units
    Wrong(
        "a currency's everyday name",
        HEAD + f'taxes = {{ value = 5, period = 2022, unit = "RMB" }} {HERE}',
        "figures.taxes.unit",
        "expected an ISO 4217 currency code such as `CNY`, found `RMB`",
        "did you mean `CNY`?",
    ),
    Wrong(
        "a currency in lower case",
        head('currency = "CNY"', f'currency = "usd" {HERE}') + "taxes = { value = 5, period = 2022 }",
        "defaults.currency",
        "found `usd`",
        "did you mean `USD`?",
    ),
    Wrong(
        "no currency",
        head('currency = "CNY"\n', "") + f"taxes = {{ value = 5, period = 2022 }} {HERE}",
        "figures.taxes",
        "no currency",
        'unit = "CNY"',
    ),
    Wrong(
        "another unit than the indicator's",
        HEAD + f'rd-projects = {{ value = 5, unit = "persons" }} {HERE}',
        "figures.rd-projects.unit",
        "expected `number`, found `persons`",
        "leave the unit out",
    ),
    Wrong(
        "a second value that is missing",
        HEAD
        + f"""[figures.taxes]
value = 5
period = 2022
also = {{ missing = "not published", unit = "USD" }} {HERE}""",
        "figures.taxes.also",
        "expected a value",
        "leave `also` out where there is none",
    ),
    # status and lists
    Wrong(
        "an unknown status",
        HEAD + f'rd-projects = {{ value = 5, status = ["final"] }} {HERE}',
        "figures.rd-projects.status.0",
        "found `final`",
    ),
    Wrong(
        "an entry of a list that stands twice",
        HEAD
        + f"""[lists.sample]
label = "Sample"
items = [
    {{ id = "a", name = "A" }},
    {{ id = "a", name = "B" }}, {HERE}
]""",
        "lists.sample.items.1.id",
        "the id `a` stands twice",
    ),
    Wrong(
        "an unknown relation",
        HEAD + f'[lists.sample]\nlabel = "S"\nitems = [{{ id = "a", name = "A", relation = "old" }}] {HERE}',
        "lists.sample.items.0.relation",
        "expected 'continuing', 'widened' or 'new', found `old`",
    ),
    Wrong(
        "an origin that is nowhere",
        HEAD
        + f'[lists.sample]\nlabel = "S"\nitems = [{{ id = "alpha", name = "A", origin = "alpa" }}] {HERE}',
        "lists.sample.items.0.origin",
        "unknown entry `alpa`",
        "did you mean `alpha`?",
    ),
    Wrong(
        "a voice that both quotes and paraphrases",
        HEAD + f'[[voices]] {HERE}\nspeaker = "A"\nrole = "B"\nquotation = "C"\nparaphrase = "D"',
        "voices.0",
        "expected either `quotation` or `paraphrase`",
    ),
    Wrong(
        "a kind of a breakdown that stands twice",
        HEAD
        + f"""[figures.rd-projects]
value = 5
[figures.rd-projects.breakdown]
by = "kind"
parts = [
    {{ name = "A" }},
    {{ name = "A" }}, {HERE}
]""",
        "figures.rd-projects.breakdown.parts.1",
        "the kind `A` stands twice",
    ),
    # texts
    Wrong(
        "a number where a text belongs",
        head('place = "Testonia"', f"place = 5 {HERE}"),
        "zone.place",
        'expected text, or texts by language such as `{ en = "…" }`, found `5`',
    ),
    Wrong(
        "an empty name",
        head('"Testonia Sample Zone"', f'"  " {HERE}'),
        "zone.name",
        "expected text, found nothing",
    ),
    Wrong(
        "a name that runs backwards",
        head('"Testonia Sample Zone"', f'"Testonia \u202eelpmaS Zone" {HERE}'),
        "zone.name",
        "the invisible or undefined character U+202E",
        "delete it",
    ),
    Wrong(
        "a control character in a name",
        head('"Testonia Sample Zone"', f'"Testonia \\u0007Sample Zone" {HERE}'),
        "zone.name",
        "the invisible or undefined character U+0007",
        "delete it",
    ),
    Wrong(
        "a control character in the printed form",
        HEAD + f'rd-projects = {{ value = 5, printed = "\\u0000five" }} {HERE}',
        "figures.rd-projects.printed",
        "the invisible or undefined character U+0000",
        "delete it",
    ),
    Wrong(
        "a name of 10,000 characters",
        head('"Testonia Sample Zone"', f'"{"x" * 10_000}" {HERE}'),
        "zone.name",
        "expected at most 2000 characters, found 10000",
    ),
    Wrong(
        "a language that is none",
        head('name = "Testonia Sample Zone"', f'name.English = "Testonia Sample Zone" {HERE}'),
        "zone.name",
        "expected a language code such as `en` or `zh`, found `English`",
    ),
    Wrong(
        "the file's language as a number",
        f"language = 3 {HERE}\n{HEAD}",
        "language",
        "expected a string, found `3`",
    ),
    Wrong(
        "a message that would command the terminal",
        HEAD + f'rd-projects = {{ value = 5, as_of = "\\u001b[2J\\nzonereport: all is well" }} {HERE}',
        "figures.rd-projects.as_of",
        r"found the text `\x1b[2J\nzonereport: all is well`",
    ),
    Wrong(
        "a key that would command the terminal",
        HEAD + f'"\\u001b[2J" = 5 {HERE}',
        r"figures.\x1b[2J",
        r"unknown indicator `\x1b[2J`",
    ),
    Wrong(
        "a key of 10,000 characters",
        HEAD + f"{'x' * 10_000} = 5 {HERE}",
        "figures.xxx",
        f"unknown indicator `{'x' * 57}…`",
    ),
    # phrases and indicators of its own
    Wrong(
        "a phrase that loses the number",
        HEAD + f'rd-projects = {{ value = 5, phrase.en = "projects" }} {HERE}',
        "figures.rd-projects.phrase.en",
        "expected a phrase with `{n}` once, found the text `projects`",
        "where the number stands",
    ),
    Wrong(
        "a phrase without its usual form",
        HEAD + f'rd-projects = {{ value = 5, phrase.en = {{ one = "{{n}} project" }} }} {HERE}',
        "figures.rd-projects.phrase.en",
        "expected the plural form `other` too",
    ),
    Wrong(
        "a phrase with an unknown plural form",
        HEAD + f'rd-projects = {{ value = 5, phrase.en = {{ other = "{{n}}", lots = "{{n}}" }} }} {HERE}',
        "figures.rd-projects.phrase.en",
        "expected a plural form among zero, one, two, few, many, other, found `lots`",
    ),
    Wrong(
        "a phrase that is a number",
        HEAD + f"rd-projects = {{ value = 5, phrase.en = 3 }} {HERE}",
        "figures.rd-projects.phrase.en",
        "expected a phrase",
    ),
    Wrong(
        "an indicator of its own that shadows the catalogue",
        own(f"[indicators.rd-projects] {HERE}"),
        "indicators.rd-projects",
        "the catalogue has an indicator `rd-projects` already",
        "give yours another name",
    ),
    Wrong(
        "an unknown section",
        own(f'section = "platfroms" {HERE}'),
        "indicators.own.section",
        "unknown section `platfroms`",
        "did you mean `platforms`?",
    ),
    Wrong(
        "an unknown unit",
        own(f'unit = "percents" {HERE}'),
        "indicators.own.unit",
        "unknown unit `percents`",
        "did you mean `percent`?",
    ),
    Wrong(
        "an unknown kind",
        own(f'kind = "level" {HERE}'),
        "indicators.own.kind",
        "expected 'stock', 'flow'",
    ),
    Wrong(
        "a formula that calls",
        own(f"""formula = "__import__('os')" {HERE}"""),
        "indicators.own.formula",
        "expected ids in braces, numbers, + - * / and parentheses",
    ),
    Wrong(
        "a formula with a power",
        own(f'formula = "{{rd-projects}}**9" {HERE}'),
        "indicators.own.formula",
        "expected ids in braces",
    ),
    Wrong(
        "a formula of brackets",
        own(f'formula = "{"(" * 149}1{")" * 149}+" {HERE}'),
        "indicators.own.formula",
        "expected ids in braces",
    ),
    Wrong(
        "a formula of 10,000 characters",
        own(f'formula = "{"1+" * 5000}1" {HERE}'),
        "indicators.own.formula",
        "at most 300 characters",
    ),
    Wrong(
        "a formula with an unknown id",
        own(f'formula = "{{rd-project}} * 2" {HERE}'),
        "indicators.own.formula",
        "unknown indicator `rd-project`",
        "did you mean `rd-projects`?",
    ),
    # nesting
    Wrong(
        "lists nested 100,000 deep",
        HEAD + "area = " + "[" * 100_000 + "]" * 100_000,
        "",
        "nested too deeply",
    ),
    Wrong("lists nested 200 deep", HEAD + f"area = {'[' * 200}{']' * 200} {HERE}", "figures.area", "a list"),
    Wrong(
        "tables nested 2,000 deep",
        HEAD + f"[figures.area.{'.'.join('a' * 2000)}] {HERE}\nx = 1",
        "figures.area.a",
        "unknown key",
    ),
    # encodings
    Wrong("an empty file", "", "", "the file is empty", "`zonereport zones`"),
    Wrong("only blank lines", " \n\t\r\n \n", "", "the file is empty", "`zonereport zones`"),
    Wrong("binary data", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "", "found binary data", "give a zone file"),
    Wrong("UTF-16", HEAD.encode("utf-16"), "", "expected UTF-8 text, found UTF-16", "encoding UTF-8"),
    Wrong("UTF-16 without its mark", HEAD.encode("utf-16-le"), "", "found binary data"),
    Wrong(
        "Latin-1",
        head("Testonia Press", f'Éditions Testonia" {HERE}\nnote = "x').encode("latin-1"),
        "",
        "expected UTF-8 text, found the byte 0xc9",
        "encoding UTF-8",
    ),
    Wrong("zeros of a whole page", b"\0" * 4096, "", "found binary data"),
    Wrong(
        "a file of more than 8 MB",
        HEAD.encode() + b"# " + b"x" * MAX_BYTES,
        "",
        "expected at most 8 MB, found more",
        "is this the right file?",
    ),
]

SAMPLE = {
    "format": 1,
    "zone": {"id": "testonia", "name": "Testonia Sample Zone", "place": "Testonia"},
    "edition": {"snapshot": 2022, "date": "2022-12-31"},
    "sources": {"S1": {"title": "Sample", "publisher": "Testonia Press", "date": "2022"}},
    "defaults": {"source": "S1", "as_of": "2022-12", "currency": "CNY"},
}


def as_json(figures: str) -> str:
    """Return a file whose figures begin on line 2."""
    return json.dumps(SAMPLE)[:-1] + ',\n"figures": {\n' + figures + "\n}}\n"


JSON = [
    Wrong("JSON cut short", as_json('"area": 1')[:-4], "", "not valid JSON", line=3),
    Wrong("JSON with a comma too many", as_json('"area": 1,'), "", "not valid JSON", line=4),
    Wrong("TOML named JSON", HEAD, "", "not valid JSON: expecting value", line=1),
    Wrong("a JSON list at the top", "[1, 2]", "", "expected an object at the top"),
    Wrong("a JSON text at the top", '"zone"', "", "expected an object at the top"),
    Wrong("null at the top", "null", "", "expected an object at the top"),
    Wrong(
        "a key that stands twice in JSON", as_json('"area": 1,\n"area": 2'), "", "the key `area` stands twice"
    ),
    Wrong("null as a number", as_json('"area": null'), "figures.area", "found nothing", line=3),
    Wrong(
        "NaN in JSON", as_json('"area": NaN'), "figures.area.value", "found `NaN`", "not published", line=3
    ),
    Wrong(
        "minus infinity in JSON", as_json('"area": -Infinity'), "figures.area.value", "`-Infinity`", line=3
    ),
    Wrong("1e400 in JSON", as_json('"area":\n1e400'), "figures.area.value", "found `1E+400`", line=3),
    Wrong("5,000 digits in JSON", as_json('"area": ' + "9" * 5000), "", "a number has too many digits"),
    Wrong(
        "a misspelt indicator in JSON",
        as_json('"area": 1,\n"rd-project": 5'),
        "figures.rd-project",
        "unknown indicator",
        "did you mean `rd-projects`?",
        line=4,
    ),
    Wrong(
        "a wrong entry deep in JSON",
        as_json('"area": { "value": 1,\n"status": [\n"revised",\n"final"] }'),
        "figures.area.status.1",
        "found `final`",
        line=6,
    ),
    Wrong("lists nested 100,000 deep in JSON", "[" * 100_000, "", "nested too deeply"),
    Wrong(
        "half a character in JSON", as_json('"\\ud800": 1'), r"figures.\ud800", "unknown indicator", line=3
    ),
]


def check_refusal(wrong: Wrong, name: str, result: tuple[int, str, str], line: int | None) -> None:
    """Check that one message says where, what and what to do, and that it is all there is."""
    code, out, error = result
    assert (code, out) == (1, "")
    where = f"{name}:{line}" if line else name
    message, *hints = error.rstrip("\n").split("\n")
    assert message.startswith("zonereport: ")
    assert message.count(name) == 1
    place = f": {wrong.place}" if wrong.place else ""
    assert f"{where}{place}" in message
    assert wrong.message in message
    assert len(message) < 700
    assert len(hints) <= 1
    assert wrong.hint in "".join(hints)
    assert not hints or hints[0].startswith("  hint: ")
    assert "Traceback" not in error
    assert "internal error" not in error
    assert error.isprintable() or set(filter(lambda c: not c.isprintable(), error)) == {"\n"}


def expected_line(wrong: Wrong, suffix: str) -> int | None:
    if suffix == ".json":
        return wrong.line
    data = wrong.content.encode() if isinstance(wrong.content, str) else wrong.content
    before, marked, _ = data.partition(HERE.encode())
    return before.count(b"\n") + 1 if marked else None


@pytest.mark.parametrize(
    ("wrong", "suffix"),
    [
        *(pytest.param(wrong, ".toml", id=wrong.title) for wrong in TOML),
        *(pytest.param(wrong, ".json", id=wrong.title) for wrong in JSON),
    ],
)
def test_a_wrong_file_is_refused_with_one_message_and_writes_nothing(
    wrong: Wrong, suffix: str, tmp_path: Path, run: Run
) -> None:
    file = tmp_path / f"sample{suffix}"
    file.write_bytes(wrong.content.encode() if isinstance(wrong.content, str) else wrong.content)
    result = run("generate", file, "--output", tmp_path / "out")
    check_refusal(wrong, file.name, result, expected_line(wrong, suffix))
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_there_are_enough_wrong_files_and_no_two_of_one_title() -> None:
    titles = [wrong.title for wrong in (*TOML, *JSON)]
    assert len(titles) == len(set(titles)) >= 100


@pytest.mark.parametrize("content", [HEAD, "\ufeff" + HEAD, HEAD.replace("\n", "\r\n")])
def test_the_file_that_the_wrong_ones_are_made_from_is_right(content: str, tmp_path: Path) -> None:
    file = tmp_path / "sample.toml"
    file.write_bytes(content.encode())
    assert list(read_zone(file).figures) == ["innovation-platforms"]


def test_the_json_file_that_the_wrong_ones_are_made_from_is_right(tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    file.write_text("\ufeff" + as_json('"area": 1'), "utf-8")
    assert list(read_zone(file).figures) == ["area"]


# Not a file to be read at all


def folder(path: Path) -> Path:
    (path / "zone.toml").mkdir()
    return path / "zone.toml"


def fifo(path: Path) -> Path:
    os.mkfifo(path / "zone.toml")
    return path / "zone.toml"


def loop(path: Path) -> Path:
    (path / "zone.toml").symlink_to(path / "zone.toml")
    return path / "zone.toml"


def huge(path: Path) -> Path:
    with (path / "zone.toml").open("wb") as file:
        file.truncate(200 * 2**20)
    return path / "zone.toml"


@pytest.mark.parametrize(
    ("make", "message", "hint"),
    [
        (folder, "zone.toml: expected a file, found a folder", "give a zone file"),
        (lambda path: path / "zone.toml", "zone.toml: no such file", ""),
        (lambda path: path / "zone.json", "zone.json: no such file", ""),
        (lambda path: path / "none" / "zone.toml", "none/zone.toml: no such file", ""),
        (lambda _: "/dev/zero", "/dev/zero: expected a file, found a device or pipe", ""),
        (lambda _: "/dev/null", "/dev/null: expected a file, found a device or pipe", ""),
        (fifo, "zone.toml: expected a file, found a device or pipe", ""),
        (loop, "zone.toml: ", ""),
        (huge, "zone.toml: expected at most 8 MB, found more", "is this the right file?"),
        (lambda path: path / "zo\0ne.toml", "no such file", ""),
        (lambda path: path / ("z" * 300 + ".toml"), "cannot be read: file name too long", ""),
    ],
    ids=["folder", "no TOML", "no JSON", "no folder", "zeros", "null", "fifo", "loop", "huge", "NUL", "long"],
)
def test_what_is_no_file_is_refused_at_once(
    make: Callable[[Path], Path | str], message: str, hint: str, tmp_path: Path, run: Run
) -> None:
    file = make(tmp_path)
    began = time.monotonic()
    code, out, error = run("generate", file, "--output", tmp_path / "out")
    assert time.monotonic() - began < 5
    assert (code, out) == (1, "")
    assert message in error
    assert hint in error
    assert error.count("\n") == 1 + ("hint: " in error)
    assert "internal error" not in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("baotou-2020", "did you mean `baotou-20"),
        ("testonia", "bundled zones are"),
        ("z" * 300, "bundled zones are"),
    ],
)
def test_a_name_that_is_neither_a_file_nor_a_bundled_zone_is_a_wrong_use(
    name: str, hint: str, tmp_path: Path, run: Run
) -> None:
    code, out, error = run("generate", name, "--output", tmp_path / "out")
    assert (code, out) == (2, "")
    assert f"no file and no bundled zone is called `{name}`" in error
    assert hint in error
    assert not (tmp_path / "out").exists()


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = huge(tmp_path)
    sizes: list[int] = []
    opened = type(file).open

    def watched(path: Path, mode: str = "r") -> Any:
        handle = opened(path, mode)
        read = handle.read

        class Watched:
            def __enter__(self) -> Watched:
                return self

            def __exit__(self, *_: object) -> None:
                handle.close()

            def read(self, size: int = -1) -> bytes:
                data: bytes = read(size)
                sizes.append(len(data))
                return data

        return Watched()

    monkeypatch.setattr(type(file), "open", watched)
    with pytest.raises(InputError, match="at most 8 MB"):
        read_zone(file)
    assert 0 < sum(sizes) <= MAX_BYTES + 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEAD + 'rd-projects = "3,228"\n', "zone.toml:19: figures.rd-projects: expected a number"),
        (HEAD + "taxes = many\n", "zone.toml:19: not valid TOML"),
        (HEAD + "area = " + "[" * 100_000, "zone.toml: nested too deeply"),
    ],
)
def test_a_wrong_file_is_refused_in_a_process_of_its_own_too(
    content: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "zone.toml"
    file.write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "zonereport", "generate", file, "--output", tmp_path / "out"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_check_reports_every_problem_of_a_file_with_its_line(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "sample.toml"
    file.write_text(HEAD + "rd-projects = -1\narea = 2\nno-such = 3\n")
    code, out, _ = run("check", file, "--json")
    (report,) = json.loads(out)
    assert code == 1
    assert [(problem["place"], problem["line"]) for problem in report["problems"]] == [
        ("figures.rd-projects.value", 19),
        ("figures.no-such", 21),
    ]


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_thousand_problems_are_found_and_placed_in_seconds(suffix: str) -> None:
    names = [f"no-such-{index}" for index in range(1000)]
    text = (
        HEAD.replace("innovation-platforms = 158\n", "") + "".join(f"{name} = 1\n" for name in names)
        if suffix == "toml"
        else as_json(",\n".join(f'"{name}": 1' for name in names))
    )
    began = time.monotonic()
    with pytest.raises(InputError) as refused:
        parse_zone(text, f"sample.{suffix}")
    assert time.monotonic() - began < 10
    first = text[: text.index("no-such-0")].count("\n") + 1
    assert [problem.line for problem in refused.value.problems] == list(range(first, first + 1000))


# Lines


def paths_of(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from paths_of(value, (*path, key))


def searched_in_toml(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the line of each path as a reader would search for it: header by header, key by key.

    It knows no more TOML than the bundled files need: one entry of a list a line, or all of it on one.
    """
    found: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    inside: tuple[str | int, ...] | None = None
    index = 0

    def note(path: tuple[str | int, ...], line: int, value: Any = None) -> None:
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], line)
        for below in paths_of(value, path):
            found.setdefault(below, line)

    for number, line in enumerate(text.split("\n"), 1):
        if inside is not None:
            if line.startswith("]"):
                inside = None
            else:
                (entry,) = tomllib.loads(f"x = [{line.strip()}]")["x"]
                note((*inside, index), number, entry)
                index += 1
        elif match := re.fullmatch(r"\[\[(\w+)\]\]", line):
            count = sum(1 for path in found if path[:1] == (match[1],) and len(path) == 2)
            table = (match[1], count)
            note(table, number)
        elif match := re.fullmatch(r"\[([\w.-]+)\]", line):
            table = tuple(match[1].split("."))
            note(table, number)
        elif match := re.fullmatch(r"([\w.-]+) = (.+)", line):
            path = (*table, *match[1].split("."))
            if match[2] == "[":
                inside, index = path, 0
                note(path, number)
            else:
                note(path, number, tomllib.loads(f"x = {match[2]}")["x"])
    return found


@pytest.mark.parametrize("name", bundled_zones())
def test_the_line_of_every_key_of_a_toml_file_is_the_one_a_search_finds(name: str) -> None:
    text = bundled_zones()[name].read_text("utf-8")
    searched = searched_in_toml(text)
    paths = list(paths_of(tomllib.loads(text)))
    assert searched.keys() == set(paths)
    assert dict(zip(paths, find_lines(text, "a.toml", paths), strict=True)) == searched
    for path in paths[::7]:
        assert find_line(text, "a.toml", path) == searched[path]


@pytest.mark.parametrize("name", bundled_zones())
def test_the_line_of_every_key_of_a_json_file_is_the_one_a_search_finds(name: str) -> None:
    data = tomllib.loads(bundled_zones()[name].read_text("utf-8"), parse_float=Decimal)
    text = json.dumps(data, indent=1, default=str, ensure_ascii=False)
    # With an indent every key and every entry has a line of its own, in the order of the paths.
    lines = [n for n, line in enumerate(text.split("\n"), 1) if not re.fullmatch(r"\s*[\]}],?|\{", line)]
    paths = list(paths_of(data))
    assert find_lines(text, "a.json", paths) == lines
    for path, line in list(zip(paths, lines, strict=True))[::7]:
        assert find_line(text, "a.JSON", path) == line


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('a = """\nb = 1\n"""\nb = 2\n', ("b",), 4),
        ("a = '''\nb = 1\n'''\nb = 2\n", ("b",), 4),
        ('a = "\\"#"\nb = 2\n', ("b",), 2),
        ("a = '\"'  # ]]\nb = 2\n", ("b",), 2),
        ("# b = 1\n\n\nb = 2\n", ("b",), 4),
        ("a.b.c = 1\na.d = 2\n", ("a", "d"), 2),
        ('"a.b" = 1\na.b = 2\n', ("a", "b"), 2),
        ('"a.b" = 1\na.b = 2\n', ("a.b",), 1),
        ("[a]\nx = 1\n[a.b]\nx = 2\n", ("a", "b", "x"), 4),
        ("[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3\n", ("a", 1, "b", "y"), 6),
        ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[[a.b]]\nx = 1\n", ("a", 1, "b", 1, "x"), 6),
        ("a = [\n 1,\n\n # two\n 2,\n]\n", ("a", 1), 5),
        ("a = [\n {\n }, { x = 12:30:00, y = [\n 1979-05-27 07:32:00, 3] }]\n", ("a", 1, "y", 1), 4),
        ("a = { b.c = 1 }\nd = 2\n", ("a", "b", "c"), 1),
        ("a = 1\r\nb = 2\r\n", ("b",), 2),
        ("a = 'x\u2028\u0085y'\nb = 2\n", ("b",), 2),
        ("[a]\nb = 1\n", ("a", "missing"), 1),
        ("a = 1\n", ("missing",), None),
    ],
)
def test_a_line_is_found_whatever_stands_before_it(
    text: str, path: tuple[str | int, ...], line: int | None
) -> None:
    assert find_line(text, "a.toml", path) == line


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('{"a": "]}\\",\\n",\n"b": 2}', ("b",), 2),
        ('{"a": [1,\n[2,\n3]]}', ("a", 1, 1), 3),
        ('{"a": {"b": {}, "c": []},\n"b": true}', ("b",), 2),
        ('{"a": 1}', ("missing",), None),
        ('\n\n{\n"a"\n:\n1}', ("a",), 4),
        ('{"\\u0061": 1}', ("a",), 1),
        ("[1]", ("a",), None),
    ],
)
def test_a_line_of_json_is_found_whatever_stands_before_it(
    text: str, path: tuple[str | int, ...], line: int | None
) -> None:
    assert find_line(text, "a.json", path) == line
