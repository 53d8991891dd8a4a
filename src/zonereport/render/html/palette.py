"""The colours of the page by light and by dark, made from the theme's so that text keeps its contrast."""

from __future__ import annotations

import colorsys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from zonereport.theme import AA, AAA, INKS, contrast, luminance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.theme import Colours

MIDDLE = 0.179
"""The luminance that is as far from black as from white, by contrast."""

Rgb = tuple[float, float, float]


def light_palette(colours: Colours) -> Colours:
    """Return the theme's colours, text darkened where the theme's is too faint to read."""
    return _readable(colours, AA)


def dark_palette(colours: Colours) -> Colours:
    """Return the colours for light text on a dark page, of the theme's hues.

    The page is nearly black with a tinge of the ink; what shows figures is lightened until it stands
    out, and less saturated, because saturated colours glare on black. A theme of high contrast
    keeps it.
    """
    grounds = (colours.paper, colours.tint)
    least = min(contrast(by_name(colours)[name], ground) for name in INKS for ground in grounds)
    ink = _with_lightness(colours.ink, 0.91, 0.5)
    return _readable(
        replace(
            colours,
            paper=_with_lightness(colours.ink, 0.085, 0.9),
            tint=_with_lightness(colours.ink, 0.14, 0.9),
            rule=_with_lightness(colours.ink, 0.3, 0.8),
            ink=ink,
            muted=_with_lightness(colours.muted, 0.7, 0.9),
            accent=_with_lightness(colours.accent, 0.62, 0.62),
            second=_with_lightness(colours.second, 0.62, 0.8),
            third=_with_lightness(colours.third, 0.56, 0.9),
            light=_with_lightness(colours.light, 0.4, 0.75),
        ),
        AAA if least >= AAA else AA,
    )


def by_name(colours: Colours) -> dict[str, str]:
    """Return the colours by their names in a theme file."""
    return asdict(colours)


def _readable(colours: Colours, least: float) -> Colours:
    """Return the colours with all that text is written in of at least a contrast with page and tint."""
    grounds = (colours.paper, colours.tint)
    inks = {name: by_name(colours)[name] for name in INKS}
    return replace(colours, **{name: _reaching(ink, grounds, least) for name, ink in inks.items()})


def _reaching(colour: str, grounds: Sequence[str], least: float) -> str:
    """Return the colour as it is or, step by step, further from the grounds until text in it can be read."""
    _, lightness, _ = _hls(colour)
    step, end = (0.01, 1.0) if luminance(grounds[0]) < MIDDLE else (-0.01, 0.0)
    while min(contrast(colour, ground) for ground in grounds) < least and lightness != end:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _with_lightness(colour, lightness)
    return colour


def _with_lightness(colour: str, lightness: float, saturation: float = 1.0) -> str:
    """Return a colour of the same hue with a lightness, and its saturation multiplied."""
    hue, _, before = _hls(colour)
    return "#" + "".join(
        f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, before * saturation)
    )


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_rgb(colour))


def _rgb(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255
