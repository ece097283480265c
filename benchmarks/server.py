"""Serve fixed answers from a separate process, whose CPU time is not counted."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .samples import PIECES, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def canned_server() -> Iterator[str]:
    """Run a server during a `with` block, and give its base URL."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await _head(reader):
        length = next(int(line[15:]) for line in head if line.startswith(b"content-length:"))
        streamed = b'"stream":' in await reader.readexactly(length)
        kind = b"text/event-stream" if streamed else b"application/json"
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\n" % kind)
        if streamed:
            writer.write(b"transfer-encoding: chunked\r\n\r\n")
            for piece in PIECES:
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
            writer.write(b"0\r\n\r\n")
        else:
            writer.write(b"content-length: %d\r\n\r\n%b" % (len(WHOLE), WHOLE))
    writer.close()


async def _head(reader: asyncio.StreamReader) -> list[bytes]:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).lower().splitlines()
    except asyncio.IncompleteReadError:
        return []


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}/v1beta/openai/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
