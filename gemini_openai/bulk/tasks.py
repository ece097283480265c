"""Items to results, several at once in tasks of asyncio or trio, at the caller's pace."""

from __future__ import annotations

import contextvars
import sys
from collections import deque
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio
import anyio.lowlevel

from .attempts import Perform, Sleep
from .in_order import Raised, Waiting, checked_bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterable
    from types import TracebackType

    from anyio.abc import TaskGroup
    from typing_extensions import Self

    from .attempts import Effect

OutT = TypeVar("OutT")


class AsyncResults(Generic[OutT]):
    """An async iterator over what becomes of many items; leaving it ends the work.

    Nothing happens before the first `anext`. The end of an `async with` block, `close()`, and the
    cancelling of who waits for a result abort the calls in flight and wait until they are ended;
    forgetting the iterator (a `break` out of its `async for`) aborts them too, and does not wait.
    It belongs to the event loop that iterates.
    """

    def __init__(
        self,
        items: Iterable[Any] | AsyncIterable[Any],
        work: Callable[[int, Any, Tasks], Awaitable[Any]],
        give: Callable[[Any], Iterable[OutT]],
        *,
        concurrency: int,
        look_ahead: int | None,
        ordered: bool,
    ) -> None:
        tasks, room = checked_bounds(concurrency, look_ahead)
        self._give = give
        self._out: deque[OutT] = deque()
        self._tasks = Tasks(items, work, tasks, room, ordered=ordered)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> OutT:
        try:
            while not self._out:
                self._out.extend(self._give(await self._tasks.result()))
        except BaseException:
            await self.close()
            raise
        return self._out.popleft()

    async def close(self) -> None:
        """Abort the calls in flight; returns when they are ended. No further call begins."""
        self._out.clear()
        with anyio.CancelScope(shield=True):
            await self._tasks.end()

    aclose = close

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        if hasattr(self, "_tasks"):
            self._tasks.abort()


class Tasks:
    """Tasks and what they work on. They hold this, and nothing holds the iterator but its user.

    A task group cannot stay open while an iterator is not being asked (its scope would be left in
    another order than entered: https://anyio.readthedocs.io/en/stable/cancellation.html), so it
    lives in a task of its own.
    """

    def __init__(
        self,
        items: Iterable[Any] | AsyncIterable[Any],
        work: Callable[[int, Any, Tasks], Awaitable[Any]],
        most: int,
        room: int,
        *,
        ordered: bool,
    ) -> None:
        self._source = _async_iterator(items)
        self._work = work
        self._most = most
        self._most_ahead = room
        self._results: Waiting[Any] = Waiting(ordered=ordered)
        self._failure: BaseException | None = None
        self._abort_soon: Callable[[], object] | None = None
        self._kept: object = None
        self._done = False

    async def result(self) -> Any:
        """The next result, once there is one. Raises `StopAsyncIteration` when there are no more.

        An error of the items' source is raised after the results of those that came before.
        """
        if self._abort_soon is None and not self._done:
            self._begin()
        await anyio.lowlevel.checkpoint()
        while not self._results:
            if self._done:
                failure, self._failure = self._failure, None
                raise failure or StopAsyncIteration
            self._news = anyio.Event()
            await self._news.wait()
        self._room.release()
        result = self._results.pop()
        if isinstance(result, Raised):
            raise result.trouble
        return result

    async def end(self) -> None:
        """Abort, and wait until no task is left."""
        if self._abort_soon is None:
            self._done = True
        else:
            self._scope.cancel()
            await self._ended.wait()
        self._failure = None
        self._results = Waiting(ordered=False)

    def abort(self) -> None:
        """Abort, without waiting. From any thread: it is for destructors."""
        if self._abort_soon is not None and not self._done:
            with suppress(RuntimeError):  # the event loop has ended, and the tasks with it
                self._abort_soon()

    async def drive(
        self,
        steps: Generator[Effect, Any, Any],
        perform: Callable[[], Awaitable[Any]],
    ) -> Any:
        """Do what `attempts` asks, until it has an answer or raises."""
        mine = False
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = None
                    if isinstance(effect, Perform):
                        outcome = await perform()
                    elif isinstance(effect, Sleep):
                        await anyio.sleep(effect.seconds)
                    elif effect.leave:
                        self._turn.release()
                        mine = False
                    else:
                        await self._turn.acquire()
                        mine = True
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

    def _begin(self) -> None:
        self._scope = anyio.CancelScope()
        self._turn = anyio.Lock()
        self._free = anyio.Semaphore(self._most)
        self._room = anyio.Semaphore(self._most_ahead)
        self._news = anyio.Event()
        self._ended = anyio.Event()
        self._abort_soon, self._kept = _spawn(self._run, self._scope)

    async def _run(self) -> None:
        try:
            with self._scope:
                async with anyio.create_task_group() as group:
                    await self._take_in(group)
        except Exception as failure:  # noqa: BLE001  # the caller's to deal with
            self._failure = failure
        finally:
            self._done = True
            self._news.set()
            self._ended.set()

    async def _take_in(self, group: TaskGroup) -> None:
        source, number = self._source, 0
        try:
            while True:
                await self._free.acquire()
                await self._room.acquire()
                try:
                    item = await anext(source)
                except StopAsyncIteration:
                    return
                except Exception as failure:  # noqa: BLE001  # raised after the results before it
                    self._failure = failure
                    return
                group.start_soon(self._one, number, item)
                number += 1
        finally:
            with anyio.CancelScope(shield=True):
                await _close(source)

    async def _one(self, number: int, item: Any) -> None:
        try:
            result = await self._work(number, item, self)
        except Exception as trouble:  # noqa: BLE001  # the caller's to deal with
            result = Raised(trouble)
        self._results.put(number, result)
        self._free.release()
        self._news.set()


class _FromIterable:
    """An iterable as an async iterator that never waits."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = iter(items)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        for item in self._items:
            return item
        raise StopAsyncIteration


def _async_iterator(items: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Any]:
    return aiter(items) if isinstance(items, AsyncIterable) else _FromIterable(items)


async def _close(source: AsyncIterator[Any]) -> None:
    """Let an async generator clean up; in trio nobody else would, nor while it is cancelled."""
    if (aclose := getattr(source, "aclose", None)) is not None:
        await aclose()


def _spawn(
    run: Callable[[], Coroutine[Any, Any, None]], scope: anyio.CancelScope
) -> tuple[Callable[[], object], object]:
    """Run a coroutine function in a task of its own.

    Gives what aborts it, from any thread, and what is to be kept for as long as it runs: asyncio
    itself holds tasks weakly.
    """
    if "trio" in sys.modules:
        import trio

        if trio.lowlevel.in_trio_task():
            token = trio.lowlevel.current_trio_token()
            task = trio.lowlevel.spawn_system_task(run, context=contextvars.copy_context())
            return lambda: token.run_sync_soon(scope.cancel), task
    import asyncio

    loop = asyncio.get_running_loop()
    return lambda: loop.call_soon_threadsafe(scope.cancel), loop.create_task(run())
