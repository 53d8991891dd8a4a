"""League tables in words: who is ranked, who is not and why, and a table of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Heading, Run
from zonereport.briefing.collation import sort_key
from zonereport.briefing.tables import make_table
from zonereport.language import sentence_case
from zonereport.zone.model import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.briefing.blocks import Block, Runs, Table
    from zonereport.briefing.naming import Names
    from zonereport.language import Language
    from zonereport.league import League, Place, Unranked
    from zonereport.zone.model import Zone

MOST_ROWS = 100
"""Zones of one league that are shown, and as many with a bound; a file that is attached has all."""
MOST_NAMED = 60
"""Zones that are named for one reason; more are counted."""


@dataclass
class LeagueTables:
    """Words leagues in one language."""

    leagues: Sequence[League]
    language: Language
    names: Names

    def blocks(self) -> tuple[Block, ...]:
        """Return each league's heading and table."""
        return tuple(
            block
            for number, league in enumerate(self.leagues, start=1)
            for block in (
                Heading(2, (Run(self._heading(league)),), f"league-{number}"),
                self._table(league, f"table-league-{number}"),
            )
        )

    def overview(self, title: str) -> Table:
        """Return a table of all leagues: what leads to each, how many zones are ranked, and who is first."""
        words = self.language
        headings = (
            words.text("tables.indicator"),
            words.text("tables.snapshot"),
            words.text("peers.headings.n"),
            words.text("compendium.leader"),
        )
        rows = [
            self._overview_row(league, f"league-{number}")
            for number, league in enumerate(self.leagues, start=1)
        ]
        note = self._in_none()
        return make_table(words, "table-leagues", title, headings, (4, 1.6, 1.8, 4), rows, note)

    def _overview_row(self, league: League, anchor: str) -> tuple[Runs, ...]:
        words = self.language
        firsts = [place for place in self._ranked(league) if place.rank == 1]
        value = Run(words.value(firsts[0].figure), figure=firsts[0].figure.id)
        holder = self.names.short(firsts[0].zone)
        if len(firsts) > 1:
            holder = Run(words.text("peers.holders", n=self._count(len(firsts))))
        return (
            (Run(self._title(league), ref=anchor),),
            (Run(words.period(league.snapshot)),),
            (Run(words.text("compendium.compared", **self._sizes(league))),),
            (holder, Run(words.text("lists.open")), value, Run(words.text("lists.close"))),
        )

    def _in_none(self) -> Runs:
        """Return the zones of snapshots that have no league."""
        snapshots = {league.snapshot for league in self.leagues}
        left = [zone for zone in self.names.zones if zone.edition.snapshot not in snapshots]
        heading = self.language.text("compendium.no_league")
        pairs = [(self.names.short(zone), self.language.snapshot(zone.edition), "") for zone in left]
        return self._listed(heading, pairs) if left else ()

    # One league

    def _title(self, league: League) -> str:
        """Return what a league is called: its figure, and what tells it from others of the same snapshot."""
        words, figure = self.language, league.figure
        remarks = []
        if league.is_one_of_several:
            scope = words.text("status.scope", scope=words.pick(figure.scope)) if figure.scope else ""
            derived = words.text("compendium.derived") if figure.inputs else ""
            remarks += [words.unit(figure.unit), words.period(figure.when), scope, derived]
        return words.remarked(words.name(figure), remarks)

    def _heading(self, league: League) -> str:
        """Return the title of a league, with its snapshot where there are several."""
        is_one = all(each.snapshot == league.snapshot for each in self.leagues)
        when = "" if is_one else self.language.period(league.snapshot)
        return self.language.remarked(self._title(league), [when])

    def _table(self, league: League, id: str) -> Table:
        words, figure = self.language, league.figure
        kind = "" if figure.indicator.better else "_by_size"
        about = words.text("compendium.about") if league.is_about else ""
        shown: list[Place | Unranked] = [*league.places, *self._bounded(league)]
        dates = {words.period(each.figure.when) for each in shown if each.figure}
        when = words.period(figure.when if len(dates) == 1 else league.snapshot)
        name = words.name(figure)
        title = words.text(f"compendium.ranked{kind}", name=name, when=when, **self._sizes(league))
        headings = (
            words.remarked(words.text(f"compendium.ranks{kind}"), [about]),
            words.text("peers.headings.zone"),
            words.text("tables.value"),
            words.text("tables.when"),
        )
        columns = 4 if len(dates) > 1 else 3
        rows = [row[:columns] for row in self._rows(league)]
        return make_table(
            words, id, title, headings[:columns], (2.2, 4, 3.2, 2)[:columns], rows, self._note(league)
        )

    def _rows(self, league: League) -> Iterator[tuple[Runs, ...]]:
        """Yield the ranked zones, then those that a bound gives several places."""
        for place in self._ranked(league)[:MOST_ROWS]:
            yield self._row(self._count(place.rank), place)
        for each in self._bounded(league)[:MOST_ROWS]:
            assert each.could_be is not None
            first, last = map(self._count, each.could_be)
            key = "would_be" if first == last else "could_be"
            yield self._row(self.language.text(f"compendium.{key}", rank=first, first=first, last=last), each)

    def _row(self, rank: str, of: Place | Unranked) -> tuple[Runs, ...]:
        words, figure = self.language, of.figure
        assert figure is not None
        value = words.remarked(words.value(figure), words.remarks(figure))
        return (
            (Run(rank),),
            (self.names.short(of.zone),),
            (Run(value, figure=figure.id),),
            (Run(words.period(figure.when)),),
        )

    def _ranked(self, league: League) -> list[Place]:
        """Return the places of a league; zones that tie are in order of their names."""
        return sorted(league.places, key=lambda place: (place.rank, self._order(place.zone)))

    def _bounded(self, league: League) -> list[Unranked]:
        """Return the zones that a bound gives several places, those that may be first to begin with."""
        bounded = [each for each in league.unranked if each.could_be]
        return sorted(bounded, key=lambda each: (each.could_be, self._order(each.zone)))

    def _order(self, zone: Zone) -> tuple[object, ...]:
        return sort_key(self.names.short(zone).text)

    def _note(self, league: League) -> Runs:
        """Return who else there is: ranked but not shown, and not ranked, by the reason."""
        lines: list[Runs] = []
        if left := league.places[MOST_ROWS:]:
            n, rank = self._count(len(left)), self._count(left[0].rank)
            lines.append((Run(self.language.text("compendium.further", n=n, rank=rank)),))
        reasons: dict[str, list[tuple[Run, str, str]]] = {}
        shown = {each.zone.id for each in self._bounded(league)[:MOST_ROWS]}
        for each in sorted(league.unranked, key=lambda each: self._order(each.zone)):
            if each.zone.id not in shown:
                reasons.setdefault(self._why(each), []).append(self._with_value(each))
        lines += [self._listed(why, pairs) for why, pairs in reasons.items()]
        return tuple(run for line in lines for run in (Run("\n"), *line))[1:]

    def _why(self, each: Unranked) -> str:
        words = self.language
        if each.figure is None:
            return words.text("compendium.not_stated")
        if isinstance(each.figure.value, Missing):
            return words.missing(each.figure.value)
        return words.text(f"peers.apart.{each.apart}")

    def _with_value(self, each: Unranked) -> tuple[Run, str, str]:
        name, figure = self.names.short(each.zone), each.figure
        if figure is None or isinstance(figure.value, Missing):
            return name, "", ""
        return name, self.language.value(figure), figure.id

    def _listed(self, heading: str, pairs: Sequence[tuple[Run, str, str]]) -> Runs:
        """Return zones behind what is said of them, each with its remark and the figure that this is."""
        words = self.language
        before, _, after = words.text("tables.part", name=sentence_case(heading)).partition("{part}")
        runs: list[Run] = []
        for name, remark, figure in pairs[:MOST_NAMED]:
            runs += [Run(words.text("lists.separator")), name]
            if remark:
                runs += [
                    Run(words.text("lists.open")),
                    Run(remark, figure=figure),
                    Run(words.text("lists.close")),
                ]
        if more := len(pairs[MOST_NAMED:]):
            runs.append(Run(words.text("compendium.more", n=self._count(more))))
        return (Run(before, strong=True), *runs[1:], Run(after))

    # The file that is attached

    def figures(self) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
        """Return the heading and rows of a table of every zone of every league."""
        words = self.language
        header = (
            words.text("peers.headings.id"),
            words.text("tables.snapshot"),
            words.text("peers.headings.zone"),
            words.text("tables.value"),
            words.text("tables.when"),
            words.text("compendium.ranks"),
            words.text("peers.headings.standing"),
        )
        return header, (row for league in self.leagues for row in self._as_text(league))

    def _as_text(self, league: League) -> Iterator[tuple[str, ...]]:
        words, head = self.language, league.figure
        common = (head.id, words.period(league.snapshot))
        compared = words.text("peers.apart.compared")
        for place in self._ranked(league):
            value, when = words.value(place.figure), words.period(place.figure.when)
            yield *common, self.names.short(place.zone).text, value, when, str(place.rank), compared
        for each in league.unranked:
            value = words.value(each.figure) if each.figure else ""
            when = words.period(each.figure.when) if each.figure else ""
            yield *common, self.names.short(each.zone).text, value, when, "", self._why(each)

    def _sizes(self, league: League) -> dict[str, str]:
        n = len(league.places)
        return {"n": self._count(n), "total": self._count(n + len(league.unranked))}

    def _count(self, number: int) -> str:
        return self.language.number(Decimal(number))
