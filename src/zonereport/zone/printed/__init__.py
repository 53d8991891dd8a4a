"""Numbers as they are printed, read as a native reads them; what is in doubt is asked back, never guessed."""

from __future__ import annotations

from zonereport.zone.printed.model import Reading, Refusal
from zonereport.zone.printed.reading import possible_readings, read_printed

__all__ = ["Reading", "Refusal", "possible_readings", "read_printed"]
