"""A bounded memory that threads and forked processes share without waiting for each other."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from gemini_openai._primitives import fork
from gemini_openai._primitives.last_kept import LastKept


def test_what_was_longest_not_kept_or_asked_for_is_forgotten() -> None:
    memory = LastKept[str, int](3)
    for place, key in enumerate("abc"):
        memory.keep(key, place)
    memory.keep("a", 5)
    assert memory.get("b") == 1
    memory.keep("d", 3)
    assert {key: memory.get(key) for key in "abcd"} == {"a": 5, "b": 1, "c": None, "d": 3}
    assert len(memory) == 3


def test_threads_that_keep_at_once_do_not_exceed_the_limit() -> None:
    memory = LastKept[int, int](50)

    def work(thread: int) -> None:
        for i in range(500):
            memory.keep(1000 * thread + i, i)
            memory.get(1000 * thread + i - 5)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(memory) == 50


def test_a_lock_that_was_held_at_the_fork_is_free_in_the_child_and_nothing_is_lost() -> None:
    memory = LastKept[str, int](3)
    memory.keep("a", 1)
    memory._lock.acquire()
    assert memory in fork._alive
    memory._start_over()  # as in a child
    assert memory.get("a") == 1


def test_what_is_remembered_is_in_no_pickle() -> None:
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(LastKept[str, int](3))
