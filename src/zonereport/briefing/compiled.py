"""Compiled templates, kept in the user's cache: compiling takes a tenth of a second at each start."""

from __future__ import annotations

import pickle
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache

from zonereport.resources import cache_folder

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

RULES = 1
"""Raise it when the sandbox refuses more than before: what is kept was looked at by the rules of its day."""


class Compiled(FileSystemBytecodeCache):
    """Templates' code by name and content; where it cannot be kept or read, it is made again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, ValueError, TypeError, EOFError, AttributeError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        try:
            super().dump_bytecode(bucket)
        except OSError:
            return  # a full disk is no reason to print nothing


@cache
def compiled() -> Compiled | None:
    """Return the cache of this version of Jinja and of the rules; none where no folder can be made."""
    folder = cache_folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return Compiled(str(folder), f"%s-{version('jinja2')}-{RULES}.code")
