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
    """Return `zonereport` in $XDG_CACHE_HOME, or in `~/.cache`: all in it can be made again."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path("~/.cache").expanduser()) / "zonereport"
