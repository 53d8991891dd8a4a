"""Unpacking what was gathered, and calling it by its own names again in what goes wrong with it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from zonereport.errors import ZonereportError
from zonereport.inputs.shelf import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from zonereport.inputs.shelf import Input


def unpack(inputs: Mapping[str, Input], folder: Path) -> None:
    """Write the inputs below the folder; a template's texts under the names that it calls them by."""
    for path, file in inputs.items():
        place = PurePosixPath(path)
        place = place.with_name(file.name) if place.suffix == ".md" else place
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.data)


@contextmanager
def naming(inputs: Mapping[str, Input], folder: Path) -> Iterator[None]:
    """Call the inputs unpacked in a folder by the names they were given under, in every error."""
    try:
        yield
    except ZonereportError as error:
        error.message = _in_their_names(error.message, folder, inputs)
        error.args = (error.message,)
        raise


def _in_their_names(message: str, folder: Path, inputs: Mapping[str, Input]) -> str:
    """Return an error's message with the files called what they were called when they were given."""
    for path, file in inputs.items():
        if not path.startswith(f"{ROOT}/"):
            message = message.replace(str(folder / path), file.name)
    return message.replace(f"{folder}/", "")
