"""The zone file's shape, checked by pydantic at the edge: keys, types and forms, but not their meaning."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from zonereport.zone.model import Direction, Kind, Missing, Relation, Status
from zonereport.zone.period import FORMS, Period
from zonereport.zone.printed.filling import UnreadableError, fill_in

LIMIT = Decimal(10) ** 21
"""No figure of a zone comes near; what does is a slip."""

MAX_TEXT = 2000
SCALES = {
    "one": 1,
    "hundred": 10**2,
    "thousand": 10**3,
    "ten thousand": 10**4,
    "万": 10**4,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "hundred million": 10**8,
    "亿": 10**8,
    "billion": 10**9,
    "trillion": 10**12,
}
QUALIFIERS = ("value", "more_than", "at_least", "less_than", "up_to", "about", "range", "missing")
PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")
MISSING = [missing.value for missing in Missing]

_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        hint = "write the number without quotes" if isinstance(value, str) and re.search(r"\d", value) else ""
        raise PydanticCustomError(
            "number", "expected a number, found {found}", {"found": _show(value), "hint": hint}
        )
    number = Decimal(value)
    if not number.is_finite():
        hint = 'a figure without a value is `{ missing = "not published" }`'
        raise PydanticCustomError(
            "number", "expected a number, found `{found}`", {"found": value, "hint": hint}
        )
    if abs(number) >= LIMIT or (number and number.adjusted() < -12) or len(number.as_tuple().digits) > 28:
        raise PydanticCustomError(
            "number",
            "expected a number below 10^21 with at most 28 digits, found `{found}`",
            {"found": shorten(value)},
        )
    return number or abs(number)  # no negative zero


def _text(value: Any, info: ValidationInfo) -> dict[str, str]:
    language = (info.context or {}).get("language", "en")
    texts = {language: value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts:
        raise PydanticCustomError(
            "text",
            'expected text, or texts by language such as `{ en = "…" }`, found {found}',
            {"found": _show(value)},
        )
    return {_language(code): _clean(text) for code, text in texts.items()}


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
        raise PydanticCustomError(
            "text", "expected a language code such as `en` or `zh`, found `{code}`", {"code": shorten(code)}
        )
    return code


def _clean(text: Any) -> str:
    """Return the text in Unicode's composed form; refuse what a page cannot show or must not hide."""
    if not isinstance(text, str):
        raise PydanticCustomError("text", "expected text, found {found}", {"found": _show(text)})
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not cleaned:
        raise PydanticCustomError("text", "expected text, found nothing", {})
    if len(cleaned) > MAX_TEXT:
        raise PydanticCustomError(
            "text",
            "expected at most {limit} characters, found {found}",
            {"limit": MAX_TEXT, "found": len(cleaned)},
        )
    for character in cleaned:
        category = unicodedata.category(character)
        if (category in ("Cc", "Cs", "Cn", "Co") and character != "\n") or _BIDI_CONTROLS.match(character):
            raise PydanticCustomError(
                "text",
                "found the invisible or undefined character {code}",
                {
                    "code": f"U+{ord(character):04X}",
                    "hint": "delete it; it often comes along when text is copied",
                },
            )
    return cleaned


def _phrase(value: Any) -> dict[str, str]:
    """Return a phrase by plural form; a plain text serves every form."""
    forms = {"other": value} if isinstance(value, str) else value
    if not isinstance(forms, dict) or not forms:
        raise PydanticCustomError(
            "phrase",
            'expected a phrase, or one a plural form such as `{ one = "…", other = "…" }`, found {found}',
            {"found": _show(value)},
        )
    for form in forms:
        if form not in PLURAL_FORMS:
            raise PydanticCustomError(
                "phrase",
                "expected a plural form among {known}, found `{found}`",
                {"known": ", ".join(PLURAL_FORMS), "found": shorten(form)},
            )
    if "other" not in forms:
        raise PydanticCustomError(
            "phrase",
            "expected the plural form `other` too",
            {"hint": "it serves every number without a form"},
        )
    phrases = {form: _clean(text) for form, text in forms.items()}
    for text in phrases.values():
        if text.count("{n}") != 1 or text.count("{") != 1:
            raise PydanticCustomError(
                "phrase",
                "expected a phrase with `{n}` once, found {found}",
                {"found": _show(text), "hint": "`{n}` is where the number stands"},
            )
    return phrases


