"""One page stays one page: for every zone there is, in every language and theme."""

from __future__ import annotations

import pypdfium2
import pytest

from fat import fattest_zone
from zonereport.api import compose, load, render
from zonereport.briefing.blocks import Briefing, ChartBlock, Tiles
from zonereport.errors import RenderError
from zonereport.language import language_codes
from zonereport.theme import theme_names
from zonereport.zone.reading import bundled_zones


def pages(briefing: Briefing) -> int:
    document = pypdfium2.PdfDocument(render(briefing, "pdf"))
    try:
        return len(document)
    finally:
        document.close()


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize("name", bundled_zones())
def test_every_bundled_zone_stands_on_one_page(name: str, language: str) -> None:
    briefing = compose(load(name), template="onepage", language=language)
    assert pages(briefing) == 1
    assert any(isinstance(block, Tiles) for block in briefing.blocks)


@pytest.mark.parametrize("theme", theme_names())
def test_beside_an_earlier_snapshot_too_in_every_theme(theme: str) -> None:
    briefing = compose(load("baotou-2022"), previous=[load("baotou-2021")], template="onepage", theme=theme)
    assert pages(briefing) == 1


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize("compared", [False, True])
def test_the_fattest_zone_stands_on_one_page(language: str, *, compared: bool) -> None:
    previous = [fattest_zone(2001)] if compared else []
    briefing = compose(fattest_zone(), previous=previous, template="onepage", language=language)
    assert pages(briefing) == 1
    assert any(isinstance(block, Tiles) for block in briefing.blocks)


def test_what_has_room_is_shown() -> None:
    briefing = compose(load("baotou-2022"), template="onepage")
    assert any(isinstance(block, ChartBlock) for block in briefing.blocks)


def test_what_cannot_fit_is_an_error_that_says_what_to_do(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "short"
    folder.mkdir()
    (folder / "template.toml").write_text("pages = 1\n")
    (folder / "en.md").write_text("# T\n\nsub\n\none\n\n---\n\ntwo\n")
    with pytest.raises(RenderError, match="does not fit on 1 page"):
        compose(load("baotou-2022"), template=str(folder))
