"""Typst, with SVG charts and one compiler for all briefings, as its Python package advises."""

import atexit
import functools
import json
import pathlib
import shutil
import sys
import tempfile

import typst

import charts
import content

HERE = pathlib.Path(__file__).parent


@functools.cache
def workplace():
    folder = pathlib.Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, True)
    main = folder / "main.typ"
    shutil.copy(HERE / "templates" / "briefing.typ", main)
    (folder / "data.json").write_text("{}")
    return folder, typst.Compiler(str(main), root=str(folder))


def build(brief, out, svg=None):
    folder, compiler = workplace()
    for name, data in (svg or charts.render_all(brief, "svg")).items():
        (folder / f"{name}.svg").write_bytes(data)
    (folder / "data.json").write_text(json.dumps(brief))
    compiler.compile(output=out)


if __name__ == "__main__":
    build(content.briefing(int(sys.argv[2])), sys.argv[1])
