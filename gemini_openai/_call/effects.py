"""Run generators of effects: the only loops in the package that step one.

What takes several steps (a call with its retries, an upload, a run of batches) is written once, as
a generator that does no I/O: it yields an effect, a description of what it wants done, and is sent
the outcome, or has the exception thrown into it. `run` and `run_async` are given a
function that performs an effect. So the same steps serve blocking code and event loops, and a test
can play the world by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

EffectT = TypeVar("EffectT")
ResultT = TypeVar("ResultT")


class Wait(NamedTuple):
    """Wait for so many seconds."""

    seconds: float


def run(steps: Generator[EffectT, Any, ResultT], perform: Callable[[EffectT], object]) -> ResultT:
    """Perform each effect that `steps` yields, blocking; give what `steps` returns."""
    try:
        effect = next(steps)
        while True:
            outcome: object = None
            failure: Exception | None = None
            try:
                outcome = perform(effect)
            except Exception as trouble:  # noqa: BLE001  # the steps know which are theirs
                failure = trouble
            # Outside the handler: what the steps raise has the context that they give it.
            effect = steps.send(outcome) if failure is None else steps.throw(failure)
    except StopIteration as done:
        result: ResultT = done.value
        return result
    finally:
        failure = None  # its traceback refers to this frame
        steps.close()


async def run_async(
    steps: Generator[EffectT, Any, ResultT], perform: Callable[[EffectT], Awaitable[object]]
) -> ResultT:
    """`run` in an event loop, asyncio's or trio's."""
    try:
        effect = next(steps)
        while True:
            outcome: object = None
            failure: Exception | None = None
            try:
                outcome = await perform(effect)
            except Exception as trouble:  # noqa: BLE001  # the steps know which are theirs
                failure = trouble
            effect = steps.send(outcome) if failure is None else steps.throw(failure)
    except StopIteration as done:
        result: ResultT = done.value
        return result
    finally:
        failure = None  # its traceback refers to this frame
        steps.close()
