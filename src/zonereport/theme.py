"""The brand: colours, fonts, sizes and page of a theme file, for charts, PDF and Word alike."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from zonereport.errors import TemplateError, did_you_mean
from zonereport.resources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as `#rrggbb`."""

    ink: str
    muted: str
    rule: str
    paper: str
    tint: str
    accent: str
    second: str
    third: str
    light: str


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font family names."""

    text: str
    word: str
    word_east_asian: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes in points."""

    body: float
    leading: float
    small: float
    chart: float
    title: float
    heading_1: float
    heading_2: float


@dataclass(frozen=True, slots=True)
class Page:
    """Page and margins in millimetres."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float

    @property
    def text_width(self) -> float:
        """Width of the type area in millimetres."""
        return self.width - self.left - self.right


@dataclass(frozen=True, slots=True)
class Theme:
    """One brand, as a theme file in `templates/themes/` says it."""

    colours: Colours
    fonts: Fonts
    sizes: Sizes
    page: Page


Part = TypeVar("Part", Colours, Fonts, Sizes, Page)


def load_theme(name: str, folder: Path = TEMPLATES / "themes") -> Theme:
    """Return the theme of `name`; raise TemplateError if the file is missing or does not hold."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in folder.glob("*.toml"))
        raise TemplateError(
            f"no theme `{name}`", hint=did_you_mean(name, known) or f"there are {', '.join(known)}"
        )
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error

    def read(part: type[Part], table: str, check: Callable[[Any], bool], expected: str) -> Part:
        given = {key.replace("-", "_"): value for key, value in data.get(table, {}).items()}
        wanted = [f.name for f in fields(part)]
        for key in wanted:
            if key not in given or not check(given[key]):
                raise TemplateError(
                    f"{path}: {table}.{key}: expected {expected}, found `{given.get(key, 'nothing')}`"
                )
        if unknown := set(given) - set(wanted):
            key = min(unknown)
            raise TemplateError(f"{path}: {table}.{key}: unknown key", hint=did_you_mean(key, wanted))
        return part(**given)

    def is_length(value: Any) -> bool:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 2000

    return Theme(
        read(
            Colours,
            "colours",
            lambda v: isinstance(v, str) and bool(re.fullmatch("#[0-9a-fA-F]{6}", v)),
            "`#rrggbb`",
        ),
        read(Fonts, "fonts", lambda v: isinstance(v, str) and bool(v.strip()), "a font family"),
        read(Sizes, "sizes", is_length, "a size in points"),
        read(Page, "page", is_length, "a length in millimetres"),
    )


AA = 4.5
"""The least contrast of text with what it stands on (WCAG 2.2, success criterion 1.4.3, level AA)."""
INKS = ("ink", "muted", "accent", "second", "third")
"""The colours that words are written in, in the text or in a chart, on paper or on tint."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour (`#rrggbb`), from 0 to 1 (WCAG 2.2, its definition)."""
    channels = [channel / 255 for channel in bytes.fromhex(colour.removeprefix("#"))]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
