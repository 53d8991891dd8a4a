"""Ids: each stands once on the page, and a link leads only to one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.briefing.blocks import ChartBlock, Heading, Table, iter_blocks

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Block


class Anchors:
    """The ids of a page: those of its blocks first, then what the page itself needs."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}
        self._targets: dict[str, str] = {}
        self._waiting: dict[int, list[str]] = {}
        self.sections: list[tuple[str, Heading]] = []
        """Each heading of level 1, with its id."""
        for block in iter_blocks(blocks):
            if isinstance(block, (Heading, Table, ChartBlock)):
                anchor = self.make(block.id)
                self._waiting.setdefault(id(block), []).append(anchor)
                self._targets.setdefault(block.id, anchor)
                if isinstance(block, Heading) and block.level == 1:
                    self.sections.append((anchor, block))

    def make(self, wish: str) -> str:
        """Return an id that nothing else has: the wish, numbered if it is taken."""
        base = "-".join(wish.split()) or "part"
        anchor, count = base, self._last.get(base, 1)
        while anchor in self._taken:
            count += 1
            anchor = f"{base}-{count}"
        self._taken.add(anchor)
        self._last[base] = count
        return anchor

    def take(self, block: Heading | Table | ChartBlock) -> str:
        """Return the id of a block that is being set; a briefing may hold the same block twice."""
        return self._waiting[id(block)].pop(0)

    def target(self, ref: str) -> str:
        """Return the id that a reference leads to, or empty if there is no such block."""
        return self._targets.get(ref, "")
