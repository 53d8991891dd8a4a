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
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from babel import Locale

    from zonereport.zone.model import Figure, Indicator, Source, Text
    from zonereport.zone.period import Period
    from zonereport.zone.quantity import Quantity

LANGUAGES = TEMPLATES / "languages"


@dataclass(frozen=True)
class Language:
    """A language's words, and how it writes figures with them."""

    code: str
    words: Mapping[str, Any]
    file: str = field(compare=False)

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
        """Return the words in this language, or in the first language given where there are none."""
        return text.get(self.code) or next(iter(text.values()))

    def spoken(self, text: Text) -> str:
        """Return the code of the language that `pick` falls back to, or empty if it is this one."""
        return "" if self.code in text else next(iter(text))

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

    def indicator(self, indicator: Indicator) -> str:
        """Return the label of an indicator; the language file's own comes first."""
        own = self.words.get("indicators", {}).get(indicator.id, {}).get("label")
        return str(own) if own else self.pick(indicator.label)

    def name(self, figure: Figure) -> str:
        """Return what a figure is called: as its source calls it where that differs from the catalogue."""
        return self.pick(figure.label) if figure.label else self.indicator(figure.indicator)

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
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = format_decimal(value, format=pattern, locale=self.locale, decimal_quantization=False)
        return text.replace("-", "−")

    def cardinal(self, count: int) -> str:
        """Return a small whole number in words as running text has it, a larger one in figures."""
        words = self.words.get("cardinals", [])
        return str(words[count]) if 0 <= count < len(words) else self.number(Decimal(count))

    def amount(self, value: Decimal, unit: str) -> str:
        """Return a number with its unit: "76%", "206 million yuan", "120 km²"."""
        if _is_currency(unit):
            currencies = self.words["currencies"]
            pattern = currencies.get(unit, currencies["other"])
            if value < 0 and not pattern.startswith("{"):  # −$5, not $−5
                return "−" + fill(pattern, n=self._scaled(-value), code=unit)
            return fill(pattern, n=self._scaled(value), code=unit)
        return self.text(f"units.{unit}", n=self.number(value))

    def _scaled(self, value: Decimal) -> str:
        """Return an amount of money with the largest fitting scale word; no digit is dropped."""
        fitting = [scale for scale in self.words["scales"].values() if abs(value) >= scale["factor"]]
        if not fitting:
            return self.number(value)
        scale = max(fitting, key=lambda entry: int(entry["factor"]))
        scaled = (value / scale["factor"]).normalize()
        if int(scaled.as_tuple().exponent) > 0:
            scaled = scaled.quantize(Decimal(1))
        return fill(scale["text"], n=self.number(scaled))

    def quantity(self, quantity: Quantity, unit: str) -> str:
        """Return a quantity with its qualifier and unit: "more than 500", "about 8 billion yuan"."""
        return self.qualified(quantity, lambda value: self.amount(value, unit))

    def qualified(self, quantity: Quantity, write: Any) -> str:
        """Return a quantity with its qualifier, its numbers written by `write`."""
        if quantity.qualifier == "range":
            low, high = write(quantity.low.value), write(quantity.high.value)
            text = self.text("qualifiers.range", low=_without_shared_ending(low, high), high=high)
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
        return self.quantity(figure.value, figure.unit)

    def missing(self, missing: Missing) -> str:
        """Return the word for a value that is not there."""
        return self.text(f"missing.{missing.name.lower()}")

    def phrase(self, figure: Figure) -> str:
        """Return a figure as it reads in a sentence: "more than 500 achievements applied"."""
        if isinstance(figure.value, Missing):
            return self.value(figure)
        own = self.words.get("indicators", {}).get(figure.id, {}).get("phrase")
        phrases: Mapping[str, Any] = figure.phrase or ({self.code: own} if own else figure.indicator.phrase)
        forms = phrases.get(self.code)
        if forms is None:
            return self.value(figure)
        if figure.phrase is None and self.name(figure) != self.indicator(figure.indicator):
            # The catalogue's phrase would give the figure a name that its source does not.
            return self.remarked(self.value(figure), [self.name(figure)])
        is_range = figure.value.qualifier == "range"
        plural = self.locale.plural_form(figure.value.high.value if is_range else figure.value.number)
        pattern = forms if isinstance(forms, str) else forms.get(plural, forms["other"])
        return fill(pattern, n=self.value(figure))

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

    def titled(self, figure: Figure) -> str:
        """Return a figure as a title has it: its sentence, or its name and value where it has no phrase."""
        sentence = self.sentence(figure)
        return sentence if self.phrase(figure) != self.value(figure) else f"{self.name(figure)}: {sentence}"

    def sentence(self, figure: Figure) -> str:
        """Return the phrase with all remarks: "206 million yuan ($29.5 million; period not stated)"."""
        return self.remarked(self.phrase(figure), self.remarks(figure))

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
                return str(period.year)
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
    """Return the language of a code; raise TemplateError if its file is missing or does not hold."""
    path = folder / f"{code}.toml"
    known = sorted(p.stem for p in folder.glob("*.toml"))
    if code not in known:
        raise TemplateError(
            f"no language `{code[:20]}`", hint=did_you_mean(code, known) or f"there are {', '.join(known)}"
        )
    try:
        return Language(code, tomllib.loads(path.read_text("utf-8")), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error


def _without_shared_ending(low: str, high: str) -> str:
    """Return `low` without the words that `high` ends with too: "2.5 (to) 3 million yuan"."""
    words, others = low.split(" "), high.split(" ")
    while len(words) > 1 and len(others) > 1 and words[-1] == others[-1]:
        words.pop()
        others.pop()
    return " ".join(words)


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()
