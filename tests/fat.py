"""The fattest zone: every indicator of the catalogue, long names, every qualifier, many of everything."""

from __future__ import annotations

from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING

from zonereport.zone.catalogue import WHOLE_UNITS, load_catalogue
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from zonereport.zone.model import Zone

LONG = "Institute for the Advancement of Remarkably Long Names in Testonia and Its Sample Districts"
LONG_ZH = "测试省样例市虚构高新技术产业开发区超长名称研究与推广中心及其所属各分支机构联合管理委员会"

VALUES = (
    "{{ value = {n}, status = ['provisional', 'revised'] }}",
    "{{ more_than = {n} }}",
    "{{ about = {n}, period = 'not stated' }}",
    "{{ range = [{n}, {m}] }}",
    "{{ at_least = {n}, status = ['estimated', 'definition_differs'] }}",
)
"""Forms of a value; money, shares and counts alike."""


@cache
def fattest_zone(year: int = 2002) -> Zone:
    """Return a zone of which no briefing could say more."""
    return parse_zone(_head(year) + _figures(year) + _lists() + _events(), f"testonia-{year}.toml")


def _head(year: int) -> str:
    def both(words: str) -> str:
        return f'{{ en = "{words} {LONG}", zh = "{LONG_ZH}" }}'

    sources = "".join(
        f"[sources.S{number}]\ntitle = {both(f'Invented Book {number}')}\npublisher = {both('Nobody')}\n"
        f"date = {year}\n"
        for number in range(1, 31)
    )
    return (
        f'format = 1\n[zone]\nid = "testonia"\nname = {both("Testonia")}\nplace = {both("Testonia")}\n'
        f"host = {both('Sample City')}\n[edition]\nsnapshot = {year}\ndate = {year}-12-31\n"
        f"issued_by = {both('Issuer')}\nstatus = {both('Status')}\n"
        f'[defaults]\nsource = "S1"\nas_of = {year}\nperiod = {year}\ncurrency = "XTS"\n{sources}'
    )


def _figures(year: int) -> str:
    lines = ["[figures]"]
    forms = cycle(VALUES)
    for place, indicator in enumerate(load_catalogue().indicators.values()):
        if indicator.formula:
            continue
        share = indicator.unit in ("percent", "percentage-points") or indicator.kind == "share"
        number = 40 + place % 9 if share else 900_000 + place * 1111 + year
        form = next(forms) if indicator.unit in WHOLE_UNITS or not share else VALUES[2]
        value = form.format(n=number, m=number + 7)
        if indicator.kind == "rank":
            value = "7"
        note = f'note = {{ en = "{LONG}, note {place}.", zh = "{LONG_ZH}。" }}, source = "S{place % 30 + 1}"'
        lines.append(
            f"{indicator.id} = {value[:-2]}, {note} }}" if value[0] == "{" else f"{indicator.id} = {value}"
        )
    return "\n".join(lines) + "\n"


def _lists() -> str:
    def named(prefix: str, count: int, extra: str = "") -> str:
        return "".join(
            f'{{ id = "{prefix}{n}", name = {{ en = "{LONG} {n}", zh = "{LONG_ZH}{n}" }}{extra} }},'
            for n in range(count)
        )

    new = ', relation = "new"'
    return (
        f'[lists.present-industries]\nlabel = "Now"\nitems = [{named("p", 8)}]\n'
        f'[lists.focus-sectors]\nlabel = "Then"\nitems = [{named("f", 8, new)}]\n'
    )


def _events() -> str:
    milestones = "".join(
        f'[[milestones]]\ndate = "{1960 + n}-0{1 + n % 9}"\ntitle = {{ en = "{LONG} {n}", zh = "{LONG_ZH}{n}" }}\n'
        for n in range(20)
    )
    voices = "".join(
        f'[[voices]]\nspeaker = "Speaker {n}"\nrole = "{LONG}"\nparaphrase = "{LONG}"\n' for n in range(8)
    )
    return milestones + voices
