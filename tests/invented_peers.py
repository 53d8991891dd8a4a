"""Invented zones to set beside one another: eleven peers of Testonia, with everything that keeps two apart."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from zonereport.zone.model import Zone

HEAD = """
format = 1
[zone]
id = "{id}"
name = {{ en = "Testonia {name} Zone", zh = "测试{name}园区", de = "Testonia-Zone {name}" }}
short_name = {{ en = "Testonia {name}", zh = "测试{name}", de = "Testonia {name}" }}
place = "Testonia"
[edition]
snapshot = {year}
date = "{year}-12-31"
[defaults]
source = "S"
as_of = {year}
period = {year}
currency = "{currency}"
[sources.S]
title = "Invented for a test"
publisher = "Nobody"
date = {year}
"""


def zone(
    figures: str, name: str = "Home", *, year: int = 2002, currency: str = "EUR", more: str = ""
) -> Zone:
    """Return an invented zone with these lines of figures; `more` are further tables."""
    head = HEAD.format(id=f"testonia-{name.lower()}", name=name, year=year, currency=currency)
    return parse_zone(f"{head}\n[figures]\n{figures}\n{more}", f"{name}.toml")


SECTORS = """
[lists.focus-sectors]
label = { en = "Future focus sectors", zh = "未来重点产业", de = "Schwerpunktbereiche" }
items = [
    { id = "robots", name = { en = "robots", zh = "机器人", de = "Roboter" } },
    { id = "seeds", name = { en = "seeds", zh = "种子", de = "Saatgut" } },
]
"""


def full(name: str, place: int) -> Zone:
    """Return a zone with many figures, better ones the smaller `place` is."""
    staff, robots = 90_000 - 5_000 * place, 9_000 - 700 * place
    parts = (
        f'{{ name = {{ en = "robots", zh = "机器人", de = "Roboter" }}, value = {robots} }},'
        f' {{ name = {{ en = "others", zh = "其他", de = "Sonstige" }}, value = {staff - robots} }}'
    )
    by = '{ en = "sector", zh = "行业", de = "Branche" }'
    return zone(
        f"""
staff = {{ value = {staff}, breakdown = {{ by = {by}, parts = [{parts}] }} }}
rd-personnel = {3_000 + 350 * (place % 4)}
invention-patents-held = {{ {"about" if place == 5 else "value"} = {1_200 - 40 * place} }}
rd-intensity = {{ value = {6 - place * 0.25:.2f} }}
high-tech-product-share = {30 + 3 * (place % 7)}
zone-rank-national = {10 + 4 * place}
rd-projects = {{ {"more_than" if place in (3, 4) else "value"} = {400 + 10 * place} }}
industrial-output = {{ value = {50 + place}, scale = "billion" }}
enterprises-high-tech = {'"not published"' if place % 2 else 200 + place}
""",
        name,
        more=SECTORS,
    )


PLACES = ("North", "East", "South", "West", "Lake", "Hill", "Ford", "Moor", "Wood", "Dale", "Cape")


@cache
def home() -> Zone:
    """Return the zone that stands beside the others."""
    return full("Home", 2)


@cache
def others() -> tuple[Zone, ...]:
    """Return its eleven peers."""
    return tuple(full(name, place) for place, name in enumerate(PLACES))
