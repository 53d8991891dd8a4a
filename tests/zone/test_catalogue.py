"""The catalogue: every indicator is whole, and every formula can be computed."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from typing import Any, get_args

import pytest

from zonereport.language import language_codes, load_language
from zonereport.zone.catalogue import UNITS, load_catalogue
from zonereport.zone.formula import Written, evaluate, formula_inputs
from zonereport.zone.jsonschema import zone_schema
from zonereport.zone.model import Kind
from zonereport.zone.quantity import Quantity
from zonereport.zone.reading import bundled_zones

CATALOGUE = load_catalogue()
INDICATORS = CATALOGUE.indicators
DERIVED = {id: indicator for id, indicator in INDICATORS.items() if indicator.formula}
COUNTED = ("number", "persons", "person-years")


def test_the_catalogue_is_large_enough_to_be_of_use() -> None:
    assert len(INDICATORS) >= 40
    assert len(CATALOGUE.sections) >= 5
    assert len(DERIVED) >= 5


@pytest.mark.parametrize("id", INDICATORS)
def test_an_indicator_says_in_both_languages_what_it_is(id: str) -> None:
    indicator = INDICATORS[id]
    for words in (indicator.label, indicator.definition):
        assert {"en", "zh"} <= words.keys()
        assert all(text.strip() for text in words.values())
        assert re.search("[\u4e00-\u9fff]", words["zh"])
        assert not re.search("[\u4e00-\u9fff]", words["en"])
    assert indicator.definition["en"].endswith(".")
    assert indicator.definition["zh"].endswith("。")


@pytest.mark.parametrize("id", INDICATORS)
def test_an_indicator_has_a_known_unit_kind_and_section(id: str) -> None:
    indicator = INDICATORS[id]
    assert indicator.unit in UNITS
    assert indicator.kind in get_args(Kind)
    assert indicator.section in CATALOGUE.sections
    assert indicator.kind != "share" or indicator.unit == "percent"


@pytest.mark.parametrize("id", [id for id, entry in INDICATORS.items() if entry.unit in COUNTED])
def test_a_count_has_a_phrase_with_its_number(id: str) -> None:
    phrase = INDICATORS[id].phrase
    assert {"en", "zh"} <= phrase.keys()
    if INDICATORS[id].unit != "person-years":  # whose number brings its unit along
        assert {"one", "other"} <= phrase["en"].keys()
    for forms in phrase.values():
        assert all(text.count("{n}") == 1 and text.count("{") == 1 for text in forms.values())


def test_no_two_indicators_share_a_label() -> None:
    for language in ("en", "zh"):
        labels = [indicator.label[language] for indicator in INDICATORS.values()]
        assert sorted(labels) == sorted(set(labels))


def test_indicators_stand_section_by_section_in_reading_order() -> None:
    sections = [indicator.section for indicator in INDICATORS.values()]
    assert list(dict.fromkeys(sections)) == list(CATALOGUE.sections)
    assert sections == sorted(sections, key=list(CATALOGUE.sections).index)


@pytest.mark.parametrize("id", DERIVED)
def test_a_formula_names_known_indicators_and_can_be_computed(id: str) -> None:
    indicator = DERIVED[id]
    inputs = formula_inputs(indicator.formula)
    assert inputs
    assert set(inputs) <= INDICATORS.keys() - {id}
    value = evaluate(indicator.formula, lambda _: Quantity.exact(Decimal(50)), Quantity.exact)
    assert value.is_exact
    text = evaluate(indicator.formula, Written, lambda number: Written(str(number))).text
    assert all(input in text for input in inputs)
    assert indicator.decimals is not None or indicator.significant is not None


@pytest.mark.parametrize("id", DERIVED)
def test_no_formula_needs_itself(id: str) -> None:
    seen: set[str] = set()
    pending = [id]
    while pending:
        for input in formula_inputs(INDICATORS[pending.pop()].formula):
            assert input != id
            if input not in seen:
                seen.add(input)
                pending.append(input)


@pytest.mark.parametrize("code", language_codes())
def test_every_unit_kind_and_qualifier_is_worded_in_every_language(code: str) -> None:
    language = load_language(code)
    for unit in UNITS:
        if not unit.startswith("money"):  # worded by its currency
            assert "7" in language.amount(Decimal(7), unit)
            assert language.text(f"unit-names.{unit}")
    for kind in get_args(Kind):
        assert language.text(f"kinds.{kind}")
    for quantity in (
        Quantity.exact(Decimal(7)),
        Quantity.approximate(Decimal(7)),
        Quantity.above(Decimal(7)),
        Quantity.above(Decimal(7), or_equal=True),
        Quantity.below(Decimal(7)),
        Quantity.below(Decimal(7), or_equal=False),
        Quantity.between(Decimal(7), Decimal(9)),
    ):
        assert "7" in language.quantity(quantity, "number")


# The JSON Schema, checked by the part of it that a zone file needs


def complain(data: Any, schema: dict[str, Any], definitions: dict[str, Any], place: str = "") -> list[str]:
    """Return where the data do not hold against a JSON Schema; keywords that are not known are an error."""
    known = {"$ref", "anyOf", "type", "enum", "const", "pattern", "properties", "required", "items"}
    known |= {"additionalProperties", "maxLength", "minLength", "maxItems", "minItems", "maxProperties"}
    known |= {"minProperties", "propertyNames", "minimum", "maximum", "patternProperties"}
    known |= {"title", "description", "default", "format", "$defs", "$schema"}
    assert schema.keys() <= known, schema.keys() - known
    if "$ref" in schema:
        return complain(data, definitions[schema["$ref"].removeprefix("#/$defs/")], definitions, place)
    if "anyOf" in schema and all(complain(data, option, definitions, place) for option in schema["anyOf"]):
        return [f"{place}: none of anyOf"]
    types = {"string": str, "number": (int, float), "integer": int, "boolean": bool, "object": dict}
    types |= {"array": list, "null": type(None)}
    wanted = schema.get("type", list(types))
    if not any(
        isinstance(data, types[name])  # type: ignore[arg-type]
        and (not isinstance(data, bool) or name == "boolean")
        for name in ([wanted] if isinstance(wanted, str) else wanted)
    ):
        return [f"{place}: not of type {wanted}"]
    found = [f"{place}: not in enum"] if "enum" in schema and data not in schema["enum"] else []
    if "const" in schema and data != schema["const"]:
        found.append(f"{place}: not the constant")
    if isinstance(data, str) and not re.search(schema.get("pattern", ""), data):
        found.append(f"{place}: does not match")
    return [*found, *complain_inside(data, schema, definitions, place)]


def complain_inside(data: Any, schema: dict[str, Any], definitions: dict[str, Any], place: str) -> list[str]:
    """Return where the entries of a list or the values of an object do not hold."""
    found = []
    if isinstance(data, list):
        for index, entry in enumerate(data):
            found += complain(entry, schema.get("items", {}), definitions, f"{place}.{index}")
        if not schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data)):
            found.append(f"{place}: too few or too many")
    if isinstance(data, dict):
        found += [f"{place}: no {key}" for key in schema.get("required", []) if key not in data]
        others = schema.get("additionalProperties", True)
        for key, value in data.items():
            inner = schema.get("properties", {}).get(key)
            for pattern, option in schema.get("patternProperties", {}).items():
                inner = inner or (option if re.search(pattern, key) else None)
            if inner is None and others is False:
                found.append(f"{place}.{key}: unknown key")
            elif inner is not None or isinstance(others, dict):
                found += complain(value, inner or others, definitions, f"{place}.{key}")
    return found


def plain(name: str) -> Any:
    """Return a bundled zone as JSON has it."""
    return json.loads(json.dumps(tomllib.loads(bundled_zones()[name].read_text("utf-8")), default=str))


@pytest.mark.parametrize("name", bundled_zones())
def test_the_json_schema_accepts_the_bundled_zones(name: str) -> None:
    schema = zone_schema()
    assert complain(plain(name), schema, schema["$defs"]) == []


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda zone: zone.pop("edition"), ": no edition"),
        (lambda zone: zone.update(format=2), ".format: not the constant"),
        (lambda zone: zone["zone"].update(colour="red"), ".zone.colour: unknown key"),
        (lambda zone: zone["zone"].update(id="Not An Id"), ".zone.id: does not match"),
        (lambda zone: zone["figures"].update(taxes=True), ".figures.taxes: none of anyOf"),
        (
            lambda zone: zone["figures"].update(taxes={"value": 1, "colour": "red"}),
            ".figures.taxes: none of anyOf",
        ),
        (
            lambda zone: zone["figures"].update(taxes={"value": 1, "phrase": {"en": {"one": "x"}}}),
            ".figures.taxes: none of anyOf",
        ),
    ],
)
def test_the_json_schema_refuses_what_the_reader_refuses(spoil: Any, complaint: str) -> None:
    zone, schema = plain("baotou-2022"), zone_schema()
    spoil(zone)
    assert complaint in complain(zone, schema, schema["$defs"])


def test_the_json_schema_knows_every_indicator_by_name() -> None:
    figures = zone_schema()["properties"]["figures"]["properties"]
    assert figures.keys() == INDICATORS.keys()
    assert figures["rd-projects"]["title"] == "R&D projects"
    assert json.loads(json.dumps(zone_schema(), ensure_ascii=False)) == zone_schema()
