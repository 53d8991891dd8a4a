"""The preview: it shows what was saved last, keeps what was good, answers this machine only, and ends."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zonereport.api import load
from zonereport.errors import InputError, UsageError
from zonereport.preview import server, session, watching
from zonereport.preview.server import address, listen, serve
from zonereport.preview.session import Session, find_recipe
from zonereport.resources import BUNDLED_ZONES, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.slow
"""Each waits for a server that follows files."""

LIMIT = 60.0
"""Seconds to wait on a busy machine; how quick it is, a judge measures."""
ZONE = (BUNDLED_ZONES / "baotou-2022.toml").read_text("utf-8")


def zone_with(figure: object) -> str:
    before = 'value = 158\nprinted = "158"'
    assert ZONE.count(before) == 1
    return ZONE.replace(before, f'value = {figure}\nprinted = "{figure}"')


def wait(condition: Callable[[], Any]) -> Any:
    """Return what a condition gives once it holds."""
    end = time.monotonic() + LIMIT
    while not (value := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    return value


class Preview:
    """A preview of a zone file, asked as a browser asks."""

    def __init__(self, file: Path, **options: Any) -> None:
        self.file = file
        self.session = Session(find_recipe(str(file), **options))
        self.socket = listen(0)
        self.port = self.socket.getsockname()[1]

    def ask(self, path: str, method: str = "GET", host: str = "") -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", (host or "127.0.0.1:{}").format(self.port))
            connection.endheaders()
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, headers, answer.read()
        finally:
            connection.close()

    def state(self) -> dict[str, Any]:
        status, headers, body = self.ask("/state")
        assert (status, headers["content-type"]) == (200, "application/json")
        state: dict[str, Any] = json.loads(body)
        return state

    def shows(self, figure: object) -> bool:
        return f">{figure}<".encode() in self.ask("/briefing.html")[2]

    def rests(self) -> bool:
        return not self.session.state.busy and not self.session.state.error


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Preview]]:
    """Start a preview of a file, as far as its first version; end it and see that nothing of it stays."""
    running = []

    def start(**options: Any) -> Preview:
        file = tmp_path / "mine.toml"
        file.write_text(ZONE, "utf-8")
        preview = Preview(file, **options)
        thread = threading.Thread(target=serve, args=(preview.session, preview.socket))
        thread.start()
        running.append((preview, thread))
        wait(preview.rests)
        return preview

    yield start
    for preview, thread in running:
        preview.session.end()
        thread.join(LIMIT)
        preview.socket.close()
        assert not thread.is_alive()
    assert not {thread.name for thread in threading.enumerate()} & {"building", "watching"}


def test_it_shows_the_briefing_as_html_and_as_pages(start: Callable[..., Preview]) -> None:
    preview = start()
    status, headers, body = preview.ask("/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<title>zonereport preview</title>" in body
    assert preview.shows(158)
    state = preview.state()
    assert (state["file"], state["build"], state["pagesBuild"]) == ("mine.toml", 1, 1)
    assert len(state["pages"]) > 1
    last = preview.ask(f"/page/{len(state['pages'])}.png")
    assert (last[0], last[1]["content-type"]) == (200, "image/png")
    assert last[2].startswith(b"\x89PNG")
    status, headers, body = preview.ask("/briefing.pdf")
    assert body.startswith(b"%PDF-")
    assert "baotou-2022-briefing-en.pdf" in headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    ["/page/0.png", "/page/99.png", "/page/1", f"/page/{'9' * 5000}.png", "/page/%D9%A1.png", "/page/..%2F1.png", "/mine.toml", "/../mine.toml", "/templates"],
)  # fmt: skip
def test_a_path_leads_to_no_file_and_a_page_that_is_none_is_not_found(
    start: Callable[..., Preview], path: str
) -> None:
    assert start().ask(path)[0] == 404


def in_place(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


def by_renaming(file: Path, text: str) -> None:
    part = file.with_name(".mine.toml.swp")
    part.write_text(text, "utf-8")
    part.replace(file)


def by_removing_first(file: Path, text: str) -> None:
    file.unlink()
    time.sleep(0.05)
    file.write_text(text, "utf-8")


def in_a_new_folder(file: Path, text: str) -> None:
    file.unlink()
    file.parent.rmdir()
    file.parent.mkdir()
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("save", [in_place, by_renaming, by_removing_first, in_a_new_folder])
def test_a_saved_figure_is_shown_however_it_was_saved(
    start: Callable[..., Preview], save: Callable[[Path, str], None]
) -> None:
    preview = start()
    for figure in (159, 160):
        save(preview.file, zone_with(figure))
        wait(lambda figure=figure: preview.shows(figure))
    wait(preview.rests)
    state = preview.state()
    assert state["pagesBuild"] == state["build"] > 1


def test_of_saves_in_quick_succession_the_last_is_shown(start: Callable[..., Preview]) -> None:
    preview = start()
    for figure in range(160, 180):
        preview.file.write_text(zone_with(figure), "utf-8")
    wait(lambda: preview.shows(179))
    time.sleep(0.5)
    wait(preview.rests)
    assert preview.shows(179)


def test_a_save_during_a_build_starts_another(start: Callable[..., Preview], monkeypatch: Any) -> None:
    preview = start()
    compose, begun, go_on = session.compose, threading.Event(), threading.Event()

    def slowly(*given: Any, **options: Any) -> Any:
        begun.set()
        go_on.wait(LIMIT)
        return compose(*given, **options)

    monkeypatch.setattr(session, "compose", slowly)
    preview.file.write_text(zone_with(159), "utf-8")
    assert begun.wait(LIMIT)
    preview.file.write_text(zone_with(160), "utf-8")
    go_on.set()
    wait(lambda: preview.shows(160))


def test_without_notices_from_the_system_files_are_looked_at(
    start: Callable[..., Preview], monkeypatch: Any
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "no space left on device")  # what inotify says when it has no more watches

    monkeypatch.setattr(watching.watchfiles, "watch", refuse)
    preview = start()
    preview.file.write_text(zone_with(159), "utf-8")
    wait(lambda: preview.shows(159))


def test_an_edit_of_the_template_the_theme_or_an_earlier_snapshot_is_shown(
    start: Callable[..., Preview], tmp_path: Path
) -> None:
    template, theme, earlier = tmp_path / "mine", tmp_path / "brand" / "mine.toml", tmp_path / "then.toml"
    shutil.copytree(TEMPLATES / "briefing", template)
    theme.parent.mkdir()
    shutil.copy(TEMPLATES / "themes" / "neutral.toml", theme)
    shutil.copy(BUNDLED_ZONES / "baotou-2021.toml", earlier)
    preview = start(template=str(template), theme=str(theme), previous=[str(earlier)])

    def edit(file: Path, before: str, after: str, shown: str) -> None:
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), "utf-8")
        wait(lambda: shown.encode() in preview.ask("/briefing.html")[2])

    edit(template / "en.md", "\n", "\n\nA sentence that is new.\n", "A sentence that is new.")
    edit(theme, 'accent = "#', 'accent = "#123456" # "', "#123456")
    edit(earlier, 'value = 119\nprinted = "119"', 'value = 117\nprinted = "117"', "117 (December 2021)")


def test_an_error_is_what_the_command_line_says_and_keeps_the_last_good_version(
    start: Callable[..., Preview],
) -> None:
    preview = start()
    preview.file.write_text(zone_with("'<script>alert(1)</script>'"), "utf-8")
    state = wait(lambda: (state := preview.state())["error"] and state)
    with pytest.raises(InputError) as raised:
        load(preview.file)
    assert state["error"] == raised.value.describe()
    assert f"{preview.file}:44: figures.innovation-platforms.value: expected a number" in state["error"]
    assert "<script>" in state["error"]
    assert (state["build"], state["busy"]) == (1, False)
    assert preview.shows(158)
    assert preview.ask("/page/1.png")[0] == 200
    preview.file.write_text(zone_with(159), "utf-8")
    wait(lambda: preview.shows(159))
    assert preview.state()["error"] == ""


def test_data_reaches_the_shell_as_text_only() -> None:
    shell = server.SHELL.read_text("utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://127"):
        assert way not in shell


@pytest.mark.parametrize("break_", [Path.unlink, lambda file: file.write_text("name = "), lambda file: file.write_bytes(b"\xff\xfe")])  # fmt: skip
def test_a_file_that_is_gone_or_garbled_is_an_error_until_it_is_back(
    start: Callable[..., Preview], break_: Callable[[Path], object]
) -> None:
    preview = start()
    break_(preview.file)
    error = wait(lambda: preview.state()["error"])
    assert str(preview.file) in error
    assert preview.shows(158)
    preview.file.write_text(zone_with(159), "utf-8")
    wait(lambda: preview.shows(159))


def test_an_error_that_is_mended_at_once_is_not_shown(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(session, "GRACE", LIMIT)
    file = tmp_path / "mine.toml"
    file.write_text(ZONE, "utf-8")
    one = Session(find_recipe(str(file)))
    failed = threading.Event()
    monkeypatch.setattr(
        one, "_build", lambda build=one._build: build() if file.exists() else failed.set() or build()
    )
    published: list[str] = []
    publish = one._publish
    monkeypatch.setattr(one, "_publish", lambda **news: (publish(**news), published.append(one.state.error)))
    file.unlink()
    thread = threading.Thread(target=one.run)
    thread.start()
    assert failed.wait(LIMIT)
    file.write_text(ZONE, "utf-8")
    one.touch()
    wait(lambda: one.state.pages)
    one.end()
    thread.join(LIMIT)
    assert set(published) == {""}


def test_a_fault_of_ours_is_an_error_on_the_page_and_the_preview_goes_on(
    start: Callable[..., Preview], monkeypatch: Any
) -> None:
    preview = start()

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("boom")

    with monkeypatch.context() as patched:
        patched.setattr(session, "compose", fail)
        preview.session.touch()
        error = wait(lambda: preview.state()["error"])
    assert error.startswith("internal error: ZeroDivisionError: boom\n  hint: ")
    assert preview.shows(158)
    preview.session.touch()
    wait(preview.rests)
    assert preview.state()["build"] > 1


def test_pages_that_cannot_be_drawn_stay_as_they_were_beside_newer_html(
    start: Callable[..., Preview], monkeypatch: Any
) -> None:
    preview = start()
    render = session.render

    def fail(briefing: Any, format: str) -> bytes:
        if format == "pdf":
            raise InputError("a file", [])
        return render(briefing, format)

    monkeypatch.setattr(session, "render", fail)
    preview.file.write_text(zone_with(159), "utf-8")
    wait(lambda: preview.shows(159))
    wait(lambda: not preview.session.state.busy)
    assert (preview.state()["build"], preview.state()["pagesBuild"]) == (2, 1)
    assert preview.ask("/page/1.png")[0] == 200


def test_before_the_first_version_there_is_nothing_to_show(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("format = 2", "utf-8")
    preview = Preview(file)
    thread = threading.Thread(target=serve, args=(preview.session, preview.socket))
    thread.start()
    try:
        assert f"{file}:1: format: expected 1" in wait(lambda: preview.state()["error"])
        for path in ("/briefing.html", "/briefing.pdf", "/page/1.png"):
            assert preview.ask(path)[0] == 404
    finally:
        preview.session.end()
        thread.join(LIMIT)
        preview.socket.close()


def test_news_is_told_as_it_comes(start: Callable[..., Preview]) -> None:
    preview = start()
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=LIMIT)
    connection.request("GET", "/events")
    answer = connection.getresponse()
    assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"

    def next_state() -> dict[str, Any]:
        line = answer.readline()
        assert answer.readline() == b"\n"
        state: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return state

    assert next_state() == preview.state()
    preview.file.write_text(zone_with(159), "utf-8")
    while next_state()["build"] < 2:
        pass
    preview.file.write_text("broken", "utf-8")
    while not next_state()["error"]:
        pass
    preview.session.end()
    assert answer.readline() == b""
    connection.close()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{}", "0.0.0.0:{}", "[::1]:{}"])  # fmt: skip
def test_another_name_of_this_machine_is_refused(start: Callable[..., Preview], host: str) -> None:
    preview = start()
    for path in ("/", "/briefing.html", "/state", "/events", "/none"):
        assert preview.ask(path, host=host)[0] == 421
    assert preview.ask("/", host="localhost:{}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_only_get_is_answered(start: Callable[..., Preview], method: str) -> None:
    preview = start()
    for path in ("/", "/state", "/none"):
        status, headers, _ = preview.ask(path, method)
        assert (status, headers["allow"]) == (405, "GET")


def test_every_answer_is_closed_to_other_sites(start: Callable[..., Preview]) -> None:
    preview = start()
    for path in ("/", "/briefing.html", "/briefing.pdf", "/page/1.png", "/state", "/none"):
        for host in ("", "evil.example"):
            headers = preview.ask(path, host=host)[1]
            assert headers["content-security-policy"].startswith("default-src 'none'; ")
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
            assert "access-control-allow-origin" not in headers
    policy = preview.ask("/")[1]["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2
    assert "sandbox allow-same-origin" in preview.ask("/briefing.html")[1]["content-security-policy"]


def test_it_listens_on_this_machine_only_at_the_usual_port_or_a_free_one() -> None:
    with listen() as one, listen() as other, listen(0) as third:
        assert {part.getsockname()[0] for part in (one, other, third)} == {"127.0.0.1"}
        taken = other.getsockname()[1]
        assert taken not in (0, server.USUAL_PORT)
        assert address(other) == f"http://127.0.0.1:{taken}/"
        with pytest.raises(UsageError, match=f"the port {taken} cannot be used: address already in use"):
            listen(taken)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["baotou-2202"], 2, "did you mean `baotou-2"),
        (["nowhere.toml"], 1, "nowhere.toml: no such file"),
        (["-p", "nowhere.toml"], 1, "nowhere.toml: no such file"),
        (["-t", "brefing"], 1, "did you mean `briefing`?"),
        (["--lang", "xx"], 1, "no language `xx`"),
        (["--theme", "neutrl"], 1, "did you mean `neutral`?"),
        (["--theme", "none.toml"], 1, "none.toml: no such file"),
        (["--date", "tomorrow"], 2, "found `tomorrow`"),
        (["--port", "99999"], 2, "65535"),
    ],
)
def test_a_name_that_nothing_has_ends_the_preview_at_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, out, err = run("preview", "--no-browser", *arguments)
    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


def test_a_backup_of_the_editor_and_a_hidden_file_are_no_part_of_a_template(tmp_path: Path) -> None:
    for name in ("template.toml", "en.md", "en.md~", ".en.md.swp", ".hidden.md", "4913"):
        (tmp_path / name).touch()
    recipe = replace(find_recipe("baotou-2022"), template=str(tmp_path))
    assert {path.name for path in recipe.files("") if path.parent == tmp_path} == {"template.toml", "en.md"}


@pytest.mark.parametrize("library", ["pypdfium2", "starlette", "uvicorn", "watchfiles"])
def test_without_its_extra_the_command_names_it(library: str) -> None:
    script = (
        f"import sys; sys.modules[{library!r}] = None; sys.argv = ['zonereport', 'preview', '--no-browser']\n"
        "from zonereport.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"zonereport: `preview` needs `{library}`, which is not installed\n"
        '  hint: run `pip install "zonereport[preview]"`\n'
    )


def test_the_help_loads_nothing_of_the_preview() -> None:
    script = (
        "import sys; sys.argv = ['zonereport', '--help']\n"
        "from zonereport.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('loaded', *{'pypdfium2', 'starlette', 'uvicorn', 'watchfiles'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "preview" in done.stdout
    assert done.stdout.splitlines()[-1].split() == ["loaded"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_and_nothing_stays(number: signal.Signals, code: int, tmp_path: Path) -> None:
    file, opened = tmp_path / "mine.toml", tmp_path / "opened"
    file.write_text(ZONE, "utf-8")
    opener = tmp_path / "open.py"
    opener.write_text(f"import sys; open({str(opened)!r}, 'w').write(sys.argv[1])")
    process = subprocess.Popen(
        [sys.executable, "-m", "zonereport", "preview", file, "--port", "0"],
        env={**os.environ, "BROWSER": f"{sys.executable} {opener} %s"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        start_new_session=True, cwd=tmp_path,
    )  # fmt: skip
    assert process.stdout
    page = process.stdout.readline().strip()
    wait(lambda: opened.exists() and opened.read_text() == page)
    connection = http.client.HTTPConnection(page.split("/")[2], timeout=LIMIT)
    connection.request("GET", "/events")
    news = connection.getresponse()
    while not json.loads(news.readline().removeprefix(b"data: "))["build"]:
        news.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=LIMIT)
    connection.close()
    assert (process.returncode, out) == (code, "")
    assert err == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml", "open.py", "opened"]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
