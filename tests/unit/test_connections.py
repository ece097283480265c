"""The books of the connection pool, without sockets: who has which connection."""

from __future__ import annotations

import gc
from typing import Any

import httpcore
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gemini_openai._http.connections import Books, Place, SyncPool

A, B = (b"https", b"a", None), (b"https", b"b", None)


class Connection:
    def __init__(self) -> None:
        self.idle = True
        self.expired = False

    def is_available(self) -> bool:
        return self.idle

    def has_expired(self) -> bool:
        return self.expired


def placed(books: Books, key: Any = A) -> Place:
    place = Place(books, key, Connection)
    books.ask(place)
    return place


def test_what_comes_back_idle_is_used_again_the_newest_first() -> None:
    books = Books(10, 10)
    first, second = placed(books), placed(books)
    older, newer = first.connection, second.connection
    books.give_up(first)
    books.give_up(second)
    again = [placed(books), placed(books)]
    assert [place.connection for place in again] == [newer, older]


def test_what_comes_back_in_another_state_is_closed() -> None:
    books = Books(10, 10)
    place = placed(books)
    broken = place.connection
    broken.idle = False
    assert books.give_up(place) == [broken]
    assert books.connections() == []


def test_a_place_is_given_up_once_however_often_it_is_closed() -> None:
    books = Books(10, 10)
    place = placed(books)
    books.give_up(place)
    again = placed(books)
    assert books.give_up(place) == []
    assert list(books.taken) == [again.connection]


def test_an_expired_connection_is_closed_and_not_used() -> None:
    books = Books(10, 10)
    place = placed(books)
    old = place.connection
    books.give_up(place)
    old.expired = True
    again = Place(books, A, Connection)
    assert books.ask(again) == [old]
    assert again.connection is not old


def test_no_more_are_kept_than_wanted() -> None:
    books = Books(10, 1)
    places = [placed(books) for _ in range(3)]
    closed = [one for place in places for one in books.give_up(place)]
    assert (len(closed), len(books.connections())) == (2, 1)


def test_an_idle_connection_to_another_server_makes_room() -> None:
    books = Books(1, 10)
    place = placed(books, A)
    to_a = place.connection
    books.give_up(place)
    other = Place(books, B, Connection)
    assert books.ask(other) == [to_a]
    assert other.connection is not None


def test_at_the_limit_requests_are_served_in_their_order() -> None:
    books, woken = Books(1, 10), list[str]()
    first = placed(books)
    waiting = {name: placed(books) for name in "xyz"}
    for name, place in waiting.items():
        place.wake = lambda name=name: woken.append(name)  # type: ignore[misc]
    connection = first.connection
    books.give_up(waiting.pop("y"))  # cancelled
    books.give_up(first)
    assert (woken, waiting["x"].connection) == (["x"], connection)
    books.give_up(waiting["x"])
    assert (woken, waiting["z"].connection) == (["x", "z"], connection)


def test_a_dropped_place_is_collected_when_one_is_asked_for_or_waited_for() -> None:
    books = Books(1, 10)
    place = placed(books)
    connection = place.connection
    waiting = placed(books)
    assert waiting.queued
    del place
    gc.collect()
    books.collect()
    assert waiting.connection is connection
    del waiting
    gc.collect()
    assert placed(books).connection is connection


def test_a_retired_pool_keeps_nothing_but_ends_what_it_began() -> None:
    books = Books(10, 10)
    idle, busy = placed(books), placed(books)
    kept, used = idle.connection, busy.connection
    books.give_up(idle)
    assert books.retire() == [kept]
    assert books.give_up(busy) == [used]
    assert books.connections() == []


def test_a_pool_retired_by_the_garbage_collector_amid_its_own_work_does_not_wait_for_itself() -> (
    None
):
    books = Books(10, 10)
    idle, busy = placed(books), placed(books)
    kept, used = idle.connection, busy.connection
    books.give_up(idle)
    with books.lock:  # the work that was interrupted
        assert books.retire() == []
    assert books.give_up(busy) == [kept, used]
    assert books.connections() == []


def test_who_is_served_just_as_it_looks_is_not_told_that_the_client_was_closed() -> None:
    pool = SyncPool(httpcore, Connection, 1, None)
    busy, waiting = placed(pool.books), placed(pool.books)
    pool.books.give_up(busy)
    assert not waiting.queued
    assert pool._time_left(waiting, None) > 0


def test_an_emptied_pool_turns_away_who_waits_and_closes_what_comes_back() -> None:
    books, woken = Books(1, 10), list[int]()
    busy, waiting = placed(books), placed(books)
    waiting.wake = lambda: woken.append(1)
    used = busy.connection
    assert books.empty() == [used]
    assert (woken, waiting.connection, waiting.queued) == ([1], None, False)
    assert books.give_up(busy) == [used]
    assert placed(books).connection


@pytest.mark.parametrize("limit", [None, 0])
def test_no_limit_is_not_a_limit_of_nothing(limit: int | None) -> None:
    assert (placed(Books(limit, None)).connection is None) is (limit == 0)


# Functions with names: on Python 3.12, hypothesis 6.100 reads the source of lambdas at each step.


def has_places(machine: Anything) -> bool:
    return bool(machine.places)


def has_idle_connections(machine: Anything) -> bool:
    return any(machine.books.idle.values())


class Anything(RuleBasedStateMachine):
    """Whatever happens in whatever order, the rules of `Books` hold."""

    LIMIT, KEEP = 3, 2

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(self.LIMIT, self.KEEP)
        self.places: list[Place] = []
        self.closed: list[Any] = []

    @rule(key=st.sampled_from([A, B]))
    def ask(self, key: Any) -> None:
        place = Place(self.books, key, Connection)
        self.closed += self.books.ask(place)
        self.places.append(place)

    @precondition(has_places)
    @rule(data=st.data(), idle=st.booleans(), twice=st.booleans())
    def give_up(self, data: Any, idle: bool, twice: bool) -> None:
        place = self.places.pop(data.draw(st.integers(0, len(self.places) - 1)))
        if place.connection is not None:
            place.connection.idle = idle
        for _ in range(1 + twice):
            self.closed += self.books.give_up(place)

    @precondition(has_places)
    @rule(data=st.data())
    def drop(self, data: Any) -> None:
        place = self.places.pop(data.draw(st.integers(0, len(self.places) - 1)))
        if place.queued:  # who waits is held by its task
            self.closed += self.books.give_up(place)
        del place
        self.closed += self.books.collect()

    @precondition(has_idle_connections)
    @rule(data=st.data())
    def expire(self, data: Any) -> None:
        idle = [one for kept in self.books.idle.values() for one in kept]
        data.draw(st.sampled_from(idle)).expired = True

    @rule()
    def empty(self) -> None:
        self.closed += self.books.empty()

    @invariant()
    def holds(self) -> None:
        books = self.books
        held = [place.connection for place in self.places if place.connection is not None]
        assert len(set(held)) == len(held)
        assert set(books.taken) <= set(held)
        assert len(books.taken) + books.kept <= self.LIMIT
        assert books.kept == sum(map(len, books.idle.values()))
        assert [place for place in self.places if place.queued] == list(books.queue)
        assert not (set(books.connections()) & set(self.closed))
        if books.queue:
            assert len(books.taken) == self.LIMIT


TestAnything = Anything.TestCase
