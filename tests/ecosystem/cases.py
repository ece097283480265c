"""The cases: what the emulator is told to answer, and what must have come of it."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from gemini_openai.emulator import Answer, Call, faults
from gemini_openai.emulator.answers.answer import tokens
from gemini_openai.emulator.answers.embeddings import vector

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai.emulator import Emulator, Received, Reply

QUIRKS = {"foreign_signatures_refused": True}
"""Beside those that are on by default: no placeholder passes for a signature."""

FRANCE = "Paris is the capital of France."
STOP = '{"city": "Paris", "nights": 3}'
CALLS = [Call("get_weather", {"city": city}) for city in ("Rome", "Oslo")]
THOUGHT = 37
FRANCE_TOKENS = tokens(FRANCE) + THOUGHT
STOP_TOKENS = tokens(STOP) + THOUGHT
CALL_TOKENS = sum(tokens(call.name + call.arguments_json) for call in CALLS) + THOUGHT
WEATHER = "It is sunny in both."
SECONDS_BUSY = 2.0
"""Longer than `openai` waits by itself in all its retries; real servers say up to a minute."""
MANY = 60  # as often as anybody retries


class Done(NamedTuple):
    """What the framework gave, the tools that it ran, the error that it raised, and when."""

    value: Any
    ran: list[str]
    error: list[dict[str, Any]]
    seconds: float
    requests: list[Received]


class Failed(Exception):
    """The case is not as it must be; the message says in what."""


def must(holds: object, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)


class Case(NamedTuple):
    """`script` tells the emulator what to answer, `check` raises `Failed`."""

    name: str
    title: str
    means: str
    script: Callable[[Emulator], None]
    check: Callable[[Done], None]


# --- answers ---


def says(text: str) -> Callable[[Received], Answer]:
    """This text, or a call of the tool by which an agent wants its last word to be said."""

    def answer(request: Received) -> Answer:
        tools = {tool["function"]["name"] for tool in request.json.get("tools") or ()}
        last = tools & {"final_answer", "submit"}
        if last:
            return Answer(calls=[Call(last.pop(), {"answer": text})])
        return Answer(text, thinking_tokens=THOUGHT)

    return answer


def paris(emulator: Emulator) -> None:
    emulator.script(says(FRANCE))


def answered(done: Done) -> None:
    text, told = done.value
    must(text == FRANCE, f"the text is {text!r:.80}")
    must(
        told in {FRANCE_TOKENS, None},
        f"{told} output tokens are told, {FRANCE_TOKENS} were spent",
    )


def streamed(done: Done) -> None:
    pieces, told = done.value
    must(len(pieces) > 1, f"{len(pieces)} piece")
    answered(done._replace(value=("".join(pieces), told)))


# --- tools ---


def one_after_the_other(emulator: Emulator) -> None:
    rome, oslo = CALLS
    emulator.script(Answer(calls=[rome]), Answer(calls=[oslo]), says(WEATHER), says(FRANCE))


def both_at_once(emulator: Emulator) -> None:
    emulator.script(Answer(calls=CALLS), says(WEATHER))


def ran_both(done: Done) -> None:
    must(sorted(done.ran) == ["Oslo", "Rome"], f"the tool ran for {done.ran}")
    must(WEATHER in str(done.value), f"the text is {done.value!r:.80}")
    sent = done.requests[-1].body
    for city in done.ran:
        must(f"sunny in {city}".encode() in sent, f"the result for {city} did not go back")


def went_on(done: Done) -> None:
    weather, france = done.value
    ran_both(done._replace(value=weather, requests=done.requests[:3]))
    must(FRANCE in str(france), f"then the text is {france!r:.80}")
    must(len(done.requests) == 4, f"{len(done.requests)} requests in place of 4")


# --- structured output ---


def by_rule(_: Emulator) -> None:
    """The emulator fills in the schema that it is given, as tool or as response format."""


def is_trip(done: Done) -> None:
    trip = done.value
    must(isinstance(trip, dict), f"the value is {trip!r:.80}")
    must(trip.get("kind") == "trip", f"the kind is {trip.get('kind')!r}")
    stops = [trip["first"], *trip["others"]]
    must(all(stop["city"] and stop["nights"] > 0 for stop in stops), f"the stops are {stops}")
    asked = b"".join(request.body for request in done.requests)
    must(b"nights" in asked, "no schema was sent")
    must(len(done.requests) == 1, f"{len(done.requests)} requests in place of one")


# --- embeddings ---


def are_vectors(done: Done) -> None:
    vectors = done.value
    must(len(vectors) == 150, f"{len(vectors)} vectors")
    for number, (length, *beginning) in enumerate(vectors):
        must(length, f"no vector for text {number}")
        expected = vector(f"text {number}", length)
        same = all(abs(a - b) < 1e-6 for a, b in zip(beginning, expected, strict=False))
        must(same, f"vector {number} is another text's")


# --- refusals ---


def busy_for_some_seconds(emulator: Emulator) -> None:
    end: list[float] = []

    def refusal(request: Received) -> Answer | Reply:
        end[:] = end or [time.monotonic() + SECONDS_BUSY]
        left = end[0] - time.monotonic()
        if left <= 0:
            return says(FRANCE)(request)
        return faults.quota_per_minute(f"{left + 0.001:.3f}s")

    emulator.script(*[refusal] * MANY)


def waited(done: Done) -> None:
    answered(done)
    must(len(done.requests) == 2, f"{len(done.requests)} requests in place of 2")


def no_quota_today(emulator: Emulator) -> None:
    emulator.script(*[faults.quota_per_day()] * MANY)


def bad_key(emulator: Emulator) -> None:
    emulator.script(*[faults.bad_key()] * MANY)


def told_of(done: Done, kind: str, status: int, words: str) -> None:
    must(done.error, f"no error; the value is {done.value!r:.80}")
    kinds = {name for error in done.error for name in error["classes"]}
    codes = {error.get("status") for error in done.error}
    must(
        any(re.search(kind, name) for name in kinds) or status in codes,
        f"raised {done.error[0]['classes'][0]}, not {kind.replace('|', ' or ')}",
    )
    text = " ".join(error["message"] for error in done.error)
    must(words in text, f"the error does not say why: {done.error[0]['message']:.100}")
    must(
        len(done.requests) == 1,
        f"{len(done.requests)} requests, {done.seconds:.0f} s: retried in vain",
    )


def quota_told(done: Done) -> None:
    told_of(done, "RateLimit|Throttled", 429, "exceeded your current quota")


def key_told(done: Done) -> None:
    told_of(done, "Authentication", 401, "API key not valid")


CASES = (
    Case("answer", "answer", "a plain answer, with the tokens that were spent", paris, answered),
    Case("stream", "stream", "the same in several pieces", paris, streamed),
    Case(
        "tools",
        "tool loop",
        "two rounds of tools and a further question; every thought signature must come back",
        one_after_the_other,
        went_on,
    ),
    Case(
        "parallel",
        "parallel tools, streamed",
        "two calls in one streamed answer",
        both_at_once,
        ran_both,
    ),
    Case(
        "structured",
        "structured",
        "a pydantic model whose schema has what Gemini refuses",
        by_rule,
        is_trip,
    ),
    Case("embeddings", "embeddings", "150 texts", by_rule, are_vectors),
    Case(
        "busy",
        "429 that passes",
        f"the server is busy for {SECONDS_BUSY:.0f} s, says so, and is asked once more then",
        busy_for_some_seconds,
        waited,
    ),
    Case(
        "quota",
        "429 that does not",
        "the day's quota is used up: told at once, with Google's words, and not retried",
        no_quota_today,
        quota_told,
    ),
    Case(
        "key",
        "bad key",
        "an authentication error with Google's words",
        bad_key,
        key_told,
    ),
)

# --- what tracers see ---


def seen_once(spent: int | None) -> Callable[[Done], None]:
    """Exactly one record, with this number of output tokens."""

    def check(done: Done) -> None:
        seen = done.value
        must(seen, "not seen")
        must(len(seen) == 1, f"seen {len(seen)} times")
        must(seen == [spent] or spent is None, f"{seen[0]} output tokens, {spent} were spent")

    return check


def a_stop(emulator: Emulator) -> None:
    emulator.script(Answer(STOP, thinking_tokens=THOUGHT))


def two_calls(emulator: Emulator) -> None:
    emulator.script(Answer(calls=CALLS, thinking_tokens=THOUGHT))


TRACED = (
    Case("chat", "chat", "a chat completion", paris, seen_once(FRANCE_TOKENS)),
    Case("chat_stream", "stream", "a stream, usage asked for", paris, seen_once(FRANCE_TOKENS)),
    Case(
        "tool_stream", "streamed tools", "two calls in a stream", two_calls, seen_once(CALL_TOKENS)
    ),
    Case("parse", "parse", "`parse` with a pydantic model", a_stop, seen_once(STOP_TOKENS)),
    Case("embed", "embeddings", "two texts", by_rule, seen_once(None)),
)


def request_summary(requests: list[Received]) -> str:
    """The requests in a line each, to see what went wrong."""
    return "\n".join(f"{r.method} {r.path} {json.dumps(r.json)[:2000]}" for r in requests if r.body)
