"""The ASGI application: it records each request, has it answered, and sends the reply."""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket
import struct
import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs

from ..answers.answer import Answer
from ..http.errors import GoogleError
from ..http.replies import Deferred, Download, Drop, Rendered, Reply, Sse, Stall
from ..http.requests import Headers, Received
from ..routes.context import BodyReceiver, Settings
from ..routes.table import is_token_request, is_upload, receiver_for, respond
from ..state.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..._serving.threaded import Receive, Scope, Send, ThreadedServer
    from ..state.script import Journal, Script, Scripted

log = logging.getLogger("gemini_openai.emulator")

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, for no time: closing sends a TCP reset
_BUFFERED = 1 << 20  # bytes that may wait for a slow client

_GOOGLE_HEADERS = (
    ("Alt-Svc", 'h3=":443"; ma=2592000,h3-29=":443"; ma=2592000'),
    ("Server", "scaffolding on HTTPServer2"),
    ("Vary", "Origin"),
    ("Vary", "X-Origin"),
    ("Vary", "Referer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-XSS-Protection", "0"),
)


@dataclass(frozen=True)
class Partial:
    """An answer of which only the first bytes are sent."""

    rendered: Rendered
    drop: Drop


Action: TypeAlias = Rendered | Partial | Drop | Stall


class App:
    """The ASGI application of one emulator.

    Args:
        settings: The settings and the storage that handlers get.
        journal: Records the requests, and has the scripted answers.
        server: The server, which knows the connection that a scope came on; ASGI has no way to
            close one in the middle of an answer.
    """

    def __init__(self, settings: Settings, journal: Journal, server: ThreadedServer) -> None:
        self.settings = settings
        self.journal = journal
        self.server = server
        self.count = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        request = Received(
            method=scope["method"],
            path=scope["path"],
            raw_path=scope["raw_path"].decode("latin-1"),
            query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            headers=Headers(scope["headers"]),
            body=b"",
        )
        await self.settings.google.note_arrival(request.method, request.path)
        action: Action | None
        if is_upload(request):
            action = await self.reply_to_upload(request, receive)
        else:
            body = await _body(receive)
            if body is None:
                return
            request = replace(request, body=body)
            script = self.journal.record(request, by_path_only=is_token_request(request))
            action = self.reply_to(request, script)
        exchange = _Exchange(self, scope, receive, send, request, began)
        if action is None:
            exchange.note_disconnect()
        else:
            await exchange.perform(action)
        log.info(
            "%s %s %s", request.method, request.raw_path, request.outcome.status or "no answer"
        )

    def reply_to(self, request: Received, script: Script | None) -> Action:
        """What to do with the request: as scripted, otherwise by rule."""
        scripted = _scripted(request, script)
        if scripted is None and self.settings.only_scripted and not is_token_request(request):
            return _nothing_scripted(request)
        if isinstance(scripted, Drop) and scripted.after is not None:
            return Partial(respond(request, self.settings, next(self.count)), scripted)
        if scripted is None or isinstance(scripted, (Answer, Job)):
            return respond(request, self.settings, next(self.count), scripted)
        return scripted

    async def reply_to_upload(self, request: Received, receive: Receive) -> Action | None:
        """The same for an upload, whose body is not held; `None` when the client left."""
        scripted = _scripted(request, self.journal.record(request))
        limit: int | None = None
        target: BodyReceiver | Action
        if scripted is None and self.settings.only_scripted:
            target = _nothing_scripted(request)
        elif scripted is None or isinstance(scripted, (Answer, Job)):
            target = receiver_for(request, self.settings, next(self.count), scripted)
        elif isinstance(scripted, Drop) and scripted.after is not None:
            target = receiver_for(request, self.settings, next(self.count))
            limit = scripted.after
        else:
            target = scripted
        while limit is None or request.size < limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            data: bytes = message.get("body", b"")
            if limit is not None:
                data = data[: limit - request.size]
            if isinstance(target, BodyReceiver):
                target.take(data)
            self.journal.note(request, size=request.size + len(data))
            if not message.get("more_body", False):
                break
        else:
            return Drop(reset=isinstance(scripted, Drop) and scripted.reset)
        action = target.reply() if isinstance(target, BodyReceiver) else target
        return replace(scripted, after=None) if isinstance(scripted, Drop) else action


def _scripted(request: Received, script: Script | None) -> Scripted | None:
    fixed = (Reply, Sse, Drop, Stall, Answer, Job)
    return script if script is None or isinstance(script, fixed) else script(request)


def _nothing_scripted(request: Received) -> Reply:
    message = (
        f"There is no scripted answer for {request.method} {request.path}, and the emulator "
        "gives only scripted ones. Add one with Emulator.script()."
    )
    return Reply(400, body=GoogleError(400, message).body())