def _period(value: Any) -> Period:
    if isinstance(value, date) and not isinstance(value, datetime):
        text = value.isoformat()
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        text = str(value)
    else:
        text = ""
    try:
        return Period.parse(text)
    except ValueError:
        raise PydanticCustomError(
            "period",
            "expected a date such as {forms}, found {found}",
            {"forms": FORMS, "found": _show(value)},
        ) from None


def _day(value: Any) -> date:
    period = _period(value)
    if period.granularity != "day":
        raise PydanticCustomError(
            "period", "expected a day such as `2022-12-31`, found {found}", {"found": _show(value)}
        )
    return period.start


def _address(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]{3,500}", value):
        raise PydanticCustomError(
            "address",
            "expected an address that starts with `https://`, found {found}",
            {"found": _show(value)},
        )
    return value


def _form(value: Any) -> Any:
    """Turn the short forms of a value (a number, "not published") into the long one."""
    if isinstance(value, (int, Decimal, float)) and not isinstance(value, bool):
        return {"value": value}
    if isinstance(value, str):
        if value not in MISSING:
            raise PydanticCustomError(
                "value",
                "expected a number or one of {missing}, found {found}",
                {
                    "missing": ", ".join(f"`{word}`" for word in MISSING),
                    "found": _show(value),
                    "hint": "write the number without quotes" if re.search(r"\d", value) else "",
                },
            )
        return {"missing": value}
    if not isinstance(value, (dict, BaseModel)):
        raise PydanticCustomError(
            "value",
            "expected a number or a table such as `{ more_than = 500 }`, found {found}",
            {"found": _show(value)},
        )
    return value


def _many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _show(value: Any) -> str:
    """Return a value and what it is, as a message names it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"the text `{shorten(value)}`"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return f"`{shorten(value)}`"


def shorten(value: Any) -> str:
    """Return a value as a message can quote it: its first 60 characters."""
    try:
        text = str(value)
    except ValueError:  # an integer of more digits than Python turns into text
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "…"


_TEXT_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
    ]
}
_PHRASE_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {form: {"type": "string"} for form in PLURAL_FORMS},
            "required": ["other"],
            "additionalProperties": False,
        },
    ]
}
_SOURCE_ID = r"^[A-Za-z0-9][A-Za-z0-9-]*$"
_SOURCE_SCHEMA = {"type": "string", "pattern": _SOURCE_ID, "maxLength": 40}
_SOURCES_SCHEMA = {"anyOf": [_SOURCE_SCHEMA, {"type": "array", "items": _SOURCE_SCHEMA, "minItems": 1}]}
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Words = Annotated[dict[str, str], BeforeValidator(_text), WithJsonSchema(_TEXT_SCHEMA)]
When = Annotated[
    Period,
    BeforeValidator(_period),
    PlainSerializer(str),
    WithJsonSchema({"type": ["string", "integer"], "description": f"One of {FORMS}".replace("`", '"')}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Address = Annotated[str, BeforeValidator(_address), WithJsonSchema({"type": "string", "format": "uri"})]
Id = Annotated[str, Field(pattern=_ID, max_length=80)]
SourceId = Annotated[str, Field(pattern=_SOURCE_ID, max_length=40)]
SourceIds = Annotated[
    list[SourceId], BeforeValidator(_many), Field(min_length=1), WithJsonSchema(_SOURCES_SCHEMA)
]
Line = Annotated[str, BeforeValidator(_clean), Field(max_length=MAX_TEXT)]
Phrase = Annotated[dict[str, str], BeforeValidator(_phrase), WithJsonSchema(_PHRASE_SCHEMA)]
Phrases = dict[Annotated[str, BeforeValidator(_language)], Phrase]


class Shape(BaseModel):
    """Base of all shapes: strict types, no unknown keys."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)


