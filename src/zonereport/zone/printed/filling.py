"""From a figure of a zone file that only says how it is printed to one that says its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zonereport.zone.model import Missing
from zonereport.zone.printed.model import Refusal
from zonereport.zone.printed.reading import read_printed

if TYPE_CHECKING:
    from zonereport.zone.quantity import Quantity


class UnreadableError(Exception):
    """What is printed cannot be read for certain: why, and what would settle it."""

    def __init__(self, reason: str, needed: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.needed = needed


def fill_in(figure: dict[str, Any], language: str = "", currency: str = "") -> dict[str, Any]:
    """Return a figure's table with value, unit, second value and status as its `printed` says them.

    Raises UnreadableError for what is not certain, or says another unit than the table does.
    """
    printed, unit = figure["printed"], figure.get("unit")
    if not isinstance(printed, str):
        return figure
    reading = read_printed(printed, language=language, currency=unit if isinstance(unit, str) else currency)
    if isinstance(reading, Refusal):
        raise UnreadableError(reading.reason, reading.needed)
    if "scale" in figure:
        raise UnreadableError("says its scale itself", "leave `scale` out, or write the value with it")
    if unit is not None and reading.unit not in ("", unit):
        raise UnreadableError(f"is in {reading.unit}, the `unit` says `{unit}`", "leave `unit` out")
    filled = {**_form(reading.value), **figure}
    if reading.unit and unit is None:
        filled["unit"] = reading.unit
    if reading.also:
        filled.setdefault("also", {**_form(reading.also.value), "unit": reading.also.unit})
    if reading.status:
        given = figure.get("status", [])
        filled["status"] = [*([given] if isinstance(given, str) else given), *sorted(reading.status)]
    return filled


def _form(value: Quantity | Missing) -> dict[str, Any]:
    """Return a value as a zone file writes it."""
    if isinstance(value, Missing):
        return {"missing": value.value}
    if value.qualifier == "range" and not value.about:
        return {"range": [value.low.value, value.high.value]}
    if value.about and value.qualifier != "about":
        raise UnreadableError("is a bound or range that holds only about", "write it without the “about”")
    return {"value" if value.is_exact else value.qualifier: value.number}
