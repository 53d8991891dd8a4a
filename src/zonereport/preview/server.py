"""The server of one preview: what it answers, to whom, and how it ends."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import threading
import webbrowser
from pathlib import Path
from socket import create_server
from typing import TYPE_CHECKING
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from zonereport.errors import UsageError
from zonereport.preview.watching import watch
from zonereport.render.html.document import POLICY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from socket import socket

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from zonereport.preview.session import Session

ADDRESS = "127.0.0.1"
USUAL_PORT = 8765
"""Tried first, so that a tab left open finds the next preview."""
TICK = 0.02
"""Seconds between two looks for news to tell the browser."""
PATIENCE = 5
"""Seconds that a step of building may take to its end when the preview ends."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer that does not say otherwise."""

SHELL = Path(__file__).with_name("shell.html")


def make_app(session: Session) -> Starlette:
    """Return the application that shows a session to browsers on this machine."""
    shell = SHELL.read_text("utf-8")

    async def show_shell(_request: Request) -> Response:
        return HTMLResponse(shell, headers={"Content-Security-Policy": _shell_policy(shell)})

    async def show_html(_request: Request) -> Response:
        if not session.state.build:
            raise HTTPException(404, "nothing was built so far")
        # scripts stay off; its own origin lets the shell keep the place that was scrolled to
        policy = f"{POLICY}; frame-ancestors 'self'; sandbox allow-same-origin"
        return HTMLResponse(session.state.html, headers={"Content-Security-Policy": policy})

    async def give_pdf(_request: Request) -> Response:
        pages = session.state.pages
        if pages is None:
            raise HTTPException(404, "no PDF was built so far")
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(pages.name)}"}
        return Response(pages.pdf, media_type="application/pdf", headers=named)

    def show_page(request: Request) -> Response:
        pages = session.state.pages
        numbers = {f"{number}.png": number for number in range(1, len(pages.sizes) + 1)} if pages else {}
        number = numbers.get(request.path_params["name"])
        if pages is None or number is None:
            raise HTTPException(404, "no such page")
        return Response(pages.draw(number), media_type="image/png")

    async def tell_state(_request: Request) -> Response:
        return JSONResponse(session.state.report())

    async def tell_news(_request: Request) -> Response:
        return StreamingResponse(_news(session), media_type="text/event-stream")

    return Starlette(
        routes=[
            Route("/", show_shell),
            Route("/briefing.html", show_html),
            Route("/briefing.pdf", give_pdf),
            Route("/page/{name}", show_page),
            Route("/state", tell_state),
            Route("/events", tell_news),
        ],
        middleware=[Middleware(Guard)],
    )


async def _news(session: Session) -> AsyncIterator[str]:
    """Yield each state as a server-sent event, the present one first."""
    told = None
    while not session.ended.is_set():
        if session.state is not told:
            told = session.state
            yield f"data: {json.dumps(told.report())}\n\n"
        await asyncio.sleep(TICK)


def _shell_policy(shell: str) -> str:
    """Return the policy under which the shell's own script and style run, and no others."""

    def digest(tag: str) -> str:
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", shell, re.DOTALL)
        return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {digest('script')}; style-src {digest('style')}; "
        "img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


class Guard:
    """Answers only GET, and only under this machine's own names; closes every answer to other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await (self._refusal(scope) or self.app)(scope, receive, send_closed)

    def _refusal(self, scope: Scope) -> Response | None:
        port = scope["server"][1]
        # a foreign site whose name was made to point to this machine still sends its own name
        if Headers(scope=scope).get("host") not in (f"{ADDRESS}:{port}", f"localhost:{port}"):
            return PlainTextResponse(f"open http://{ADDRESS}:{port}/", 421)
        if scope["method"] != "GET":
            return PlainTextResponse("only GET is answered", 405, headers={"Allow": "GET"})
        return None


def listen(port: int | None = None) -> socket:
    """Return a socket that listens on this machine only, at a port: the usual or a free one if left out.

    Raises UsageError for a port that is taken or not to be had.
    """
    try:
        return create_server((ADDRESS, USUAL_PORT if port is None else port))
    except (OSError, OverflowError) as error:
        if port is None:
            return create_server((ADDRESS, 0))
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"the port {port} cannot be used: {reason.lower()}", hint="without `--port`, a free one is found"
        ) from None


def address(listening: socket) -> str:
    """Return the address of the page that is served at a socket."""
    return f"http://{ADDRESS}:{listening.getsockname()[1]}/"


def open_browser(page: str) -> None:
    """Open a page without waiting for the browser, which may take seconds to start."""
    threading.Thread(target=webbrowser.open, args=(page,), name="opening", daemon=True).start()


class _Server(uvicorn.Server):
    """Ends with the session, and ends that first: a stream of news would keep the server from ending."""

    def __init__(self, config: uvicorn.Config, session: Session) -> None:
        super().__init__(config)
        self._session = session

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._session.ended.is_set()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._session.end()
        await super().shutdown(sockets)


def serve(session: Session, listening: socket) -> None:
    """Show the session until it ends, or a signal comes: then that raises what it would raise elsewhere."""
    config = uvicorn.Config(
        make_app(session),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    threads = [
        threading.Thread(target=session.run, name="building", daemon=True),
        threading.Thread(target=watch, args=(session,), name="watching", daemon=True),
    ]
    try:
        for thread in threads:
            thread.start()
        _Server(config, session).run(sockets=[listening])
    finally:
        session.end()
        for thread in threads:
            if thread.ident:
                thread.join(PATIENCE)
