"""Composing a compendium: all zones of a batch under their names, and league tables where they compare."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from zonereport.briefing.blocks import Attachment, Briefing, Contents, Heading, Run
from zonereport.briefing.borrowed import mark_borrowed
from zonereport.briefing.compose import settle, split_title, table_as_csv
from zonereport.briefing.league_tables import LeagueTables
from zonereport.briefing.listed import printable
from zonereport.briefing.markdown import Tokens, to_blocks
from zonereport.briefing.naming import Names
from zonereport.briefing.sandbox import Blocks, Inline, fill_template
from zonereport.briefing.zone_list import Entry, ZoneList
from zonereport.errors import TemplateError
from zonereport.league import find_leagues
from zonereport.measures import Facts
from zonereport.peers import FEWEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from zonereport.briefing.blocks import Block, Runs
    from zonereport.briefing.listed import Listed
    from zonereport.briefing.template import Template
    from zonereport.language import Language

NAME = "compendium"
ATTACHED = "league-tables.csv"


def compose_compendium(
    entries: Sequence[Listed], template: Template, language: Language, day: date, title: str = ""
) -> Briefing:
    """Return the compendium of entries that a template makes, under a title or the template's own.

    Raises TemplateError with file, line and hint where the template does not hold.
    """
    vocabulary = _Vocabulary(entries, language, template.headline)
    source = fill_template(template, language.code, vocabulary.names(), vocabulary.tokens)
    head, body = split_title(to_blocks(source, vocabulary.tokens, _no_chart))
    head = replace(head, title=title or head.title, facts=vocabulary.identity(day))
    settled = (head, *settle(_with_contents(body, language)))
    # the names of zones are marked already, and too many to be looked for in every run
    sought = {words: code for words, code in language.borrowed.items() if words not in vocabulary.marked}
    return Briefing(
        zone="zones",
        snapshot="-".join(vocabulary.snapshots),
        title=head.title,
        subject=head.subtitle,
        author="",
        keywords=(),
        language=language.text("region"),
        date=day,
        running_head=(head.title, head.subtitle),
        footer="",
        page_pattern=language.text("page.number", page="{page}", pages="{pages}"),
        blocks=mark_borrowed(settled, sought),
        template=NAME,
        theme=template.theme,
        borrowed=tuple(language.borrowed.items()),
        notes_title=language.text("page.notes"),
        data_title=language.text("page.data"),
        attachments=vocabulary.attachments(),
    )


def _no_chart(id: str) -> tuple[Block, ...]:
    raise TemplateError(f"a compendium has no chart `{id}`", hint="charts stand in the briefings")


def _with_contents(blocks: tuple[Block, ...], words: Language) -> tuple[Block, ...]:
    """Return the blocks with a table of contents before the first section."""
    place = next((at for at, block in enumerate(blocks) if isinstance(block, Heading)), len(blocks))
    return (*blocks[:place], Contents(words.text("page.contents")), *blocks[place:])


@dataclass
class _Vocabulary:
    """What the text of a compendium may name, and what it has shown."""

    listed: Sequence[Listed]
    language: Language
    headline: Sequence[str]

    def __post_init__(self) -> None:
        words = self.language
        self.tokens = Tokens()
        self.entries = [
            Entry(each, Facts(each.zone), words.pick(each.zone.name))
            if each.zone
            else Entry(each, None, printable(each.name))
            for each in self.listed
        ]
        # in an order of their own, so that the first figure of a league is not a matter of the batch
        facts = sorted(
            (entry.facts for entry in self.entries if entry.facts), key=lambda facts: facts.zone.id
        )
        zones = [each.zone for each in facts]
        names = Names(zones, words)
        self.marked = {
            words.pick(text) for zone in zones for text in (zone.name, zone.short_name, zone.place)
        }
        self.zone_list = ZoneList(self.entries, words, names, self.headline)
        self.league_tables = LeagueTables(find_leagues(facts), words, names)

    def names(self) -> dict[str, Any]:
        """Return every variable and function; docs/compendium.md explains them."""
        failures = sum(bool(each.failure) for each in self.listed)
        return {
            "entries": self._count(len(self.listed)),
            "failures": self._count(failures) if failures else "",
            "fewest": self.language.cardinal(FEWEST),
            "snapshots": list(self.snapshots.values()),
            "joined": lambda items: Inline((Run(self.language.enumerate(items)),)),
            "zones": lambda: Blocks(self.zone_list.blocks()),
            "leagues": bool(self.league_tables.leagues),
            "leagues_overview": lambda title: Blocks((self.league_tables.overview(title),)),
            "league_tables": lambda: Blocks(self.league_tables.blocks()),
            "borrowed": self._borrowed,
        }

    @cached_property
    def _counts(self) -> Counter[str]:
        """How many zones have a snapshot, by its name."""
        return Counter(str(each.zone.edition.snapshot) for each in self.listed if each.zone)

    @cached_property
    def snapshots(self) -> dict[str, str]:
        """The snapshots in words, by their names, in order of time."""
        found = {each.zone.edition.snapshot for each in self.listed if each.zone}
        ordered = sorted(found, key=lambda each: (each.is_stated and each.end.toordinal(), str(each)))
        return {str(snapshot): self.language.period(snapshot) for snapshot in ordered}

    def identity(self, day: date) -> tuple[tuple[str, Runs], ...]:
        """Return the facts of the title block: how many zones, at which snapshots, not made, edition."""
        words = self.language
        failures = sum(bool(each.failure) for each in self.listed)
        snapshots = [
            words.remarked(said, [self._count(self._counts[name]) if len(self.snapshots) > 1 else ""])
            for name, said in self.snapshots.items()
        ]
        pairs = (
            (words.text("compendium.zones"), self._count(len({*self._ids()}))),
            (words.text("title.snapshot"), words.enumerate(snapshots)),
            (words.text("compendium.not_made"), self._count(failures) if failures else ""),
            (words.text("title.edition"), words.day(day)),
        )
        return tuple((label, (Run(text),)) for label, text in pairs if text)

    def _ids(self) -> list[str]:
        """Return what tells zones apart: the id, or the name of one that could not be read."""
        return [each.zone.id if each.zone else f"/{each.name}" for each in self.listed]

    def attachments(self) -> tuple[Attachment, ...]:
        """Return the table of all leagues, if there are any."""
        if not self.league_tables.leagues:
            return ()
        header, rows = self.league_tables.figures()
        described = self.language.text("compendium.attachment")
        return (Attachment(ATTACHED, "text/csv", "data", described, table_as_csv(header, rows)),)

    def _borrowed(self) -> list[str]:
        """Return the names of the languages that words were borrowed from so far."""
        codes = dict.fromkeys(self.language.borrowed.values())
        return [str(self.language.locale.languages.get(code, code)) for code in codes]

    def _count(self, number: int) -> str:
        return self.language.number(Decimal(number))
