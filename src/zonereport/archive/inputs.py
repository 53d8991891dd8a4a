"""What a briefing is made from, gathered under safe names: an edition needs nothing beside it."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.api import compose
from zonereport.archive.bag import faulty_paths
from zonereport.archive.record import Parameters
from zonereport.briefing.sandbox import find_parts
from zonereport.briefing.template import SETTINGS, load_template
from zonereport.files import read_file
from zonereport.language import LANGUAGES
from zonereport.resources import CATALOGUE, TEMPLATES
from zonereport.theme import FONT_FILES, THEMES, find_theme
from zonereport.zone.parsing import read_data
from zonereport.zone.reading import parse_file, parse_zone
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zonereport.archive.contents import Request
    from zonereport.briefing.template import Template
    from zonereport.zone.model import Zone

INPUTS = "inputs"
KEPT = "kept"
ROOT = f"{INPUTS}/{TEMPLATES.name}"
"""Templates, languages and themes, in the shape of the package's."""
THEMES_ROOT = f"{ROOT}/{THEMES.name}"
WORDS = "words.toml"


@dataclass(frozen=True, slots=True)
class Input:
    """A file as it was given."""

    name: str
    data: bytes


@dataclass
class Shelf:
    """Files under paths that every system can keep, and no two of which it would confuse."""

    files: dict[str, Input] = field(default_factory=dict)

    def put(self, folder: str, name: str, data: bytes, called: str = "") -> str:
        """Return the path that a file got: in the folder, under its name as far as that is safe."""
        stem, suffix = safe_name(Path(name).stem) or "file", safe_name(Path(name).suffix)
        ending = f".{suffix}" if suffix else ""
        taken = {path.casefold() for path in self.files}
        path, number = f"{folder}/{stem}{ending}", 1
        while path.casefold() in taken or any(faulty_paths([path])):
            number += 1
            path = f"{folder}/{stem}-{number}{ending}"
        shown = "".join(char if char.isprintable() and char not in "/\\" else "_" for char in called or name)
        self.files[path] = Input(shown, data)
        return path


def safe_name(name: str) -> str:
    """Return a name in ASCII letters, digits, `-` and `_`, as near to the given one as may be; or nothing."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_")[:80]


def gather(request: Request) -> tuple[Parameters, Shelf]:
    """Return what is asked for, and the files that are needed for it, each as it was given.

    Raises what `api.compose` raises, in the names that the files have now.
    """
    name, data, zone = _read(request.zone)
    earlier = [_read(given) for given in request.previous]
    languages = tuple(dict.fromkeys(request.languages))
    for language in languages:
        compose(
            zone,
            previous=[found for _, _, found in earlier],
            template=request.template,
            language=language,
            theme=request.theme,
            date=request.date,
            stamp=request.stamp,
        )
    shelf = Shelf()
    earlier.sort(key=lambda given: given[2].edition.snapshot.end)
    template = load_template(request.template)
    word = request.word_template
    word_template = shelf.put(INPUTS, "word-template.docx", read_file(word), word.name) if word else None
    parameters = Parameters(
        zone=shelf.put(INPUTS, f"zone.{_ending(name)}", data, name),
        previous=tuple(
            shelf.put(f"{INPUTS}/previous", f"{found.edition.snapshot}.{_ending(called)}", content, called)
            for called, content, found in earlier
        ),
        template=_add_template(shelf, template, languages),
        theme=_add_theme(
            shelf, request.theme or template.theme, Path() if request.theme else template.folder
        ),
        languages=languages,
        formats=tuple(dict.fromkeys(request.formats)),
        date=request.date or zone.edition.date,
        stamp=request.stamp,
        word_template=word_template,
    )
    shelf.put(INPUTS, CATALOGUE.name, read_file(CATALOGUE))
    for path in request.kept:
        shelf.put(KEPT, path.name, read_file(path))
    return parameters, shelf


def _read(given: Path | Zone) -> tuple[str, bytes, Zone]:
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


def _ending(name: str) -> str:
    return next((ending for ending in ("json", "xlsx") if name.lower().endswith(f".{ending}")), "toml")


def _add_template(shelf: Shelf, template: Template, languages: Iterable[str]) -> str:
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


def _add_theme(shelf: Shelf, given: str, beside: Path) -> str:
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
