"""The only place that words numbers, money, dates and qualifiers; a language is one file of words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from zonereport.errors import TemplateError, did_you_mean
from zonereport.resources import TEMPLATES
from zonereport.zone.model import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from babel import Locale

    from zonereport.zone.model import Edition, Figure, Indicator, Source, Text
    from zonereport.zone.period import Period
    from zonereport.zone.quantity import Quantity

LANGUAGES = TEMPLATES / "languages"


@dataclass(frozen=True)
class Language:
    """A language's words, and how it writes figures with them."""

    code: str
    words: Mapping[str, Any]
    file: str = field(compare=False)
    borrowed: dict[str, str] = field(default_factory=dict, compare=False)
    """What `pick` gave in another language, and which: a briefing says so, and marks the words."""

    # Words

    def text(self, key: str, /, **values: object) -> str:
        """Return the text at a dotted key with its braces filled in; raise TemplateError if there is none."""
        found: Any = self.words
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, str):
            raise TemplateError(
                f"{self.file}: {key}: expected a text, found {'a table' if found else 'nothing'}"
            )
        return fill(found, **values)

    def pick(self, text: Text) -> str:
        """Return the words in this language, or, noted as borrowed, in the first language given."""
        if self.code in text:
            return text[self.code]
        code, words = next(iter(text.items()))
        self.borrowed[words] = code
        return words

    def enumerate(self, items: Iterable[str]) -> str:
        """Return "a, b and c"."""
        listed = list(items)
        if len(listed) < 2:
            return "".join(listed)
        return self.text("lists.separator").join(listed[:-1]) + self.text("lists.last") + listed[-1]

    def remarked(self, text: str, remarks: Iterable[str]) -> str:
        """Return the text with its remarks in one pair of brackets behind it."""
        joined = self.text("lists.remark").join(dict.fromkeys(remark for remark in remarks if remark))
        return f"{text}{self.text('lists.open')}{joined}{self.text('lists.close')}" if joined else text

    def quoted(self, text: str) -> str:
        """Return the text between quotation marks."""
        return f"{self.text('lists.quote_open')}{text}{self.text('lists.quote_close')}"

    def sentences(self, texts: Iterable[str]) -> str:
        """Return whole sentences one after another."""
        return self.text("lists.gap").join(text for text in texts if text)

    def indicator(self, indicator: Indicator) -> str:
        """Return the label of an indicator; the language file's own comes first."""
        return self.own("indicators", indicator.id, "label") or self.pick(indicator.label)

    def section(self, id: str, label: Text) -> str:
        """Return the label of a section of the catalogue; the language file's own comes first."""
        return self.own("sections", id, "label") or self.pick(label)

    def note(self, figure: Figure) -> str:
        """Return the caveat of a figure, or nothing; the language file's own comes before the catalogue's."""
        if figure.note is not None and figure.note == figure.indicator.caveat:
            return self.own("indicators", figure.id, "caveat") or self.pick(figure.note)
        return self.pick(figure.note) if figure.note else ""

    def own(self, table: str, id: str, key: str) -> Any:
        """Return what the language file itself says of an entry of the catalogue, or nothing."""
        return self.words.get(table, {}).get(id, {}).get(key, "")

    def name(self, figure: Figure) -> str:
        """Return what a figure is called: as its source calls it where that differs from the catalogue."""
        known = figure.indicator.label
        if figure.label and any(known.get(code) != label for code, label in figure.label.items()):
            return self.pick(figure.label)
        return self.indicator(figure.indicator)

    # Numbers

    @cached_property
    def locale(self) -> Locale:
        """Babel's data for this language."""
        from babel import Locale

        return Locale.parse(self.text("locale"))

    def number(self, value: Decimal) -> str:
        """Return a number grouped as the language does, with every digit it was given."""
        from babel.numbers import format_decimal

        decimals = max(0, -int(value.as_tuple().exponent))
        pattern = self.text("number") + ("." + "0" * decimals if decimals else "")
        text = format_decimal(value, format=pattern, locale=self.locale, decimal_quantization=False)
        return text.replace("-", "−")

    def cardinal(self, count: int) -> str:
        """Return a small whole number in words as running text has it, a larger one in figures."""
        words = self.words.get("cardinals", [])
        return str(words[count]) if 0 <= count < len(words) else self.number(Decimal(count))

    def amount(self, value: Decimal, unit: str, measure: str = "", shape: str = "{n}") -> str:
        """Return a number with its unit: "76%", "206 million yuan", "120 km²", "158个".

        `measure` is the measure word of what is counted, `shape` a qualifier that stands within.
        """
        if not _is_currency(unit):
            scales = self.words.get("count-scales", {}) if unit in COUNTS else {}
            number = fill(shape, n=self._scaled(value, scales))
            return fill(self._form(self.words["units"][unit], value), n=number, measure=measure)
        number = fill(shape, n=self._scaled(abs(value), self.words["scales"]))
        currencies = self.words["currencies"]
        pattern = currencies.get(unit, currencies["other"])
        signed = pattern.startswith("{")  # −$5, not $−5
        if value < 0 and signed:
            number = f"−{number}"
        text = fill(pattern, n=number, code=unit, name=self._currency_name(unit))
        return text if value >= 0 or signed else f"−{text}"

    def unit(self, unit: str) -> str:
        """Return what a unit is called where it stands without a number."""
        return self.currency(unit) if _is_currency(unit) else self.text(f"unit-names.{unit}")

    def currency(self, code: str) -> str:
        """Return what amounts of a currency are given in: "yuan", "$", "元"."""
        currencies = self.words["currencies"]
        pattern = currencies.get(code, currencies["other"])
        return fill(pattern, n="", code=code, name=self._currency_name(code)).strip()

    def _currency_name(self, code: str) -> str:
        from babel.numbers import get_currency_name

        return get_currency_name(code, locale=self.locale)

    def _scaled(self, value: Decimal, scales: Mapping[str, Any]) -> str:
        """Return a number with the largest fitting scale word; no digit is dropped.

        A scale may say how many `decimals` it bears at most: 12,345 is no 1.2345万人.
        """
        for scale in sorted(scales.values(), key=lambda scale: int(scale["factor"]), reverse=True):
            scaled = (value / scale["factor"]).normalize()
            exponent = int(scaled.as_tuple().exponent)
            if abs(value) >= scale["factor"] and -exponent <= scale.get("decimals", -exponent):
                number = self.number(scaled.quantize(Decimal(1)) if exponent > 0 else scaled)
                return fill(scale["text"], n=number)
        return self.number(value)

    def quantity(self, quantity: Quantity, unit: str, measure: str = "") -> str:
        """Return a quantity with its qualifier and unit: "more than 500", "about 8 billion yuan"."""

        def write(value: Decimal, shape: str = "{n}") -> str:
            return self.amount(value, unit, measure, shape)

        within = self.words["qualifiers"].get("more_than_round", "") if unit in COUNTS else ""
        if quantity.qualifier == "more_than" and within and not quantity.about and _is_round(quantity.number):
            return write(quantity.number, str(within))
        return self.qualified(quantity, write, measure)

    def qualified(
        self, quantity: Quantity, write: Callable[[Decimal], str], measure: str = "", *, signed: bool = False
    ) -> str:
        """Return a quantity, or a `signed` difference, with its qualifier, its numbers written by `write`."""
        if (quantity.signed_qualifier if signed else quantity.qualifier) == "range":
            low, high = write(quantity.low.value), write(quantity.high.value)
            text = self.text("qualifiers.range", low=_without_shared_ending(low, high, measure), high=high)
            return self.text("qualifiers.about", n=text) if quantity.about else text
        if quantity.qualifier == "unknown":
            return self.text("qualifiers.unknown")
        number = write(quantity.number)
        if quantity.about and quantity.qualifier != "about":  # a bound that came from "about 1,000"
            number = self.text("qualifiers.about", n=number)
        return self.text(f"qualifiers.{quantity.qualifier}", n=number)

    # Figures

    def value(self, figure: Figure) -> str:
        """Return a figure's value with qualifier and unit, or the word for why there is none."""
        if isinstance(figure.value, Missing):
            return self.missing(figure.value)
        return self.counted(figure.value, figure)

    def counted(self, quantity: Quantity, figure: Figure) -> str:
        """Return a quantity of what a figure counts, such as a part of it, with the measure word."""
        own = self.own("indicators", figure.id, "measure")
        return self.quantity(quantity, figure.unit, own or figure.indicator.measure.get(self.code, ""))

    def missing(self, missing: Missing) -> str:
        """Return the word for a value that is not there."""
        return self.text(f"missing.{missing.name.lower()}")

    def phrase(self, figure: Figure) -> str:
        """Return a figure as it reads in a sentence: "more than 500 achievements applied"."""
        if isinstance(figure.value, Missing):
            return self.value(figure)
        own = self.own("indicators", figure.id, "phrase")
        phrases: Mapping[str, Any] = figure.phrase or ({self.code: own} if own else figure.indicator.phrase)
        forms = phrases.get(self.code)
        if forms is None:  # a count alone would not say of what; money and shares stand in a sentence
            return self.remarked(self.value(figure), [self.name(figure)] if phrases else [])
        if figure.phrase is None and self.name(figure) != self.indicator(figure.indicator):
            # The catalogue's phrase would give the figure a name that its source does not.
            return self.remarked(self.value(figure), [self.name(figure)])
        is_range = figure.value.qualifier == "range"
        number = figure.value.high.value if is_range else figure.value.number
        return fill(self._form(forms, number), n=self.quantity(figure.value, figure.unit))

    def _form(self, forms: Any, number: Decimal) -> str:
        """Return the one of several forms, by CLDR's plural category, that goes with a number."""
        return str(
            forms.get(self.locale.plural_form(number), forms["other"]) if isinstance(forms, dict) else forms
        )

    def remarks(self, figure: Figure) -> list[str]:
        """Return what must be said wherever the figure is shown: second value, status, unstated period."""
        also = [self.quantity(figure.also.quantity, figure.also.unit)] if figure.also else []
        return [*also, *self.flags(figure)]

    def flags(self, figure: Figure) -> list[str]:
        """Return the status of a figure in words: provisional, target, period not stated, …."""
        if isinstance(figure.value, Missing):
            return []
        flags = [self.text(f"status.{status}") for status in sorted(figure.status)]
        if _is_target(figure):
            flags.append(self.text("status.target"))
        if figure.scope:
            flags.append(self.text("status.scope", scope=self.pick(figure.scope)))
        if figure.period is not None and not figure.period.is_stated:
            flags.append(self.text("dates.not_stated"))
        return flags

    def titled(self, figure: Figure, more: Iterable[str] = ()) -> str:
        """Return a figure as a title has it: its sentence, or its name and value where it has no phrase."""
        sentence = self.sentence(figure, more)
        if self.phrase(figure) != self.value(figure):
            return sentence
        return self.text("tables.part", name=self.name(figure), part=sentence)

    def sentence(self, figure: Figure, more: Iterable[str] = ()) -> str:
        """Return the phrase with all remarks: "206 million yuan ($29.5 million; period not stated)"."""
        return self.remarked(self.phrase(figure), [*self.remarks(figure), *more])

    # Dates

    def day(self, day: date) -> str:
        """Return a day in full."""
        from babel.dates import format_date

        return format_date(day, self.text("dates.day"), locale=self.locale)

    def period(self, period: Period | None) -> str:
        """Return a date as precise as it was given: "December 2022", "2017", "period not stated"."""
        from babel.dates import format_date

        if period is None:
            return self.text("dates.no_date")
        match period.granularity:
            case "not_stated":
                return self.text("dates.not_stated")
            case "year":
                return self.text("dates.year", year=period.year)
            case "day":
                return self.day(period.start)
            case "month":
                return format_date(period.start, self.text("dates.month"), locale=self.locale)
            case "half":
                return fill(self.words["dates"]["half"][period.part - 1], year=period.year)
            case granularity:
                return self.text(f"dates.{granularity}", year=period.year, part=period.part)

    def when(self, period: Period | None) -> str:
        """Return a date as it stands in a sentence: "in December 2022"."""
        if period is None or not period.is_stated:
            return self.period(period)
        key = {"day": "on_day", "half": "in_half"}.get(period.granularity, "in_period")
        return self.text(f"dates.{key}", date=self.period(period))

    def snapshot(self, edition: Edition) -> str:
        """Return the snapshot of an edition, with the edition's number where it has one."""
        when = self.period(edition.snapshot)
        return self.text("dates.edition", snapshot=when, number=edition.number) if edition.number else when

    # Sources

    def source(self, source: Source) -> str:
        """Return a source as a reference: title, publisher, date."""
        return self.text(
            "methods.source",
            title=self.pick(source.title),
            publisher=self.pick(source.publisher),
            date=self.period(source.date),
        )


