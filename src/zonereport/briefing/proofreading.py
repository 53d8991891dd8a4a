"""Reading a template's text in one language without filling it in: what it names, and its mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, nodes

from zonereport.briefing.comparing import SUBJECTS
from zonereport.briefing.hints import explain_syntax, hint_for, located
from zonereport.briefing.prose import read_prose
from zonereport.briefing.sandbox import MAX_NESTING, SandboxedEnvironment, check_tree, without_tag_lines
from zonereport.briefing.template import read_text
from zonereport.briefing.vocabulary import ENTRIES, FUNCTIONS, VARIABLES
from zonereport.charts.registry import CHARTS
from zonereport.errors import Problem, TemplateError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from zonereport.briefing.hints import Finding
    from zonereport.briefing.prose import Mark
    from zonereport.briefing.template import Template
    from zonereport.zone.model import Zone

MAX_PARTS = 200
"""Parts put in, one after another or within each other: more is a circle."""
ANYTHING = "*"
"""Among what has been asked for: a macro may be called where whatever it says has been."""

ANY_LEVEL = frozenset(range(6))
"""What the last heading may be where that cannot be told."""

ENVIRONMENT = SandboxedEnvironment()
_IMPLIES_BEFORE = frozenset({"before", "comparable", "compared", "unlike", "unlike_over_years"})
_EMPTY = "`before` is empty without an earlier snapshot"


@dataclass(frozen=True, slots=True)
class Subjects:
    """The ids that a template may name, by kind of subject."""

    known: Mapping[str, Collection[str]]

    def problem(self, kind: str, id: str, line: int) -> Problem | None:
        """Return what is wrong with an id where a kind of subject is expected."""
        kind = "indicator" if kind == "figure" else kind
        if kind not in self.known or id in self.known[kind]:
            return None
        word = "indicator, section or list" if kind == "subject" else kind
        listed = "`zonereport indicators` lists them" if kind in ("indicator", "subject") else ""
        hint = did_you_mean(id, self.known[kind]) or listed or f"there are {', '.join(self.known[kind])}"
        return Problem(f"unknown {word} `{id[:60]}`", line=line, hint=hint)


def find_subjects(zones: Iterable[Zone]) -> Subjects:
    """Return the ids of the indicators, sections and lists of zones, and of the charts."""
    indicators = {id: 0 for zone in zones for id in zone.indicators}
    sections = {id: 0 for zone in zones for id in zone.sections}
    lists = {id: 0 for zone in zones for id in ("present-industries", "focus-sectors", *zone.lists)}
    return Subjects(
        {
            "indicator": indicators,
            "section": sections,
            "list": lists,
            "chart": CHARTS,
            "standing": SUBJECTS,
            "subject": indicators | sections | lists,
        }
    )


@dataclass
class Reading:
    """What a template's text in one language names, in reading order, and what is wrong with it."""

    template: Template
    language: str
    subjects: Subjects
    findings: set[Finding] = field(default_factory=set)
    parts: dict[str, Path] = field(default_factory=dict)
    """Every part that is put in, and its file."""
    texts: dict[str, str] = field(default_factory=dict)
    """Every file that was read, the template's own text first."""
    named: dict[str, dict[str, None]] = field(default_factory=dict)
    """What is named, by kind: `chart` (placed ones), `table` (calls), `figure`, `section`, `list`."""

    def note(self, kind: str, id: str) -> None:
        """Remember that the text names something of a kind."""
        self.named.setdefault(kind, {})[id] = None


def read_language(
    template: Template, language: str, subjects: Subjects, lines: Sequence[int] = ()
) -> Reading:
    """Return what is found in a template's text and parts in a language; `lines` are those of `sections`."""
    reading = Reading(template, language, subjects)
    walk = _Walk(reading)
    walk.read(template.file(language))
    for number, part in enumerate(template.sections):
        walk.file = str(template.settings)
        walk.include(part, lines[number] if number < len(lines) else 1)
    walk.finish(str(template.file(language)))
    for path in sorted((template.folder / language).glob("*.md")):
        if str(path) not in reading.texts:  # used by no text so far; its order among the others is open
            alone = _Walk(
                Reading(template, language, subjects), levels=set(ANY_LEVEL), assigned=walk.assigned
            )
            alone.read(path)
            alone.referred.clear()
            alone.finish(str(path))
            reading.findings |= alone.reading.findings
    return reading


