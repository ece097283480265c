"""Try the client under load, on a server in a process of its own: `python -m benchmarks.load`.

1,000 streams at once, 50,000 calls of an event loop, and 200 threads with one client; `--small`
does less in a few seconds. Each answer must be the answer to its own question. Afterwards there
are as many open descriptors as before, and no more memory than after the first tenth of the calls
but for a margin. Ends with status 1 where that is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gemini_openai import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = 8  # of an answer, each a chunk of a stream
MARGIN = 32 << 20  # bytes that memory may grow by
TIMEOUT = 300  # seconds; a busy machine is no fault


class Size(NamedTuple):
    """How much is done."""

    streams: int
    calls: int
    workers: int
    threads: int
    calls_per_thread: int


FULL = Size(streams=1_000, calls=50_000, workers=64, threads=200, calls_per_thread=50)
SMALL = Size(streams=100, calls=400, workers=32, threads=40, calls_per_thread=5)


class Outcome(NamedTuple):
    """What one kind of load came to."""

    what: str
    done: int
    wrong: list[str]
    seconds: float
    descriptors: int
    """How many more are open than before."""
    grown: int
    """Bytes of memory, beyond those after the first tenth."""

    @property
    def is_good(self) -> bool:
        """Whether every answer was right and everything was given back."""
        return not self.wrong and self.descriptors <= 0 and self.grown < MARGIN

    def __str__(self) -> str:
        wrong = f"{len(self.wrong)} wrong" + "".join(f"\n    {one}" for one in self.wrong[:5])
        return (
            f"{self.what}: {self.done} in {self.seconds:.0f} s, {wrong}; descriptors "
            f"{self.descriptors:+d}, memory {self.grown / 2**20:+.0f} MiB"
        )


def right_answer(question: str) -> str:
    """What the server answers, for every question another text."""
    return " ".join(f"{question}.{number}" for number in range(WORDS))


def ask(question: str, model: str = "gemini-2.5-flash") -> dict[str, Any]:
    """The arguments of a call."""
    return {"model": model, "messages": [{"role": "user", "content": question}]}


async def streams(url: str, size: Size) -> Iterator[str]:
    """All streams at once: the server goes on with the first when the last has begun."""

    async def one(number: int) -> str | None:
        stream = await client.chat.completions.create(
            **ask(f"stream-{number}", f"hold-{size.streams}"), stream=True
        )
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
        return wrong(f"stream-{number}", text)

    async with AsyncOpenAI(api_key="k", base_url=url, timeout=TIMEOUT, max_retries=0) as client:
        found = await asyncio.gather(*map(one, range(size.streams)), return_exceptions=True)
    return told(found)


async def calls(url: str, size: Size, memory: list[int]) -> Iterator[str]:
    """Many calls of some tasks with one client."""
    numbers, found = iter(range(size.calls)), []

    async def work() -> None:
        for number in numbers:
            if number == size.calls // 10:
                memory.append(resident())
            answer = await client.chat.completions.create(**ask(f"call-{number}"))
            found.append(wrong(f"call-{number}", answer.choices[0].message.content))

    async with AsyncOpenAI(api_key="k", base_url=url, timeout=TIMEOUT, max_retries=0) as client:
        ended = await asyncio.gather(*(work() for _ in range(size.workers)), return_exceptions=True)
        memory.append(resident())
    missing = size.calls - len(found)
    return told([*ended, *found, *([f"{missing} calls were not made"] if missing else [])])


def threads(url: str, size: Size) -> Iterator[str]:
    """Threads that begin together and share one client."""
    start, found = threading.Barrier(size.threads), []

    def work(thread: int) -> None:
        start.wait()
        for number in range(size.calls_per_thread):
            question = f"thread-{thread}-{number}"
            try:
                answer = client.chat.completions.create(**ask(question))
                found.append(wrong(question, answer.choices[0].message.content))
            except Exception as error:  # noqa: BLE001  # whatever it is, it is counted
                found.append(f"{question}: {error!r}")

    with OpenAI(api_key="k", base_url=url, timeout=TIMEOUT, max_retries=0) as client:
        running = [threading.Thread(target=work, args=(number,)) for number in range(size.threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    missing = size.threads * size.calls_per_thread - len(found)
    return told([*found, *([f"{missing} calls were not made"] if missing else [])])


def wrong(question: str, answer: str | None) -> str | None:
    """What is wrong with an answer."""
    return None if answer == right_answer(question) else f"{question} got {answer!r:.100}"


def told(found: list[Any]) -> Iterator[str]:
    """All that went wrong, as text."""
    return (str(one) if isinstance(one, str) else repr(one) for one in found if one is not None)


def run(size: Size, url: str) -> Iterator[Outcome]:
    """Do all of it."""
    memory: list[int] = []
    total = size.threads * size.calls_per_thread
    yield measured("streams at once", size.streams, lambda: asyncio.run(streams(url, size)))
    outcome = measured("calls", size.calls, lambda: asyncio.run(calls(url, size, memory)))
    yield outcome._replace(grown=memory[-1] - memory[0])
    yield measured(f"calls of {size.threads} threads", total, lambda: threads(url, size))


def measured(what: str, count: int, load: Any) -> Outcome:
    """Do one kind of load, and look at what is left of it."""
    before, start = descriptors(), time.monotonic()
    found = list(load())
    seconds = time.monotonic() - start
    gc.collect()
    return Outcome(what, count, found, seconds, descriptors() - before, 0)


def descriptors() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/dev/fd"))  # noqa: PTH208  # counting the one that lists them each time


def resident() -> int:
    """Bytes of memory in use; 0 where the system does not say."""
    gc.collect()
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * resource.getpagesize() if pages.exists() else 0


@contextmanager
def echo_server() -> Iterator[str]:
    """Run the server during a `with` block, and give its base URL."""
    command = [sys.executable, "-m", "benchmarks.load", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Echo:
    """Answers each question with itself, in words; held streams wait for each other."""

    def __init__(self) -> None:
        self.begun: itertools.count[int] = itertools.count(1)
        self.all_begun = asyncio.Event()

    async def serve(self) -> None:
        """Serve until the process ends; the base URL is printed first."""
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0, backlog=4096)
        port = server.sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}/v1beta/openai/", flush=True)
        await server.serve_forever()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower().splitlines()
                length = next(int(row[15:]) for row in head if row.startswith(b"content-length:"))
                body = json.loads(await reader.readexactly(length))
                text = right_answer(body["messages"][-1]["content"])
                if body.get("stream"):
                    await self.stream(writer, text, body["model"])
                else:
                    choice = {"message": {"role": "assistant", "content": text}, "index": 0}
                    whole = envelope("chat.completion", {**choice, "finish_reason": "stop"})
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
                    writer.write(b"content-length: %d\r\n\r\n%b" % (len(whole), whole))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def stream(self, writer: asyncio.StreamWriter, text: str, model: str) -> None:
        """Send a word a chunk, with the other streams in between."""
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n")
        writer.write(b"transfer-encoding: chunked\r\n\r\n")
        for number, word in enumerate(text.split(" ")):
            delta = {"role": "assistant", "content": f" {word}" if number else word}
            last = {"finish_reason": "stop"} if number == WORDS - 1 else {}
            event = envelope("chat.completion.chunk", {"delta": delta, "index": 0, **last})
            write_chunk(writer, b"data: " + event + b"\n\n")
            await writer.drain()
            if not number and model.startswith("hold-"):
                if next(self.begun) >= int(model[5:]):
                    self.all_begun.set()
                await self.all_begun.wait()
            await asyncio.sleep(0)
        write_chunk(writer, b"data: [DONE]\n\n")
        write_chunk(writer, b"")


def envelope(kind: str, choice: dict[str, Any]) -> bytes:
    """A body as Gemini sends it."""
    body = {"id": "x", "object": kind, "created": 1, "model": "m", "choices": [choice]}
    return json.dumps(body).encode()


def write_chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Write a chunk of a body; the empty one ends it."""
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))


def main() -> int:
    """Run the load and print what came of it, or serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a few seconds of each")
    parser.add_argument("--serve", action="store_true", help="be the server only")
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    if given.serve:
        asyncio.run(Echo().serve())
        return 0
    with echo_server() as url:
        good = True
        for outcome in run(SMALL if given.small else FULL, url):
            print(outcome, flush=True)
            good = good and outcome.is_good
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
