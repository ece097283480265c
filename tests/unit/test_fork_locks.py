"""What is held at a fork and let go after it, without forking."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from gemini_openai._primitives import fork

if TYPE_CHECKING:
    import pytest


def test_two_threads_that_fork_at_once_both_let_go_of_what_they_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = threading.RLock()

    class Loading:
        def acquire(self) -> None:
            lock.acquire()

        def release(self) -> None:
            lock.release()
            if not others:  # the moment at which the other thread's fork goes on
                others.append(threading.Thread(target=fork._before_fork))
                others[0].start()
                others[0].join()

    others = list[threading.Thread]()
    held = list[object]()
    monkeypatch.setattr(fork, "loading", Loading())
    monkeypatch.setattr(fork, "_held", held)
    monkeypatch.setattr(fork, "_late", set[str]())
    monkeypatch.setattr(fork.sys, "modules", {})  # without the lock of pydantic
    fork._before_fork()
    fork._release()
    assert len(held) == 1  # that of the other thread, whose fork is not over
