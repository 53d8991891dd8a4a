"""Making one briefing of a task and its kit: no clock, no network, no file but the kit's copies is read."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from zonereport.api import compose, font_files, keep_fonts_ready, preflight, render_all
from zonereport.batch.kit import digest, made_with, tell_apart
from zonereport.batch.task import Failed, Made, MadeFile
from zonereport.errors import ZonereportError
from zonereport.fonts.characters import is_east_asian
from zonereport.fonts.store import file_digest
from zonereport.inputs.shelf import ROOT
from zonereport.inputs.unpacking import naming, unpack
from zonereport.zone.reading import parse_file

if TYPE_CHECKING:
    from zonereport.batch.task import Kit, Task
    from zonereport.zone.model import Zone

CHINESE = "zh"
TEXTS = (".md", ".toml")
_ONE_AT_A_TIME = Lock()
"""A worker of a cluster may have several threads; ReportLab knows fonts by the process."""


@dataclass(frozen=True, slots=True)
class _Unpacked:
    folder: Path
    peers: tuple[Zone, ...]


_unpacked: dict[str, _Unpacked] = {}


def make(task: Task, kit: Kit) -> Made | Failed:
    """Return the briefing in the task's formats, or why there is none: the same bytes on every machine."""
    with _ONE_AT_A_TIME:
        try:
            return _make(task, kit)
        except ZonereportError as error:
            return Failed(error.message, error.hint)
        except Exception as error:
            message = f"internal error: {type(error).__name__}: {error}"
            return Failed(message, "this is a fault of zonereport; `zonereport generate` shows where")


def _make(task: Task, kit: Kit) -> Made:
    here = _unpack_once(kit)
    with naming(kit.files, here.folder):
        briefing = compose(
            parse_file(task.zone.data, task.zone.name),
            previous=[parse_file(file.data, file.name) for file in task.previous],
            peers=here.peers,
            template=kit.template,
            language=kit.language,
            theme=kit.theme,
            date=task.date,
            stamp=task.stamp,
            templates=here.folder / ROOT,
        )
        word = here.folder / kit.word_template if kit.word_template else None
        rendered = render_all(briefing, task.formats, word_template=word)
        findings = preflight(briefing)
    return Made(
        files={name: MadeFile(data, digest(data)) for name, data in rendered.items()},
        fonts={file.name: file_digest(file) for file in sorted(font_files(briefing))},
        findings=tuple((one.place, one.message) for one in findings),
        omissions=tuple((one.what, one.reason) for one in briefing.omissions),
        borrowed=tuple(briefing.borrowed),
    )


def _prepare_fonts(kit: Kit, templates: Path) -> None:
    """Make fonts once for all zones: each Chinese one has characters of its own, and so would its fonts."""
    words = "".join(file.data.decode() for path, file in kit.files.items() if path.endswith(TEXTS))
    expected = {*kit.characters, *words}
    if kit.language != CHINESE:
        expected = {character for character in expected if not is_east_asian(character)}
    keep_fonts_ready("".join(sorted(expected)), kit.theme, folder=templates)


def _unpack_once(kit: Kit) -> _Unpacked:
    """Return the kit's folder, which goes with the process, and the zones of its peers."""
    if kit.digest not in _unpacked:
        if differing := tell_apart(dict(kit.versions), made_with()):
            raise ZonereportError(
                f"a worker would make other bytes: {differing}", hint="install the same versions everywhere"
            )
        folder = Path(tempfile.mkdtemp(prefix="zonereport-kit-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        unpack(kit.files, folder)
        peers = tuple(parse_file(peer.data, peer.name) for peer in kit.peers)
        _prepare_fonts(kit, folder / ROOT)
        _unpacked[kit.digest] = _Unpacked(folder, peers)
    return _unpacked[kit.digest]
