"""Keep the time of a whole call: its deadline, and limits for the network that follow it.

The HTTP families limit each single wait: for a connection, for the next bytes. A server that sends
one byte now and then keeps within that for ever. A `Deadline` is the end of all of it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from .._primitives.given import NOT_GIVEN, is_given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from .._primitives.given import NotGiven

AUTHORISING = "waiting for credentials"
WAITING = "waiting for the answer"
READING = "reading the answer"
ASKING_AGAIN = "waiting to ask again"
_PHASES = {
    "pool": "waiting for a free connection",
    "connect": "connecting",
    "write": "sending the request",
}

_PIECE = 1 << 16  # bytes sent under one limit
_SOON = 0.001  # seconds; a wait may end this much early, and one of no time is no wait


def check_deadline(value: Any) -> None:
    """Raise `ValueError` for a deadline of 0 or below, `TypeError` for what is no number."""
    if value is None or isinstance(value, Deadline):
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            f"deadline must be a number of seconds, or None for none, not {type(value).__name__}."
        )
    if not (value > 0 and isfinite(value)):
        raise ValueError(f"deadline is {value}. Give seconds above 0, or None for no deadline.")


class Deadline:
    """The time that a call has, from now on, with all that belongs to it.

    Args:
        seconds: how long.
        clock: seconds that never go back.

    Attributes:
        doing: what is going on, for the error.
        attempt: the number of the attempt, from 1 up.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self.doing = "preparing the request"
        self.attempt = 1
        self._clock = clock
        self._began = clock()

    def took(self) -> float:
        """The seconds since it began."""
        return self._clock() - self._began

    def left(self) -> float:
        """The seconds that are left, 0 when it has passed."""
        return max(self.seconds - self.took(), 0.0)

    def passed(self) -> bool:
        """Whether it has passed."""
        return self.left() < _SOON

    def bounded(self, limit: float | None) -> float:
        """The limit of one wait: no longer than what is left."""
        return max(self.left() if limit is None else min(limit, self.left()), _SOON)

    def limits(self, phases: Mapping[str, float | None]) -> dict[str, float | None]:
        """The limits of the phases of a request, each bounded when the HTTP family asks for it."""
        return _Limits(phases, self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.seconds:g} s, {self.left():.3f} s left>"


def start_deadline(
    given: float | Deadline | NotGiven | None, default: float | None
) -> Deadline | None:
    """The deadline of a call that begins now: its own if it has one, else that of its client.

    One that has begun is given by a method that sends several requests, and holds for all.

    Raises what `check_deadline` raises.
    """
    if isinstance(given, Deadline):
        return given
    seconds = given if is_given(given) else default
    check_deadline(seconds)
    return None if seconds is None else Deadline(seconds)


def pause(seconds: float, deadline: object) -> float:
    """Seconds to wait before asking again; the request after it finds a deadline passed."""
    if not isinstance(deadline, Deadline):
        return seconds
    deadline.doing = ASKING_AGAIN
    return min(seconds, deadline.left())


class _Limits(dict[str, "float | None"]):
    """The value of a request's `timeout` extension, which is asked for at the start of each phase.

    So it also knows what is going on.
    """

    def __init__(self, phases: Mapping[str, float | None], deadline: Deadline) -> None:
        super().__init__(phases)
        self._deadline = deadline

    def __getitem__(self, phase: str) -> float:
        deadline = self._deadline
        if phase == "read":
            deadline.doing = READING if deadline.doing in (WAITING, READING) else WAITING
        else:
            deadline.doing = _PHASES.get(phase, deadline.doing)
        return _Limit(super().get(phase), deadline)

    def get(self, phase: str, default: Any = NOT_GIVEN) -> Any:
        """The limit of a phase, for a phase without one too."""
        return self[phase]


class _Limit(float):
    """What was left at the start of a phase; a stream of `watch` asks for what is left by now."""

    def __new__(cls, limit: float | None, deadline: Deadline) -> Self:
        new = super().__new__(cls, deadline.bounded(limit))
        new._limit, new._deadline = limit, deadline
        return new

    _limit: float | None
    _deadline: Deadline

    def now(self) -> float:
        """What is left by now."""
        return self._deadline.bounded(self._limit)


def watch(stream: Any) -> None:
    """Let a blocking connection look at the deadline before each read and write, not once a phase.

    A phase has any number of them: a server may send the head of its answer, or what stands around
    the chunks of its body, byte by byte. The HTTP families expose the stream of a connection (in
    `trace` and in a response's extensions) but no way to change its limit within a phase. So the
    stream's class is replaced by one derived from it; without a deadline that behaves the same.
    """
    kind = cast("Any", type(stream))
    if not issubclass(kind, _Watched) and callable(getattr(stream, "read", None)):
        with suppress(TypeError):  # a class that cannot be derived from: the phase's limit holds
            stream.__class__ = _watched(kind)


class _Watched:
    """Marks the classes that `watch` makes."""


@lru_cache(maxsize=16)
def _watched(kind: Any) -> Any:
    class Stream(kind, _Watched):  # type: ignore[misc]
        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            block: bytes = kind.read(self, max_bytes, _now(timeout))
            return block

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            if not isinstance(timeout, _Limit):
                kind.write(self, buffer, timeout)
                return
            for start in range(0, len(buffer), _PIECE):
                kind.write(self, buffer[start : start + _PIECE], timeout.now())

    Stream.__name__ = Stream.__qualname__ = kind.__name__
    return Stream


def _now(timeout: float | None) -> float | None:
    return timeout.now() if isinstance(timeout, _Limit) else timeout


def watch_new(name: str, info: Mapping[str, Any]) -> None:
    """`watch` each connection as it is opened: the `trace` extension of a request."""
    if name.endswith(
        ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
    ):
        watch(info.get("return_value"))
