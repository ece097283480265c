"""Items to results, several at once in threads: taken in and handed out at the caller's pace."""

from __future__ import annotations

import contextvars
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .attempts import Perform, Sleep
from .in_order import Raised, Waiting, checked_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from .attempts import Effect

OutT = TypeVar("OutT")


class Results(Generic[OutT]):
    """An iterator over what becomes of many items; leaving it ends the work.

    Nothing happens before the first `next`. `close()`, the end of a `with` block, and forgetting
    the iterator (the end of a `for` loop over it) let no further call begin: waits end at once,
    calls on the wire end by themselves, and their answers are dropped. Items are taken in by the
    thread that iterates.
    """

    def __init__(
        self,
        items: Iterable[Any],
        work: Callable[[int, Any, Crew], Any],
        give: Callable[[Any], Iterable[OutT]],
        *,
        concurrency: int,
        look_ahead: int | None,
        ordered: bool,
    ) -> None:
        threads, self._room = checked_bounds(concurrency, look_ahead)
        self._source: Iterator[tuple[int, Any]] | None = enumerate(items)
        self._failure: Exception | None = None
        self._give = give
        self._out: deque[OutT] = deque()
        self._crew = Crew(work, threads, ordered=ordered)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> OutT:
        try:
            while not self._out:
                self._take_in()
                if not self._crew.busy:
                    failure, self._failure = self._failure, None
                    raise failure or StopIteration
                self._out.extend(self._give(self._crew.result()))
        except BaseException:
            self.close()
            raise
        return self._out.popleft()

    def _take_in(self) -> None:
        """Begin work on further items: two at most if a result can be handed out meanwhile."""
        begun = 0
        while (
            self._source is not None
            and self._crew.busy < self._room
            and (begun < 2 or not self._crew.ready)
        ):
            try:
                number, item = next(self._source)
            except StopIteration:
                self._source = None
            except Exception as failure:  # noqa: BLE001  # raised after what was begun before it
                self._source, self._failure = None, failure
            else:
                self._crew.begin(number, item)
                begun += 1

    def close(self, *, wait: bool = False) -> None:
        """Let no further call begin; with `wait`, return when those on the wire have ended too."""
        self._source = None
        self._out.clear()
        self._crew.stop()
        if wait:
            self._crew.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_crew"):
            self._crew.stop()


class _Stopped(BaseException):
    """The caller has left."""


class Crew:
    """Threads and what they work on. They hold this, and nothing holds the iterator but its user.

    They are daemons: a program that ends does not wait for answers nobody wants.
    """

    def __init__(self, work: Callable[[int, Any, Crew], Any], most: int, *, ordered: bool) -> None:
        self._work = work
        self._most = most
        self._changed = threading.Condition()
        self._turn = threading.Lock()
        self._leave = threading.Condition()
        self._stopped = False
        self._jobs: deque[tuple[int, Any, contextvars.Context]] = deque()
        self._results: Waiting[Any] = Waiting(ordered=ordered)
        self._threads = 0
        self._idle = 0
        self.busy = 0
        """The items begun whose results were not handed out."""

    @property
    def ready(self) -> bool:
        """Whether a result can be handed out."""
        return bool(self._results)

    def begin(self, number: int, item: Any) -> None:
        """Put an item in line for the next free thread."""
        with self._changed:
            self.busy += 1
            self._jobs.append((number, item, contextvars.copy_context()))
            if len(self._jobs) > self._idle and self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._live, name="gemini-openai-map", daemon=True).start()
            self._changed.notify_all()

    def result(self) -> Any:
        """The next result, once there is one. Raises `StopIteration` once `stop` was called."""
        with self._changed:
            while not self._results and not self._stopped:
                # On Windows an interrupt gets through between waits only.
                self._changed.wait(1.0)
            if self._stopped:
                raise StopIteration
            self.busy -= 1
            result = self._results.pop()
        if isinstance(result, Raised):
            raise result.trouble
        return result

    def stop(self) -> None:
        """Let nothing more begin, and wake who waits. From any thread, in a destructor too."""
        self._stopped = True
        # The locks of conditions may be taken again by the thread that has them, as a destructor
        # may have to; those of events may not.
        for condition in (self._leave, self._changed):
            with condition:
                condition.notify_all()

    def join(self) -> None:
        """Wait until no thread is left. Only after `stop`."""
        with self._changed:
            while self._threads:
                self._changed.wait(1.0)

    def _live(self) -> None:
        """The life of a thread: one item after the other."""
        try:
            self._work_off()
        finally:
            with self._changed:
                self._threads -= 1
                self._changed.notify_all()

    def _work_off(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._jobs and not self._stopped:
                    self._changed.wait()
                self._idle -= 1
                if self._stopped:
                    return
                number, item, context = self._jobs.popleft()
            try:
                result = context.run(self._work, number, item, self)
            except _Stopped:
                return
            except BaseException as trouble:  # noqa: BLE001  # the caller's to deal with
                result = Raised(trouble)
            with self._changed:
                self._results.put(number, result)
                self._changed.notify_all()
            del item, result, context  # not kept while the thread is idle

    def _sleep(self, seconds: float) -> None:
        with self._leave:
            self._leave.wait_for(lambda: self._stopped, seconds)

    def drive(self, steps: Generator[Effect, Any, Any], perform: Callable[[], Any]) -> Any:
        """Do what `attempts` asks, until it has an answer or raises."""
        mine = False
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = None
                    if isinstance(effect, Perform):
                        outcome = perform()
                    elif isinstance(effect, Sleep):
                        self._sleep(effect.seconds)
                    elif effect.leave:
                        self._turn.release()
                        mine = False
                    else:
                        self._turn.acquire()
                        mine = True
                    if self._stopped:
                        raise _Stopped
                except Exception as trouble:  # noqa: BLE001  # the steps know which are theirs
                    effect = steps.throw(trouble)
                else:
                    effect = steps.send(outcome)
        except StopIteration as done:
            return done.value
        finally:
            if mine:
                self._turn.release()
            steps.close()
