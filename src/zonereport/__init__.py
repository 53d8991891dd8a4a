"""zonereport: from the checked figures of an innovation zone to a briefing in PDF and Word.

from zonereport import compose, load, render
briefing = compose(load("baotou-2022"))
pdf = render(briefing, "pdf")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zonereport.api import compose, load, render

__all__ = ["compose", "load", "render"]


def __getattr__(name: str) -> Any:
    """Load the API when it is first used, so that `zonereport --help` stays quick."""
    if name in __all__:
        from zonereport import api

        return getattr(api, name)
    raise AttributeError(name)
