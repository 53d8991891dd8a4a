"""A PDF and a Word file of one briefing: pair.py PDF_PROGRAM WORD_PROGRAM STEM NUMBER."""

import importlib
import sys

import charts
import content


def build(pdf, word, brief, stem):
    """Write both; PNG charts are drawn once where both take them."""
    png = charts.render_all(brief, "png")
    if pdf.__name__ == "by_reportlab":
        pdf.build(brief, stem + ".pdf", png)
    else:
        pdf.build(brief, stem + ".pdf")
    word.build(brief, stem + ".docx", png)


if __name__ == "__main__":
    build(*map(importlib.import_module, sys.argv[1:3]), content.briefing(int(sys.argv[4])), sys.argv[3])
