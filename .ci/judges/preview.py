"""Judge the preview in a browser: a saved figure shows within a second, an error keeps the page.

usage: preview.py

It needs no samples: the zone file that it edits is a copy of a bundled one.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from html import AXE, LOOK, Chromium  # the judge beside this one
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import install_tools, need, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = Path("src/zonereport/zone/bundled/baotou-2022.toml")
FIGURE = 'value = {}\nprinted = "{}"'
LIMIT = 1.0
"""Seconds from the end of saving until the figure is on the page."""
ROUNDS = 3
SITUATIONS = {"at rest": 2.0, "at once after another": 0.0, "while the PDF is drawn": 0.6}
"""Seconds to wait before saving. The best of the rounds counts: other programs take the machine at times."""
PATIENCE = 20
VIEWS = [(width, scheme) for width in (1200, 500) for scheme in ("light", "dark")]
NARROWEST = 320
SHELL = LOOK.replace("axe.run(document)", 'axe.run({exclude: "iframe"})')
"""Of the shell only: the briefing in its frame is judged as a file, by html.py."""

UNTIL = f"""new Promise(done => {{
  const end = performance.now() + {PATIENCE * 1000};
  const look = () => CONDITION ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 10);
  look();
}})"""
TILES = """[...(document.querySelector("#html iframe:not(.waiting)")?.contentDocument
  .querySelectorAll(".tiles .value") ?? [])].map(tile => tile.innerText.trim())"""
ERROR = """document.querySelector("#alarm:not([hidden]) pre")?.innerText ?? "" """
PICTURES = """Promise.all([...document.querySelectorAll("#pages img")].map(
  picture => (picture.loading = "eager", picture.decode()).then(() => picture.naturalWidth)))"""


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the jobs of a shell ignore it
    program = need("chromium", "chromium")
    need("npm", "npm")
    install_tools()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder, "mine.toml")
        file.write_bytes(ZONE.read_bytes())
        with previewed(file) as (page, process), Chromium(program, Path(folder, "profile")) as browser:
            faults = [
                *figure_faults(browser, page, file),
                *error_faults(browser, file),
                *picture_faults(browser),
                *load_faults(browser, page),
                *end_faults(browser, process),
            ]
    verdict("preview", 1, faults)


@contextmanager
def previewed(file: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Give the address of a preview of a file, and its process, which is ended afterwards."""
    command = [sys.executable, "-m", "zonereport", "preview", str(file), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def wait(browser: Chromium, condition: str) -> bool:
    """Wait until a condition holds on the page; False if it does not come to hold."""
    return bool(browser.run(UNTIL.replace("CONDITION", condition)))


def save(file: Path, value: object, printed: int, *, rename: bool) -> float:
    """Save another figure, in place or as most editors do; return when that was done."""
    text = ZONE.read_text("utf-8")
    before = FIGURE.format(158, 158)
    assert text.count(before) == 1
    target = file.with_suffix(".part") if rename else file
    target.write_text(text.replace(before, FIGURE.format(value, printed)), "utf-8")
    target.replace(file)
    return time.monotonic()


def figure_faults(browser: Chromium, page: str, file: Path) -> Iterator[str]:
    """Yield figures that are not shown, or too late, whether the file was saved in place or by renaming."""
    browser.events.clear()
    browser.call("Page.navigate", url=page)
    browser.wait("Page.loadEventFired")
    if not wait(browser, f'{TILES}.includes("158")') or "159" in browser.run(TILES):
        yield f"the figure 158 is not shown: {browser.run(ERROR) or browser.run(TILES)}"
        return
    browser.run('document.querySelector("iframe").contentWindow.scrollTo({top: 700, behavior: "instant"})')
    times: dict[str, list[float]] = {situation: [] for situation in SITUATIONS}
    for number, situation in enumerate(list(SITUATIONS) * ROUNDS):
        figure = 158 + ROUNDS * len(SITUATIONS) - number
        time.sleep(SITUATIONS[situation])
        saved = save(file, figure, figure, rename=number % 2 == 1)
        shown = wait(browser, f'{TILES}.includes("{figure}")')
        times[situation].append(time.monotonic() - saved)
        if not shown:
            yield f"the figure {figure} is not shown: {browser.run(ERROR) or browser.run(TILES)}"
    for situation, seen in times.items():
        print(
            f"preview: saved {situation}, a figure is shown after {', '.join(f'{one:.2f}' for one in seen)} s"
        )
        if min(seen) > LIMIT:
            yield f"saved {situation}, a figure is shown after {min(seen):.2f} s, expected at most {LIMIT} s"
    if browser.run('document.querySelector("iframe").contentWindow.scrollY') != 700:
        yield "the place that was scrolled to is lost"


def error_faults(browser: Chromium, file: Path) -> Iterator[str]:
    """Yield what goes wrong with an error: it is shown with its place, the page stays, mending mends."""
    saved = save(file, '"<b>many</b>"', 159, rename=False)
    place = f"{file}:44: figures.innovation-platforms"
    if not wait(browser, f"({ERROR}).includes({json.dumps(place)})"):
        yield f"expected an error at {place}, found {browser.run(ERROR)!r}"
    print(f"preview: an error is on the page after {time.monotonic() - saved:.2f} s")
    if "159" not in browser.run(TILES):
        yield "an error takes the last good version away"
    if browser.run('document.querySelector("#error").children.length'):
        yield "an error becomes markup"
    yield from view_faults(browser, "with an error")
    saved = save(file, 168, 168, rename=True)
    if not wait(browser, f'{TILES}.includes("168") && !({ERROR})'):
        yield f"a mended file does not mend the page: {browser.run(ERROR)!r}"
    print(f"preview: a mended figure is on the page after {time.monotonic() - saved:.2f} s")
    yield from view_faults(browser, "without an error")


def view_faults(browser: Chromium, what: str) -> Iterator[str]:
    """Yield what axe-core finds in the shell, and whether it folds to a narrow screen."""
    axe = AXE.read_text("utf-8")
    for width, scheme in VIEWS:
        view(browser, width, scheme)
        for fault in browser.run(f"{axe};{SHELL}"):
            yield f"{what}, {width} px, {scheme}: {fault}"
    view(browser, NARROWEST, "light")
    if browser.run("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{what}: too wide for {NARROWEST} px"


def view(browser: Chromium, width: int, scheme: str) -> None:
    metrics: dict[str, Any] = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **metrics)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])


