"""Markdown becomes blocks; tokens come through whole; what a briefing cannot hold is refused."""

from __future__ import annotations

import pytest

from zonereport.briefing.blocks import Callout, Heading, Listing, PageBreak, Paragraph, Quote, Run
from zonereport.briefing.markdown import Tokens, merge, to_blocks
from zonereport.errors import TemplateError


def blocks(source: str, tokens: Tokens | None = None) -> tuple[object, ...]:
    return to_blocks(source, tokens or Tokens(), lambda name: (Paragraph((Run(f"chart {name}"),)),))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Title", Heading(0, (Run("Title"),), "heading-1")),
        ("### Deep", Heading(2, (Run("Deep"),), "heading-1")),
        ("plain *em* **strong**",
         Paragraph((Run("plain "), Run("em", emphasis=True), Run(" "), Run("strong", strong=True)))),
        ("two\nlines", Paragraph((Run("two lines"),))),
        ("a  \nb", Paragraph((Run("a\nb"),))),
        ("- a\n- b", Listing(((Paragraph((Run("a"),)),), (Paragraph((Run("b"),)),)))),
        ("1. a", Listing(((Paragraph((Run("a"),)),),), ordered=True)),
        ("- a\n  - b", Listing(((Paragraph((Run("a"),)), Listing(((Paragraph((Run("b"),)),),))),))),
        ("> said", Quote((Paragraph((Run("said"),)),))),
        ("> [!box] Note\n>\n> text", Callout("Note", (Paragraph((Run("text"),)),))),
        ("---", PageBreak()),
        ("![](chart:x)", Paragraph((Run("chart x"),))),
        ("[site](https://example.org)", Paragraph((Run("site", href="https://example.org"),))),
        ("<b>kept as text</b>", Paragraph((Run("<b>kept as text</b>"),))),
    ],
)  # fmt: skip
def test_markdown_becomes_blocks(source: str, expected: object) -> None:
    assert blocks(source) == (expected,)


def test_a_token_within_a_line_becomes_its_runs_in_the_line_s_style() -> None:
    tokens = Tokens()
    token = tokens.keep((Run("*158* [x](y)", figure="innovation-platforms"),))
    assert blocks(f"has **{token}**.", tokens) == (
        Paragraph((Run("has "), Run("*158* [x](y)", strong=True, figure="innovation-platforms"), Run("."))),
    )


def test_a_token_alone_becomes_its_blocks() -> None:
    tokens = Tokens()
    token = tokens.keep((PageBreak(),))
    assert blocks(f"a\n\n{token}\n\nb", tokens) == (
        Paragraph((Run("a"),)),
        PageBreak(),
        Paragraph((Run("b"),)),
    )


def test_an_empty_token_alone_leaves_no_paragraph() -> None:
    tokens = Tokens()
    assert blocks(tokens.keep(()), tokens) == ()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("![](photo.png)", "is no chart"),
        ("![](https://example.org/x.png)", "is no chart"),
        ("text ![](chart:x) text", "stands within a paragraph"),
        ("[x](ftp://example.org/x)", "neither https"),
        ("[x](#heading)", "neither https"),
        ("```\ncode\n```", "cannot hold a Markdown `fence`"),
    ],
)
def test_what_a_briefing_cannot_hold_is_refused(source: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        blocks(source)


def test_blocks_within_a_line_are_refused() -> None:
    tokens = Tokens()
    with pytest.raises(TemplateError, match="stands within a line"):
        blocks(f"text {tokens.keep((PageBreak(),))} text", tokens)


def test_neighbours_of_one_style_are_one_run_but_figures_stay_apart() -> None:
    runs = [
        Run("a"),
        Run("b"),
        Run("1", figure="x"),
        Run("2", figure="x"),
        Run(""),
        Run("", ref="r"),
        Run("c"),
    ]
    assert merge(runs) == (
        Run("ab"),
        Run("1", figure="x"),
        Run("2", figure="x"),
        Run("", ref="r"),
        Run("c"),
    )
