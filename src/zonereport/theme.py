"""The brand: colours, fonts, sizes, page and marks of a theme file, for charts and every format alike."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from zonereport.errors import TemplateError, did_you_mean
from zonereport.resources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MM = 72 / 25.4
"""Points in a millimetre."""

THEMES = TEMPLATES / "themes"


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
    """Font family names; what a theme file leaves out is filled in when it is read."""

    text: str
    """Family of PDF, charts and HTML."""
    word: str
    word_east_asian: str
    word_heading: str
    word_east_asian_title: str
    word_east_asian_heading_1: str
    word_east_asian_heading_2: str
    east_asian: tuple[str, ...] = ()
    """Families, or absolute paths of font files, for Chinese in PDF and charts, the preferred first."""


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

    @property
    def caption(self) -> float:
        """Size of captions: the text's, unless that is much larger than the notes'."""
        return min(self.body, self.small + 2)


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
class Layout:
    """How text stands in the type area, and the page number outside it."""

    title_align: str = "left"
    """`left` or `center`."""
    body_align: str = "left"
    """`left` or `justify`."""
    first_line_indent: float = 0
    """Of prose, in ems of the text; paragraphs that begin with one have no space between them."""
    heading_indent: float = 0
    """Of headings, in ems of the text."""
    page_number: str = ""
    """Pattern with `{page}` and perhaps `{pages}`; empty for the language's own."""
    page_number_at: str = "right"
    """`right`, `center`, or `outer`: at the edge where a book is opened."""
    page_number_size: float = 0
    """In points; 0 for that of the footer."""
    running_head: bool = True
    """Whether pages after the first say at their head what they belong to."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that stands at the head of the first page."""

    data: bytes
    media_type: str
    """`image/png` or `image/jpeg`."""
    alt: str
    """What it says to who cannot see it; empty if it says nothing."""
    width: float
    """In millimetres, as is the height."""
    height: float


Words = tuple[tuple[str, str], ...]
"""A text in several languages: code and words, the fallback first; one code is empty for any language."""


@dataclass(frozen=True, slots=True)
class Brand:
    """What an institution puts on its papers; words that are not given are empty."""

    logo: Logo | None = None
    footer: Words = ()
    classification: Words = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """One brand, as a theme file says it."""

    colours: Colours
    fonts: Fonts
    sizes: Sizes
    page: Page
    layout: Layout = Layout()
    brand: Brand = Brand()
    name: str = "neutral"
    """The name or path by which it is loaded again."""


def theme_names(folder: Path = THEMES) -> list[str]:
    """Return the names of the themes of a folder, by default those that come with the package."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def words_in(words: Words, language: str) -> str:
    """Return the words of a language (BCP 47), else the first that are given, else nothing."""
    known = dict(words)
    for code in (language, language.partition("-")[0]):
        if code in known:
            return known[code]
    return next(iter(known.values()), "")


# Contrast

AA = 4.5
"""The least contrast of text with what it stands on (WCAG 2.2, success criterion 1.4.3, level AA)."""
AAA = 7.0
"""The same for level AAA (success criterion 1.4.6)."""
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


# The file

_PATTERN = re.compile(r"[^{}]*(\{pages?\}[^{}]*)+")
_CODE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LONGEST = 200
"""Characters of a word or name in a theme."""
FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")
_BASED = ("word", "word-heading")
"""Word's family follows `text`: whoever changes only that changes these too."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key may hold."""

    holds: Callable[[Any], bool]
    expected: str
    hint: str = ""


def _is_number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST


def _is_name(value: Any) -> bool:
    return _is_line(value) and bool(value.strip())


def _are_words(value: Any) -> bool:
    if not isinstance(value, dict):
        return _is_line(value)
    return bool(value) and all(_CODE.fullmatch(code) and _is_line(words) for code, words in value.items())


def _one_of(words: Iterable[str]) -> _Kind:
    known = tuple(words)
    return _Kind(known.__contains__, " or ".join(f"`{word}`" for word in known))


_COLOUR = _Kind(
    lambda value: isinstance(value, str) and bool(re.fullmatch("#[0-9a-fA-F]{6}", value)),
    "`#rrggbb`",
    "such as `#0b5a7d`",
)
_FAMILY = _Kind(_is_name, "a font family", "such as `Source Sans 3`")
_FAMILIES = _Kind(
    lambda value: isinstance(value, list) and all(map(_is_name, value)),
    "a list of font families or files",
    'such as `["FangSong", "fonts/house.ttf"]`',
)
_POINTS = _Kind(lambda value: _is_number(value, 1, 200), "a size in points, from 1 to 200")
_LENGTH = _Kind(lambda value: _is_number(value, 1, 2000), "a length in millimetres, from 1 to 2000")
_EMS = _Kind(lambda value: _is_number(value, 0, 10), "a number of ems, from 0 to 10")
_TEXT = _Kind(_is_line, "a text on one line")
_WORDS = _Kind(
    _are_words,
    "a text on one line, or a table of such texts by language",
    'such as `{ en = "Internal", zh = "内部资料" }`',
)

