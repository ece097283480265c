"""Renew in a forked child what it must not share with its parent.

That is connections, whose answers either process would read, and locks: a thread of the parent
that held one at the fork does not exist in the child to release it.
"""

from __future__ import annotations

import os
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class StartsOver(Protocol):
        """An object with state that belongs to one process."""

        def _start_over(self) -> None:
            """Make new locks and drop what belongs to the parent, without closing it.

            Runs in the child, before anything else does there. Must not wait for a lock.
            """


_alive: WeakSet[StartsOver] = WeakSet()


def start_over_in_child(thing: StartsOver) -> None:
    """Call `thing._start_over()` in each process that is forked while there is a `thing`."""
    _alive.add(thing)


def _after_fork() -> None:
    for thing in list(_alive):  # all of them are there until the last has started over
        thing._start_over()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_after_fork)
