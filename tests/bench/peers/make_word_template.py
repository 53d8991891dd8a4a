"""Writes the Word template that docxtpl fills: make_word_template.py FILE."""

import sys

import docx
from by_python_docx import add_field, page_setup, shade


def write(path):
    d = docx.Document()
    page_setup(d)
    d.add_heading("{{ title }}", 0)
    d.add_paragraph("{{ subtitle }}")
    d.add_paragraph("{{ author }}, {{ date }}")
    add_field(d.add_paragraph(), r'TOC \o "1-1" \h \z \u', "Update this field for the contents")
    d.add_paragraph("{%p for s in sections %}")
    d.add_heading("{{ s.title }}", 1)
    d.add_paragraph("{%p for p in s.paragraphs %}")
    d.add_paragraph("{{ p }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if s.table %}")
    d.add_paragraph("{{ s.table.caption }}", style="Caption")
    # rows: header cells, loop start, body cells, loop end; columns: loop start, cell, loop end
    t = d.add_table(4, 3, style="Table Grid")
    for row, cells in zip(
        t.rows,
        [
            ["{%tc for h in s.table.header %}", "{{ h }}", "{%tc endfor %}"],
            ["{%tr for row in s.table.rows %}", "", ""],
            ["{%tc for x in row %}", "{{ x }}", "{%tc endfor %}"],
            ["{%tr endfor %}", "", ""],
        ],
    ):
        for cell, text in zip(row.cells, cells):
            cell.text = text
    shade(t.rows[0].cells[1], "1F4E79")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p for c in s.charts %}")
    d.add_paragraph("{{ c.image }}")
    d.add_paragraph("{{ c.caption }}", style="Caption")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p endfor %}")
    d.save(path)


if __name__ == "__main__":
    write(sys.argv[1])