@dataclass
class _Walk:
    """Goes through texts and parts in the order they are put together, branch by branch."""

    reading: Reading
    file: str = ""
    levels: set[int] = field(default_factory=lambda: {0})
    """Which level the last heading may have; 0 for none so far."""
    placed: frozenset[str] = frozenset()
    """Charts that are placed whatever the branch."""
    records: dict[str, str] = field(
        default_factory=lambda: {"zone": "zone", "before": "before", "peers": "peers"}
    )
    """Names with something behind a dot, and what they are an entry of."""
    assigned: dict[str, frozenset[str]] = field(default_factory=dict)
    """Names that the text itself gives, and what is asked for in them."""
    marks: dict[int, list[Mark]] = field(default_factory=dict)
    """The headings and charts of the file that is being read, by the node that they begin in."""
    open: list[str] = field(default_factory=list)
    """The parts that are being read, outermost first."""
    count: int = 0
    """How many parts were put in so far."""
    loops: int = 0
    """How many loops are open."""
    unknown: list[tuple[str, int, str, bool]] = field(default_factory=list)
    """File, line and name of what the vocabulary does not have, and whether it is called."""
    referred: list[tuple[str, int, str]] = field(default_factory=list)
    """File, line and chart of each reference."""

    def say(self, line: int, message: str, hint: str, file: str = "") -> None:
        """Note a finding on a line of the file that is being read, or of another."""
        self.reading.findings.add((file or self.file, Problem(message, line=line, hint=hint)))

    # Texts

    def read(self, path: Path) -> None:
        """Read a file at the place where it is put in."""
        outside = self.file, self.marks
        self.file = str(path)
        try:
            self._read(read_text(path))
        except TemplateError as error:
            self.levels = set(ANY_LEVEL)
            self.reading.findings.add(located(error, self.file))
        except (RecursionError, ValueError) as error:  # a thousand brackets, a number of a thousand digits
            self.levels = set(ANY_LEVEL)
            self.say(1, f"cannot be read: {str(error).lower()}", "say it in several shorter tags")
        self.file, self.marks = outside

    def _read(self, text: str) -> None:
        self.reading.texts[self.file] = text
        marks: tuple[Mark, ...] = ()
        try:
            prose = read_prose(text)
            self.reading.findings |= {(self.file, problem) for problem in prose.problems}
            marks = prose.marks
            tree = ENVIRONMENT.parse(without_tag_lines(text))
        except TemplateSyntaxError as error:
            self.say(*explain_syntax(text, error))
            self.levels = set(ANY_LEVEL)
            for mark in marks:
                self._mark(mark)
        else:
            self._check_tree(tree)
            self.marks = dict(_place(marks, tree))
            self.visit(tree, frozenset())

    def _check_tree(self, tree: nodes.Template) -> None:
        """Note what the sandbox refuses, the first in each statement."""
        for statement in tree.body:
            try:
                check_tree(nodes.Template([statement], lineno=statement.lineno))
            except TemplateSyntaxError as error:
                message, _, advice = str(error.message).partition("; ")
                self.say(error.lineno, message, advice or hint_for(message))

    def include(self, name: str, line: int) -> None:
        """Read a part at the place where it is put in."""
        template, language = self.reading.template, self.reading.language
        self.count += 1
        if name in self.open or self.count > MAX_PARTS:
            self.say(line, f"the part `{name}` is put into itself", "take out one of the two `include`")
            return
        try:
            path = template.part(language, name)
        except TemplateError as error:
            elsewhere = {path.stem for path in template.folder.glob("*/*.md")}
            if name not in elsewhere:  # else it is a part that lacks a language, and named as that
                self.say(line, error.message, error.hint)
            return
        self.reading.parts.setdefault(name, path)
        self.open.append(name)
        self.read(path)
        self.open.pop()

    def finish(self, main: str) -> None:
        """Say what only the whole shows: names that nothing gives, references to what is not placed."""
        for file, line, name, is_called in self.unknown:
            if name not in self.assigned:
                known = (*FUNCTIONS, *VARIABLES, *self.assigned)
                hint = did_you_mean(name, known) or "docs/templates.md lists what there is"
                self.say(line, f"unknown {'function' if is_called else 'variable'} `{name}`", hint, file)
        placed = self.reading.named.get("chart", {})
        for file, line, chart in self.referred:
            if chart in CHARTS and chart not in placed:
                hint = f"add `![](chart:{chart})`, or take out the reference"
                self.say(line, f"the chart `{chart}` is referred to, but not placed", hint, file)
        if self.levels == {0}:
            self.say(1, "expected a title", "begin the text by `# {{ zone.name }}`", main)

    # Headings and charts

    def _mark(self, mark: Mark) -> None:
        if not mark.level:
            self._place_chart(mark)
            return
        level, deepest = mark.level, max(self.levels)
        if deepest == 0 and level > 1:
            self.say(mark.line, "expected the title first", "begin the text by `# {{ zone.name }}`")
        elif level == 1 and 0 not in self.levels:
            self.say(mark.line, "a second title", "a section begins with `##`")
        elif level > deepest + 1:
            skipped = f"a heading of level {level} follows one of level {deepest}"
            self.say(mark.line, skipped, f"write `{'#' * (deepest + 1)}`, or put a heading between")
        self.levels = {level}

    def _place_chart(self, mark: Mark) -> None:
        if problem := self.reading.subjects.problem("chart", mark.chart, mark.line):
            self.reading.findings.add((self.file, problem))
        elif mark.chart in self.placed:
            hint = f'place it once, and refer to it by `{{{{ see("{mark.chart}") }}}}`'
            self.say(mark.line, f"the chart `{mark.chart}` is placed twice", hint)
        self.reading.note("chart", mark.chart)
        self.placed |= {mark.chart}

    # Tags and values

    def visit(self, node: nodes.Node, asked: frozenset[str]) -> None:
        """Look at a node and what is in it; `asked` is what the conditions around it have asked for."""
        for mark in self.marks.get(id(node), ()):
            self._mark(mark)
        match node:
            case nodes.If():
                self._if(node, asked)
            case nodes.For():
                self._for(node, asked)
            case nodes.Call(node=nodes.Name()):
                self._call(node, asked)
            case nodes.CondExpr():
                self._inside(node.iter_child_nodes(), asked | self._asked(node.test))
            case nodes.And():
                self._inside(node.iter_child_nodes(), asked | self._asked(node.left))
            case nodes.Macro():
                self.assigned[node.name] = frozenset()
                self._inside(node.iter_child_nodes(), frozenset({ANYTHING}))
            case _:
                self._look(node, asked)
                self._inside(node.iter_child_nodes(), asked)

    def _look(self, node: nodes.Node, asked: frozenset[str]) -> None:
        match node:
            case nodes.Assign(target=nodes.Name(name=name)):
                self.assigned[name] = self._asked(node.node)
            case nodes.Include(template=nodes.Const(value=str(name))):
                self.include(name, node.lineno)
            case nodes.Name():
                self._name(node)
            case nodes.Getattr():
                self._attribute(node.node, node.attr, node.lineno, asked)
            case nodes.Getitem(arg=nodes.Const(value=str(key))):
                self._attribute(node.node, key, node.lineno, asked)
            case nodes.Filter() | nodes.Test():
                self._filter(node)
            case nodes.Pow():
                self.say(node.lineno, "`**` is not known here", hint_for("small numbers only"))

    def _inside(self, inner: Iterable[nodes.Node], asked: frozenset[str]) -> None:
        for node in inner:
            self.visit(node, asked)

    def _if(self, node: nodes.If, asked: frozenset[str]) -> None:
        """Visit each branch from where the condition stands; what follows may come after any of them."""
        start, levels, placed = (self.levels, self.placed), set[int](), []
        for test, body in [*((case.test, case.body) for case in (node, *node.elif_)), (None, node.else_)]:
            self.levels, self.placed = start
            if test is not None:
                asked |= self._asked(test)
                self.visit(test, asked)
            self._inside(body, asked)
            levels |= self.levels
            placed.append(self.placed)
        self.levels, self.placed = levels, frozenset.intersection(*placed)

    def _for(self, node: nodes.For, asked: frozenset[str]) -> None:
        """Visit the body twice, as a loop does; what follows may come after none of it."""
        self.visit(node.iter, asked)
        asked |= self._asked(node.iter)
        self.visit(node.target, asked)
        outside, start = dict(self.records), (self.levels, self.placed)
        if isinstance(node.target, nodes.Name):
            self.records.pop(node.target.name, None)
            if entry := self._entry(node.iter):
                self.records[node.target.name] = entry
        if node.test is not None:
            self.visit(node.test, asked)
            asked |= self._asked(node.test)
        self.loops += 1
        for _ in range(2 if self.loops <= MAX_NESTING else 1):
            self._inside(node.body, asked)
        self.loops -= 1
        self.records = outside
        self.levels, self.placed = self.levels | start[0], start[1]
        self._inside(node.else_, asked)

    def _asked(self, test: nodes.Node) -> frozenset[str]:
        """Return what a condition asks for: the names in it, and the ids that it asks to be known."""
        found: set[str] = set()
        for node in (test, *test.find_all((nodes.Name, nodes.Call))):
            match node:
                case nodes.Name(name=name):
                    found |= {name, *self.assigned.get(name, ())}
                case nodes.Call(node=nodes.Name(name="known" | "together")):
                    found |= {id for argument in node.args for id in _texts(argument)}
        return frozenset(found)

    def _name(self, node: nodes.Name) -> None:
        name = node.name
        if node.ctx != "load":
            self.assigned.setdefault(name, frozenset())
        if name in self.assigned or name in VARIABLES or name == "loop":
            return
        if name in FUNCTIONS:
            written = f"write `{name}({', '.join(_shown(kind) for kind in FUNCTIONS[name])})`"
            self.say(node.lineno, f"`{name}` is a function", written)
        elif name not in ("caller", "varargs", "kwargs", *ENVIRONMENT.globals):
            self.unknown.append((self.file, node.lineno, name, False))

    def _attribute(self, of: nodes.Expr, key: str, line: int, asked: frozenset[str]) -> None:
        record = self._record(of)
        known = {**VARIABLES, **ENTRIES}.get(record, ())
        if not known:
            return
        name = of.name if isinstance(of, nodes.Name) else record
        if key not in known:
            hint = did_you_mean(key, known) or f"there are {', '.join(f'.{attr}' for attr in known)}"
            self.say(line, f"`{name}` has no `{key}`", hint)
        elif (
            record == "before"
            and not self.reading.template.compares
            and not asked & {*_IMPLIES_BEFORE, ANYTHING}
        ):
            self.say(line, _EMPTY, "ask first: `{% if before %}`")

    def _record(self, node: nodes.Node) -> str:
        """Return what a value is an entry of, or nothing where that cannot be told."""
        match node:
            case nodes.Name(name=name):
                return self.records.get(name, "")
            case nodes.Filter(name="first" | "last") | nodes.Getitem(arg=nodes.Const(value=int())):
                return self._entry(node.node)
            case _:
                return ""

    def _entry(self, node: nodes.Node | None) -> str:
        """Return what the entries of a list are entries of, or nothing where that cannot be told."""
        match node:
            case nodes.Name(name="milestones" | "voices" | "sections" as name) if name not in self.assigned:
                return name
            case nodes.Call(node=nodes.Name(name="entries" | "sources" as name)):
                return name
            case nodes.Filter() | nodes.Getitem(arg=nodes.Slice()):
                return self._entry(node.node)
            case _:
                return ""

    def _filter(self, node: nodes.Filter | nodes.Test) -> None:
        known = ENVIRONMENT.filters if isinstance(node, nodes.Filter) else ENVIRONMENT.tests
        if node.name not in known:
            kind = "filter" if isinstance(node, nodes.Filter) else "test"
            listed = f"there are {', '.join(sorted(filter(str.isalpha, known)))}"
            self.say(node.lineno, f"unknown {kind} `{node.name}`", did_you_mean(node.name, known) or listed)

    # Functions

    def _call(self, node: nodes.Call, asked: frozenset[str]) -> None:
        """Look at a call: does the function exist, are its arguments as many and of the kind it takes."""
        assert isinstance(node.node, nodes.Name)
        name = node.node.name
        arguments = [*node.args, *(keyword.value for keyword in node.kwargs)]
        self._inside(arguments, asked)
        if name in self.assigned or name in ENVIRONMENT.globals or name == "caller":
            return
        if name in VARIABLES:
            self.say(node.lineno, f"`{name}` is no function", f"write `{name}`")
        elif name not in FUNCTIONS:
            self.unknown.append((self.file, node.lineno, name, True))
        elif node.dyn_args is None and node.dyn_kwargs is None:
            self._arguments(node, name, arguments, asked)

    def _arguments(
        self, node: nodes.Call, name: str, arguments: list[nodes.Expr], asked: frozenset[str]
    ) -> None:
        kinds = FUNCTIONS[name]
        if kinds and kinds[-1].endswith("*"):
            kinds = (kinds[-1].rstrip("*"),) * len(arguments)
        if len(arguments) != len(kinds):
            expected = f"{len(kinds)} argument{'' if len(kinds) == 1 else 's'}"
            written = f"write `{name}({', '.join(map(_shown, kinds))})`"
            self.say(node.lineno, f"`{name}` takes {expected}, found {len(arguments)}", written)
            return
        if name.endswith("table"):
            self.reading.note("table", f"{name}({', '.join(_texts(arguments[0])) if len(kinds) > 1 else ''})")
        for kind, argument in zip(kinds, () if node.kwargs else arguments, strict=False):
            in_list = isinstance(argument, nodes.List)
            for subject in _texts(argument):
                self._subject(name, "indicator" if in_list else kind, subject, argument.lineno, asked)

    def _subject(self, name: str, kind: str, id: str, line: int, asked: frozenset[str]) -> None:
        """Look at an id that a function is given: is there such a one, and has it been asked for."""
        if problem := self.reading.subjects.problem(kind, id, line):
            self.reading.findings.add((self.file, problem))
        elif kind in ("figure", "list") and not asked & {id, ANYTHING}:
            fails = f"`{name}` fails for a zone without `{id}`"
            self.say(line, fails, f'ask first: `{{% if known("{id}") %}}` … `{{% endif %}}`')
        if name == "see":
            self.referred.append((self.file, line, id))
        elif kind in ("figure", "indicator", "subject", "section", "list"):
            known = self.reading.subjects.known
            kinds = ("section", "list") if kind in ("subject", "section", "list") else ()
            known = self.reading.subjects.known
            self.reading.note(next((kind for kind in kinds if id in known.get(kind, ())), "figure"), id)


def _place(marks: Iterable[Mark], tree: nodes.Template) -> Iterator[tuple[int, list[Mark]]]:
    """Yield the node in which each heading or chart begins, and those that begin in it."""
    left = list(marks)
    for output in tree.find_all(nodes.Output):
        for child in output.nodes:
            last = child.lineno
            if isinstance(child, nodes.TemplateData):
                last += child.data.count("\n") - child.data.endswith("\n")
            here = [mark for mark in left if child.lineno <= mark.line <= last]
            left = [mark for mark in left if mark not in here]
            if here:
                yield id(child), here


def _texts(node: nodes.Expr) -> Iterator[str]:
    """Yield the texts that are written out in an argument, alone or in a list."""
    for item in node.items if isinstance(node, nodes.List) else [node]:
        if isinstance(item, nodes.Const) and isinstance(item.value, str):
            yield item.value


def _shown(kind: str) -> str:
    return "items" if kind == "items" else f'"{kind.rstrip("*")}"'
