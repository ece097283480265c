"""The jobs and their goals: what to ask, what is sent, and what the ratios should be."""

from __future__ import annotations

from typing import NamedTuple

from . import recorded
from .scenarios import LONG

MANY = 100  # calls and streams at once
CHUNKS = 960  # of one stream
SEVERAL = 8  # events in a block
WRITTEN = 16  # events that the server writes at once
COUNTED_CHUNKS = 160  # of one stream whose instructions are counted
SDKS = ("floor", "ours", "openai")
PEERS = ("genai", "litellm")


class Goal(NamedTuple):
    """What the ratios should be."""

    floor: float | None = None
    """Ours ÷ floor, at most."""
    openai: float | None = None
    """`openai` ÷ ours, at least."""
    most: float | None = None
    """Ours by itself, at most, in the unit of the job."""
    fast: float | None = None
    """The same over the floor, with the engine of the extra `fast`."""


class Job(NamedTuple):
    """One line of the table."""

    name: str
    what: str
    unit: str
    """`ms` and `µs` are CPU time of the process, `kB` and `MB` memory."""
    act: str
    """One of `acts`, or of `programs`."""
    scenario: str
    """What the server sends; of a stream without its size, see `path`."""
    times: int = 1
    """How many to do in a round."""
    goal: Goal = Goal()
    ask: str = "short"
    ways: tuple[str, ...] = SDKS
    tls: bool = False
    is_program: bool = False
    """Measured in an interpreter of its own, from one of `programs`."""
    is_fresh: bool = False
    """Measured in a new process in each round."""
    chunks: int = 0
    """In one stream."""
    block: int = 1
    """Events in one block: one chunk of the body, in the sense of HTTP."""
    written: int = WRITTEN
    """Events that the client finds when it reads."""
    counted: int = 0
    """So many operations (chunks of a stream), and twice as many, when instructions are counted."""

    @property
    def path(self) -> str:
        """The first part of the path of its URL."""
        if not self.chunks:
            return self.scenario
        name = f"{self.scenario}-{self.chunks}-{self.block}-{self.written}"
        return name + ("-gzip" if self.tls else "") + ("-held" if self.act == "held" else "")

    @property
    def characters(self) -> int:
        """How long the text of a whole answer is."""
        return len(LONG if self.scenario == "long" else recorded.TEXT)


def _chunk(
    name: str,
    what: str,
    kind: str,
    goals: tuple[Goal, Goal],
    ask: str = "short",
    ways: tuple[str, ...] = SDKS,
) -> list[Job]:
    """A kind of chunk, with one event in a block and with several."""
    return [
        Job(
            f"{name}-{block}",
            f"chunk, {what}; {many} a block",
            "µs",
            "stream",
            f"stream-{kind}",
            2 * CHUNKS,
            goal,
            ask,
            ways,
            chunks=CHUNKS,
            block=block,
            counted=COUNTED_CHUNKS,
        )
        for block, many, goal in ((1, "one event", goals[0]), (SEVERAL, "several", goals[1]))
    ]


_USAGE = Goal(1.6, 8), Goal(2.2, 8)
_OTHER = Goal(1.6, 7), Goal(2.2, 7)
_TOOLS = Goal(1.8, 7), Goal(1.8, 7)
_WITH_PEERS = (*SDKS, "fast", *PEERS)
_WITH_FAST = (*SDKS, "fast")