def picture_faults(browser: Chromium) -> Iterator[str]:
    """Yield PDF pages that are no picture."""
    browser.run('document.querySelector("#tab-pages").click()')
    newest = "state.pagesBuild === state.build"
    if not wait(browser, f'{newest} && document.querySelectorAll("#pages:not([hidden]) img").length > 1'):
        yield "no pages of the PDF are shown"
        return
    widths = browser.run(PICTURES)
    print(f"preview: {len(widths)} pages of the PDF are shown")
    if min(widths) < 1000:
        yield f"the pages' pictures are {widths} pixels wide"
    yield from view_faults(browser, "with PDF pages")


def load_faults(browser: Chromium, page: str) -> Iterator[str]:
    """Yield what was asked for elsewhere, and what the browser complained about."""
    for event in browser.events:
        if event["method"] == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            if not url.startswith((page, "data:")):
                yield f"asks for {url}"
        elif event["method"] == "Log.entryAdded":
            yield event["params"]["entry"]["text"]
        elif event["method"] == "Runtime.exceptionThrown":
            yield f"a script fails: {event['params']['exceptionDetails']}"


def end_faults(browser: Chromium, process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what goes wrong when Ctrl-C ends the preview while a page is open."""
    process.send_signal(signal.SIGINT)
    if process.wait(PATIENCE) != 128 + signal.SIGINT:
        yield f"Ctrl-C ends it with {process.returncode}"
    if not wait(browser, 'document.querySelector("#status").innerText.includes("has ended")'):
        yield "the page does not say that the preview has ended"


if __name__ == "__main__":
    main()
