"""Make calls in threads, and hand out their results at the caller's pace."""

from __future__ import annotations

import contextvars
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Generic

from .._call.effects import Wait, run
from .attempts import Attempt, TakeTurn, attempts
from .calls import Calls, MapResult, OutT, ResultQueue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from .attempts import Effect


class Results(Generic[OutT]):
    """An iterator over what becomes of many items; leaving it ends the work.

    Nothing happens before the first `next`. `close()`, the end of a `with` block, and forgetting
    the iterator (the end of a `for` loop over it) let no further call begin: waits end at once,
    calls on the wire end by themselves, and their answers are dropped. Items are taken in by the
    thread that iterates.
    """

    def __init__(self, items: Iterable[Any], calls: Calls[OutT]) -> None:
        self._source: Iterator[tuple[int, Any]] | None = enumerate(items)
        self._failure: Exception | None = None
        self._calls = calls
        self._out: deque[OutT] = deque()
        self._workers = ThreadWorkers(calls)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> OutT:
        try:
            while not self._out:
                self._take_in()
                if not self._workers.busy:
                    failure, self._failure = self._failure, None
                    raise failure or StopIteration
                self._out.extend(self._calls.give(self._workers.result()))
        except BaseException:
            self.close()
            raise
        return self._out.popleft()

    def _take_in(self) -> None:
        """Begin work on further items: two at most if a result can be handed out meanwhile."""
        begun = 0
        while (
            self._source is not None
            and self._workers.busy < self._calls.look_ahead
            and (begun < 2 or not self._workers.results)
        ):
            try:
                number, item = next(self._source)
            except Exception as failure:  # noqa: BLE001  # raised after what was begun before it
                self._source, self._failure = None, failure
            else:
                self._workers.begin(number, item)
                begun += 1

    def close(self, *, wait: bool = False) -> None:
        """Let no further call begin; with `wait`, return when those on the wire have ended too."""
        self._source = None
        self._out.clear()
        self._workers.stop()
        if wait:
            self._workers.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_workers"):
            self._workers.stop(wait=False)


_LONGEST_WAIT = 1.0  # seconds, until a thread looks whether it was stopped without being woken


class _Stopped(BaseException):
    """The caller has left."""


class ThreadWorkers:
    """A pool of threads that make calls. They hold it, and only its user holds the iterator.

    They are daemons: a program that ends does not wait for answers nobody wants.
    """

    def __init__(self, calls: Calls[Any]) -> None:
        self._calls = calls
        self._changed = threading.Condition()
        self._turn = threading.Lock()
        self._stopped = False
        self._jobs: deque[tuple[int, Any, contextvars.Context]] = deque()
        self.results: ResultQueue[Any] = ResultQueue(ordered=calls.ordered)
        self._threads = 0
        self.busy = 0
        """The items begun whose results were not handed out."""

    def begin(self, number: int, item: Any) -> None:
        """Put an item in line for the next free thread."""
        with self._changed:
            self.busy += 1
            self._jobs.append((number, item, contextvars.copy_context()))
            if self._threads < min(self.busy, self._calls.concurrency):
                self._threads += 1
                threading.Thread(target=self._work, name="gemini-openai-map", daemon=True).start()
            self._changed.notify_all()

    def result(self) -> MapResult[Any, Any]:
        """Give the next result, once there is one. Raises `StopIteration` after `stop`."""
        with self._changed:
            while not self.results and not self._stopped:
                # On Windows an interrupt gets through between waits only.
                self._changed.wait(_LONGEST_WAIT)
            if self._stopped:
                raise StopIteration
            self.busy -= 1
            result: MapResult[Any, Any] | BaseException = self.results.pop()
        if isinstance(result, BaseException):
            raise result
        return result

    def stop(self, *, wait: bool = True) -> None:
        """Let nothing more begin, and wake who waits. From any thread.

        Without `wait`, as in a destructor, nobody is woken where another thread has the lock. The
        same when the interpreter ends: a thread that ended with it never gives the lock back.
        """
        self._stopped = True
        # The lock of a condition may be taken again by the thread that has it, as a destructor may
        # have to; that of an event may not.
        if self._changed.acquire(blocking=wait and not sys.is_finalizing()):
            try:
                self._changed.notify_all()
            finally:
                self._changed.release()

    def join(self) -> None:
        """Wait until no thread is left. Only after `stop`; not at all when the interpreter ends."""
        if sys.is_finalizing():
            return
        with self._changed:
            while self._threads:
                self._changed.wait(_LONGEST_WAIT)

    def _work(self) -> None:
        """Work on one item after the other until stopped: what each thread does."""
        try:
            while self._work_on_next():
                pass
        finally:
            with self._changed:
                self._threads -= 1
                self._changed.notify_all()

    def _work_on_next(self) -> bool:
        with self._changed:
            while not self._jobs and not self._stopped:
                self._changed.wait(_LONGEST_WAIT)
            if self._stopped:
                return False
            number, item, context = self._jobs.popleft()
        result: Any
        try:
            result = MapResult[Any, Any](number, item, context.run(self._call, item))
        except Exception as error:  # noqa: BLE001  # of this item, and of no other
            result = MapResult[Any, Any](number, item, error=error)
        except BaseException as trouble:  # noqa: BLE001  # raised where results are taken out
            result = trouble
        with self._changed:
            self.results.put(number, result)
            self._changed.notify_all()
        return True

    def _call(self, item: Any) -> Any:
        def perform(effect: Effect) -> Any:
            if isinstance(effect, TakeTurn):
                return self._turn.acquire()
            if isinstance(effect, Wait):
                self._wait(effect.seconds)
            if self._stopped:
                raise _Stopped
            return self._calls.make(item) if isinstance(effect, Attempt) else None

        return run(attempts(self._calls, item, self._turn.release), perform)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with self._changed:
            while not self._stopped and (left := end - time.monotonic()) > 0:
                self._changed.wait(min(left, _LONGEST_WAIT))
