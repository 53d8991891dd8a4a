"""Checking a template: its settings, its text in each language, and a trial over the bundled zones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.briefing.blocks import ChartBlock, Heading, iter_blocks, plain
from zonereport.briefing.compose import MOST_ROOM, compose
from zonereport.briefing.hints import located
from zonereport.briefing.proofreading import find_subjects, read_language
from zonereport.briefing.template import (
    SETTINGS,
    Template,
    check_setting,
    load_template,
    template_names,
)
from zonereport.errors import InputError, Problem, TemplateError, did_you_mean
from zonereport.language import LANGUAGES, language_codes, load_language
from zonereport.measures import Facts, order_snapshots, tell_sources_apart
from zonereport.resources import TEMPLATES
from zonereport.theme import load_theme
from zonereport.zone.parsing import find_lines, parse
from zonereport.zone.reading import bundled_zones, read_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zonereport.briefing.blocks import Briefing
    from zonereport.briefing.hints import Finding
    from zonereport.briefing.proofreading import Reading, Subjects
    from zonereport.zone.model import Zone

_NEEDED = ("theme", "headline", "sections", "footnotes", "pages", "compares")
"""The settings that the text is checked with, as far as they hold."""


def check_template(
    name: str, languages: Sequence[str] = (), zones: Sequence[Zone] | None = None
) -> list[Finding]:
    """Return everything that is wrong with a template, by file and line, each once.

    Its text is read in the languages asked for, or in all that it has, and then composed of the zones
    (the bundled ones if left out), each alone and beside its earlier snapshots. Nothing is drawn.

    Raises TemplateError if there is no such template, or no text in a language asked for.
    """
    zones = read_bundled_zones() if zones is None else zones
    subjects = find_subjects(zones)
    template, settings = _read_settings(name)
    general = {*settings.findings, *_settings(template, settings, subjects), *_missing_texts(template)}
    findings = set(general)
    for code in languages or [code for code in template.languages() if code in language_codes()]:
        reading = read_language(template, code, subjects, settings.lines("sections"))
        findings |= reading.findings
        if not general | reading.findings:  # else a trial would end at what is found already
            findings |= set(_try(reading, zones))
    return sorted(findings, key=lambda found: (found[0], found[1].line or 0, found[1].message))


def read_bundled_zones() -> list[Zone]:
    """Return the zones that come with the package."""
    return [read_zone(path) for path in bundled_zones().values()]


# Settings


@dataclass
class _Settings:
    """What a settings file says as far as it holds, where, and what does not hold."""

    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def lines(self, key: str) -> list[int]:
        """Return the line of each entry of a list."""
        entries = range(len(self.data.get(key, ())))
        return [line or 1 for line in find_lines(self.text, SETTINGS, [(key, entry) for entry in entries])]

    def line(self, key: str) -> int:
        """Return the line of a setting; the first where it is left out."""
        return find_lines(self.text, SETTINGS, [(key,)])[0] or 1 if key in self.data else 1


def _read_settings(name: str) -> tuple[Template, _Settings]:
    """Return a template and its settings; a setting that does not hold is named and left out."""
    folder = TEMPLATES / name if name in template_names() else Path(name)
    file = folder / SETTINGS
    if not file.is_file():
        load_template(name)  # says so
    settings = _Settings()
    try:
        settings.text = file.read_text("utf-8")
        data = parse(settings.text, SETTINGS)
    except (OSError, UnicodeDecodeError) as error:
        settings.findings = [
            (str(file), Problem(f"cannot be read: {error}", line=1, hint="save it as UTF-8"))
        ]
    except InputError as error:
        settings.findings = [(str(file), problem) for problem in error.problems]
    else:
        _sift(settings, file, data)
    if not settings.findings:
        return load_template(name), settings
    values: dict[str, Any] = {key: settings.data[key] for key in _NEEDED if key in settings.data}
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return Template(folder.name, folder, **values), settings


def _sift(settings: _Settings, file: Path, data: dict[str, Any]) -> None:
    """Keep the settings that hold, and name the others."""
    for key, value in data.items():
        line = find_lines(settings.text, SETTINGS, [(key,)])[0] or 1
        try:
            check_setting(f"{file}:{line}: {key}", key, _plain(value))
        except TemplateError as error:
            settings.findings.append(located(error, str(file), line))
        else:
            settings.data[key] = value


def _plain(value: Any) -> Any:
    """Return a setting with decimal fractions as the numbers that they are for a template."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return float(value) if isinstance(value, Decimal) else value


