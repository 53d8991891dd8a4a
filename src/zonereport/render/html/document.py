"""The whole page: its head, its stylesheet, and the parts that a reader moves between."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Contents, TitleBlock
from zonereport.render.html.blocks import Setter
from zonereport.render.html.elements import Markup, element, join, void
from zonereport.render.html.stylesheet import stylesheet
from zonereport.render.html.text import language_code

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style
    from zonereport.theme import Theme

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page may load: nothing but itself (Content Security Policy, level 3)."""


def write_html(briefing: Briefing, style: Style) -> bytes:
    """Return the briefing as one HTML file in UTF-8, the same bytes for the same input."""
    page = element(
        "html",
        _head(briefing, style.theme),
        element("body", join(_body(briefing, style), "\n")),
        lang=language_code(briefing.language),
    )
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _head(briefing: Briefing, theme: Theme) -> Markup:
    named = {
        "viewport": "width=device-width, initial-scale=1",
        "color-scheme": "light dark",
        "description": briefing.subject,
        "author": briefing.author,
        "keywords": ", ".join(briefing.keywords),
        "date": briefing.date.isoformat(),
        "generator": "zonereport",
        "referrer": "no-referrer",
    }
    policy = Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">')
    title = " – ".join(part for part in (briefing.title, briefing.subject) if part)
    parts = [
        void("meta", charset="utf-8"),
        policy,
        *(void("meta", name=name, content=content) for name, content in named.items() if content),
        element("title", title),
        element("style", Markup(f"\n{stylesheet(briefing, theme)}")),
    ]
    return element("head", Markup("\n"), join(parts, "\n"), Markup("\n"))


def _classification(briefing: Briefing) -> Markup:
    words = briefing.classification
    return element("p", words, class_="classification") if words else Markup()


def _logo(briefing: Briefing) -> Markup:
    """Return the logo with its data: the page loads nothing."""
    logo = briefing.logo
    if logo is None:
        return Markup()
    source = f"data:{logo.media_type};base64,{b64encode(logo.data).decode()}"
    size = f"width: {logo.width:g}mm; aspect-ratio: {logo.width:g} / {logo.height:g}"
    return void("img", src=source, alt=logo.alt, class_="logo", style=size)


def _body(briefing: Briefing, style: Style) -> list[Markup]:
    """Return header, main part and footer; the contents stand beside the text where there is room."""
    setter = Setter(style, briefing)
    first, rest = briefing.blocks[:1], briefing.blocks[1:]
    if not (first and isinstance(first[0], TitleBlock)):
        first, rest = (TitleBlock(briefing.title, briefing.subject, ()),), briefing.blocks
    place = next((i for i, block in enumerate(rest) if isinstance(block, Contents)), None)
    marks = [_classification(briefing), _logo(briefing)]
    header = element("header", *(mark for mark in marks if mark), setter.set(first), class_="masthead")
    before = setter.set(rest[: place or 0])
    nav = setter.set(rest[place : place + 1]) if place is not None else Markup()
    after = setter.set(rest[place + 1 :] if place is not None else rest)
    parts = [
        element("div", before, class_="opening") if before else Markup(),
        nav,
        element("div", after, setter.notes(briefing.notes_title), class_="text"),
    ]
    main = element("main", join([part for part in parts if part], "\n"), class_="beside" if nav else None)
    footer = [element("footer", element("p", briefing.footer))] if briefing.footer else []
    return [header, main, *footer]
