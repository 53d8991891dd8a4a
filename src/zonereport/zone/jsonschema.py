"""The JSON Schema of a zone file: pydantic's, with the short forms and the catalogue's indicators."""

from __future__ import annotations

from typing import Any

from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.schema import MISSING, ZoneForm


def zone_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) that editors complete and validate zone files with."""
    schema = ZoneForm.model_json_schema()
    short: list[dict[str, Any]] = [{"type": "number"}, {"enum": MISSING}, {"$ref": "#/$defs/FigureForm"}]
    figures = schema["properties"]["figures"]
    figures["additionalProperties"] = {"anyOf": short}
    figures["properties"] = {
        id: {"anyOf": short, "title": indicator.label["en"], "description": indicator.definition["en"]}
        for id, indicator in load_catalogue().indicators.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "zonereport zone file",
    }
