"""Files that were given, put under paths that every system can keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from zonereport.inputs.paths import faulty_paths, safe_name
from zonereport.resources import TEMPLATES
from zonereport.theme import THEMES

INPUTS = "inputs"
ROOT = f"{INPUTS}/{TEMPLATES.name}"
"""Templates, languages and themes, in the shape of the package's."""
THEMES_ROOT = f"{ROOT}/{THEMES.name}"


@dataclass(frozen=True, slots=True)
class Input:
    """A file as it was given."""

    name: str
    data: bytes


@dataclass
class Shelf:
    """Files under paths that every system can keep, and no two of which it would confuse."""

    files: dict[str, Input] = field(default_factory=dict)

    def put(self, folder: str, name: str, data: bytes, called: str = "") -> str:
        """Return the path that a file got: in the folder, under its name as far as that is safe."""
        stem, suffix = safe_name(Path(name).stem) or "file", safe_name(Path(name).suffix)
        ending = f".{suffix}" if suffix else ""
        taken = {path.casefold() for path in self.files}
        path, number = f"{folder}/{stem}{ending}", 1
        while path.casefold() in taken or any(faulty_paths([path])):
            number += 1
            path = f"{folder}/{stem}-{number}{ending}"
        shown = "".join(char if char.isprintable() and char not in "/\\" else "_" for char in called or name)
        self.files[path] = Input(shown, data)
        return path
