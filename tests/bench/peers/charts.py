"""The six charts as matplotlib's guide draws them; PEERS_LAYOUT=fixed puts the axes at fixed places."""

import io
import os

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SIZE = (6.3, 2.8)
DPI = 200
COLORS = ["#1f4e79", "#2e86ab", "#7fb069", "#e6aa3c", "#c8553d", "#7a6f9b"]
LAYOUT = os.environ.get("PEERS_LAYOUT", "constrained")
# left, bottom, width, height of the axes, used when the layout is "fixed"
BOXES = {
    "hbar": (0.30, 0.17, 0.64, 0.78),
    "dots": (0.02, 0.05, 0.70, 0.90),
    "stacked": (0.10, 0.11, 0.70, 0.84),
    "line": (0.10, 0.11, 0.70, 0.84),
    "donut": (0.02, 0.02, 0.60, 0.96),
}

matplotlib.rcParams.update(
    {
        "font.size": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "peers",
    }
)


def new_axes(kind):
    fig = Figure(figsize=SIZE, dpi=DPI, layout="constrained" if LAYOUT == "constrained" else None)
    FigureCanvasAgg(fig)
    ax = fig.add_subplot() if LAYOUT == "constrained" else fig.add_axes(BOXES[kind])
    return fig, ax


def hbar(ax, c):
    bars = ax.barh(c["labels"], c["values"], color=COLORS[0], height=0.65)
    ax.bar_label(bars, padding=3)
    ax.set_xlabel(c["xlabel"])
    ax.xaxis.grid(True, color="#dddddd")
    ax.set_axisbelow(True)


def dots(ax, c, columns=20):
    start = 0
    for label, n, color in zip(c["labels"], c["values"], COLORS):
        cells = range(start, start + n)
        ax.scatter(
            [i % columns for i in cells],
            [-(i // columns) for i in cells],
            s=70,
            color=color,
            label=f"{label} ({n})",
        )
        start += n
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False, markerscale=0.7)


def stacked(ax, c):
    bottom = [0] * len(c["x"])
    for label, values, color in zip(c["labels"], c["series"], COLORS):
        ax.bar(c["x"], values, bottom=bottom, color=color, width=0.6, label=label)
        bottom = [b + v for b, v in zip(bottom, values)]
    ax.set_xticks(c["x"])
    ax.set_ylabel(c["ylabel"])
    ax.yaxis.grid(True, color="#dddddd")
    ax.set_axisbelow(True)
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)


def line(ax, c):
    for label, values, color in zip(c["labels"], c["series"], COLORS):
        ax.plot(c["x"], values, color=color, marker="o", markersize=4, label=label)
    ax.set_xticks(c["x"])
    ax.set_ylabel(c["ylabel"])
    ax.set_ylim(bottom=0)
    ax.grid(True, color="#dddddd")
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)


def donut(ax, c):
    total = sum(c["values"])
    wedges, _ = ax.pie(
        c["values"],
        colors=COLORS,
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.4, "edgecolor": "white"},
    )
    ax.legend(
        wedges,
        [f"{lab} {v / total:.0%}" for lab, v in zip(c["labels"], c["values"])],
        loc="center left",
        bbox_to_anchor=(1.05, 0.5),
        frameon=False,
    )


KINDS = {"hbar": hbar, "dots": dots, "stacked": stacked, "line": line, "donut": donut}


def render(chart, fmt):
    fig, ax = new_axes(chart["kind"])
    KINDS[chart["kind"]](ax, chart)
    out = io.BytesIO()
    fig.savefig(out, format=fmt, dpi=DPI, metadata={"svg": {"Date": None}, "png": {"Software": None}}[fmt])
    return out.getvalue()


def render_all(brief, fmt):
    """Return each chart of a briefing as SVG or PNG, by its name."""
    return {c["name"]: render(c, fmt) for s in brief["sections"] for c in s["charts"]}
