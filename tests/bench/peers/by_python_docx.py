"""python-docx as its guide shows it, with PNG charts of 200 dpi."""

import io
import sys

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor

import charts
import content


def add_field(paragraph, code, shown=""):
    """A Word field (PAGE, TOC); Word fills it in when it opens the file."""
    for kind, text in (("begin", None), (None, code), ("separate", None), ("t", shown), ("end", None)):
        run = paragraph.add_run()
        if kind == "t":
            run.text = text
        elif kind:
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            run._r.append(char)
        else:
            instr = OxmlElement("w:instrText")
            instr.set(qn("xml:space"), "preserve")
            instr.text = text
            run._r.append(instr)


def page_setup(d):
    sec = d.sections[0]
    sec.page_width, sec.page_height = Mm(210), Mm(297)
    sec.left_margin = sec.right_margin = sec.top_margin = sec.bottom_margin = Mm(25)
    footer = sec.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_field(footer, "PAGE", "1")


def shade(cell, color):
    shd = OxmlElement("w:shd")
    shd.set(qn("w:val"), "clear")
    shd.set(qn("w:fill"), color)
    cell._tc.get_or_add_tcPr().append(shd)


def add_table(d, table):
    d.add_paragraph(table["caption"], style="Caption")
    t = d.add_table(rows=1, cols=len(table["header"]), style="Table Grid")
    for cell, text in zip(t.rows[0].cells, table["header"]):
        run = cell.paragraphs[0].add_run(text)
        run.bold = True
        run.font.color.rgb = RGBColor(255, 255, 255)
        shade(cell, "1F4E79")
    for values in table["rows"]:
        for i, (cell, text) in enumerate(zip(t.add_row().cells, values)):
            cell.text = text
            if i:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def build(brief, out, png=None):
    png = png or charts.render_all(brief, "png")
    d = docx.Document()
    page_setup(d)
    d.core_properties.title = brief["title"]
    d.core_properties.author = brief["author"]
    d.add_heading(brief["title"], 0)
    d.add_paragraph(brief["subtitle"])
    d.add_paragraph(f"{brief['author']}, {brief['date']}")
    add_field(d.add_paragraph(), r'TOC \o "1-1" \h \z \u', "Update this field for the contents")
    for s in brief["sections"]:
        d.add_heading(s["title"], 1)
        for p in s["paragraphs"]:
            d.add_paragraph(p)
        if s["table"]:
            add_table(d, s["table"])
        for c in s["charts"]:
            d.add_picture(io.BytesIO(png[c["name"]]), width=Mm(160))
            d.add_paragraph(c["caption"], style="Caption")
    d.save(out)


if __name__ == "__main__":
    build(content.briefing(int(sys.argv[2])), sys.argv[1])