class ValueForm(Shape):
    """A value in exactly one form, with its scale."""

    value: Number | None = Field(None, description="exactly this")
    more_than: Number | None = Field(None, description="a lower bound that is not reached")
    at_least: Number | None = Field(None, description="a lower bound that may be reached")
    less_than: Number | None = Field(None, description="an upper bound that is not reached")
    up_to: Number | None = Field(None, description="an upper bound that may be reached")
    about: Number | None = Field(None, description="approximately this")
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="from the first to the second"
    )
    missing: Literal["not published", "not applicable", "confidential"] | None = None
    scale: str = Field("one", description=f"one of {', '.join(SCALES)}")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = [name for name in QUALIFIERS if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "forms",
                "expected exactly one of {forms}, found {found}",
                {
                    "forms": ", ".join(f"`{name}`" for name in QUALIFIERS),
                    "found": " and ".join(f"`{name}`" for name in given) or "none",
                },
            )
        if self.scale not in SCALES:
            raise PydanticCustomError(
                "scale",
                "expected a scale among {known}, found `{found}`",
                {"known": ", ".join(SCALES), "found": shorten(self.scale)},
            )
        numbers = (getattr(self, given[0]),) if self.range is None else self.range
        if self.missing is None and any(abs(number) * SCALES[self.scale] >= LIMIT for number in numbers):
            raise PydanticCustomError(
                "number",
                "expected less than 10^21 in whole units, found `{a}` by the {scale}",
                {"a": numbers[-1], "scale": self.scale},
            )
        if self.range and self.range[0] >= self.range[1]:
            raise PydanticCustomError(
                "range",
                "expected a range from low to high, found `{a}` to `{b}`",
                {"a": self.range[0], "b": self.range[1]},
            )
        return self


class PrintedForm(ValueForm):
    """A second printed value with its own unit."""

    unit: str


class PartForm(ValueForm):
    """A kind within a total; without a value its count is not published."""

    name: Words

    @model_validator(mode="before")
    @classmethod
    def _kind_without_count(cls, data: Any) -> Any:
        if isinstance(data, dict) and not any(name in data for name in QUALIFIERS):
            return {**data, "missing": Missing.NOT_PUBLISHED.value}
        return data


class BreakdownForm(Shape):
    """Kinds of what a figure counts."""

    by: Words
    parts: list[PartForm] = Field(min_length=1, max_length=60)
    complete: bool = False
    overlapping: bool = Field(False, description="whether one thing may be of several kinds")
    note: Words | None = None


class FigureForm(ValueForm):
    """A figure: a value and everything that must be said with it."""

    unit: str | None = Field(
        None, description="an ISO 4217 code for money; elsewhere the indicator's unit holds"
    )
    as_of: When | None = None
    period: When | None = None
    status: Annotated[list[Status], BeforeValidator(_many)] = []
    source: SourceIds | None = None
    label: Words | None = Field(
        None, description="what the source calls it, where that differs from the catalogue"
    )
    phrase: Phrases | None = Field(
        None, description="how it reads in a sentence, with {n}, where `label` is given"
    )
    scope: Words | None = None
    printed: Line | None = Field(
        None, description="the figure as the source prints it; where no value is given, it is read from here"
    )
    also: PrintedForm | None = Field(None, description="a second printed value, kept and never recomputed")
    growth: Number | None = Field(
        None,
        description="the change on the year before in percent, as the source prints it: checked, not shown",
    )
    note: Words | None = None
    breakdown: BreakdownForm | None = None

    @model_validator(mode="before")
    @classmethod
    def _only_printed(cls, data: Any, info: ValidationInfo) -> Any:
        """Read the value from `printed` where no other is given."""
        if not isinstance(data, dict) or "printed" not in data or any(name in data for name in QUALIFIERS):
            return data
        try:
            return fill_in(data, **(info.context or {}).get("printed", {}))
        except UnreadableError as error:
            raise PydanticCustomError(
                "printed",
                "`{printed}` {reason}",
                {"printed": shorten(data["printed"]), "reason": error.reason, "hint": error.needed},
            ) from None


