"""A server of few lines for tests of connections: it counts them, and is slow or breaks off."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from random import Random
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import trustme

import gemini_openai
from gemini_openai.transport import async_http_transport, http_transport

if TYPE_CHECKING:
    from typing_extensions import Self

LIBRARIES: dict[str, Any] = {"httpx": httpx, "httpx2": httpx2, "fast": httpx}
"""What the tests of connections run on; `fast` is the engine below httpx."""


def transport_of(name: str, *, is_async: bool, **settings: Any) -> Any:
    """A transport with our pool, of one of `LIBRARIES`."""
    if name == "fast":
        kind = "DefaultAsyncFastClient" if is_async else "DefaultFastClient"
        return getattr(gemini_openai, kind)(**settings)._transport
    return (async_http_transport if is_async else http_transport)(name, **settings)  # type: ignore[call-overload]


JSON = b"content-type: application/json\r\n"


class SmallServer:
    """Serves plain and TLS until the end of its `with` block.

    A GET is answered with its path in two pieces. A POST is a chat call: its answer, whole or as a
    stream, repeats the message; with `hostile` it is late by a random time, is sometimes a 503, and
    sometimes closes the connection.
    """

    def __init__(self, *, hostile: bool = False) -> None:
        authority = trustme.CA()
        self._certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(self._certificate)
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        self.hostile = hostile
        self.opened = self.open = self.most_open = 0
        self._random = Random(7)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        self._servers = [
            await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512, ssl=context)
            for context in (None, self._certificate)
        ]
        plain, tls = (server.sockets[0].getsockname()[1] for server in self._servers)
        self.url, self.tls_url = f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}"

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        for _ in range(10):  # a connection that was just accepted gets the task that closes it
            await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for _ in range(2):  # what was aborted closes its socket in the next round
            await asyncio.sleep(0)
        await self._loop.shutdown_default_executor()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if head.startswith(b"get"):
            path = head.split()[1]
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(path))
            for piece in (path[:1], path[1:]):
                writer.write(piece)
                await writer.drain()
            return True
        length = int(head.partition(b"content-length:")[2].split()[0])
        question = json.loads(await reader.readexactly(length))
        text = question["messages"][0]["content"]
        if self.hostile:
            await asyncio.sleep(self._random.random() * 0.01)
            if self._random.random() < 0.1:
                writer.write(
                    b"HTTP/1.1 503 Busy\r\nretry-after-ms: 20\r\ncontent-length: 0\r\n\r\n"
                )
                return True
        if question.get("stream"):
            await self._stream(writer, text)
            return True
        body = json.dumps(_completion({"message": {"role": "assistant", "content": text}})).encode()
        ends = self.hostile and self._random.random() < 0.1
        head = b"connection: close\r\n" if ends else b""
        head += JSON + b"content-length: %d\r\n\r\n" % len(body)
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + body)
        await writer.drain()
        return not ends

    async def _stream(self, writer: asyncio.StreamWriter, text: str) -> None:
        head = b"content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        writer.write(b"HTTP/1.1 200 OK\r\n" + head)
        for number in range(10):
            delta = {"role": "assistant", "content": text}
            reason = "stop" if number == 9 else None
            chunk = json.dumps(_completion({"delta": delta, "finish_reason": reason})).encode()
            writer.write(_piece(b"data: " + chunk + b"\n\n"))
            await writer.drain()
            if self.hostile:
                await asyncio.sleep(self._random.random() * 0.004)
        writer.write(_piece(b"data: [DONE]\n\n") + _piece(b""))
        await writer.drain()


def _completion(choice: dict[str, Any]) -> dict[str, Any]:
    kind = "chat.completion.chunk" if "delta" in choice else "chat.completion"
    choice = {"index": 0, "finish_reason": "stop", **choice}
    return {"id": "x", "object": kind, "created": 1, "model": "m", "choices": [choice]}


def _piece(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)
