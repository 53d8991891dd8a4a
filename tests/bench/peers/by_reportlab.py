"""ReportLab as its tutorial shows it, with PNG charts of 200 dpi."""

import io
import sys
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    Image,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

import charts
import content

STYLES = getSampleStyleSheet()
CAPTION = ParagraphStyle("Caption", STYLES["Normal"], alignment=TA_CENTER, fontSize=8.5)
GRID = TableStyle(
    [
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#1f4e79")),
        ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
        ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#bbbbbb")),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor("#eef3f8")]),
    ]
)


class Doc(BaseDocTemplate):
    def afterFlowable(self, flowable):
        if getattr(flowable, "style", None) is STYLES["Heading1"]:
            self.notify("TOCEntry", (0, escape(flowable.getPlainText()), self.page))


def footer(canvas, doc):
    canvas.setFont("Helvetica", 8)
    canvas.drawCentredString(A4[0] / 2, 12 * mm, str(canvas.getPageNumber()))


def build(brief, out, png=None):
    png = png or charts.render_all(brief, "png")
    story = [
        Paragraph(brief["title"], STYLES["Title"]),
        Paragraph(brief["subtitle"], CAPTION),
        Paragraph(f"{brief['author']}, {brief['date']}", CAPTION),
        Spacer(1, 12),
        TableOfContents(),
        Spacer(1, 12),
    ]
    for i, s in enumerate(brief["sections"], 1):
        story.append(Paragraph(escape(f"{i}. {s['title']}"), STYLES["Heading1"]))
        for p in s["paragraphs"]:
            story += [Paragraph(escape(p), STYLES["BodyText"])]
        if s["table"]:
            t = s["table"]
            n = len(t["header"])
            widths = [160 * mm * 2 / (n + 1)] + [160 * mm / (n + 1)] * (n - 1)
            story += [
                Paragraph(t["caption"], CAPTION),
                Table(
                    [t["header"], *t["rows"]],
                    colWidths=widths,
                    style=GRID,
                    repeatRows=1,
                    spaceBefore=4,
                    spaceAfter=8,
                ),
            ]
        for c in s["charts"]:
            story += [
                Image(io.BytesIO(png[c["name"]]), 160 * mm, 160 * mm * 2.8 / 6.3),
                Paragraph(c["caption"], CAPTION),
                Spacer(1, 8),
            ]
    doc = Doc(out, pagesize=A4, title=brief["title"], author=brief["author"])
    doc.addPageTemplates(
        PageTemplate("page", [Frame(25 * mm, 25 * mm, 160 * mm, 247 * mm, 0, 0, 0, 0)], onPage=footer)
    )
    doc.multiBuild(story)


if __name__ == "__main__":
    build(content.briefing(int(sys.argv[2])), sys.argv[1])
