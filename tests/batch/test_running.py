"""Tasks given to a crew: never more than its window, and a second try for what a worker did not survive."""

from __future__ import annotations

from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from multiprocessing import active_children
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from here import Here, make_batch, request
from many_zones import contents, environment, zone_text

from zonereport.api import load_peers
from zonereport.batch.kit import tell_apart
from zonereport.batch.making import make
from zonereport.batch.planning import plan
from zonereport.batch.running import run
from zonereport.batch.task import Failed, Made
from zonereport.batch.workers import workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.batch.planning import Job
    from zonereport.batch.task import Task

    Run = Callable[..., tuple[int, str, str]]

MADE = Made({}, {}, (), (), ())


@dataclass
class Fragile:
    """A crew whose workers die of some zones, so many times each, and which ends the last task first."""

    deaths: dict[str, int]
    window: int = 3
    open: list[tuple[Task, Future[Made | Failed]]] = field(default_factory=list)
    most: int = 0

    def submit(self, task: Task) -> Future[Made | Failed]:
        future: Future[Made | Failed] = Future()
        self.open.append((task, future))
        self.most = max(self.most, len(self.open))
        if len(self.open) == self.window or "last" in task.zone.name:
            for begun, waiting in reversed(self.open):
                self.end(begun, waiting)
            self.open.clear()
        return future

    def end(self, task: Task, future: Future[Made | Failed]) -> None:
        name = Path(task.zone.name).stem
        if self.deaths.get(name, 0):
            self.deaths[name] -= 1
            future.set_exception(RuntimeError(name))
        else:
            future.set_result(MADE)

    def explain(self, future: Future[Made | Failed]) -> Failed:
        return Failed(f"died of {future.exception()}", again=True)


def jobs(folder: Path, *names: str) -> tuple[Job, ...]:
    for name in names:
        (folder / f"{name}.toml").write_text(zone_text(f"testonia-{name}"), "utf-8")
    return plan(request(*(folder / f"{name}.toml" for name in names))).jobs


def test_a_task_is_tried_again_once_and_then_blamed_alone(tmp_path: Path) -> None:
    crew = Fragile({"b": 1, "d": 2}, window=1)
    ended = {job.zone: outcome for job, outcome in run(jobs(tmp_path, *"abcde"), crew)}
    assert ended.pop("testonia-d") == Failed("died of d", again=True)
    assert all(made is MADE for made in ended.values())
    assert sorted(ended) == [f"testonia-{name}" for name in "abce"]


def test_a_crew_never_has_more_tasks_than_its_window(tmp_path: Path) -> None:
    crew = Fragile({}, window=3)
    ended = [job.zone for job, _ in run(jobs(tmp_path, *"abcde", "last"), crew)]
    assert sorted(ended) == sorted(f"testonia-{name}" for name in (*"abcde", "last"))
    assert crew.most == 3


def test_a_failing_briefing_is_told_with_its_hint_and_the_next_is_made(tmp_path: Path) -> None:
    planned = plan(request(*(tmp_path / f"{job.zone[9:]}.toml" for job in jobs(tmp_path, *"ab")), among=True))
    lonely = plan(request(tmp_path / "a.toml", among=True))
    for each, is_made in ((planned, True), (lonely, False)):
        for _, outcome in run(each.jobs, Here(each.kits)):
            assert isinstance(outcome, Made) == is_made
            if isinstance(outcome, Failed):
                assert outcome.message.startswith("none of the peers is another zone than `testonia-a`")
                assert outcome.hint == "peers are compared at the same snapshot only"


def test_a_character_that_no_font_has_is_told_in_the_names_that_were_given(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(zone_text().replace("Invented for", "\U0001f9ec Invented for"), "utf-8")
    planned = plan(request(path))
    failed = make(planned.jobs[0].task, *planned.kits.values())
    assert isinstance(failed, Failed)
    assert "U+1F9EC" in failed.message
    assert "internal" not in failed.message


def test_a_fault_of_ours_fails_one_briefing_and_is_called_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zonereport.batch.making.render_all", lambda *_, **__: 1 / 0)
    planned = plan(request(tmp_path / f"{jobs(tmp_path, 'a')[0].zone[9:]}.toml"))
    failed = make(planned.jobs[0].task, *planned.kits.values())
    assert isinstance(failed, Failed)
    assert failed.message == "internal error: ZeroDivisionError: division by zero"


def test_versions_that_differ_are_named() -> None:
    assert tell_apart({"a": "1", "b": "2"}, {"b": "2", "a": "1"}) == ""
    assert tell_apart({"a": "1", "b": "2"}, {"a": "3"}) == "a is 3 instead of 1, b is none instead of 2"


@pytest.mark.slow
def test_workers_that_die_at_once_are_each_asked_and_idle_ones_that_die_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", environment(tmp_path / "hook")["PYTHONPATH"])
    one, two, fine = jobs(tmp_path, "deadly-1", "deadly-2", "fine")
    planned = plan(request(tmp_path / "fine.toml"))
    others = set(active_children())
    with workers(planned.kits, 2, timeout=100) as crew:
        deaths = [crew.submit(one.task), crew.submit(two.task)]
        wait(deaths)
        made = crew.submit(fine.task)
        for future in deaths:
            assert crew.explain(future).message == "the process that made it was ended by SIGKILL, twice"
        assert isinstance(made.result(), Made)
        for child in set(active_children()) - others:
            child.kill()
            child.join()
        ((_, outcome),) = run([fine], crew)
        assert isinstance(outcome, Made)
    assert set(active_children()) == others


@pytest.mark.slow
@pytest.mark.parametrize("template", ["briefing", "onepage"])
def test_a_batch_makes_the_very_files_that_generate_makes(tmp_path: Path, run: Run, template: str) -> None:
    zones = tmp_path / "zones"
    zones.mkdir()
    for name in "abc":
        (zones / f"{name}.toml").write_text(zone_text(f"testonia-{name}", ord(name)), "utf-8")
    more = {"languages": ("en", "zh"), "formats": ("pdf", "docx", "html"), "theme": "warm"}
    asked = request(zones / "a.toml", templates=(template,), peers=load_peers(zones), **more)
    make_batch(tmp_path / "batch", asked)
    options = ("-f", "pdf,docx,html", "-l", "en,zh", "-t", template, "--theme", "warm", "--peers", zones)
    code, _, said = run("generate", zones / "a.toml", *options, "-q", "-o", tmp_path / "generate")
    assert code == 0, said
    made = contents(tmp_path / "batch")
    assert {name: made[name] for name in made if name.startswith("testonia")} == contents(
        tmp_path / "generate"
    )
    assert len(contents(tmp_path / "generate")) == 6
