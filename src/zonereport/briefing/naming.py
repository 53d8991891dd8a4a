"""What each zone of many is called in one language, so that no two are called the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.language import Language
    from zonereport.zone.model import Text, Zone


@dataclass
class Names:
    """The names of zones, each marked with its language where it is borrowed."""

    zones: Sequence[Zone]
    language: Language

    def run(self, text: Text, *, strong: bool = False) -> Run:
        """Return words as a run. Marked here, not by `mark_borrowed`, which is made for few of them."""
        picked = self.language.pick(text)
        lang = "" if self.language.code in text else self.language.borrowed[picked]
        return Run(picked, strong=strong, lang=lang)

    def short(self, zone: Zone) -> Run:
        """Return the short name of a zone; its name, or with its id, where another zone has the same."""
        short, name = self.run(zone.short_name), self.run(zone.name)
        if self._holders[short.text] == 1:
            return short
        if self._holders[name.text] == 1:
            return name
        return Run(self.language.remarked(name.text, [zone.id]), lang=name.lang)

    @cached_property
    def _holders(self) -> Counter[str]:
        """How many zones, by their ids, have a name."""
        pick = self.language.pick
        pairs = {(pick(text), zone.id) for zone in self.zones for text in (zone.name, zone.short_name)}
        return Counter(name for name, _ in pairs)