def _settings(template: Template, settings: _Settings, subjects: Subjects) -> Iterator[Finding]:
    """Yield the headline figures that are unknown, and what is wrong with the theme."""
    file = str(template.settings)
    for id, line in zip(template.headline, settings.lines("headline"), strict=True):
        if problem := subjects.problem("indicator", id, line):
            yield file, problem
    try:
        load_theme(template.theme, template.folder)
    except TemplateError as error:
        yield located(error, file, settings.line("theme"))


# Languages


def _missing_texts(template: Template) -> Iterator[Finding]:
    """Yield the texts that are missing in a language, and those of what is no language."""
    folder, languages, codes = template.folder, template.languages(), language_codes()
    wanted = codes if folder.parent == TEMPLATES else ["en"] if not languages else []
    for code in wanted:
        if code not in languages:
            yield (
                str(template.settings),
                Problem(f"no text in `{code}`", line=1, hint=f"write {folder / code}.md"),
            )
    for path in sorted(folder.glob("*.md")):
        if path.stem not in codes and re.fullmatch(r"[A-Za-z]{2,3}([-_]\w+)?", path.stem):
            hint = did_you_mean(path.stem.lower()[:2], codes) or f"there are {', '.join(codes)}"
            words = f"a new one begins with {LANGUAGES.name}/{path.stem}/words.toml"
            yield str(path), Problem(f"no language `{path.stem}`", line=1, hint=f"{hint}; {words}")
    parts = sorted(path for path in folder.glob("*/*.md") if path.parent.name in codes)
    for path in parts:
        if path.parent.name not in languages:
            message = f"a part in `{path.parent.name}`, in which the template has no text"
            yield str(path), Problem(message, line=1, hint=f"write {folder / path.parent.name}.md")
    for name, path in {path.stem: path for path in reversed(parts)}.items():
        for code in languages:
            if name not in template.parts(code):
                hint = f"write {folder / code / name}.md"
                yield str(path), Problem(f"the part `{name}` has no text in `{code}`", line=1, hint=hint)


# A trial


def _try(reading: Reading, zones: Sequence[Zone]) -> Iterator[Finding]:
    """Yield what composing the zones shows, each line once."""
    template, words = reading.template, load_language(reading.language)
    seen = set()
    cases = [facts for facts in _cases(zones) if facts.previous or not template.compares]
    for facts, room in product(cases, range(MOST_ROOM + 1) if template.pages else [MOST_ROOM]):
        try:
            briefing = compose(facts, template, replace(words, borrowed={}), room=room)
            mistakes = list(_mistakes(briefing))
        except TemplateError as error:
            mistakes = [error]
        for mistake in mistakes:
            file, problem = _find(mistake, reading)
            if (file, problem.line) not in seen:
                seen.add((file, problem.line))
                edition = facts.zone.edition
                message = f"{problem.message} (composing {facts.zone.id} {edition.snapshot})"
                yield file, replace(problem, message=message)


def _cases(zones: Iterable[Zone]) -> Iterator[Facts]:
    """Yield each zone alone, then beside all its earlier snapshots."""
    zones = list(zones)
    for zone in zones:
        yield Facts(zone)
        earlier = [
            other
            for other in zones
            if other.id == zone.id and other.edition.snapshot.end < zone.edition.snapshot.end
        ]
        if earlier:
            yield Facts(zone, tell_sources_apart(zone, order_snapshots(earlier)))


def _mistakes(briefing: Briefing) -> Iterator[TemplateError]:
    """Yield what a reader of the composed briefing would stumble over, and only some zones show."""
    charts = Counter(block.id for block in iter_blocks(briefing.blocks) if isinstance(block, ChartBlock))
    for id, times in charts.items():
        if times > 1:
            name = id.removeprefix("chart-")
            yield TemplateError(
                f"`chart:{name}` is placed twice", hint=f'refer to it by `{{{{ see("{name}") }}}}`'
            )
    headings = [block for block in iter_blocks(briefing.blocks) if isinstance(block, Heading)]
    levels = [0, *(heading.level for heading in headings)]
    for heading, (above, level) in zip(headings, pairwise(levels), strict=True):
        if level > above + 1 or not level:
            yield TemplateError(
                f"the heading `{plain(heading.runs)}` has level {level + 1} below one of level {above + 1}",
                hint=f"write `{'#' * (above + 2)}`" if level else "write `##`; the title stands once",
            )


def _find(error: TemplateError, reading: Reading) -> Finding:
    """Return an error as a finding: on the first line with what it quotes, where it names no place."""
    main = next(iter(reading.texts))
    file, problem = located(error, main, 0)
    for quoted in re.findall(r"`([^`]+)`", problem.message) if not problem.line else ():
        for other, text in reading.texts.items():
            if quoted in text:
                return other, replace(problem, line=text.count("\n", 0, text.index(quoted)) + 1)
    return file, replace(problem, line=problem.line or 1)
