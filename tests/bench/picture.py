"""The picture of the page: median seconds, cold and warm, of each program that makes the same documents."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from programs import GROUPS, OURS

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from measuring import Measured

OURS_COLOUR, PEERS_COLOUR, TEXT, MUTED = "#0b5c80", "#b9c4cc", "#22303a", "#5c6b76"
BAR = 0.62
WIDTH, ROW = 9.0, 0.27
"""Inches."""


def draw(measured: Measured, path: Path) -> None:
    """Draw the bars of all groups that have peers, cold to the left and warm to the right."""
    from matplotlib.figure import Figure

    modes = [mode for mode in ("cold", "warm") if any(job.mode == mode for job in measured)]
    rows = max(len(_bars(measured, mode)) for mode in modes)
    figure = Figure(figsize=(WIDTH, ROW * rows + 0.9), layout="constrained")
    for axes, mode in zip(figure.subplots(1, len(modes), squeeze=False)[0], modes, strict=True):
        _draw_mode(axes, _bars(measured, mode))
        title = {"cold": "Cold: a whole process", "warm": "Warm: one of many in a process"}[mode]
        axes.set_title(f"{title}, seconds", loc="left", fontsize=10, fontweight="bold", color=TEXT)
    figure.text(
        0.01, -0.02, "Dots: the same program with the charts' axes at fixed places.", fontsize=8, color=MUTED
    )
    figure.savefig(path, dpi=120, bbox_inches="tight", metadata={"Software": None})


Bar = tuple[str, float, float | None]
"""A name and its seconds, and those with axes at fixed places; a group's name has no time."""


def _bars(measured: Measured, mode: str) -> list[Bar]:
    bars: list[Bar] = []
    for group in (name for name, group in GROUPS.items() if group.peers):
        times = {
            (job.name, job.layout): median(run.seconds for run in runs)
            for job, runs in measured.items()
            if (job.mode, job.group) == (mode, group)
        }
        named = {name: seconds for (name, layout), seconds in times.items() if layout != "fixed"}
        bars.append((f"{group[0].upper()}{group[1:]}", 0, None))
        bars += [(name, seconds, times.get((name, "fixed"))) for name, seconds in named.items()]
    return bars


def _draw_mode(axes: Axes, bars: list[Bar]) -> None:
    for row, (name, seconds, fixed) in enumerate(bars):
        if not seconds:
            continue
        axes.barh(row, seconds, BAR, color=OURS_COLOUR if name == OURS else PEERS_COLOUR)
        axes.text(max(seconds, fixed or 0), row, f"  {seconds:.2f}", va="center", fontsize=8, color=TEXT)
        if fixed:
            axes.plot(fixed, row, "o", color=MUTED, markersize=4)
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars], fontsize=8, color=TEXT)
    for label, (_, seconds, _) in zip(axes.get_yticklabels(), bars, strict=True):
        label.set_fontweight("normal" if seconds else "bold")
    axes.set_xlim(0, 1.18 * max(max(seconds, fixed or 0) for _, seconds, fixed in bars))
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