def _is_target(figure: Figure) -> bool:
    """Whether a figure is a target, or derived from one."""
    return figure.indicator.kind == "target" or any(map(_is_target, figure.inputs))


def sentence_case(text: str) -> str:
    """Return the text with its first letter in upper case, to begin a sentence."""
    return text[:1].upper() + text[1:]


def fill(pattern: str, **values: object) -> str:
    """Return the pattern with each `{name}` replaced once; braces within a value stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), pattern)


def load_language(code: str, folder: Path = LANGUAGES) -> Language:
    """Return the language of a code; raise TemplateError if its folder is missing or does not hold."""
    path = folder / code / "words.toml"
    known = language_codes(folder)
    if code not in known:
        raise TemplateError(
            f"no language `{code[:20]}`", hint=did_you_mean(code, known) or f"there are {', '.join(known)}"
        )
    try:
        return Language(code, tomllib.loads(path.read_text("utf-8")), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error


def language_codes(folder: Path = LANGUAGES) -> list[str]:
    """Return the codes of the languages there are."""
    return sorted(path.parent.name for path in folder.glob("*/words.toml"))


COUNTS = frozenset({"number", "persons", "person-years"})
"""Units of what is counted: Chinese puts measure words behind these, and counts in 万."""


def _is_round(number: Decimal) -> bool:
    """Whether a number is a whole multiple of ten: 余 stands behind those only."""
    return number >= 10 and number % 10 == 0


def _without_shared_ending(low: str, high: str, measure: str) -> str:
    """Return `low` without what `high` ends with too: "2.5 (to) 3 million yuan", "150(至)160个".

    It stays whole where it could be read in the scale of `high`: "1 yuan to 1.5 million yuan".
    """
    if measure and low.endswith(measure) and high.endswith(measure):
        return low.removesuffix(measure)
    words, others = re.split("([ \xa0])", low), re.split("([ \xa0])", high)
    while len(words) > 1 and len(others) > 1 and words[-2:] == others[-2:]:
        del words[-2:], others[-2:]
    is_clear = len(words) == len(others) or len(words[0]) > len("999")
    return "".join(words) if is_clear else low


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()
