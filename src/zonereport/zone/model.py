"""The Zone and its Figures as frozen data: what a checked zone file says, with nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from zonereport.zone.period import Period
    from zonereport.zone.quantity import Quantity

Kind = Literal["stock", "flow", "cumulative", "share", "ratio", "rate", "rank", "target"]
Status = Literal[
    "provisional", "estimated", "revised", "break", "forecast", "definition_differs", "unreliable"
]
Relation = Literal["continuing", "widened", "new"]
Direction = Literal["higher", "lower"]

Text = Mapping[str, str]
"""Words by language code, such as `{"en": "new energy", "zh": "新能源"}`."""


class Missing(Enum):
    """Why a figure has no value; it is said, never shown as blank or 0."""

    NOT_PUBLISHED = "not published"
    NOT_APPLICABLE = "not applicable"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was published."""

    id: str
    title: Text
    publisher: Text
    date: Period
    address: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted: an entry of the catalogue, or declared in a zone file."""

    id: str
    section: str
    unit: str
    """A unit of the catalogue (`number`, `persons`, `percent`, `money`, …)."""
    kind: Kind
    label: Text
    phrase: Mapping[str, Mapping[str, str]]
    """By language and plural form: how the figure reads in a sentence, with `{n}`."""
    definition: Text
    measure: Mapping[str, str] = field(default_factory=dict)
    """The measure word, in languages that count with one: 个, 家, 项, 件."""
    family: str = ""
    """Indicators of one family measure related things and are never joined into one series."""
    standard: str = ""
    formula: str = ""
    """For a derived indicator: an expression over `{ids}`."""
    decimals: int | None = None
    significant: int | None = None
    about: bool = False
    """A derived figure that is approximate whatever its inputs."""
    signed: bool = False
    """Whether it may be negative, such as a profit or a gap."""
    better: Direction | None = None
    """Which direction is better, where anybody would say so; a size is not better for being larger."""
    caveat: Text | None = None
    within: str = ""
    """The indicator that counts these and others: it cannot be less."""
    change_limit: Decimal | None = None
    """How many times as much, or as little, is believed a year later without a question."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A second printed value, such as the dollars beside the yuan: kept, never recomputed."""

    quantity: Quantity
    unit: str


@dataclass(frozen=True, slots=True)
class Part:
    """One kind within a total; its count may not be published."""

    id: str
    name: Text
    value: Quantity | Missing


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Kinds of what a figure counts; `complete` only if they are said to add up to it."""

    by: Text
    parts: tuple[Part, ...]
    complete: bool = False
    note: Text | None = None
    overlapping: bool = False
    """Whether one thing may be of several kinds, so that the parts may come to more than the total."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation: a value (or why there is none) with all that must not be lost on its way."""

    indicator: Indicator
    value: Quantity | Missing
    unit: str
    """The indicator's unit, or an ISO 4217 code where that is `money`."""
    sources: tuple[Source, ...]
    as_of: Period | None = None
    period: Period | None = None
    status: frozenset[Status] = frozenset()
    label: Text | None = None
    """What the source calls it, where that is not the catalogue's label: another name, another scope."""
    phrase: Mapping[str, Mapping[str, str]] | None = None
    scope: Text | None = None
    """What is covered, where it matters for comparing ("the zone", "the host city")."""
    printed: str = ""
    """The figure as the source prints it."""
    growth: Decimal | None = None
    """The change on the year before in percent, as the source prints it."""
    also: Printed | None = None
    note: Text | None = None
    breakdown: Breakdown | None = None
    inputs: tuple[Figure, ...] = ()
    """The figures a derived one was computed from; empty for a published one."""

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.indicator.id

    @property
    def name(self) -> Text:
        """The label to show: the source's own where it differs."""
        return self.label or self.indicator.label

    @property
    def when(self) -> Period | None:
        """The period of a flow, the date of a stock."""
        return self.period if self.period is not None and self.period.is_stated else self.as_of or self.period


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list: a present industry, a future focus sector."""

    id: str
    name: Text
    relation: Relation | None = None
    """How a focus sector follows from the present industries."""
    origin: str = ""
    """The id of the present industry it continues or widens."""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list that the source names, in its order, without weights."""

    id: str
    label: Text
    items: tuple[Item, ...]
    source: Source
    as_of: Period | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """An event with a date as precise as it was published."""

    date: Period
    title: Text
    source: Source
    detail: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody said: a short quotation, or a paraphrase that is marked as one."""

    speaker: Text
    role: Text
    text: Text
    source: Source
    is_quotation: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """Which snapshot this is, by whom and in what state."""

    snapshot: Period
    date: date
    """The date of the document unless another is asked for."""
    as_of: Period | None
    issued_by: Text | None = None
    status: Text | None = None
    note: Text | None = None
    number: int = 0
    """The number that an archive gave it, where editions of one snapshot must be told apart; else 0."""

    @property
    def name(self) -> str:
        """What it is called in the names of files: "2022", or "2022-e02" where it has a number."""
        return f"{self.snapshot}-e{self.number:02}" if self.number else str(self.snapshot)


@dataclass(frozen=True, slots=True)
class Origin:
    """The text a zone was read from, kept so that a briefing can carry it."""

    format: Literal["toml", "json"]
    text: str


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone at one snapshot: everything a briefing may say."""

    id: str
    name: Text
    short_name: Text
    place: Text
    host: Text | None
    """The host city, region or body that shares are of."""
    edition: Edition
    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    """The catalogue and the zone's own declarations."""
    sections: Mapping[str, Text]
    figures: Mapping[str, Figure]
    lists: Mapping[str, ItemList] = field(default_factory=dict)
    milestones: tuple[Milestone, ...] = ()
    voices: tuple[Voice, ...] = ()
    headline: tuple[str, ...] = ()
    """Ids of the figures to lead with, where the template's own order should not hold."""
    origin: Origin | None = field(default=None, compare=False)
    """The file as it was given; two zones that say the same are equal whatever the file looked like."""
