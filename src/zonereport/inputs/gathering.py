"""Gathering what a briefing is made from: zone files, a template with its parts, a theme with its files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.briefing.sandbox import find_parts
from zonereport.briefing.template import SETTINGS
from zonereport.files import read_file
from zonereport.inputs.paths import safe_name
from zonereport.inputs.shelf import ROOT, THEMES_ROOT
from zonereport.language import LANGUAGES
from zonereport.theme import FONT_FILES, THEMES, find_theme
from zonereport.zone.parsing import read_data
from zonereport.zone.reading import parse_file, parse_zone
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zonereport.briefing.template import Template
    from zonereport.inputs.shelf import Shelf
    from zonereport.zone.model import Zone

WORDS = "words.toml"


def read_given(given: Path | Zone) -> tuple[str, bytes, Zone]:
    """Return name and bytes of a zone's file, and what it says; of a zone without one, canonical JSON."""
    if isinstance(given, Path):
        data = read_data(given)
        return given.name, data, parse_file(data, str(given))
    name = f"{given.id}-{given.edition.snapshot}"
    if given.origin:
        name = f"{name}.{given.origin.format}"
        if parse_zone(given.origin.text, name) == given:
            return name, given.origin.text.encode(), given
    return f"{given.id}-{given.edition.snapshot}.json", write_zone(given).encode(), given


def ending(name: str) -> str:
    """Return how the copy of a zone file ends, which tells its kind."""
    return next((ending for ending in ("json", "xlsx") if name.lower().endswith(f".{ending}")), "toml")


def add_template(shelf: Shelf, template: Template, languages: Iterable[str]) -> str:
    """Put a template's files on the shelf, in some languages, with the parts it shares; return its name."""
    name = safe_name(template.folder.resolve().name) or "template"
    if name.lower() in (LANGUAGES.name, THEMES.name):
        name = f"{name}-template"
    shelf.put(f"{ROOT}/{name}", SETTINGS, read_file(template.settings))
    for code in languages:
        shelf.put(f"{ROOT}/{name}", f"{code}.md", read_file(template.file(code)))
        shared = template.shared / code
        shelf.put(f"{ROOT}/{LANGUAGES.name}/{code}", WORDS, read_file(shared / WORDS))
        for part in find_parts(template, code):
            folder = LANGUAGES.name if part.parent == shared else name
            shelf.put(f"{ROOT}/{folder}/{code}", part.name, read_file(part))
    return name


# Themes


def add_theme(shelf: Shelf, given: str, beside: Path) -> str:
    """Put a theme on the shelf with what it begins with and the files it names; return its name there.

    A theme that names files elsewhere than beside it is written anew, to name the copies.
    """
    path = find_theme(given, beside)
    data = read_file(path)
    theme = tomllib.loads(data.decode())
    if base := theme.get("base"):
        shelf.put(THEMES_ROOT, f"{base}.toml", read_file(find_theme(base)))
    copies = {
        named: Path(shelf.put(THEMES_ROOT, Path(named).name, read_file(path.parent / named))).name
        for named in dict.fromkeys(named_files(theme))
    }
    if any(named != copy for named, copy in copies.items()):
        data = _as_toml(theme, copies).encode()
    return Path(shelf.put(THEMES_ROOT, f"{path.stem.replace('.', '-')}.toml", data, path.name)).stem


def named_files(theme: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that a theme's data name: its logo, its fonts for Chinese."""
    brand, fonts = theme.get("brand"), theme.get("fonts")
    if isinstance(brand, dict) and "logo" in brand:
        yield str(brand["logo"])
    listed = fonts.get("east-asian") if isinstance(fonts, dict) else None
    if isinstance(listed, list):
        yield from (str(entry) for entry in listed if str(entry).lower().endswith(FONT_FILES))


def _as_toml(theme: Mapping[str, Any], copies: Mapping[str, str]) -> str:
    """Return a theme as TOML, naming the copies; a JSON text, number or list is one of TOML too."""

    def written(value: Any) -> str:
        if isinstance(value, dict):
            pairs = (f"{json.dumps(key)} = {written(entry)}" for key, entry in value.items())
            return f"{{ {', '.join(pairs)} }}"
        if isinstance(value, list):
            value = [copies.get(entry, entry) for entry in value]
        return json.dumps(value, ensure_ascii=False)

    lines = [f"base = {written(theme['base'])}"] if "base" in theme else []
    for table, keys in theme.items():
        if table != "base":
            named = {**keys, "logo": copies[keys["logo"]]} if "logo" in keys else keys
            lines += [f"[{table}]", *(f"{key} = {written(value)}" for key, value in named.items())]
    return "\n".join([*lines, ""])
