"""ASGI's messages -> a request in the journal, and its reply -> bytes on the connection."""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from email.utils import formatdate
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from .answers import Answer
from .errors import GoogleError
from .routes import Settings, respond
from .script import Drop, Headers, Journal, Received, Reply, Script, Scripted, Sse, Stall

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

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


class App:
    """The ASGI application of one emulator.

    Args:
        settings: What the rules need to know.
        journal: Where requests are written down and scripted answers wait.
        transport_of: The asyncio transport of the connection a scope came on; ASGI has no way to
            close a connection half way through an answer.
    """

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        transport_of: Callable[[Scope], asyncio.Transport | None],
    ) -> None:
        self.settings = settings
        self.journal = journal
        self.transport_of = transport_of
        self.count = itertools.count(1)
        self.stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        body = await _body(receive)
        if body is None:
            return
        request = Received(
            method=scope["method"],
            path=scope["path"],
            raw_path=scope["raw_path"].decode("latin-1"),
            query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            headers=Headers(scope["headers"]),
            body=body,
        )
        reply = self.reply_to(request, self.journal.record(request))
        exchange = _Exchange(self, scope, receive, send, request, began)
        if isinstance(reply, Reply):
            await exchange.reply(reply)
        elif isinstance(reply, Sse):
            await exchange.stream(reply)
        elif isinstance(reply, Drop):
            await exchange.close(reset=reply.reset)
        else:
            await exchange.until_gone()
            exchange.gone()
        log.info("%s %s %s", request.method, request.raw_path, request.fate.status or "no answer")

    def reply_to(self, request: Received, script: Script | None) -> Reply | Sse | Drop | Stall:
        """What to do with the request: as scripted, else by rule."""
        scripted: Scripted | None = (
            script
            if script is None or isinstance(script, (Reply, Sse, Drop, Stall, Answer))
            else script(request)
        )
        if isinstance(scripted, Answer):
            return respond(request, self.settings, next(self.count), scripted)
        if scripted is not None:
            return scripted
        if self.settings.only_scripted:
            message = (
                f"The emulator has no scripted answer for {request.method} {request.path}, and "
                "was told to give no others. Script one with Emulator.script()."
            )
            return Reply(400, body=GoogleError(400, message).body())
        return respond(request, self.settings, next(self.count))


class _Exchange:
    """One request and the connection it came on."""

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

    async def reply(self, reply: Reply) -> None:
        await self.start(reply.status, reply.content_type, reply.headers)
        await self.finish(reply.content)

    async def stream(self, sse: Sse) -> None:
        await self.start(sse.status, sse.content_type, sse.headers)
        leaving = asyncio.ensure_future(self.until_gone())
        try:
            await self.write(sse, leaving)
            if sse.hold:
                await leaving
            if leaving.done():
                self.gone()
            elif sse.cut:
                await self.close(reset=sse.cut == "reset")
            else:
                leaving.cancel()
                await self.finish(b"")
        finally:
            leaving.cancel()

    async def write(self, sse: Sse, leaving: asyncio.Future[None]) -> None:
        """Send the pieces, each as one HTTP chunk, as long as there is a client."""
        transport = self.app.transport_of(self.scope)
        if transport and not sse.pace and self.scope["http_version"] == "1.1":
            # A chunk takes uvicorn and h11 11 µs (measured); framed by us, all are one write.
            framed = sse.framed
            for at in range(0, len(framed), _BUFFERED):
                transport.write(framed[at : at + _BUFFERED])
                # An empty message has uvicorn wait until the client has caught up.
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
        # Noted before the last byte goes out: a client that has it may ask at once.
        self.app.journal.note(self.request, answered=True)
        await self.send({"type": "http.response.body", "body": body})

    async def close(self, *, reset: bool) -> None:
        """Close the connection in the middle of things."""
        if transport := self.app.transport_of(self.scope):
            if reset:
                connection: socket.socket = transport.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                transport.abort()
            else:
                transport.close()
        await self.until_gone()

    async def until_gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def gone(self) -> None:
        if not self.app.stopping:  # else it is the emulator that left
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
