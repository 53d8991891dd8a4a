"""Who may import whom, who prints, and what stays unloaded until something is drawn."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SRC = Path(__file__).parents[1] / "src"

MAY_IMPORT = {
    "errors": set(),
    "resources": set(),
    "files": {"errors"},
    "fonts": {"errors", "resources"},
    "theme": {"errors", "resources"},
    "zone": {"errors", "resources"},
    "measures": {"zone"},
    "scrutiny": {"measures", "zone", "errors"},
    "language": {"zone", "errors", "resources"},
    "entries": {"measures", "zone"},
    "changes": {"entries", "measures", "zone"},
    "peers": {"measures", "zone"},
    "league": {"peers", "measures", "zone"},
    "quotients": {"peers", "measures", "zone"},
    "wording": {"changes", "entries", "peers", "language", "measures", "zone"},
    "series": {"measures", "zone"},
    "years": {"series", "wording", "language", "zone"},
    "charts": {"peers", "years", "wording", "series", "language", "measures", "zone", "theme", "fonts"},
    "briefing": {
        "changes",
        "series",
        "years",
        "peers",
        "league",
        "quotients",
        "theme",
        "fonts",
        "charts",
        "wording",
        "language",
        "measures",
        "zone",
        "errors",
        "resources",
    },
    "comparison": {"briefing", "changes", "entries", "wording", "language", "measures", "zone"},
    "render": {"briefing", "charts", "theme", "fonts", "errors"},
    "api": {
        "comparison",
        "changes",
        "peers",
        "render",
        "briefing",
        "charts",
        "language",
        "measures",
        "zone",
        "theme",
        "fonts",
        "errors",
        "resources",
    },
    "mail": {"api", "render", "briefing", "language", "measures", "zone", "files", "errors"},
    "preview": {"api", "render", "briefing", "language", "zone", "theme", "errors", "resources"},
    "configuration": {"mail", "files", "errors"},
    "inputs": {"briefing", "language", "zone", "theme", "files", "errors", "resources"},
    "archive": {"inputs", "api", "render", "briefing", "zone", "files", "errors", "resources"},
    "batch": {
        "inputs",
        "api",
        "render",
        "briefing",
        "language",
        "zone",
        "theme",
        "fonts",
        "files",
        "errors",
        "resources",
    },
    "commands": {
        "configuration",
        "batch",
        "archive",
        "mail",
        "api",
        "render",
        "briefing",
        "language",
        "measures",
        "zone",
        "theme",
        "files",
        "errors",
        "resources",
    },
    "cli": {
        "commands",
        "archive",
        "api",
        "preview",
        "render",
        "briefing",
        "scrutiny",
        "zone",
        "files",
        "errors",
    },
    "__main__": {"cli"},
}
"""Each part and the parts it may know, annotations included; every one stands below it in this list."""

SUBJECTLESS = {"utils", "util", "helpers", "helper", "common", "misc"}

HEAVY = {"matplotlib", "reportlab", "docx", "fontTools", "numpy", "PIL", "lxml"}
"""Libraries that only drawing needs: `--help`, `zones` and `check` answer without them."""


@cache
def modules() -> dict[str, ast.Module]:
    """All modules, by name: `zonereport.charts.bars`, and `zonereport.charts` for its `__init__`."""
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text("utf-8"))
    return found


def imports(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Yield what is imported; `from package import module` is the module, `from module import name` too."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are written in full"
            module = node.module or ""
            for name in node.names:
                whole = f"{module}.{name.name}"
                yield whole if whole in modules() else module


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when a module is imported: no function's body, no `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        is_function = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        if is_function or (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            continue
        yield child
        yield from at_import(child)


def part(module: str) -> str:
    """`zonereport.charts.bars` is of the part `charts`."""
    return [*module.split("."), ""][1]


INNER = [name for name in modules() if name != "zonereport"]


def test_the_parts_stand_in_order() -> None:
    below: set[str] = set()
    for name, allowed in MAY_IMPORT.items():
        assert allowed <= below, f"{name} knows what stands above it: {allowed - below}"
        below.add(name)


def test_every_part_has_its_line_and_every_line_its_part() -> None:
    assert {part(name) for name in INNER} == set(MAY_IMPORT)


def test_no_permission_is_left_unused() -> None:
    used: dict[str, set[str]] = {name: set() for name in MAY_IMPORT}
    for name in INNER:
        ours = {
            part(other) for other in imports(ast.walk(modules()[name])) if other.startswith("zonereport.")
        }
        used[part(name)] |= ours - {part(name)}
    assert used == MAY_IMPORT


@pytest.mark.parametrize("name", INNER)
def test_a_module_imports_only_what_its_part_may_know(name: str) -> None:
    ours = [other for other in imports(ast.walk(modules()[name])) if other.split(".")[0] == "zonereport"]
    assert "zonereport" not in ours, "nothing imports the package's root"
    assert {part(other) for other in ours} - {part(name)} <= MAY_IMPORT[part(name)]


def test_the_package_root_imports_nothing_until_it_is_asked() -> None:
    assert [
        name for name in imports(at_import(modules()["zonereport"])) if name.startswith("zonereport")
    ] == []


def test_modules_do_not_import_each_other_in_circles() -> None:
    graph = {
        name: {other for other in imports(at_import(tree)) if other in modules()}
        for name, tree in modules().items()
    }
    assert set(TopologicalSorter(graph).static_order()) == set(modules())


def test_the_formats_do_not_know_each_other() -> None:
    for name in INNER:
        for one, other in (("pdf", "word"), ("word", "pdf")):
            if name.startswith(f"zonereport.render.{one}"):
                known = set(imports(ast.walk(modules()[name])))
                assert not {found for found in known if found.startswith(f"zonereport.render.{other}")}, name


@pytest.mark.parametrize("name", [name for name in modules() if name != "zonereport.commands.terminal"])
def test_only_the_module_of_the_terminal_prints(name: str) -> None:
    for node in ast.walk(modules()[name]):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                pytest.fail(f"{name}:{node.lineno} prints")
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr"):
                pytest.fail(f"{name}:{node.lineno} writes to the terminal")


def test_a_module_is_named_after_its_subject() -> None:
    assert not {piece for name in modules() for piece in name.split(".")} & SUBJECTLESS


def test_heavy_libraries_are_imported_at_the_top_only_by_the_renderers() -> None:
    at_top = {
        name
        for name, tree in modules().items()
        if {other.split(".")[0] for other in imports(at_import(tree))} & HEAVY
    }
    assert at_top
    assert not {
        name for name in at_top if not name.startswith(("zonereport.render.pdf.", "zonereport.render.word."))
    } - {"zonereport.charts.picture", "zonereport.charts.figure"}


def test_matplotlib_is_imported_by_one_helper_and_that_when_its_figures_are_asked_for() -> None:
    def who_imports(wanted: str, within: Callable[[ast.AST], Iterator[ast.AST]]) -> set[str]:
        return {
            name
            for name, tree in modules().items()
            if any(f"{other}.".startswith(f"{wanted}.") for other in imports(within(tree)))
        }

    assert who_imports("matplotlib", at_import) == {"zonereport.charts.figure"}
    assert who_imports("matplotlib", ast.walk) == {"zonereport.charts.figure", "zonereport.api"}
    assert who_imports("zonereport.charts.figure", ast.walk) == {"zonereport.api"}
    assert who_imports("zonereport.charts.figure", at_import) == set()


PROBE = """
import runpy, sys
try:
    runpy.run_module("zonereport", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(sys.modules))
