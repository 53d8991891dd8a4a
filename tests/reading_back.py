"""Reading finished files back: their text as a person would read it, and the numbers in it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pypdfium2
from lxml import etree

EAST_ASIAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
"""Chinese characters and punctuation."""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pdf_pages(data: bytes) -> list[str]:
    """Return the text of each page of a PDF, one line break for each in the file."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def docx_text(data: bytes) -> str:
    """Return the text of a Word file's body, a paragraph a line, and its pictures' alternative texts."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    lines = []
    for paragraph in root.iter(f"{WORD}p"):
        lines.append("".join(_piece(node) for node in paragraph.iter()))
    alternatives = [node.get("descr", "") for node in root.iter() if node.tag.endswith("}docPr")]
    return "\n".join([*lines, *alternatives])


def _piece(node: ElementTree.Element) -> str:
    if node.tag == f"{WORD}t":
        return node.text or ""
    return {f"{WORD}br": "\n", f"{WORD}tab": "\t"}.get(node.tag, "")


def html_text(data: bytes) -> str:
    """Return the text of an HTML file's body, elements that stand on lines of their own apart."""
    from lxml import html

    body = html.document_fromstring(data).body
    for element in body.iter("style", "title"):
        element.drop_tree()
    own = {
        "p",
        "li",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "figcaption",
        "caption",
        "dt",
        "dd",
        "div",
        "span",
        "summary",
    }
    pieces = []
    for event, node in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            pieces.append(("\n" if node.tag in own - {"span"} else "") + (node.text or ""))
        else:
            pieces.append(("\n" if node.tag in own - {"span"} else "") + (node.tail or ""))
    return "".join(pieces)


def flat(text: str) -> str:
    """Return the text with every run of white space as one space: lines break elsewhere in each format.

    Beside a Chinese character there is none: lines break there too.
    """
    return re.sub(f" ?([{EAST_ASIAN}]) ?", r"\1", " ".join(text.split()))


def numbers(text: str) -> set[str]:
    """Return every number of a text as it is written, without what stands around it."""
    return set(re.findall(r"[−+]?\d[\d,.]*\d|\d", text))