KEYS: Mapping[str, Mapping[str, _Kind]] = {
    "colours": dict.fromkeys((field.name for field in fields(Colours)), _COLOUR),
    "fonts": {field.name.replace("_", "-"): _FAMILY for field in fields(Fonts)} | {"east-asian": _FAMILIES},
    "sizes": {field.name.replace("_", "-"): _POINTS for field in fields(Sizes)},
    "page": dict.fromkeys((field.name for field in fields(Page)), _LENGTH),
    "layout": {
        "title-align": _one_of(("left", "center")),
        "body-align": _one_of(("left", "justify")),
        "first-line-indent": _EMS,
        "heading-indent": _EMS,
        "page-number": _Kind(
            lambda value: _is_line(value) and "{page}" in value and bool(_PATTERN.fullmatch(value)),
            "a text with `{page}` and perhaps `{pages}`",
            "such as `— {page} —`",
        ),
        "page-number-at": _one_of(("right", "center", "outer")),
        "page-number-size": _POINTS,
        "running-head": _Kind(lambda value: isinstance(value, bool), "`true` or `false`"),
    },
    "brand": {
        "logo": _Kind(_is_name, "the path of a PNG or JPEG file, seen from the theme file"),
        "logo-alt": _TEXT,
        "logo-height": _Kind(lambda value: _is_number(value, 3, 50), "a height in millimetres, from 3 to 50"),
        "footer": _WORDS,
        "classification": _WORDS,
    },
}
"""Every key of a theme file and what it may hold, by table."""
_NEEDED = {table: tuple(KEYS[table]) for table in ("colours", "sizes", "page")} | {"fonts": ("text",)}
"""What a theme that begins with no other must give."""


def load_theme(given: str, beside: Path = Path(), folder: Path = THEMES) -> Theme:
    """Return the theme of a name in `folder`, where those of the package are, or of a `.toml` file's path.

    A relative path is seen from the folder `beside`. Raises TemplateError, which names file, key,
    what was found and what was expected, if the theme is missing or does not hold.
    """
    path = find_theme(given, beside, folder)
    return _File(path, _parse(path), folder).theme(str(path) if _is_path(given) else given)


def find_theme(given: str, beside: Path = Path(), folder: Path = THEMES) -> Path:
    """Return the file that `load_theme` reads; raise TemplateError for a name that no theme has."""
    return beside / given if _is_path(given) else folder / f"{_known(given, 'no theme', folder)}.toml"


def _is_path(given: str) -> bool:
    return given.endswith(".toml") or "/" in given or "\\" in given


def _known(name: str, otherwise: str, folder: Path) -> str:
    """Return the name if a theme of the folder has it; else raise TemplateError."""
    names = theme_names(folder)
    if name not in names:
        hint = did_you_mean(name, names) or f"there are {', '.join(names)}; a path ends in `.toml`"
        raise TemplateError(f"{otherwise} `{name}`", hint=hint)
    return name


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise TemplateError(f"{path}: expected a theme file: {reason}") from error


