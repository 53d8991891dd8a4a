"""Compiled templates, kept in the user's cache: compiling takes a tenth of a second at each start."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache

from zonereport.resources import cache_folder

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

RULES = 2
"""Raise it when the sandbox refuses more than before: what is kept was looked at by the rules of its day."""


DIGEST = sha256().digest_size


class Compiled(FileSystemBytecodeCache):
    """Templates' code by name and content; where it cannot be kept or read, it is made again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            kept = Path(self._get_cache_filename(bucket)).read_bytes()
        except OSError:
            return
        digest, code = kept[:DIGEST], kept[DIGEST:]
        if sha256(code).digest() == digest:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        # a full disk is no reason to print nothing
        with suppress(OSError), NamedTemporaryFile(dir=self.directory, delete=False) as part:
            part.write(sha256(code).digest() + code)
            part.close()
            Path(part.name).replace(self._get_cache_filename(bucket))


@cache
def compiled() -> Compiled | None:
    """Return the cache of this version of Jinja and of the rules; none where no folder can be made."""
    folder = cache_folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return Compiled(str(folder), f"%s-{version('jinja2')}-{RULES}.code")