class SourceForm(Shape):
    """Where figures were published."""

    title: Words
    publisher: Words
    date: When
    address: Address | None = None
    note: Words | None = None


class IndicatorForm(Shape):
    """What is counted."""

    section: Id
    unit: str = Field(max_length=40)
    kind: Kind
    label: Words
    phrase: Phrases = {}
    measure: Words | None = Field(
        None, description='the measure word, in languages that count with one: `{ zh = "家" }`'
    )
    definition: Words
    family: Id | None = None
    standard: Line | None = None
    formula: str = Field("", max_length=300)
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    significant: Annotated[int, Field(ge=1, le=12)] | None = None
    about: bool = False
    signed: bool = Field(False, description="whether it may be negative, such as a profit or a gap")
    better: Direction | None = Field(
        None, description="which direction is better; left out for a size, which is not judged"
    )
    caveat: Words | None = None
    within: Id | None = Field(None, description="the indicator that counts these and others")
    change_limit: Annotated[Number, Field(gt=1)] | None = Field(
        None, description="how many times as much, or as little, is believed a year later without a question"
    )


class SectionForm(Shape):
    """A section of the catalogue."""

    label: Words


class ItemForm(Shape):
    """An entry of a list."""

    id: Id
    name: Words
    relation: Relation | None = None
    origin: Id | None = None


class ListForm(Shape):
    """A list that a source names."""

    label: Words
    items: list[ItemForm] = Field(min_length=1, max_length=60)
    source: SourceId | None = None
    as_of: When | None = None
    note: Words | None = None


class MilestoneForm(Shape):
    """An event."""

    date: When
    title: Words
    detail: Words | None = None
    source: SourceId | None = None
    note: Words | None = None


class VoiceForm(Shape):
    """What somebody said: give `quotation` or `paraphrase`."""

    speaker: Words
    role: Words
    quotation: Words | None = None
    paraphrase: Words | None = None
    source: SourceId | None = None

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if (self.quotation is None) == (self.paraphrase is None):
            raise PydanticCustomError("voice", "expected either `quotation` or `paraphrase`", {})
        return self


class EditionForm(Shape):
    """Which snapshot this is."""

    snapshot: When
    date: Day
    as_of: When | None = None
    issued_by: Words | None = None
    status: Words | None = None
    note: Words | None = None


class NamesForm(Shape):
    """The zone's names."""

    id: Id
    name: Words
    short_name: Words | None = None
    place: Words
    host: Words | None = Field(None, description="the city, region or body that shares are of")


class DefaultsForm(Shape):
    """What holds for every figure that does not say otherwise."""

    source: SourceIds | None = None
    as_of: When | None = None
    period: When | None = None
    currency: str | None = None


class ZoneForm(Shape):
    """A zone file."""

    format: Literal[1]
    language: str = Field("en", description="the language of texts that are not given by language")
    zone: NamesForm
    edition: EditionForm
    defaults: DefaultsForm = DefaultsForm()
    sources: dict[SourceId, SourceForm] = {}
    indicators: dict[Id, IndicatorForm] = Field({}, max_length=500, description="the zone's own indicators")
    figures: dict[str, Annotated[FigureForm, BeforeValidator(_form)]] = Field({}, max_length=1000)
    lists: dict[Id, ListForm] = {}
    milestones: list[MilestoneForm] = Field([], max_length=200)
    voices: list[VoiceForm] = Field([], max_length=50)
    headline: list[Id] = Field([], max_length=5, description="the figures to lead with")


class CatalogueForm(Shape):
    """The indicator catalogue."""

    sections: dict[Id, SectionForm]
    indicators: dict[Id, IndicatorForm]
