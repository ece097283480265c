"""Let processes fork: what a child must not share with its parent, and what a fork waits for.

Not to be shared are connections, whose answers either process would read, and locks: a thread of
the parent that held one at the fork does not exist in the child to release it. Python's own locks
of imports are such locks, so a fork waits until nothing of the package is being imported.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from importlib import import_module
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class StartsOver(Protocol):
        """An object with state that belongs to one process."""

        def _start_over(self) -> None:
            """Make new locks and drop what belongs to the parent, without closing it.

            Runs in the child, before anything else does there. Must not wait for a lock.
            """


loading = threading.RLock()
"""Held while a client loads what its calls need, and by a fork. No module takes it while it is
imported: whoever holds it may wait for that import."""

_alive: WeakSet[StartsOver] = WeakSet()
_late: set[str] = set()
_held: list[Any] = []


def start_over_in_child(thing: StartsOver) -> None:
    """Call `thing._start_over()` in each process that is forked while there is a `thing`."""
    _alive.add(thing)


def load_before_fork(*modules: str) -> None:
    """Import `modules` when this process forks, so that no other thread is importing one then."""
    _late.update(modules)


def _before_fork() -> None:
    _hold(loading)
    while _late:
        with suppress(Exception):  # who uses the module is told
            import_module(_late.pop())
    # From 2.14 on pydantic builds models under a lock; a first answer of its kind builds its model.
    _hold(getattr(sys.modules.get("pydantic.main"), "_rebuild_lock", None))


def _hold(lock: Any) -> None:
    if lock is not None:
        lock.acquire()
        _held.append(lock)


def _release() -> None:
    held = _held[::-1]
    _held.clear()  # before the first is released: another thread may begin its fork then
    for lock in held:
        lock.release()


def _after_fork() -> None:
    _release()
    for thing in list(_alive):  # all of them are there until the last has started over
        thing._start_over()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(before=_before_fork, after_in_parent=_release, after_in_child=_after_fork)
