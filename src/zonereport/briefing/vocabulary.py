"""What a template may name: figures in words, tables, charts, and questions about what is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zonereport.briefing.blocks import (
    ChartBlock,
    Omission,
    Run,
    Tile,
    Tiles,
)
from zonereport.briefing.comparing import Comparer
from zonereport.briefing.enclosure import NOTHING
from zonereport.briefing.markdown import Tokens
from zonereport.briefing.ranking import Ranker
from zonereport.briefing.sandbox import Blocks, Inline
from zonereport.briefing.tables import Tabulator
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.pairs import plan_pairs
from zonereport.charts.registry import CHARTS
from zonereport.errors import TemplateError, did_you_mean
from zonereport.language import sentence_case
from zonereport.measures import of_one_time
from zonereport.wording import change_in_a_sentence, not_compared, part_in_words
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.briefing.blocks import Block, Table
    from zonereport.briefing.enclosure import Enclosure
    from zonereport.briefing.redline import Wording
    from zonereport.briefing.template import Template
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.model import Figure, Source

MAX_TILES = 5

FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("figure", "value", "label", "change", "kinds", "counted"), ("figure",)),
    **dict.fromkeys(("breakdown_by", "compared", "source_note"), ("figure",)),
    **dict.fromkeys(("entries", "listed", "count_entries", "related"), ("list",)),
    **dict.fromkeys(("figures", "unmentioned"), ("section",)),
    **dict.fromkeys(("see", "drawn"), ("chart",)),
    **dict.fromkeys(("comparison_table", "years_table", "sources_table", "earlier_table"), ("title",)),
    **dict.fromkeys(("growth_table", "derived_table", "caveats_table"), ("title",)),
    **dict.fromkeys(("said", "comparable", "unlike_over_years", "borrowed", "sources"), ()),
    "known": ("subject*",),
    "together": ("indicator*",),
    "tiles": ("indicator*",),
    "table": ("section", "title"),
    "annex_table": ("section", "title"),
    "footnote": ("text",),
    "joined": ("items",),
    **dict.fromkeys(("changes", "leading"), ("standing",)),
    "changes_table": ("standing", "title"),
    **dict.fromkeys(("main_changes", "changes_tiles", "chart_pairs", "texts_given"), ()),
    **dict.fromkeys(("peer_points", "strengths", "weaknesses"), ()),
    **dict.fromkeys(("peers_table", "quotients_table", "reference_table"), ("title",)),
}
"""What each function takes. A `figure` is an indicator that must have been asked for, a `subject` an
indicator, section or list; `*` is any number of them; a list in place of a section holds indicators."""

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "zone": ("name", "short_name", "place", "host", "snapshot", "as_of", "note"),
    "before": ("snapshot", "as_of"),
    "peers": ("count", "names"),
    "milestones": ("date", "title", "detail", "note"),
    "voices": ("speaker", "role", "text", "quoted", "source"),
    "sections": ("id", "title"),
    **dict.fromkeys(("silent_sections", "headline", "unlike", "room"), ()),
    **dict.fromkeys(("attached", "left_out", "link"), ()),
}
"""What else a template may name, and what it, or each of its entries, has behind a dot."""

ENTRIES: Mapping[str, tuple[str, ...]] = {
    "entries": ("name", "relation", "origin"),
    "sources": ("id", "text", "address"),
}
"""What each entry that a function gives has behind a dot."""


@dataclass
class Vocabulary:
    """What a template's functions see and leave behind during one composition."""

    facts: Facts
    template: Template
    language: Language
    room: int
    """How much may be said; a template for few pages leaves more out the less there is."""
    wording: Wording | None = None
    """What the texts of both snapshots say in other words, where they were given to be compared."""
    enclosure: Enclosure = NOTHING
    """What a message brings beside its text."""
    tokens: Tokens = field(default_factory=Tokens)
    charts: dict[str, Chart | Omitted] = field(default_factory=dict)
    omissions: dict[str, Omission] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    """Ids of the charts that the template has placed."""
    mentioned: set[str] = field(default_factory=set)
    """Ids of the figures that a sentence has said."""
    whole_history: bool = False
    """Whether every figure of the earlier snapshots is shown, not only those set beside this one's."""
    growth_shown: bool = False
    """Whether growth over the years is shown, so that its formulas are, too."""

    def __post_init__(self) -> None:
        self.tables = Tabulator(self.facts, self.language)
        ids = self.facts.zone.headline or self.template.headline
        self.comparer = Comparer(self.facts, self.language, self.tables, ids, self.wording)
        self.ranker = Ranker(self.facts, self.language, self.tables, ids)
        self.whole_history = self.template.compares

    # What a template may name

    def names(self) -> dict[str, Any]:
        """Return every variable and function of a template; docs/templates.md explains them."""
        return {
            "zone": self._zone_names(),
            "figure": self.figure,
            "value": self.value,
            "label": lambda id: self.language.name(self._find(id)),
            "known": self.known,
            "figures": lambda section: [figure.id for figure in self._section(section)],
            "change": self.change,
            "kinds": self.kinds,
            "entries": self.entries,
            "listed": lambda id: self.language.enumerate(entry["name"] for entry in self.entries(id)),
            "count_entries": lambda id: self.language.cardinal(len(self.entries(id))),
            "related": lambda id: any(entry["relation"] for entry in self.entries(id)),
            "joined": self.joined,
            "counted": self.counted,
            "breakdown_by": self.breakdown_by,
            "together": self.together,
            "unmentioned": self.unmentioned,
            "said": lambda: bool(self.mentioned),
            "compared": lambda id: self.facts.comparison(self._find(id).id) is not None,
            "comparable": lambda: any(self.facts.comparison(id) for id in self.facts.figures),
            "sections": [
                {"id": id, "title": self.language.section(id, label)}
                for id, label in self.facts.zone.sections.items()
            ],
            "silent_sections": [
                self.language.section(id, label)
                for id, label in self.facts.zone.sections.items()
                if not self.known(id)
            ],
            "headline": [
                Inline((Run(self.language.titled(figure, self._other_time(figure)), figure=figure.id),))
                for figure in self.headline()
            ],
            "milestones": self._milestones(),
            "voices": self._voices(),
            "before": self._before(),
            "unlike": self.unlike() if self.facts.before else [],
            "unlike_over_years": lambda: self.unlike(over_all=True),
            "room": self.room,
            "attached": list(self.enclosure.attached),
            "left_out": list(self.enclosure.left_out),
            "link": self._link(),
            "borrowed": self.borrowed,
            "tiles": self.tiles,
            "table": self.table,
            "comparison_table": self.comparison_table,
            "sources_table": self.sources_table,
            "earlier_table": self.earlier_table,
            "derived_table": self.derived_table,
            "years_table": self.years_table,
            "growth_table": self.growth_table,
            "annex_table": self.annex_table,
            "caveats_table": self.caveats_table,
            "sources": self.sources,
            "see": self.see,
            "footnote": self.footnote,
            "source_note": self.source_note,
            "drawn": lambda id: isinstance(self.chart(id), Chart),
            "changes": self.comparer.count,
            "leading": lambda standing: Inline(self.comparer.leading(standing)),
            "main_changes": lambda: [Inline(runs) for runs in self.comparer.main_points()],
            "changes_tiles": lambda: _blocks(self.comparer.tiles()),
            "changes_table": lambda standing, title: _blocks(self.comparer.table(standing, title)),
            "chart_pairs": self.chart_pairs,
            "texts_given": lambda: self.wording is not None,
            "peers": self.ranker.names() if self.facts.peers else {},
            "peer_points": lambda: [Inline(runs) for runs in self.ranker.points()],
            "strengths": lambda: [Inline(runs) for runs in self.ranker.strengths()],
            "weaknesses": lambda: [Inline(runs) for runs in self.ranker.weaknesses()],
            "peers_table": lambda title: _blocks(self.ranker.table(title)),
            "quotients_table": lambda title: _blocks(self.ranker.quotients_table(title)),
            "reference_table": lambda title: _blocks(self.ranker.reference_table(title)),
        }

    def _zone_names(self) -> dict[str, str]:
        zone, words = self.facts.zone, self.language
        return {
            "name": words.pick(zone.name),
            "short_name": words.pick(zone.short_name),
            "place": words.pick(zone.place),
            "host": words.pick(zone.host) if zone.host else "",
            "snapshot": words.snapshot(zone.edition),
            "as_of": words.period(zone.edition.as_of),
            "note": words.pick(zone.edition.note) if zone.edition.note else "",
        }

    def _link(self) -> Inline | str:
        address = self.enclosure.link
        return Inline((Run(address, href=address),)) if address else ""

    def _find(self, id: str) -> Figure:
        """Return the figure of an id; a known indicator that the file leaves out is not published."""
        if id in self.facts.figures:
            return self.facts.figures[id]
        if id not in self.facts.zone.indicators:
            raise TemplateError(
                f"unknown indicator `{id}`", hint=did_you_mean(id, self.facts.zone.indicators)
            )
        raise TemplateError(f"the zone has no figure `{id}`", hint=f'ask first: `{{% if known("{id}") %}}`')

    def _section(self, section: str) -> tuple[Figure, ...]:
        if section not in self.facts.zone.sections:
            raise TemplateError(
                f"unknown section `{section}`", hint=did_you_mean(section, self.facts.zone.sections)
            )
        return self.facts.section(section)

    def together(self, *ids: str) -> bool:
        """Whether all have a value and are of one time, so that a sentence may join them."""
        figures = [figure for id in ids if self.known(id) and (figure := self.facts.known(id))]
        return len(figures) == len(ids) and of_one_time(figures)

    def unmentioned(self, section: str) -> bool:
        """Whether a section has a published figure that no sentence has said so far."""
        figures = self._section(section)
        return any(figure.id not in self.mentioned for figure in figures if not figure.inputs)

    def value(self, id: str) -> Inline:
        """Return a figure's value with all that must be said with it."""
        self.mentioned.add(id)
        figure, words = self._find(id), self.language
        said = words.remarked(words.value(figure), [*words.remarks(figure), *self._other_time(figure)])
        return Inline((Run(said, figure=id),))

    def figure(self, id: str) -> Inline:
        """Return a figure as it reads in a sentence, with all that must be said with it."""
        self.mentioned.add(id)
        figure = self._find(id)
        return Inline((Run(self.language.sentence(figure, self._other_time(figure)), figure=id),))

    def _other_time(self, figure: Figure) -> list[str]:
        """Return when a figure holds, where that is not the snapshot's year: a sentence must say so."""
        when = figure.when
        is_told = when is None or not when.is_stated or when.year == self.facts.zone.edition.snapshot.year
        return [] if is_told else [self.language.period(when)]

    def known(self, *ids: str) -> bool:
        """Whether every one of the indicators, or of the sections any figure, has a value."""
        for id in ids:
            if id in self.facts.zone.sections:
                if not any(self.facts.known(figure.id) for figure in self.facts.section(id)):
                    return False
            elif id in self.facts.zone.lists or id in ("present-industries", "focus-sectors"):
                if id not in self.facts.zone.lists:
                    return False
            elif id not in self.facts.zone.indicators:
                raise TemplateError(
                    f"unknown indicator `{id}`", hint=did_you_mean(id, self.facts.zone.indicators)
                )
            elif self.facts.known(id) is None:
                return False
        return True

    def change(self, id: str) -> Inline:
        """Return how a figure stands to the earlier snapshot's, or nothing where there is none."""
        found = self.facts.comparison(self._find(id).id)
        return Inline((Run(change_in_a_sentence(found, self.language), figure=id),) if found else ())

    def kinds(self, id: str) -> list[Inline]:
        """Return the kinds of a figure's breakdown, with their counts where these are published."""
        figure, words = self._find(id), self.language
        named = []
        for part in figure.breakdown.parts if figure.breakdown else ():
            counted = isinstance(part.value, Quantity)
            text = part_in_words(part, figure, words)
            named.append(Inline((Run(text, figure=id if counted else ""),)))
        return named

    def counted(self, id: str) -> bool:
        """Whether any kind of a figure's breakdown has a count."""
        breakdown = self._find(id).breakdown
        return breakdown is not None and any(isinstance(part.value, Quantity) for part in breakdown.parts)

    def breakdown_by(self, id: str) -> str:
        """Return what a figure is broken down by: kind, level, …."""
        breakdown = self._find(id).breakdown
        return self.language.pick(breakdown.by) if breakdown else ""

    def joined(self, items: Sequence[Inline | str]) -> Inline:
        """Return "a, b and c" of texts that a function gave."""
        listed = [item if isinstance(item, Inline) else Inline((Run(item),)) for item in items]
        separators = [self.language.text("lists.separator")] * (len(listed) - 2) + [
            self.language.text("lists.last")
        ]
        runs = [
            run
            for item, after in zip(listed, [*separators, ""], strict=False)
            for run in (*item.runs, Run(after))
        ]
        return Inline(tuple(runs[:-1]))

    def entries(self, id: str) -> list[dict[str, str]]:
        """Return the entries of a list: name, relation and what they come from, in words."""
        if id not in self.facts.zone.lists:
            raise TemplateError(f"the zone has no list `{id}`", hint=did_you_mean(id, self.facts.zone.lists))
        words = self.language
        names = {
            item.id: words.pick(item.name) for other in self.facts.zone.lists.values() for item in other.items
        }
        return [
            {
                "name": words.pick(item.name),
                "relation": words.text(f"relations.{item.relation}") if item.relation else "",
                "origin": names.get(item.origin, ""),
            }
            for item in self.facts.zone.lists[id].items
        ]

    def _milestones(self) -> list[dict[str, str]]:
        words = self.language
        return [
            {
                "date": words.period(milestone.date),
                "title": words.pick(milestone.title),
                "detail": words.pick(milestone.detail) if milestone.detail else "",
                "note": words.pick(milestone.note) if milestone.note else "",
            }
            for milestone in self.facts.zone.milestones
        ]

    def _voices(self) -> list[dict[str, Any]]:
        words = self.language
        return [
            {
                "speaker": words.pick(voice.speaker),
                "role": words.pick(voice.role),
                "text": words.quoted(words.pick(voice.text))
                if voice.is_quotation
                else words.pick(voice.text),
                "quoted": voice.is_quotation,
                "source": voice.source.id,
            }
            for voice in self.facts.zone.voices
        ]

    def borrowed(self) -> list[str]:
        """Return the names of the languages that words were borrowed from so far."""
        names = self.language.locale.languages
        codes = dict.fromkeys(self.language.borrowed.values())
        return [str(names.get(code, code)) for code in codes]

    def _before(self) -> dict[str, str]:
        if self.facts.before is None:
            return {}
        edition = self.facts.before.zone.edition
        return {
            "snapshot": self.language.snapshot(edition),
            "as_of": self.language.period(edition.as_of),
        }

    def unlike(self, *, over_all: bool = False) -> list[Inline]:
        """Return a sentence or more for each family of figures that is not compared, snapshot by snapshot."""
        return [
            Inline((Run(not_compared(unlike, self.language), figure=unlike.groups[-1][1][0].id),))
            for unlike in self.facts.unlike(over_all=over_all)
        ]

    def source_note(self, id: str) -> Inline:
        """Return a footnote with the source of a figure and its caveat."""
        figure, words = self._find(id), self.language
        sources = words.text("charts.source", sources=words.enumerate(source.id for source in figure.sources))
        return self.footnote(words.sentences((sources, words.note(figure))))

    def footnote(self, text: str) -> Inline:
        """Return a footnote, or nothing in a template without footnotes."""
        return Inline((Run("", note=(Run(str(text)),)),) if self.template.footnotes else ())

    # Blocks

    def tiles(self, *ids: str) -> Blocks:
        """Return the strip of headline figures: those asked for, the zone's own, or the template's choice."""
        chosen = self.headline(ids)
        if not chosen:
            return Blocks(())
        words = self.language
        tiles = []
        for figure in chosen:
            notes = [*words.remarks(figure), words.period(figure.when)]
            found = self.facts.comparison(figure.id)
            if found is not None:
                notes.append(
                    words.text(
                        "tiles.before",
                        value=words.remarked(words.value(found.before), words.flags(found.before)),
                        when=words.when(found.before.when),
                    )
                )
                if found.standing == "break":
                    notes.append(words.text("status.break"))
            unique = tuple(dict.fromkeys(note for note in notes if note))
            tiles.append(Tile(Run(words.value(figure), figure=figure.id), words.name(figure), unique))
        return Blocks((Tiles(tuple(tiles), words.text("tiles.description")),))

    def headline(self, ids: Sequence[str] = ()) -> list[Figure]:
        """Return at most five known figures to lead with; see `tiles`."""
        wanted = ids or self.facts.zone.headline or self.template.headline
        for id in wanted:
            if id not in self.facts.zone.indicators:
                raise TemplateError(
                    f"unknown indicator `{id}`", hint=did_you_mean(id, self.facts.zone.indicators)
                )
        return [figure for id in wanted if (figure := self.facts.known(id))][:MAX_TILES]

    def table(self, section: str | Sequence[str], title: str) -> Blocks:
        """Return a table of a section's figures, or of those of a list of indicators that are known."""
        if isinstance(section, str):
            return Blocks((self.tables.indicators(f"table-{section}", title, self._section(section)),))
        chosen = [self._find(id) for id in section if self.known(id)]
        id = f"table-{'-'.join(figure.id for figure in chosen)}"
        return Blocks((self.tables.indicators(id, title, chosen),) if chosen else ())

    def comparison_table(self, title: str) -> Blocks:
        """Return the table of figures beside the earlier snapshot's."""
        return _blocks(self.tables.comparison("table-comparison", title))

    def sources_table(self, title: str) -> Blocks:
        """Return the table of all published figures with their sources."""
        figures = [figure for figure in self.facts.figures.values() if not figure.inputs]
        return Blocks((self.tables.sources("table-sources", title, figures),) if figures else ())

    def earlier_table(self, title: str) -> Blocks:
        """Return the table of earlier snapshots' figures that are shown, with their sources."""
        figures = self._earlier()
        return Blocks((self.tables.sources("table-earlier", title, figures),) if figures else ())

    def _earlier(self) -> tuple[Figure, ...]:
        """Return the earlier figures that are shown: those beside this snapshot's, or all of them."""
        if not self.whole_history:
            return self.facts.earlier()
        return tuple(figure for zone in self.facts.previous for figure in zone.figures.values())

    def years_table(self, title: str) -> Blocks:
        """Return the tables of what several snapshots publish, side by side, oldest first."""
        self.whole_history = True
        return Blocks(self.tables.years("table-years", title))

    def growth_table(self, title: str) -> Blocks:
        """Return the table of the growth between figures of several snapshots that count the same thing."""
        self.whole_history = self.growth_shown = True
        return _blocks(self.tables.growth("table-growth", title))

    def annex_table(self, section: str, title: str) -> Blocks:
        """Return the table of every figure of a section in all snapshots, with kind and source."""
        self.whole_history = True
        self._section(section)  # names an unknown one
        return _blocks(self.tables.annex(f"table-annex-{section}", title, section))

    def derived_table(self, title: str) -> Blocks:
        """Return the table of derived figures, and of growth where it was shown, with their formulas."""
        derived = self.facts.derived
        return _blocks(self.tables.derived("table-derived", title, derived, with_growth=self.growth_shown))

    def caveats_table(self, title: str) -> Blocks:
        """Return the table of every caveat of a figure, list, milestone or source; one note stands once."""
        zone, words = self.facts.zone, self.language
        shown = zone.figures if self.template.compares else self.facts.figures
        pairs = [(words.name(figure), words.note(figure)) for figure in shown.values()]
        pairs += [
            (words.remarked(words.name(figure), [words.period(figure.when)]), words.note(figure))
            for figure in self._earlier()
            if (words.name(figure), words.note(figure)) not in pairs  # the other edition of one snapshot
        ]
        others = [
            (words.name(figure), figure.breakdown.note)
            for figure in zone.figures.values()
            if figure.breakdown
        ]
        others += [(words.pick(entry.label), entry.note) for entry in zone.lists.values()]
        others += [(words.pick(milestone.title), milestone.note) for milestone in zone.milestones]
        others += [(source.id, source.note) for source in self._sources_shown()]
        pairs += [(name, words.pick(note)) for name, note in others if note]
        subjects: dict[str, list[str]] = {}
        for name, note in pairs:
            if note:
                subjects.setdefault(note, []).append(name)
        rows = [(words.text("lists.remark").join(names), note) for note, names in subjects.items()]
        return Blocks((self.tables.caveats("table-caveats", title, rows),) if rows else ())

    def sources(self) -> list[dict[str, Any]]:
        """Return the sources of every figure that is shown: id, reference and address."""
        words = self.language
        return [
            {
                "id": source.id,
                "text": words.source(source),
                "address": Inline((Run(source.address, href=source.address),)) if source.address else "",
            }
            for source in self._sources_shown()
        ]

    def _sources_shown(self) -> list[Source]:
        """Return the zone's sources, then those of earlier figures that are shown."""
        earlier = {source.id: source for figure in self._earlier() for source in figure.sources}
        return list({**self.facts.zone.sources, **earlier}.values())

    # Charts

    def chart(self, id: str) -> Chart | Omitted:
        """Return the chart planned from the facts, or why it cannot be drawn."""
        if id not in CHARTS:
            raise TemplateError(
                f"unknown chart `{id}`", hint=did_you_mean(id, CHARTS) or f"charts are {', '.join(CHARTS)}"
            )
        if id not in self.charts:
            self.charts[id] = CHARTS[id](self.facts, self.language, [figure.id for figure in self.headline()])
        return self.charts[id]

    def chart_blocks(self, id: str) -> tuple[Block, ...]:
        """Return the block of a chart; none, with an omission noted, where its data are missing."""
        return self._placed(id, self.chart(id))

    def chart_pairs(self) -> Blocks:
        """Return the charts of both snapshots, each pair one below the other; see `plan_pairs`."""
        pairs = plan_pairs(self.facts, self.language, self.comparer.paired())
        self.charts |= pairs
        return Blocks(tuple(block for id, chart in pairs.items() for block in self._placed(id, chart)))

    def _placed(self, id: str, chart: Chart | Omitted) -> tuple[Block, ...]:
        if isinstance(chart, Omitted):
            self.omissions[id] = Omission(f"chart `{id}`", chart.reason)
            return ()
        self.placed.add(id)
        caption = self.tables.caption("figure", (Run(sentence_case(chart.title)),))
        return (ChartBlock(f"chart-{id}", caption, chart),)

    def see(self, id: str) -> Inline:
        """Return " (Figure 2)" as a link to a chart, or nothing where the chart is left out."""
        if isinstance(self.chart(id), Omitted):
            return Inline(())
        before, after = self.language.text("captions.see").split("{label}")
        return Inline((Run(before), Run("", ref=f"chart-{id}"), Run(after)))


def _blocks(block: Table | Tiles | None) -> Blocks:
    return Blocks((block,) if block else ())
