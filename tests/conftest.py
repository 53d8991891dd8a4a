"""Fixtures that several tests share: the bundled zones, composed and rendered once a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from invented_peers import home, others
from zonereport.api import compare, compose, load, render_all
from zonereport.render.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.briefing.blocks import Briefing


@dataclass(frozen=True)
class Case:
    """One way to make a briefing: the zone, then earlier ones; in which language, by which template."""

    zones: tuple[str, ...]
    language: str = "en"
    template: str = "briefing"
    has_peers: bool = False
    """Whether it is the invented zone beside its invented peers, and `zones` is empty."""


ALL = ("baotou-2023", "baotou-2022", "baotou-2021", "baotou-2017")
CASES = {
    "2017": Case(("baotou-2017",)),
    "2021": Case(("baotou-2021",)),
    "2022": Case(("baotou-2022",)),
    "2023": Case(("baotou-2023",)),
    "2022 beside 2021": Case(("baotou-2022", "baotou-2021")),
    "2022 beside 2017": Case(("baotou-2022", "baotou-2017")),
    "2022 beside 2021 and 2017": Case(("baotou-2022", "baotou-2021", "baotou-2017")),
    "2023 beside 2021": Case(("baotou-2023", "baotou-2021")),
    "2017, Chinese": Case(("baotou-2017",), "zh"),
    "2022, Chinese": Case(("baotou-2022",), "zh"),
    "2022 beside 2021, Chinese": Case(("baotou-2022", "baotou-2021"), "zh"),
    "2023 beside all, annual": Case(ALL, template="annual"),
    "2017, German": Case(("baotou-2017",), "de"),
    "2022 beside 2021 and 2017, German": Case(("baotou-2022", "baotou-2021", "baotou-2017"), "de"),
    "2023 beside all, annual, German": Case(ALL, "de", "annual"),
    "2023 beside all, annual, Chinese": Case(ALL, "zh", "annual"),
    "2022, one page": Case(("baotou-2022",), template="onepage"),
    "2022 beside 2021, one page, Chinese": Case(("baotou-2022", "baotou-2021"), "zh", "onepage"),
    "2022 compared with 2021": Case(("baotou-2022", "baotou-2021"), template="comparison"),
    "2022 compared with 2017, Chinese": Case(("baotou-2022", "baotou-2017"), "zh", "comparison"),
    "2023 compared with 2021, German": Case(("baotou-2023", "baotou-2021"), "de", "comparison"),
    "beside peers": Case((), has_peers=True),
    "beside peers, Chinese": Case((), "zh", has_peers=True),
    "beside peers, annual, German": Case((), "de", "annual", has_peers=True),
}
"""Every way to combine the bundled zones that a reader would ask for, some of them in each language."""


@cache
def composed(case: str) -> Briefing:
    """Return the briefing of a case."""
    asked = CASES[case]
    if asked.has_peers:
        return compose(home(), peers=others(), language=asked.language, template=asked.template)
    zone, *previous = (load(name) for name in asked.zones)
    if asked.template == "comparison":
        texts = (compose(zone, language=asked.language), compose(previous[0], language=asked.language))
        return compare(zone, previous[0], texts=texts, language=asked.language)
    return compose(zone, previous=previous, language=asked.language, template=asked.template)


@cache
def rendered(case: str) -> dict[str, bytes]:
    """Return the files of a case by format."""
    return render_all(composed(case), list(FORMATS))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    """Each case of CASES in turn."""
    return str(request.param)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process; give exit code, standard output and standard error."""
    import signal
    import sys

    from zonereport.cli import main

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["zonereport", *map(str, arguments)])
        handler = signal.getsignal(signal.SIGTERM)
        try:
            with pytest.raises(SystemExit) as stopped:
                main()
        finally:
            signal.signal(signal.SIGTERM, handler)
        captured = capsys.readouterr()
        code = stopped.value.code
        return (code if isinstance(code, int) else int(code is not None)), captured.out, captured.err

    return call
