"""The indicator catalogue: what zones count, in the terms of Torch, OECD and Eurostat statistics."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from zonereport.resources import CATALOGUE
from zonereport.zone.model import Indicator
from zonereport.zone.schema import CatalogueForm, IndicatorForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zonereport.zone.model import Text

UNITS = (
    "number", "persons", "person-years", "percent", "percentage-points", "square-kilometres", "hectares",
    "money", "money-per-person", "money-per-enterprise", "money-per-contract",
    "per-100-persons", "per-1000-persons", "per-10000-persons", "per-enterprise", "rank", "years", "index",
)  # fmt: skip
"""Units an indicator may have; a language file words each."""

WHOLE_UNITS = frozenset({"number", "persons", "rank"})
"""Units whose figures are whole numbers."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sections and indicators, in reading order."""

    sections: Mapping[str, Text]
    indicators: Mapping[str, Indicator]


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue that comes with the package."""
    data = tomllib.loads(CATALOGUE.read_text("utf-8"), parse_float=Decimal)
    form = CatalogueForm.model_validate(data)
    return Catalogue(
        sections={id: section.label for id, section in form.sections.items()},
        indicators={id: make_indicator(id, entry) for id, entry in form.indicators.items()},
    )


def make_indicator(id: str, form: IndicatorForm) -> Indicator:
    """Return the indicator that an entry of the catalogue or of a zone file declares."""
    return Indicator(
        id=id,
        section=form.section,
        unit=form.unit,
        kind=form.kind,
        label=form.label,
        phrase=form.phrase,
        definition=form.definition,
        measure=form.measure or {},
        family=form.family or "",
        standard=form.standard or "",
        formula=form.formula,
        decimals=form.decimals,
        significant=form.significant,
        about=form.about,
        signed=form.signed,
        better=form.better,
        caveat=form.caveat,
        within=form.within or "",
        change_limit=form.change_limit,
    )
