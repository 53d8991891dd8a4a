"""What a template may say of a zone beside other zones: its places, strengths, tables and their rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Run
from zonereport.errors import TemplateError
from zonereport.peers import FEWEST, set_beside
from zonereport.quotients import find_quotients
from zonereport.wording import percentile_in_words, rank_in_words
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.briefing.blocks import Runs, Table
    from zonereport.briefing.tables import Tabulator
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.peers import Beside, Peers
    from zonereport.zone.model import Figure

MOST_NAMED = 12
"""Peers that are named; more are counted."""


@dataclass
class Ranker:
    """Says how a zone's figures stand among those of other zones, in one language."""

    facts: Facts
    language: Language
    tables: Tabulator
    headline: Sequence[str]
    """Ids of the figures to lead with."""

    @cached_property
    def peers(self) -> Peers:
        """All comparisons; only a briefing with peers asks for them."""
        if not self.facts.peers:
            raise TemplateError("there are no other zones to compare with", hint="ask `{% if peers %}`")
        return set_beside(self.facts, self.facts.peers)

    @property
    def was_asked(self) -> bool:
        """Whether a template has said anything of the comparisons."""
        return "peers" in vars(self)

    def names(self) -> dict[str, str]:
        """Return how many peers there are, and their names unless they are too many."""
        zones, words = self.facts.peers, self.language
        named = len(zones) <= MOST_NAMED
        return {
            "count": words.number(Decimal(len(zones))),
            "names": words.enumerate(words.pick(zone.short_name) for zone in zones) if named else "",
        }

    # Sentences

    def points(self) -> list[Runs]:
        """Return how the figures that matter most stand: value, rank, and on which side of the median."""
        words = self.language
        points: list[Runs] = []
        for each in self.peers.leading(self.headline):
            assert each.reference is not None
            own, median = _value(each.figure), each.reference.median
            side = (own.number > median.number) - (own.number < median.number)
            match each.figure.indicator.better:
                case None:
                    sides = ("same", "above", "below")
                case "higher":
                    sides = ("same", "ahead", "behind")
                case "lower":
                    sides = ("same", "behind", "ahead")
            text = words.text(
                f"peers.{sides[side]}",
                figure=words.titled(each.figure),
                rank=rank_in_words(each, words),
                median=words.counted(median, each.figure),
            )
            points.append((Run(text, figure=each.figure.id),))
        return points

    def strengths(self) -> list[Runs]:
        """Return the strengths with their ranks, the clearest first."""
        return [self._placed(each) for each in self.peers.strengths]

    def weaknesses(self) -> list[Runs]:
        """Return the weaknesses with their ranks, the clearest first."""
        return [self._placed(each) for each in self.peers.weaknesses]

    def _placed(self, each: Beside) -> Runs:
        words = self.language
        return (Run(words.remarked(words.name(each.figure), [rank_in_words(each, words)])),)

    # Tables

    def table(self, title: str) -> Table | None:
        """Return each figure with median, best value, rank and percentile; None without any."""
        rows = list(self._rows())
        keys = ("indicator", "value", "median", "best", "rank", "percentile")
        return self._made("table-peers", title, keys, (3.4, 2.4, 2.2, 2.8, 2.4, 1.5), rows)

    def _rows(self) -> Iterator[tuple[Runs, ...]]:
        words = self.language
        for each in self.peers.ranked:
            assert each.reference is not None
            yield (
                (Run(words.name(each.figure)),),
                self.tables.value(each.figure),
                (Run(words.counted(each.reference.median, each.figure), figure=each.figure.id),),
                self._best(each),
                (Run(rank_in_words(each, words)),),
                (Run(percentile_in_words(each, words)),),
            )

    def _best(self, each: Beside) -> Runs:
        """Return the best value and whose it is; a dash where nothing is judged."""
        words, reference = self.language, each.reference
        assert reference is not None
        if reference.best_value is None:
            return (Run(words.text("tables.none")),)
        first = reference.best[0]
        is_own = first.id == self.facts.zone.id
        whose = words.text("peers.this") if is_own else words.pick(first.short_name)
        if len(reference.best) > 1:
            whose = words.text("peers.holders", n=words.number(Decimal(len(reference.best))))
        value = words.counted(reference.best_value, each.figure)
        return (Run(words.remarked(value, [whose]), figure=each.figure.id),)

    def reference_table(self, title: str) -> Table | None:
        """Return over how many zones each figure was compared, and why others were left out."""
        rows = [
            ((Run(self.language.name(each.figure)),), (Run(self._compared(each)),), (Run(self._why(each)),))
            for each in self.peers.beside
        ]
        return self._made("table-reference", title, ("indicator", "n", "left_out"), (4, 2.6, 6), rows)

    def _compared(self, each: Beside) -> str:
        words = self.language
        few = words.text("peers.too_few") if each.apart is None and each.n < FEWEST else ""
        return words.remarked(words.number(Decimal(each.n)), [few])

    def _why(self, each: Beside) -> str:
        words = self.language
        if each.apart:
            return words.text("peers.own", reason=words.text(f"peers.apart.{each.apart}"))
        return words.text("lists.remark").join(
            words.remarked(words.text(f"peers.apart.{why}"), [words.number(Decimal(count))])
            for why, count in sorted(each.left_out.items())
        ) or words.text("tables.none")

    def quotients_table(self, title: str) -> Table | None:
        """Return the location quotients of focus sectors; None where no breakdown allows one."""
        words = self.language
        rows: list[tuple[Runs, ...]] = [
            (
                (Run(words.pick(each.sector.name)),),
                (Run(words.name(each.figure)),),
                (Run(words.quantity(each.share, "percent")),),
                (Run(words.quantity(each.share_of_all, "percent")),),
                (Run(words.quantity(each.value, "index")),),
                (Run(words.number(Decimal(each.n))),),
            )
            for each in find_quotients(self.facts.zone, self.peers.beside)
        ]
        keys = ("sector", "measure", "share", "share_of_all", "quotient", "n")
        return self._made("table-quotients", title, keys, (3, 3, 1.6, 1.8, 1.8, 1.2), rows)

    def figures(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return the heading and rows of a table of all peers' figures and why any is left out."""
        words = self.language
        rows: list[tuple[str, ...]] = [
            (
                each.figure.id,
                words.pick(peer.zone.short_name),
                words.value(peer.figure) if peer.figure else words.text("tables.none"),
                words.period(peer.figure.when) if peer.figure else "",
                words.text(f"peers.apart.{peer.apart or 'compared'}"),
                words.sentences(map(words.source, peer.figure.sources)) if peer.figure else "",
            )
            for each in self.peers.beside
            for peer in each.peers
        ]
        headings = (
            *(words.text(f"peers.headings.{key}") for key in ("id", "zone")),
            *(words.text(f"tables.{key}") for key in ("value", "when")),
            words.text("peers.headings.standing"),
            words.text("tables.source"),
        )
        return headings, rows

    def _made(
        self,
        id: str,
        title: str,
        keys: Sequence[str],
        weights: tuple[float, ...],
        rows: Sequence[tuple[Runs, ...]],
    ) -> Table | None:
        headings = tuple(self.language.text(f"peers.headings.{key}") for key in keys)
        return self.tables.make(id, title, headings, weights, rows) if rows else None


def _value(figure: Figure) -> Quantity:
    assert isinstance(figure.value, Quantity)
    return figure.value