START = [
    Job(
        "start", "process start to first answer", "ms", "start", "whole", 1, Goal(1.3, 3),
        ways=_WITH_PEERS, is_program=True,
    ),
    Job(
        "import", "import of the package", "ms", "load", "whole", 1, Goal(0.05, 100),
        ways=(*SDKS, *PEERS), is_program=True,
    ),
    Job(
        "first-async", "first async call on a made client: CPU in the loop", "ms", "first_async",
        "whole", 1, Goal(most=50), ways=_WITH_FAST, is_program=True,
    ),
    Job("client", "a second client, ready to call", "µs", "further", "whole", 20),
]  # fmt: skip
CALLS = [
    Job(
        "call", "call, blocking", "µs", "answer", "whole", 200, Goal(1.0, 3.2, fast=0.25),
        ways=_WITH_PEERS, counted=10,
    ),
    Job(
        "call-history", "call, 100 messages and 10 tools", "µs", "answer", "whole", 30,
        Goal(1.2, 20), "history", counted=4,
    ),
    Job(
        "call-async", "call, async, 100 at once", "µs", "answer_async", "whole", 300,
        Goal(0.45, 4, fast=0.15), ways=_WITH_PEERS, counted=100,
    ),
]  # fmt: skip
CHUNKED = [
    *_chunk("chunk-text", "text", "text", (Goal(1.1, 13), Goal(1.7, 15)), ways=_WITH_PEERS),
    *_chunk("chunk-usage-asked", "usage in each, asked for", "usage", _USAGE, "usage"),
    *_chunk("chunk-usage", "usage in each, not asked for", "usage", _USAGE),
    *_chunk("chunk-no-id", "without an id", "no_id", _OTHER),
    *_chunk("chunk-recorded", "without an id, usage in each", "recorded", _OTHER),
    *_chunk("chunk-tools", "each 8th with a signed tool call", "tools", _TOOLS),
    *_chunk("chunk-thoughts", "half of them thoughts", "thoughts", _TOOLS),
    Job(
        "chunk-text-alone", "chunk, text; one event a block, each read by itself", "µs", "stream",
        "stream-text", 2 * CHUNKS, ways=_WITH_FAST, chunks=CHUNKS, written=1,
        counted=COUNTED_CHUNKS,
    ),
    Job(
        "chunk-async", "chunk, async, 100 streams", "µs", "stream_async", "stream-text", 24_000,
        Goal(1.1, 10), ways=_WITH_PEERS, chunks=240, counted=16,
    ),
]  # fmt: skip
OTHERS = [
    Job(
        "embeddings", "100 embeddings of 3072 JSON floats", "ms", "embed", "embeddings", 5,
        Goal(1.05), counted=2,
    ),
    Job(
        "create-many", "`create_many`, a text", "µs", "embed_many", "embeddings", 2_000, Goal(1.05)
    ),
    Job("models", "list of 60 models", "µs", "models", "models", 50, Goal(1.1, 5), counted=20),
    Job(
        "map-async", "`client.map`, 100 at once, a call", "µs", "map_async", "whole", 5_000,
        Goal(0.35, 6), ways=_WITH_FAST,
    ),
    Job(
        "map-threads", "`client.map` in threads, 100 at once, a call", "µs", "map_threads", "whole",
        5_000, Goal(0.9, 2.5), ways=_WITH_FAST,
    ),
]  # fmt: skip
MEMORY = [
    Job(
        "memory-answer", "memory after the first answer", "MB", "memory", "whole", 1,
        Goal(1.05, 1.5), ways=_WITH_PEERS, is_program=True,
    ),
    Job(
        "memory-stream", "memory of an open stream (500 of them)", "kB", "held",
        "stream-text", 500, Goal(1.1), ways=_WITH_FAST, is_fresh=True, chunks=CHUNKS, written=1,
    ),
]  # fmt: skip
BIG = [
    Job(
        "picture", "request with a picture of 20 MB", "ms", "answer", "whole", 1, ask="picture",
        ways=(*SDKS, "json"),
    ),
    Job(
        "picture-bytes", "… bytes held at once", "MB", "peak", "whole", 1, ask="picture",
        ways=(*SDKS, "json"),
    ),
    Job("long", "answer of 128,000 tokens", "ms", "answer", "long", 5, ways=(*SDKS, "json")),
    Job("long-bytes", "… bytes held at once", "MB", "peak", "long", 1, ways=(*SDKS, "json")),
]  # fmt: skip
GROWTH = [
    Job(
        f"growth-{count}", f"chunk of a stream of {count:,}", "µs", "stream",
        "stream-text", max(count, 4_000), chunks=count,
    )
    for count in (1_000, 4_000, 16_000)
]  # fmt: skip
_OVER_TLS = {
    "start", "call", "call-async", "chunk-text-1", "chunk-text-8", "chunk-usage-1", "chunk-usage-8",
    "chunk-async",
}  # fmt: skip


def _over_tls(job: Job) -> Job:
    """The same over TLS, with streams compressed."""
    return job._replace(
        name=f"tls-{job.name}",
        what=f"TLS{', gzip' if job.chunks else ''}: {job.what}",
        goal=Goal(),
        ways=tuple(way for way in job.ways if way not in PEERS),
        tls=True,
        counted=0,
    )


PLAIN = [*START, *CALLS, *CHUNKED, *OTHERS, *MEMORY, *BIG, *GROWTH]
JOBS = [*PLAIN, *(_over_tls(job) for job in PLAIN if job.name in _OVER_TLS)]
