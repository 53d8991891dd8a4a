"""Doubts about where figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.scrutiny.finding import Doubt, is_outcome, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.zone.model import Source, Zone


def sources_before_their_figures(zone: Zone) -> Iterator[Doubt]:
    """Yield sources that came out before the time they are said to tell of."""
    for figure, _ in known(zone):
        when = figure.when
        if when is None or not when.is_stated or not is_outcome(figure):
            continue
        for source in figure.sources:
            if source.date.is_stated and source.date.end < when.start:
                yield Doubt(
                    ("figures", figure.id, "source"),
                    f"is of {when}, but its source `{source.id}` came out in {source.date}",
                    "name the source that the figure is from, or mend its date",
                )


def sources_given_twice(zone: Zone) -> Iterator[Doubt]:
    """Yield two sources with one address, or with one title, publisher and date."""
    seen: dict[object, Source] = {}
    for source in zone.sources.values():
        work = (tuple(source.title.items()), tuple(source.publisher.items()), source.date)
        first = seen.get(work) or (seen.get(source.address) if source.address else None)
        if first:
            hint = "keep one of them, else readers take one publication for two"
            yield Doubt(("sources", source.id), f"is the same publication as `{first.id}`", hint)
        seen |= {work: source, source.address: source}


def sources_without_use(zone: Zone) -> Iterator[Doubt]:
    """Yield sources that nothing in the file is from."""
    used = {source.id for figure in zone.figures.values() for source in figure.sources}
    used |= {entry.source.id for entry in zone.lists.values()}
    used |= {milestone.source.id for milestone in zone.milestones} | {
        voice.source.id for voice in zone.voices
    }
    for id in zone.sources:
        if id not in used:
            yield Doubt(
                ("sources", id), "nothing is from this source", "name it at its figures, or delete it"
            )


def sources_that_nobody_can_find(zone: Zone) -> Iterator[Doubt]:
    """Yield sources with neither a date nor an address."""
    for source in zone.sources.values():
        if not source.date.is_stated and not source.address:
            yield Doubt(
                ("sources", source.id),
                "has neither date nor address",
                "give one of them, so that it can be found",
            )
