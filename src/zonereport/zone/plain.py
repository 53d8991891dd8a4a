"""A zone file's data in the fewest words: what its form says, less whatever goes without saying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zonereport.zone.catalogue import load_catalogue

if TYPE_CHECKING:
    from zonereport.zone.schema import ZoneForm

WORDS = frozenset(
    {
        "name", "short_name", "place", "host", "issued_by", "status", "note", "title", "publisher", "label",
        "scope", "by", "detail", "speaker", "role", "quotation", "paraphrase", "definition", "measure",
        "caveat",
    }
)  # fmt: skip
"""Keys whose value is a text, or texts by language."""


def plain_data(form: ZoneForm) -> dict[str, Any]:
    """Return data that is read as an equal form: numbers are Decimal, dates are date, all else text.

    A text in the file's language alone stands without its code, a figure that is only a number as that;
    figures stand in the catalogue's order, and none of them is of an unknown indicator.
    """
    plain: dict[str, Any] = _shortened(form.model_dump(exclude_defaults=True), form.language)
    if "figures" in plain:
        ids = [*load_catalogue().indicators, *form.indicators]
        plain["figures"] = {
            id: _figure(plain["figures"][id]) for id in sorted(plain["figures"], key=ids.index)
        }
    return plain


def _shortened(value: Any, language: str) -> Any:
    if isinstance(value, list):
        return [_shortened(entry, language) for entry in value]
    if not isinstance(value, dict):
        return value
    short = {}
    for key, entry in value.items():
        if key in WORDS and isinstance(entry, dict) and list(entry) == [language]:
            short[key] = entry[language]
        elif key in ("source", "status") and isinstance(entry, list) and len(entry) == 1:
            short[key] = entry[0]
        elif key == "parts":
            short[key] = [_part(_shortened(part, language)) for part in entry]
        else:
            short[key] = _shortened(entry, language)
    return short


def _part(part: dict[str, Any]) -> dict[str, Any]:
    """Return a kind; one that is only named needs no word for its missing count."""
    if part.get("missing") == "not published":
        return {key: entry for key, entry in part.items() if key != "missing"}
    return part


def _figure(figure: dict[str, Any]) -> Any:
    if list(figure) in (["value"], ["missing"]):
        return next(iter(figure.values()))
    return figure
