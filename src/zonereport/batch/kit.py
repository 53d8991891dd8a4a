"""Gathering a kit: template, language, theme, word template and peers, and the digest of it all."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from zonereport.batch.task import Kit
from zonereport.files import read_file
from zonereport.inputs.gathering import add_template, add_theme
from zonereport.inputs.shelf import INPUTS, Shelf
from zonereport.inputs.versions import versions
from zonereport.language import load_language
from zonereport.resources import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from zonereport.briefing.template import Template
    from zonereport.inputs.shelf import Input

CHINESE_FONTS = "justmytype-intl-cjk"
"""The extra `zh`: its fonts come before the system's."""


def gather_kit(
    template: Template,
    language: str,
    *,
    theme: tuple[str, Path],
    word_template: Path | None,
    peers: Sequence[Input],
) -> Kit:
    """Return what all briefings of a template in a language share; a theme is seen from a folder.

    Raises TemplateError for a language that there is not or the template has no text in, InputError for
    a file that cannot be read.
    """
    load_language(language)
    shelf = Shelf()
    name = add_template(shelf, template, (language,))
    brand = add_theme(shelf, *theme)
    word = None
    if word_template is not None:
        word = shelf.put(INPUTS, "word-template.docx", read_file(word_template), word_template.name)
    needed = made_with()
    content = [
        *(name, brand, language, word, sorted(needed.items())),
        sorted((path, digest(file.data)) for path, file in shelf.files.items()),
        [digest(peer.data) for peer in peers],
    ]
    return Kit(name, brand, language, shelf.files, word, tuple(peers), needed, digest_of(content))


def made_with() -> dict[str, str]:
    """Return the versions of all that can change a byte, the catalogue and the fonts for Chinese included."""
    try:
        fonts = version(CHINESE_FONTS)
    except PackageNotFoundError:
        fonts = "none"
    return {**versions(), CHINESE_FONTS: fonts, CATALOGUE.name: digest(read_file(CATALOGUE))[:12]}


def tell_apart(here: dict[str, str], there: dict[str, str]) -> str:
    """Return how the versions of a worker differ from those here, as a message has it; or nothing."""
    return ", ".join(
        f"{name} is {there.get(name, 'none')} instead of {here.get(name, 'none')}"
        for name in sorted({*here, *there})
        if here.get(name) != there.get(name)
    )


def digest(data: bytes) -> str:
    """Return the SHA-256 of the data, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(content: Any) -> str:
    """Return the SHA-256 of plain data as canonical JSON."""
    return digest(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
