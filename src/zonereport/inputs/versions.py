"""The versions of all that can change a byte of what is made."""

from __future__ import annotations

import platform
import zlib
from importlib.metadata import version

PACKAGES = (
    *("babel", "fonttools", "jinja2", "lxml", "markdown-it-py", "matplotlib", "numpy", "pikepdf", "pillow"),
    *("pydantic", "python-docx", "reportlab", "zonereport"),
)
"""What can change a byte of what is made."""


def versions() -> dict[str, str]:
    """Return the versions of all that can change a byte of what is made."""
    return {
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: version(name) for name in PACKAGES},
    }
