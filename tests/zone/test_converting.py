"""TOML, JSON and XLSX say the same: whatever a zone file can say survives the way through all three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from drawn import as_json, zone_files
from hypothesis import HealthCheck, given, settings

from zonereport.zone.converting import convert
from zonereport.zone.reading import bundled_zones, parse_form

if TYPE_CHECKING:
    from zonereport.zone.schema import ZoneForm


def told(form: ZoneForm) -> str:
    """Everything a form says, to the last zero and in order, but for the order of figures, which is none."""
    return repr({**dict(form), "figures": sorted(form.figures.items())})


def rounds(data: bytes, file: str) -> None:
    form, zone = parse_form(data, file)
    for name in ("one.toml", "two.xlsx", "three.json", "four.toml"):
        data = convert(data, file, name)
        file = name
        again, same = parse_form(data, file)
        assert told(again) == told(form), name
        assert same == zone, name
        assert repr(same.figures) == repr(zone.figures), name


@pytest.mark.slow
@given(zone_files())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_drawn_zone_keeps_every_field_from_toml_by_xlsx_and_json_to_toml(data: dict[str, Any]) -> None:
    rounds(as_json(data).encode(), "drawn.json")


@pytest.mark.parametrize("name", bundled_zones())
def test_a_bundled_zone_keeps_every_field_from_toml_by_xlsx_and_json_to_toml(name: str) -> None:
    rounds(bundled_zones()[name].read_bytes(), f"{name}.toml")
