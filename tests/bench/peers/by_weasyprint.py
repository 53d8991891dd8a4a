"""WeasyPrint, from an HTML template of Jinja with SVG charts."""

import base64
import pathlib
import sys

import jinja2
import weasyprint

import charts
import content

HERE = pathlib.Path(__file__).parent
TEMPLATE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True
).get_template("briefing.html")


def build(brief, out, svg=None):
    svg = svg or charts.render_all(brief, "svg")
    src = {name: "data:image/svg+xml;base64," + base64.b64encode(data).decode() for name, data in svg.items()}
    html = TEMPLATE.render(b=brief, src=src)
    weasyprint.HTML(string=html).write_pdf(out)


if __name__ == "__main__":
    build(content.briefing(int(sys.argv[2])), sys.argv[1])
