"""docxtpl, from the Word template that make_word_template.py writes, with PNG charts of 200 dpi."""

import io
import sys

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

import charts
import content

TEMPLATE = "build/bench/briefing.docx"


def build(brief, out, png=None):
    png = png or charts.render_all(brief, "png")
    doc = DocxTemplate(TEMPLATE)
    sections = [
        {
            **s,
            "charts": [
                {**c, "image": InlineImage(doc, io.BytesIO(png[c["name"]]), width=Mm(160))}
                for c in s["charts"]
            ],
        }
        for s in brief["sections"]
    ]
    doc.render({**brief, "sections": sections}, autoescape=True)
    doc.save(out)


if __name__ == "__main__":
    build(content.briefing(int(sys.argv[2])), sys.argv[1])
