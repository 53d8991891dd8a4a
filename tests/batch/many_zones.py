"""Generated zones with invented names: sound ones, broken ones, and ones that end the worker that draws them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ZONE = """
format = 1
[zone]
id = "{id}"
name = {{ en = "Testonia {id} Zone", zh = "测试园区{number}" }}
place = "Testonia"
[edition]
snapshot = {year}
date = "{year}-12-31"
[defaults]
source = "S"
as_of = {year}
period = {year}
currency = "EUR"
[sources.S]
title = "Invented for a test"
publisher = "Nobody"
date = {year}
[figures]
rd-personnel = {staff}
rd-projects = {projects}
invention-patents-held = {{ more_than = {patents} }}
industrial-output = {{ value = {output}, scale = "billion" }}
"""

DEADLY = "deadly"
SITECUSTOMIZE = f"""
import os, signal, time
import zonereport.api as api
render_all = api.render_all
def drawn(briefing, *arguments, **options):
    if "{DEADLY}" in briefing.zone:
        os.kill(os.getpid(), signal.SIGKILL)
    if "slow" in briefing.zone:
        time.sleep(600)
    return render_all(briefing, *arguments, **options)
api.render_all = drawn
"""
"""What Python runs first in every process: so the program that is shipped knows nothing of a test."""


def zone_text(id: str = "testonia-1", number: int = 1, year: int = 2002) -> str:
    """Return an invented zone file; another number has other figures."""
    return ZONE.format(
        id=id,
        number=number,
        year=year,
        staff=500 + number,
        projects=40 + number % 90,
        patents=70 + 3 * number,
        output=2 + number % 50,
    )


def write_zones(folder: Path, count: int, *, broken: int = 0, deadly: int = 0) -> set[str]:
    """Write so many zone files, the broken and the deadly spread evenly; return the names of these."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = ["broken"] * broken + [DEADLY] * deadly
    bad = {count * (2 * place + 1) // (2 * len(kinds)): kind for place, kind in enumerate(kinds)}
    for number in range(count):
        kind = bad.get(number, "testonia")
        text = zone_text(f"{kind}-{number:04}", number)
        text = text.replace("rd-personnel = ", "rd-personnel = three") if kind == "broken" else text
        (folder / f"{kind}-{number:04}.toml").write_text(text, "utf-8")
    return {f"{kind}-{number:04}.toml" for number, kind in bad.items()}


def command(*arguments: object) -> list[str]:
    """Return the command line of a batch in a process of its own."""
    return [sys.executable, "-m", "zonereport", "batch", *map(str, arguments)]


def environment(hook: Path | None = None, code: str = SITECUSTOMIZE) -> dict[str, str]:
    """Return this process's environment; with a hook, Python runs its code first: deadly zones kill."""
    path = [str(Path(__file__).parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
    if hook:
        hook.mkdir(exist_ok=True)
        (hook / "sitecustomize.py").write_text(code, "utf-8")
        path.insert(0, str(hook))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))}


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder of output by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
