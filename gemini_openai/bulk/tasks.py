"""Make calls in tasks of asyncio or trio, and hand out their results at the caller's pace."""

from __future__ import annotations

import contextvars
import sys
from collections import deque
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic

import anyio
import anyio.lowlevel

from .._call.effects import Wait, run_async
from .._primitives.fork import start_over_in_child
from .attempts import TakeTurn, attempts
from .calls import BEGUN_BEFORE_FORK, Calls, MapResult, OutT, ResultQueue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator

    from anyio.abc import TaskGroup
    from typing_extensions import Self

    from .attempts import Effect


class AsyncResults(Generic[OutT]):
    """An async iterator over what becomes of many items; leaving it ends the work.

    Nothing happens before the first `anext`. The end of an `async with` block, `close()`, and the
    cancelling of who waits for a result abort the calls in flight and wait until they are ended;
    forgetting the iterator (a `break` out of its `async for`) aborts them too, and does not wait.
    It belongs to the event loop that iterates.
    """

    def __init__(self, items: Iterable[Any] | AsyncIterable[Any], calls: Calls[OutT]) -> None:
        self._give = calls.give
        self._out: deque[OutT] = deque()
        self._tasks = Tasks(items, calls)

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

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    def __del__(self) -> None:
        if hasattr(self, "_tasks"):
            self._tasks.abort()


class Tasks:
    """Tasks that make calls. They hold it, and only its user holds the iterator.

    A task group cannot stay open while an iterator is not being asked (its scope would be left in
    another order than entered: https://anyio.readthedocs.io/en/stable/cancellation.html), so it
    lives in a task of its own.
    """

    def __init__(self, items: Iterable[Any] | AsyncIterable[Any], calls: Calls[Any]) -> None:
        self._source = (
            aiter(items) if isinstance(items, AsyncIterable) else _async_iterator(iter(items))
        )
        self._calls = calls
        self._results: ResultQueue[MapResult[Any, Any]] = ResultQueue(ordered=calls.ordered)
        self._failure: BaseException | None = None
        self._abort_soon: Callable[[], object] | None = None
        self._kept: object = None
        self._done = False
        start_over_in_child(self)

    def _start_over(self) -> None:
        """In a forked child: what the parent has begun is not waited for."""
        if self._abort_soon is not None and not self._done:
            self._abort_soon, self._done = None, True
            self._results = ResultQueue(ordered=False)
            self._failure = RuntimeError(BEGUN_BEFORE_FORK)

    async def result(self) -> MapResult[Any, Any]:
        """Give the next result, once there is one. Raises `StopAsyncIteration` after the last.

        An error of the items' source is raised after the results of those that came before.
        """
        if self._abort_soon is None and not self._done:
            self._begin()
        if self._results or self._done:  # else it waits below
            await anyio.lowlevel.checkpoint()
        while not self._results:
            if self._done:
                failure, self._failure = self._failure, None
                raise failure or StopAsyncIteration
            self._news = anyio.Event()
            await self._news.wait()
        self._room.release()
        return self._results.pop()

    async def end(self) -> None:
        """Abort, and wait until no task is left."""
        if self._abort_soon is None:
            self._done = True
        else:
            self._scope.cancel()
            await self._ended.wait()
        self._failure = None
        self._results = ResultQueue(ordered=False)

    def abort(self) -> None:
        """Abort, without waiting. From any thread: it is for destructors."""
        if self._abort_soon is not None and not self._done:
            with suppress(RuntimeError):  # the event loop has ended, and the tasks with it
                self._abort_soon()

    def _begin(self) -> None:
        self._scope = anyio.CancelScope()
        self._turn = anyio.Lock()
        self._free = anyio.Semaphore(self._calls.concurrency)
        self._room = anyio.Semaphore(self._calls.look_ahead)
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
                await _acquire(self._free)
                await _acquire(self._room)
                try:
                    item = await anext(source)
                except Exception as failure:  # noqa: BLE001  # raised after the results before it
                    self._failure = failure
                    return
                group.start_soon(self._work_on, number, item)
                number += 1
        finally:
            # An async generator cleans up here; in trio nobody else would let it, nor while it is
            # cancelled.
            if (aclose := getattr(source, "aclose", None)) is not None:
                with anyio.CancelScope(shield=True):
                    await aclose()

    async def _work_on(self, number: int, item: Any) -> None:
        result: MapResult[Any, Any]
        try:
            result = MapResult(number, item, await self._call(item))
        except Exception as error:  # noqa: BLE001  # of this item, and of no other
            result = MapResult(number, item, error=error)
        self._results.put(number, result)
        self._free.release()
        self._news.set()

    async def _call(self, item: Any) -> Any:
        async def perform(effect: Effect) -> Any:
            if isinstance(effect, TakeTurn):
                return await _acquire(self._turn)
            if isinstance(effect, Wait):
                return await anyio.sleep(effect.seconds)
            return await self._calls.make(item)

        return await run_async(attempts(self._calls, item, self._turn.release), perform)


async def _acquire(lock: anyio.Lock | anyio.Semaphore) -> None:
    """Acquire it, without a round of the event loop where nobody else has it."""
    try:
        lock.acquire_nowait()
    except anyio.WouldBlock:
        await lock.acquire()


async def _async_iterator(items: Iterator[Any]) -> AsyncIterator[Any]:
    """Give what an iterator gives; never waits."""
    for item in items:
        yield item


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
