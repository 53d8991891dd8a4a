"""Fixtures that several tests share: the bundled zones, composed and rendered once a process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from zonereport.api import compose, load, render_all
from zonereport.render.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.briefing.blocks import Briefing

CASES = {
    "2017": ("baotou-2017",),
    "2021": ("baotou-2021",),
    "2022": ("baotou-2022",),
    "2023": ("baotou-2023",),
    "2022 beside 2021": ("baotou-2022", "baotou-2021"),
    "2022 beside 2017": ("baotou-2022", "baotou-2017"),
    "2022 beside 2021 and 2017": ("baotou-2022", "baotou-2021", "baotou-2017"),
    "2023 beside 2021": ("baotou-2023", "baotou-2021"),
}
"""Every way to combine the bundled zones that a reader would ask for: the zone, then earlier ones."""


@cache
def composed(case: str) -> Briefing:
    """Return the briefing of a case."""
    zone, *previous = (load(name) for name in CASES[case])
    return compose(zone, previous=previous)


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
