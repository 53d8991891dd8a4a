"""The stylesheet: the theme as custom properties and page rule, then `style.css` as it stands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.render.html.palette import by_name, dark_palette, light_palette

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.theme import Colours, Page, Sizes, Theme

RULES = Path(__file__).with_name("style.css")


def stylesheet(briefing: Briefing, theme: Theme) -> str:
    """Return the rules for a `style` element; nothing in them can end it."""
    dark = _colours(dark_palette(theme.colours))
    return "\n".join(
        (
            f":root {{\n  color-scheme: light dark;\n{_colours(light_palette(theme.colours))}}}",
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{\n{dark}}} }}",
            f":root {{\n{_sizes(theme.sizes)}}}",
            _page(briefing, theme.page),
            RULES.read_text("utf-8"),
        )
    )


def _colours(colours: Colours) -> str:
    return "".join(f"  --{name}: {colour};\n" for name, colour in by_name(colours).items())


def _sizes(sizes: Sizes) -> str:
    return "".join(
        f"  --size-{name.replace('_', '-')}: {size:g}pt;\n" for name, size in asdict(sizes).items()
    )


def _page(briefing: Briefing, page: Page) -> str:
    """Return the rule for paper: size and margins of the theme, head and foot of the briefing."""
    number = _string(briefing.page_pattern)
    for field, counter in (("{page}", "counter(page)"), ("{pages}", "counter(pages)")):
        number = number.replace(_escape(field), f'" {counter} "')
    left, right = map(_string, briefing.running_head)
    furniture = "font: 8pt var(--sans); color: #555;"
    return f"""@page {{
  size: {page.width:g}mm {page.height:g}mm;
  margin: {page.top:g}mm {page.right:g}mm {page.bottom:g}mm {page.left:g}mm;
  @top-left {{ content: {left}; {furniture} }}
  @top-right {{ content: {right}; {furniture} }}
  @bottom-left {{ content: {_string(briefing.footer)}; {furniture} }}
  @bottom-right {{ content: {number}; {furniture} }}
}}
@page :first {{ @top-left {{ content: none; }} @top-right {{ content: none; }} }}"""


def _string(words: str) -> str:
    return f'"{_escape(words)}"'


def _escape(words: str) -> str:
    """Return words for a CSS string: all but letters, digits and spaces by their numbers.

    The space after a number ends it and is not shown (CSS Syntax Module, section 4.3.7).
    """
    return "".join(
        character if character == " " or character.isalnum() else f"\\{ord(character):x} "
        for character in " ".join(words.split())
    )
