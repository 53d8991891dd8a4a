"""How a message looks: styles in line, as mail programs want them, and one small stylesheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zonereport.render.html.palette import dark_palette, light_palette
from zonereport.render.html.stylesheet import CHINESE

if TYPE_CHECKING:
    from zonereport.theme import Theme

_ROLES = {
    "title": ("ink", "margin:0 0 4px;font-size:24px;line-height:32px;font-weight:bold"),
    "subtitle": ("muted", "margin:0 0 20px;font-size:16px;line-height:24px"),
    "mark": ("muted", "margin:0 0 12px;font-size:14px;line-height:20px;font-weight:bold"),
    "heading": ("accent", "margin:24px 0 8px;font-size:18px;line-height:26px;font-weight:bold"),
    "body": ("ink", "margin:0 0 16px;font-size:16px;line-height:24px"),
    "lead": ("ink", "margin:0 0 16px;font-size:18px;line-height:26px"),
    "note": ("muted", "margin:0 0 12px;font-size:13px;line-height:19px"),
    "list": ("ink", "margin:0 0 16px;padding:0 0 0 22px;font-size:16px;line-height:24px"),
    "item": ("ink", "margin:0 0 6px;font-size:16px;line-height:24px"),
    "value": ("accent", "margin:0;font-size:22px;line-height:28px;font-weight:bold"),
    "label": ("ink", "margin:0;font-size:16px;line-height:22px;font-weight:bold"),
    "remark": ("muted", "margin:0;font-size:13px;line-height:19px"),
    "caption": ("ink", "margin:8px 0 2px;font-size:16px;line-height:22px;font-weight:bold"),
    "link": ("accent", "text-decoration:underline"),
    "head": ("ink", "padding:6px 8px 6px 0;font-size:13px;line-height:19px;font-weight:bold"),
    "cell": ("ink", "padding:6px 8px 6px 0;font-size:13px;line-height:19px"),
}
"""The colour and the rest of the style of each kind of text; a mail program may drop any stylesheet."""


class Look:
    """The styles of a message in a theme's colours and fonts."""

    def __init__(self, theme: Theme, language: str) -> None:
        self.light, self.dark = light_palette(theme.colours), dark_palette(theme.colours)
        self.families = _families(theme, language)

    def text(self, role: str) -> dict[str, str]:
        """Return class and style of an element of text; the class gives it its colour by dark."""
        colour, style = _ROLES[role]
        shown = f"color:{getattr(self.light, colour)}"
        family = "" if role == "link" else f";font-family:{self.families}"
        return {"class_": colour, "style": f"{style};{shown}{family}"}

    def ground(self, name: str, style: str = "") -> dict[str, str]:
        """Return class and style of what has a colour of its own behind it: `paper` or `tint`."""
        colour = getattr(self.light, name)
        return {"class_": name, "bgcolor": colour, "style": f"background-color:{colour};{style}".rstrip(";")}

    def rule(self, side: str, style: str = "") -> dict[str, str]:
        """Return class and style of a cell with a line at one side."""
        return {"class_": "rule", "style": f"border-{side}:1px solid {self.light.rule};{style}".rstrip(";")}

    def stylesheet(self) -> str:
        """Return what cannot stand in line: colours by dark, and less margin on a phone."""
        dark = self.dark
        inks = "".join(
            f".{name}{{color:{getattr(dark, name)}!important}}" for name in ("ink", "muted", "accent")
        )
        grounds = "".join(
            f".{name}{{background-color:{getattr(dark, name)}!important}}" for name in ("paper", "tint")
        )
        return (
            ":root{color-scheme:light dark;supported-color-schemes:light dark}"
            "img{border:0}"
            f"@media (prefers-color-scheme:dark){{{inks}{grounds}.rule{{border-color:{dark.rule}!important}}"
            ".sheet{padding:8px}}"
            "@media (max-width:480px){.inner{padding:20px 16px!important}.outer{padding:0!important}"
            ".value{font-size:19px!important;line-height:26px!important}}"
        )


def _families(theme: Theme, language: str) -> str:
    """Return the font families, first those that a theme knows its readers to have.

    Outlook takes Times where the first one is missing.
    """
    fonts = theme.fonts
    names = [fonts.word, fonts.text, "Segoe UI", "Arial"]
    if language.partition("-")[0] == "zh":
        names = [fonts.word_east_asian, *CHINESE, *names]
    plain = (re.sub(r"[^\w .-]", "", name) for name in dict.fromkeys(names))
    return ",".join([*(f"'{name}'" for name in plain), "sans-serif"])
