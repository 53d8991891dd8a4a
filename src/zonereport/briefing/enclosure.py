"""What a message brings beside its own text: files, what was left out of it, and a link."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What the text of a message says about its attachments; all of it empty for what is no message."""

    attached: tuple[str, ...] = ()
    """The names of the attached files."""
    left_out: tuple[str, ...] = ()
    """What would have made the message too large: "Word", "PDF"."""
    link: str = ""
    """The address at which the full briefing can be had."""


NOTHING = Enclosure()
