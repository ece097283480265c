"""What holds for any input: only our own errors, and repairing twice is repairing once.

Each function takes one input and raises what it should not: `AssertionError` where something that
must hold does not, or the foreign exception that got out.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import httpx
from pydantic_core import from_json

from gemini_openai import APIError
from gemini_openai._call.decode import fit
from gemini_openai._call.event_reader import EventReader
from gemini_openai._call.retry import Policy, after_refusal
from gemini_openai._call.sse import EventFrames, read_event
from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.answers.context import answer_context
from gemini_openai.dialect.notes import AnswerError, InvalidRequestError
from gemini_openai.dialect.refusals.errors import read_error
from gemini_openai.dialect.routes.batches import BATCH_ENDPOINTS, openai_batch, read_output_line
from gemini_openai.dialect.schemas.adapt import adapt_schema
from gemini_openai.dialect.schemas.references import SchemaError
from gemini_openai.dialect.translation.translator import Translator
from gemini_openai.types import Batch, CreateEmbeddingResponse, FileObject, Model
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk

Json: TypeAlias = Any
Check: TypeAlias = Callable[[Any], None]

BASE_URL = "https://generativelanguage.googleapis.com/v1beta/openai/"
# Of a request whose answer needs every repair.
ASKED: Json = {
    "model": "gemini-2.5-flash",
    "messages": [{"role": "user", "content": "Hello"}],
    "stream_options": {"include_usage": True},
    "extra_body": {"google": {"thinking_config": {"include_thoughts": True}}},
}
BODIES: dict[str, Json] = {
    "/chat/completions": ASKED,
    "/embeddings": {"model": "gemini-embedding-001", "input": ["a", "b"]},
    "/images/generations": {"model": "imagen-4.0-generate-001", "prompt": "a"},
}
ANSWERS: dict[str, Any] = {
    "/chat/completions": ChatCompletion,
    "/embeddings": CreateEmbeddingResponse,
    "/models/gemini-2.5-flash": Model,
    "/batches/batches/1": Batch,
    "/files/files/1": FileObject,
    "/models": None,
    "/batches": None,
    "/files": None,
    "/images/generations": None,
    "/videos/1": None,
}


def answers(value: Json) -> None:
    """Any JSON as the answer of any endpoint: read and decoded, or refused by our own error."""
    data = dumped(value)
    try:
        value = from_json(data)
    except ValueError:  # no JSON to us, as a lone surrogate
        return
    for path, kind in ANSWERS.items():
        made = Translator().translate(path, BODIES.get(path), base_url=BASE_URL)
        try:
            read = made.read(data, 0)
        except AnswerError:
            continue
        if kind is not None:
            fit(read if isinstance(read, (dict, list)) else value, kind)


def completions(value: Json) -> None:
    """A repaired answer needs no repair; what came is not touched, and fits its type."""
    if not isinstance(value, dict):
        return
    given = copy.deepcopy(value)
    once = adapt_completion(value, answer_context(ASKED, seed="seed"))
    assert same(value, given), "the answer that came was changed"
    fit(once, ChatCompletion)
    again = adapt_completion(once, answer_context(ASKED, seed="seed"))
    assert same(again, once), f"repaired again it is other: {again!r}"


def batches(value: Json) -> None:
    """A batch, or a list of them, is read once for all."""
    if not isinstance(value, dict):
        return
    given = copy.deepcopy(value)
    once = openai_batch(value)
    assert same(value, given), "the batch that came was changed"
    assert same(openai_batch(once), once), f"read again it is other: {once!r}"


def output_lines(value: Json) -> None:
    """A line of a batch's output is an answer or an error, or no line."""
    for endpoint in BATCH_ENDPOINTS:
        for data in (dumped(value), dumped({"custom_id": "1", "response": {"body": value}})):
            try:
                line = read_output_line(data, endpoint)
            except ValueError:
                continue
            assert (line.body is None) != (line.error is None), f"neither or both: {line!r}"
            assert isinstance(line.status_code, int)