@dataclass(frozen=True, slots=True)
class _File:
    """A theme file while it is read."""

    path: Path
    data: dict[str, Any]
    folder: Path
    """Where the theme is that it begins with."""

    def theme(self, name: str) -> Theme:
        """Return what the file and the theme it begins with say."""
        self._check_keys()
        tables = self._with_base()
        for table, needed in _NEEDED.items():
            for key in needed:
                if key not in tables[table]:
                    hint = 'give it, or begin the file with `base = "neutral"`'
                    self._fail(f"{table}.{key}", KEYS[table][key].expected, "nothing", hint)
        page = Page(**tables["page"])
        if page.text_width < 60 or page.height - page.top - page.bottom < 60:
            found = f"{page.text_width:g} × {page.height - page.top - page.bottom:g} mm"
            self._fail("page", "room of 60 × 60 mm or more between the margins", found)
        return Theme(
            Colours(**tables["colours"]),
            self._fonts(tables["fonts"]),
            Sizes(**_as_names(tables["sizes"])),
            page,
            Layout(**_as_names(tables["layout"])),
            self._brand(tables["brand"], page.text_width / 3),
            name,
        )

    def _check_keys(self) -> None:
        """Raise TemplateError for a table or key that is unknown or holds what it must not."""
        for table, keys in self.data.items():
            if table == "base":
                continue
            if table not in KEYS:
                self._fail_unknown(table, ("base", *KEYS))
            if not isinstance(keys, dict):
                self._fail(table, f"a table `[{table}]`", _shown(keys))
            for key, value in keys.items():
                kind = KEYS[table].get(key)
                if kind is None:
                    self._fail_unknown(f"{table}.{key}", KEYS[table])
                if not kind.holds(value):
                    self._fail(f"{table}.{key}", kind.expected, _shown(value), kind.hint)

    def _with_base(self) -> dict[str, dict[str, Any]]:
        """Return the tables over those of the theme that the file begins with."""
        own = {table: self.data.get(table, {}) for table in KEYS}
        base = self.data.get("base")
        if base is None:
            return own
        if not isinstance(base, str):
            names = ", ".join(theme_names(self.folder))
            self._fail("base", "the name of a theme", _shown(base), f"there are {names}")
        below = _parse(self.folder / f"{_known(base, f'{self.path}: base: no theme', self.folder)}.toml")
        merged = {table: below.get(table, {}) | own[table] for table in KEYS}
        if "text" in own["fonts"]:
            for key in set(_BASED) - set(own["fonts"]):
                merged["fonts"].pop(key, None)
        return merged

    def _fonts(self, given: Mapping[str, Any]) -> Fonts:
        """Return the families, what was left out filled in: Word's is the text's, headings' are Word's."""
        word = given.get("word", given["text"])
        eastern = given.get("word-east-asian", "Microsoft YaHei")
        heading = given.get("word-east-asian-heading-1", eastern)
        return Fonts(
            text=given["text"],
            word=word,
            word_east_asian=eastern,
            word_heading=given.get("word-heading", word),
            word_east_asian_title=given.get("word-east-asian-title", heading),
            word_east_asian_heading_1=heading,
            word_east_asian_heading_2=given.get("word-east-asian-heading-2", heading),
            east_asian=tuple(self._font(entry) for entry in given.get("east-asian", ())),
        )

    def _font(self, entry: str) -> str:
        """Return a family, or the absolute path of a font file."""
        if not entry.lower().endswith(FONT_FILES):
            return entry
        path = (self.path.parent / entry).resolve()
        if not path.is_file():
            self._fail("fonts.east-asian", "a font family or the path of a font file", f"no file `{path}`")
        return str(path)

    def _brand(self, given: Mapping[str, Any], widest: float) -> Brand:
        logo = None
        if "logo" in given:
            height, alt = given.get("logo-height", LOGO_HEIGHT), given.get("logo-alt", "")
            logo = self._logo(given["logo"], float(height), alt, widest)
        return Brand(logo, _by_language(given.get("footer")), _by_language(given.get("classification")))

    def _logo(self, name: str, height: float, alt: str, widest: float) -> Logo:
        """Return the picture of a file, as high as asked for or, if it is wide, as fits."""
        path = self.path.parent / name
        expected = "a PNG or JPEG picture"
        hint = "save it as PNG, some 600 pixels wide"
        try:
            with path.open("rb") as file:
                data = file.read(MAX_LOGO + 1)
        except (OSError, ValueError) as error:
            self._fail("brand.logo", expected, f"`{path}`, which cannot be read", str(error))
        if len(data) > MAX_LOGO:
            self._fail("brand.logo", f"{expected} of at most 2 MB", f"`{path}`, which is larger", hint)
        looked = _look_at_picture(data)
        if looked is None:
            self._fail("brand.logo", expected, f"`{path}`, which is none, or damaged, or huge", hint)
        media_type, wide, high = looked
        height = min(height, widest * high / wide)
        return Logo(data, media_type, alt, round(height * wide / high, 2), round(height, 2))

    def _fail(self, key: str, expected: str, found: str, hint: str = "") -> NoReturn:
        raise TemplateError(f"{self.path}: {key}: expected {expected}, found {found}", hint=hint)

    def _fail_unknown(self, key: str, known: Iterable[str]) -> NoReturn:
        *_, last = key.split(".")
        hint = did_you_mean(last, known) or f"there are {', '.join(known)}"
        raise TemplateError(f"{self.path}: {key}: unknown key", hint=hint)


MAX_LOGO = 2_000_000
"""Bytes; a file with the logo in it is mailed around."""
MAX_PIXELS = 16_000_000
"""A small file can hold a picture that fills the memory."""
LOGO_HEIGHT = 12.0
"""In millimetres, where a theme does not say."""


def _look_at_picture(data: bytes) -> tuple[str, int, int] | None:
    """Return media type, width and height in pixels, or None for what is no sound PNG or JPEG."""
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
                kind, (width, height) = picture.format, picture.size
                if width * height > MAX_PIXELS:
                    return None
                picture.load()
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None
    return ("image/png" if kind == "PNG" else "image/jpeg"), width, height


def _as_names(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("-", "_"): value for key, value in table.items()}


def _by_language(given: str | Mapping[str, str] | None) -> Words:
    if given is None:
        return ()
    return (("", given),) if isinstance(given, str) else tuple(given.items())


def _shown(value: Any) -> str:
    text = str(value)
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
