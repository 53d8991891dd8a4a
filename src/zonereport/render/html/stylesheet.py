"""The stylesheet: the theme as custom properties and page rule, then `style.css` as it stands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.render.html.palette import by_name, dark_palette, light_palette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zonereport.briefing.blocks import Briefing
    from zonereport.theme import Colours, Fonts, Layout, Sizes, Theme

RULES = Path(__file__).with_name("style.css")


def stylesheet(briefing: Briefing, theme: Theme) -> str:
    """Return the rules for a `style` element; nothing in them can end it."""
    dark = _colours(dark_palette(theme.colours))
    return "\n".join(
        (
            f":root {{\n  color-scheme: light dark;\n{_colours(light_palette(theme.colours))}}}",
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{\n{dark}}} }}",
            f":root {{\n{_sizes(theme.sizes)}}}",
            f":root {{\n{_families(theme.fonts, briefing.language)}{_layout(theme.layout)}}}",
            _page(briefing, theme),
            RULES.read_text("utf-8"),
        )
    )


CHINESE = ("Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC")
"""What Chinese readers have, should they have none of the theme's families."""


def _families(fonts: Fonts, language: str) -> str:
    """Return the families to look for, the theme's first; what a system has comes after them.

    A page in another language needs no Chinese ones: their Latin letters would come before the system's.
    """
    names = [fonts.text]
    if language.partition("-")[0] == "zh":
        eastern = [name for name in fonts.east_asian if not Path(name).is_absolute()]
        names += [fonts.word, *eastern, *CHINESE]
    return f"  --families: {', '.join(map(_string, dict.fromkeys(names)))};\n"


def _layout(layout: Layout) -> str:
    """Return how titles and prose stand."""
    centred, justified = layout.title_align == "center", layout.body_align == "justify"
    return (
        f"  --title-align: {'center' if centred else 'start'};\n"
        f"  --title-margin: {'auto' if centred else '0'};\n"
        f"  --prose-align: {'justify' if justified else 'start'};\n"
        f"  --prose-hyphens: {'auto' if justified else 'manual'};\n"
        f"  --prose-indent: {layout.first_line_indent:g}em;\n"
        f"  --heading-indent: {layout.heading_indent:g}rem;\n"
        f"  --prose-gap: {'0' if layout.first_line_indent else '1em'};\n"
    )


def _colours(colours: Colours) -> str:
    return "".join(f"  --{name}: {colour};\n" for name, colour in by_name(colours).items())


def _sizes(sizes: Sizes) -> str:
    given = (f"  --size-{name.replace('_', '-')}: {size:g}pt;\n" for name, size in asdict(sizes).items())
    return f"{''.join(given)}  --leading: {sizes.leading / sizes.body:.3g};\n"


def _page(briefing: Briefing, theme: Theme) -> str:
    """Return the rules for paper: size and margins of the theme, head and foot of the briefing.

    The first page has a classification in its text already.
    """
    page = theme.page
    look = f"font: 8pt var(--sans); color: {theme.colours.muted};"
    left, right = map(_string, briefing.running_head)
    head = {"top-left": left, "top-center": _string(briefing.classification), "top-right": right}
    rules = [
        f"@page {{\n  size: {page.width:g}mm {page.height:g}mm;\n"
        f"  margin: {page.top:g}mm {page.right:g}mm {page.bottom:g}mm {page.left:g}mm;\n"
        f"{_boxes(head, look)}}}",
        f"@page :first {{\n{_boxes(dict.fromkeys(head, 'none'), '')}}}",
        *_foot(briefing, theme.layout, look),
    ]
    return "\n".join(rules)


def _foot(briefing: Briefing, layout: Layout, look: str) -> list[str]:
    """Return the rules for footer and page number, which may differ between left and right pages."""
    number, footer = _page_number(briefing), _string(briefing.footer)
    size = f" font-size: {layout.page_number_size:g}pt;" if layout.page_number_size else ""

    def rule(pages: str, footer_at: str, number_at: str) -> str:
        boxes = _boxes({f"bottom-{footer_at}": footer}, look) + _boxes(
            {f"bottom-{number_at}": number}, look + size
        )
        return f"@page{pages} {{\n{boxes}}}"

    if layout.page_number_at == "outer":
        return [rule(" :right", "left", "right"), rule(" :left", "right", "left")]
    return [rule("", "left", layout.page_number_at)]


def _page_number(briefing: Briefing) -> str:
    number = _string(briefing.page_pattern)
    for field, counter in (("{page}", "counter(page)"), ("{pages}", "counter(pages)")):
        number = number.replace(_escape(field), f'" {counter} "')
    return number


def _boxes(contents: Mapping[str, str], look: str) -> str:
    return "".join(f"  @{place} {{ content: {words}; {look} }}\n" for place, words in contents.items())


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
