"""What a test tells the emulator to answer, and what it asks the emulator about afterwards."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from ._json import compact
from .answers import Answer
from .jobs import Job

Piece: TypeAlias = bytes | str | Mapping[str, Any]
DONE = b"data: [DONE]\n\n"


class Headers(Mapping[str, str]):
    """HTTP headers: looked up without regard to case; `list` keeps them as they came."""

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        self.list = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
        self._values: dict[str, str] = {}
        for name, value in self.list:
            key = name.lower()
            self._values[key] = f"{self._values[key]}, {value}" if key in self._values else value

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({', '.join(self._values)})"  # names only: a value may be a key


@dataclass
class Fate:
    """What became of a request, as far as the emulator can tell."""

    answered: bool = False
    disconnected: bool = False
    status: int | None = None
    size: int = 0


@dataclass(frozen=True)
class Received:
    """A request the emulator got.

    `path` is decoded, `raw_path` is as it was on the wire, `query` has a list of values for each
    name. `headers` are looked up without regard to case. `body` is empty for the bytes of an
    upload, which go to disk as they come: `size` counts their bytes.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    raw_path: str = field(default="", repr=False)
    fate: Fate = field(default_factory=Fate, repr=False, compare=False)

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            json.JSONDecodeError: The body is something else.
        """
        return json.loads(self.body)

    @property
    def size(self) -> int:
        """How many bytes of the body came."""
        return self.fate.size or len(self.body)

    @property
    def answered(self) -> bool:
        """Whether the whole answer was handed to the operating system."""
        return self.fate.answered

    @property
    def disconnected(self) -> bool:
        """Whether the client went away before the end of its answer."""
        return self.fate.disconnected


@dataclass(frozen=True)
class Reply:
    """An answer in one piece.

    The body is `json`, `text` or `body`, whichever is given. Google's usual response headers are
    sent, those of `headers` in place of or beside them.
    """

    status: int = 200
    json: Any = None
    text: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def content(self) -> bytes:
        """The body as bytes."""
        if self.body is not None:
            return self.body
        if self.text is not None:
            return self.text.encode()
        return b"" if self.json is None else compact(self.json).encode()

    @property
    def content_type(self) -> str:
        """What the body is, unless `headers` say otherwise."""
        if self.text is not None:
            html = self.text.lstrip()[:1] == "<"
            return f"text/{'html' if html else 'plain'}; charset=UTF-8"
        return "application/json; charset=UTF-8" if self.status >= 400 else "application/json"


@dataclass(frozen=True)
class Sse:
    """A streamed answer.

    A piece is sent as one HTTP chunk: bytes and text as they are, a mapping as an event,
    `data: {…}`. Bytes alone are one piece.

    Attributes:
        pieces: What is sent, in this order.
        done: Whether `data: [DONE]` is sent after them. `None`: yes, unless a piece has it or the
            stream is held or cut.
        hold: Keep the connection open after the last piece, until the client or the emulator goes.
        cut: Close the connection after the last piece, where the body is not complete: with what
            was written delivered (`True`), or with a TCP reset (`"reset"`).
        pace: Seconds to wait before each piece but the first.
    """

    pieces: bytes | Sequence[Piece]
    done: bool | None = None
    hold: bool = False
    cut: bool | Literal["reset"] = False
    pace: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    content_type = "text/event-stream"

    @cached_property
    def chunks(self) -> list[bytes]:
        """The pieces as bytes, `[DONE]` included where it is due."""
        given = [self.pieces] if isinstance(self.pieces, bytes) else self.pieces
        chunks = [_event(piece) for piece in given]
        done = self.done
        if done is None:
            done = not (self.hold or self.cut or any(b"data: [DONE]" in chunk for chunk in chunks))
        return [*filter(None, chunks), DONE] if done else [*filter(None, chunks)]

    @cached_property
    def framed(self) -> bytes:
        """The pieces in HTTP/1.1 chunk framing, so that thousands of them are one write."""
        return b"".join([b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in self.chunks])


def _event(piece: Piece) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, str):
        return piece.encode()
    return f"data: {compact(piece)}\n\n".encode()


@dataclass(frozen=True)
class Drop:
    """The connection is closed, or reset when `reset` is true; without an answer as a rule.

    Attributes:
        after: `None`: nothing is done. Otherwise what was asked for is done: of the chunk of an
            upload so many bytes are taken, and more than it has means that only the answer is
            lost; any other request is carried out, and so many bytes of its answer are sent.
    """

    reset: bool = False
    after: int | None = None


@dataclass(frozen=True)
class Stall:
    """No answer, ever: the connection stays open until the client or the emulator goes."""


Scripted: TypeAlias = Reply | Sse | Drop | Stall | Answer | Job
Script: TypeAlias = Scripted | Callable[[Received], Scripted]


@dataclass(frozen=True)
class _Entry:
    answer: Script
    path: str | None
    when: Callable[[Received], bool] | None

    def suits(self, request: Received) -> bool:
        if self.path is not None and not request.path.endswith(self.path):
            return False
        if isinstance(self.answer, Answer) and not request.path.endswith("/chat/completions"):
            return False
        if isinstance(self.answer, Job) and not _begins_job(request, uploads=bool(self.path)):
            return False
        return self.when is None or self.when(request)


def _begins_job(request: Received, *, uploads: bool) -> bool:
    """Whether something begins that takes time; an upload only where it is asked for."""
    ends = ("/batches", "/videos", "/files") if uploads else ("/batches", "/videos")
    return (
        request.method == "POST"
        and request.path.endswith(ends)
        and "upload_id" not in request.query
    )


class Journal:
    """The requests that came and the scripted answers that wait; safe to use from any thread.

    Args:
        keep: How many requests to keep, the last ones; `None`: all.
    """

    def __init__(self, keep: int | None = None) -> None:
        self._changed = threading.Condition()
        self._requests: deque[Received] = deque(maxlen=keep)
        self._script: list[_Entry] = []

    def record(self, request: Received, *, aside: bool = False) -> Script | None:
        """Write the request down and take the scripted answer that is first in line for it.

        One that is `aside` from what tests are about takes only answers meant for its path.
        """
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            for position, entry in enumerate(self._script):
                if entry.suits(request) and not (aside and entry.path is None):
                    del self._script[position]
                    return entry.answer
        return None

    def note(self, request: Received, **fate: Any) -> None:
        """Write down what became of a request."""
        with self._changed:
            for name, value in fate.items():
                setattr(request.fate, name, value)
            self._changed.notify_all()

    def add(
        self,
        answers: Sequence[Script],
        path: str | None,
        when: Callable[[Received], bool] | None,
    ) -> None:
        """Put answers at the end of the line."""
        with self._changed:
            self._script += [_Entry(answer, path, when) for answer in answers]

    def clear(self) -> None:
        """Forget the requests and the answers nobody asked for."""
        with self._changed:
            self._requests.clear()
            self._script.clear()
            self._changed.notify_all()

    @property
    def requests(self) -> list[Received]:
        """The requests so far, in order of arrival."""
        with self._changed:
            return [*self._requests]

    @property
    def unused(self) -> list[Script]:
        """The scripted answers that no request took."""
        with self._changed:
            return [entry.answer for entry in self._script]

    def wait_for(self, predicate: Callable[[], bool], timeout: float) -> None:
        """Return once `predicate()` is true; it is asked again whenever something happened.

        Raises:
            TimeoutError: It was not true within `timeout` seconds.
        """
        with self._changed:
            if self._changed.wait_for(predicate, timeout):
                return
            seen = [
                f"{request.method} {request.path} ({request.fate})" for request in self._requests
            ]
        raise TimeoutError(
            f"The emulator waited {timeout:g} s for what did not happen. Requests so far: "
            f"{'; '.join(seen) or 'none'}"
        )
