"""Where files are: templates, languages, themes, catalogue and zones of the package; the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent

_INSTALLED = PACKAGE / "templates"
TEMPLATES = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parents[1] / "templates"
"""The wheel carries `templates/` inside the package; a checkout has it at the top level."""

PRINTED_WORDS = PACKAGE / "zone" / "printed" / "words.toml"
CATALOGUE = PACKAGE / "zone" / "catalogue.toml"
BUNDLED_ZONES = PACKAGE / "zone" / "bundled"


def cache_folder() -> Path:
    """Return `zonereport` in $XDG_CACHE_HOME, or in `~/.cache`: all in it can be made again.

    Who has no home gets a folder that cannot be made, and so keeps nothing.
    """
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not given.is_absolute():
        try:
            given = Path("~/.cache").expanduser()
        except RuntimeError:
            given = Path()
    is_someones = given.is_absolute() and given.parent != Path(given.root)
    return (given if is_someones else Path(os.devnull)) / "zonereport"