class _Exchange:
    """A request and the connection that it came on."""

    def __init__(
        self,
        app: App,
        scope: Scope,
        receive: Receive,
        send: Send,
        request: Received,
        began: float,
    ) -> None:
        self.app = app
        self.scope = scope
        self.receive = receive
        self.send = send
        self.request = request
        self.began = began

    async def perform(self, action: Action) -> None:
        if isinstance(action, Deferred):
            action = await self.finish_work(action)
        if isinstance(action, Reply):
            await self.start(action.status, action.content_type, action.headers)
            await self.finish(action.content)
        elif isinstance(action, Download):
            await self.download(action)
        elif isinstance(action, Sse):
            await self.stream(action)
        elif isinstance(action, Partial):
            await self.partial(action.rendered, action.drop)
        elif isinstance(action, Drop):
            await self.close(reset=action.reset)
        else:
            await self.until_disconnect()
            self.note_disconnect()

    async def finish_work(self, deferred: Deferred) -> Reply:
        """Do the work, and let other requests be served in between."""
        for _ in deferred.steps:
            await asyncio.sleep(0)
        return deferred.reply()

    async def download(self, file: Download) -> None:
        await self.start(file.status, file.content_type, file.headers)
        leaving = asyncio.ensure_future(self.until_disconnect())
        try:
            for piece in file.blob.pieces():
                await self.send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(0)  # lets `leaving` notice that the client left
                if leaving.done():
                    self.note_disconnect()
                    return
        finally:
            leaving.cancel()
        await self.finish(b"")

    async def partial(self, rendered: Rendered, drop: Drop) -> None:
        """Send the beginning of an answer, and close the connection."""
        if isinstance(rendered, Deferred):
            rendered = await self.finish_work(rendered)
        left = drop.after or 0
        if left:
            await self.start(rendered.status, rendered.content_type, rendered.headers)
        for piece in _pieces(rendered) if left else ():
            body = piece[:left]
            await self.send({"type": "http.response.body", "body": body, "more_body": True})
            left -= len(body)
            if not left:
                break
        await self.close(reset=drop.reset)

    async def stream(self, sse: Sse) -> None:
        await self.start(sse.status, sse.content_type, sse.headers)
        leaving = asyncio.ensure_future(self.until_disconnect())
        try:
            await self.write(sse, leaving)
            if sse.hold:
                await leaving
            if leaving.done():
                self.note_disconnect()
            elif sse.cut:
                await self.close(reset=sse.cut == "reset")
            else:
                leaving.cancel()
                await self.finish(b"")
        finally:
            leaving.cancel()

    async def write(self, sse: Sse, leaving: asyncio.Future[None]) -> None:
        """Send the pieces, each as one HTTP chunk, until the client leaves."""
        transport = self.app.server.transport_of(self.scope)
        if transport and not sse.pace and self.scope["http_version"] == "1.1":
            # A chunk takes uvicorn and h11 11 µs (measured); framed by us, all are one write.
            framed = sse.framed
            for at in range(0, len(framed), _BUFFERED):
                transport.write(framed[at : at + _BUFFERED])
                # With an empty message uvicorn waits until the client has read enough.
                await self.send({"type": "http.response.body", "body": b"", "more_body": True})
                await asyncio.sleep(0)
                if leaving.done():
                    return
            return
        for number, chunk in enumerate(sse.chunks):
            if number and sse.pace:
                await asyncio.wait([leaving], timeout=sse.pace)
            if leaving.done():
                return
            await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def start(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        replaced = {name.lower() for name in headers}
        duration = round((time.perf_counter() - self.began) * 1000)
        usual = [
            *_GOOGLE_HEADERS,
            ("Content-Type", content_type),
            ("Date", formatdate(usegmt=True)),
            ("Server-Timing", f"gfet4t7; dur={duration}"),
        ]
        kept = [pair for pair in sorted(usual) if pair[0].lower() not in replaced]
        raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in [*kept, *headers.items()]]
        self.app.journal.note(self.request, status=status)
        await self.send({"type": "http.response.start", "status": status, "headers": raw})

    async def finish(self, body: bytes) -> None:
        # Recorded before the last byte is sent: a test may look as soon as its client has it.
        self.app.journal.note(self.request, answered=True)
        await self.send({"type": "http.response.body", "body": body})

    async def close(self, *, reset: bool) -> None:
        """Close the connection, whatever has been sent."""
        if transport := self.app.server.transport_of(self.scope):
            if reset:
                connection: socket.socket = transport.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                transport.abort()
            else:
                transport.close()
        await self.until_disconnect()

    async def until_disconnect(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def note_disconnect(self) -> None:
        if not self.app.server.stopping:  # else the emulator closed the connection
            self.app.journal.note(self.request, disconnected=True)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; `None` when the client left before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _pieces(rendered: Reply | Sse | Download) -> Iterable[bytes]:
    if isinstance(rendered, Download):
        return rendered.blob.pieces()
    return [rendered.content] if isinstance(rendered, Reply) else rendered.chunks
