"""Judge HTML samples: axe-core finds nothing, by light, by dark and on a phone, and nothing is loaded.

usage: html.py FOLDER
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import TOOLS, expected, install_tools, need, samples, verdict

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

AXE = TOOLS / "node_modules/axe-core/axe.min.js"
VIEWS = [(width, scheme) for width in (1200, 360) for scheme in ("light", "dark")]
PATIENCE = 120
NARROWEST = 320
"""Pixels to which a page must fold without scrolling sideways (WCAG 2.2, criterion 1.4.10)."""
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
PREPARE = """
for (const details of document.querySelectorAll("details")) details.open = true
for (const part of document.querySelectorAll("*"))
  if (getComputedStyle(part).backgroundImage.includes("gradient")) part.style.backgroundImage = "none"
"""
"""Unfolds what is folded, and takes away shadows, on which axe-core does not judge contrast."""
LOOK = """axe.run(document).then(found =>
  [...found.violations, ...(innerWidth < 1000 ? [] : found.incomplete)].flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target}: ${node.failureSummary}`)))"""
"""What axe-core cannot decide is a fault too, but for cells that a phone shows only after scrolling."""


class Chromium:
    """A Chromium without a window, with a new profile, asked by the DevTools protocol over pipes."""

    def __init__(self, program: str, profile: Path) -> None:
        take, self._ask = os.pipe()
        self._answers, give = os.pipe()
        # Chromium reads from file 3 and writes to file 4; they are moved out of the way of each other first
        moves = f"exec 8<&{take} 9>&{give} 3<&8 4>&9; exec {program} " + " ".join(OPTIONS)
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", f"{moves} --user-data-dir={profile} about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(take, give),
        )
        os.close(take)
        os.close(give)
        self._read, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session = ""
        if kind is None:
            self.call("Browser.close")
        else:
            self._process.terminate()
        self._process.wait(30)
        os.close(self._ask)
        os.close(self._answers)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return what a method gives; events that come before are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._ask, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    sys.exit(f"judges: chromium, {method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def wait(self, event: str) -> None:
        """Wait until an event has come."""
        while not any(seen["method"] == event for seen in self.events):
            self._next()

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            if not select.select([self._answers], [], [], PATIENCE)[0]:
                self._process.kill()
                sys.exit(f"judges: chromium says nothing for {PATIENCE} s")
            more = os.read(self._answers, 1 << 16)
            if not more:
                sys.exit("judges: chromium has ended by itself")
            self._read += more
        message, _, self._read = self._read.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        if "method" in answer:
            self.events.append(answer)
        return answer

    def open(self, page: Path, width: int, scheme: str, *, policy: bool) -> None:
        """Open a page at a width; without its policy, it may load what it asks for."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.setBypassCSP", enabled=not policy)
        self.events.clear()
        self.call("Page.navigate", url=page.resolve().as_uri())
        self.wait("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Return the value of a script, awaited."""
        done = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            sys.exit(f"judges: a script fails: {done['exceptionDetails']}")
        return done["result"].get("value")


def main() -> None:
    program = need("chromium", "chromium")
    need("npm", "npm")
    install_tools()
    found = samples(Path(sys.argv[1]), ".html")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Chromium(program, Path(folder, "profile")) as browser,
    ):
        faults = blind_spots(browser, Path(folder, "broken.html"))
        for page in found:
            faults += page_faults(browser, page) + load_faults(browser, page)
            faults += [f"{page}: the tile `{tile}` is not shown" for tile in lacking(browser, page)]
    verdict("html", len(found), faults)


def page_faults(browser: Chromium, page: Path) -> list[str]:
    """Return what axe-core finds in each view with everything unfolded, and what is too wide."""
    axe = AXE.read_text("utf-8")
    faults = []
    for width, scheme in VIEWS:
        browser.open(page, width, scheme, policy=False)
        browser.run(f"{axe};{PREPARE}")
        faults += [f"{page}, {width} px, {scheme}: {fault}" for fault in browser.run(LOOK)]
    browser.open(page, NARROWEST, "light", policy=False)
    overflow = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return faults + ([f"{page}: {overflow} px too wide for {NARROWEST} px"] if overflow else [])


def load_faults(browser: Chromium, page: Path) -> list[str]:
    """Return what a page asks for beside itself, were it allowed to, and what its own policy stops."""
    faults = []
    for policy in (False, True):
        browser.open(page, 1200, "light", policy=policy)
        browser.run("new Promise(done => setTimeout(done, 100))")
        for event in browser.events:
            if event["method"] == "Network.requestWillBeSent":
                url = event["params"]["request"]["url"]
                if url != page.resolve().as_uri() and not url.startswith("data:"):
                    faults.append(f"{page}: asks for {url}")
            elif event["method"] == "Log.entryAdded":
                faults.append(f"{page}: {event['params']['entry']['text']}")
    return faults


def lacking(browser: Chromium, page: Path) -> list[str]:
    """Return the tiles whose words are not on the page."""
    browser.open(page, 1200, "light", policy=True)
    shown = "".join(browser.run("document.body.innerText").split())
    return [tile for tile in expected(page, "tiles") if "".join(tile.split()) not in shown]


BROKEN = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Broken</title>
<meta name="viewport" content="width=device-width">
<style>@media (prefers-color-scheme: dark) {{ p {{ color: #333; background: #222 }} }}</style>
<main><h1>Broken</h1>{}</main></html>"""


def blind_spots(browser: Chromium, broken: Path) -> list[str]:
    """Return what the judge overlooks in broken pages, and whether it condemns a sound one."""

    def judged(body: str) -> list[str]:
        broken.write_text(BROKEN.format(body), "utf-8")
        return page_faults(browser, broken)

    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    tests = {
        "a picture without an alternative": any(
            "image-alt:" in fault for fault in judged(f'<img src="{dot}">')
        ),
        "faint text by dark": any("dark: color-contrast:" in fault for fault in judged("<p>Faint</p>")),
        "a page too wide": any(
            "too wide" in fault for fault in judged('<div style="width: 400px">Wide</div>')
        ),
    }
    broken.write_text(BROKEN.format('<img alt="" src="http://127.0.0.1:9/x.png">'), "utf-8")
    tests["a picture from outside"] = any(
        "asks for http://127.0.0.1:9" in fault for fault in load_faults(browser, broken)
    )
    overlooked = [f"the judge overlooks {what}" for what, seen in tests.items() if not seen]
    return overlooked + [f"the judge condemns a sound page: {fault}" for fault in judged("Sound.")]


if __name__ == "__main__":
    main()