def errors(value: Json) -> None:
    """An error body is read, whatever it is; no wait that it asks for is without an end."""
    report = read_error(value)
    for text in (report.message, report.code, report.type, report.param, report.reason):
        assert text is None or isinstance(text, str), f"no text: {text!r}"
    if report.retry_after is not None:
        assert math.isfinite(report.retry_after), f"a wait of {report.retry_after}"
    headers = {"retry-after": str(value)[:40]}
    policy = Policy(2, 60, lambda: 1e9, lambda: 0.5)
    decision = after_refusal(503, headers, report, attempt=0, waited=0, policy=policy)
    assert decision.wait is None or 0 <= decision.wait <= policy.budget, f"waits {decision.wait}"


def requests(value: Json) -> None:
    """A request is repaired without being touched, or refused; what is sent needs no repair."""
    if not isinstance(value, dict):
        return
    given = copy.deepcopy(value)
    try:
        once = Translator().translate("/chat/completions", value, base_url=BASE_URL).body
    except InvalidRequestError:
        once = None
    assert same(value, given), "the request that was given was changed"
    if once is not None:
        json.dumps(once)
        again = Translator().translate("/chat/completions", once, base_url=BASE_URL).body
        assert same(again, once), f"repaired again it is other: {once!r} {again!r}"


def schemas(value: Json) -> None:
    """A schema is rewritten once for all, or refused."""
    if not isinstance(value, dict):
        return
    given = copy.deepcopy(value)
    try:
        once, _ = adapt_schema(value)
    except SchemaError:
        once = None
    assert same(value, given), "the schema that was given was changed"
    if once is not None:
        again = adapt_schema(once)
        assert same(again, (once, [])), f"rewritten again it is other: {once!r} {again!r}"


def streams(given: tuple[bytes, list[int]]) -> None:
    """A stream of any bytes: chunks, then perhaps our own error; the same however it is cut."""
    data, places = given
    whole = read_stream([data])
    assert read_stream(cut(data, places)) == whole
    if len(data) < 3_000:
        assert read_stream([data[i : i + 1] for i in range(len(data))]) == whole


def framed(given: tuple[bytes, list[int]]) -> None:
    """Bytes are split into the same events however they are cut."""
    data, places = given
    assert split(cut(data, places)) == split([data])


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (answers, completions, batches, output_lines, errors, requests, schemas)
}
"""What takes a JSON value."""
STREAM_CHECKS: dict[str, Check] = {check.__name__: check for check in (streams, framed)}
"""What takes bytes, and the places at which they are cut."""


def read_stream(blocks: list[bytes]) -> tuple[list[str], str]:
    """The items of a stream, comparable, and how it ended."""
    request = httpx.Request("POST", BASE_URL)
    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, request=request)
    chunks = ChunkAdapter(answer_context(ASKED, seed="seed"))
    reader: EventReader[Any] = EventReader(ChatCompletionChunk, response, chunks)
    items: list[str] = []
    try:
        for block in blocks:
            for item in reader.feed(block):
                items.append(repr(item))  # noqa: PERF401  # what came before an error is kept
        for item in reader.end():
            items.append(repr(item))  # noqa: PERF401
    except APIError as error:
        return items, f"{type(error).__name__}: {error}"
    return items, ""


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """`data` in blocks that end at some places."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def split(blocks: list[bytes]) -> list[Any]:
    """The events in a stream."""
    frames = EventFrames()
    found = [frame for block in blocks for frame in frames.feed(block)] + frames.flush()
    return [event for event in map(read_event, found) if event is not None]


def dumped(value: Json) -> bytes:
    """JSON as a server may send it: `NaN` and lone surrogates included."""
    return json.dumps(value).encode()


def same(one: Json, other: Json) -> bool:
    """Equality where NaN equals itself."""
    return one == other or repr(one) == repr(other)