"""


MAIL_PROBE = """
import sys
from zonereport.api import compose, load, render_mail
assert render_mail(compose(load("baotou-2022"), template="message")).images
print("loaded:", *sorted(sys.modules))
"""


def loaded_by(*arguments: str, probe: str = PROBE) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", probe, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith("loaded:")
    return set(last.split()[1:])


def drawn_by(format: str, folder: Path) -> set[str]:
    """Return what is loaded to write a format once fonts and outlines are kept."""
    arguments = ("generate", "-q", "-f", format, "-o", str(folder))
    loaded_by(*arguments)
    return loaded_by(*arguments)


@pytest.mark.parametrize("arguments", [["--help"], ["zones"], ["check", "baotou-2022"], ["schema"]])
def test_a_command_that_draws_nothing_loads_no_heavy_library(arguments: list[str]) -> None:
    assert not loaded_by(*arguments) & HEAVY


def test_no_format_needs_matplotlib_or_reads_fonts(tmp_path: Path) -> None:
    assert drawn_by("pdf", tmp_path) & HEAVY == {"reportlab", "PIL"}
    assert drawn_by("docx", tmp_path) & HEAVY == {"docx", "lxml", "PIL"}
    assert drawn_by("html", tmp_path) & HEAVY == set()
    loaded_by(probe=MAIL_PROBE)
    assert loaded_by(probe=MAIL_PROBE) & HEAVY == {"PIL"}
