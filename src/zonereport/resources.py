"""Where the files that come with the package are: templates, languages, themes, catalogue, zones."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent

_INSTALLED = PACKAGE / "templates"
TEMPLATES = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parents[1] / "templates"
"""The wheel carries `templates/` inside the package; a checkout has it at the top level."""

PRINTED_WORDS = PACKAGE / "zone" / "printed" / "words.toml"
CATALOGUE = PACKAGE / "zone" / "catalogue.toml"
BUNDLED_ZONES = PACKAGE / "zone" / "bundled"
