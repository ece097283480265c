"""Chunks that are like one before are read at once, and are the same as if each was parsed."""

from __future__ import annotations

import json
from typing import Any, get_args

import httpx
import pydantic
from chunk_streams import THOUGHTS, USAGE, call, context
from hypothesis import given, settings, strategies as st

from gemini_openai import APIError
from gemini_openai._call.event_reader import EventReader
from gemini_openai._primitives.json_types import is_array
from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.chat.answers.usage import NO_TOKENS
from gemini_openai.dialect.chat.signatures import SignatureMemory
from gemini_openai.dialect.table import RepairName
from gemini_openai.types.chat import ChatCompletionChunk

RESPONSE = httpx.Response(200, request=httpx.Request("POST", "http://x/y"))
REPAIRS = get_args(RepairName)
DONE = b"data: [DONE]\n\n"
BODIES = [
    {},
    USAGE,
    THOUGHTS,
    {**USAGE, **THOUGHTS},
    {"n": 2},
]

# As they stand in JSON: with tags, quotes, what is no JSON, and what is half of it.
TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "a",
                "Hi there",
                'say \\"Hi\\"',
                "C:\\\\",
                "\\n",
                "é",
                "\\u003c",
                "a\\",
                "\n",
                "\t",
            ),
            *(
                "<thought>",
                "</thought>",
                "</tho",
                "ught>",
                "\\u003cthought>",
                "\\u003c/thought\\u003e",
            ),
            *('b","role":"tool', 'b"},"index":0}],"usage":{', ',\\"usage\\":{\\"a\\":1', "\\ud800"),
        ]
    ),
    st.text(max_size=8).map(lambda text: json.dumps(text)[1:-1]),
)
NUMBERS = st.sampled_from(["0", "7", "12", "400", "-1", "1.5", "null", '"5"', "", "1e3"])
FLAG = '"extra_content":{"google":{"thought":true}},'
SIGNATURE = '"extra_content":{"google":{"thought_signature":"c2ln"}},'
BEFORE = [
    *("", '"role":"assistant",', FLAG, SIGNATURE, '"refusal":null,', '"x":{"content":"y"},'),
    *('"reasoning_content":"r",', '"tool_calls":[],'),
]
BEHIND = ["", ',"role":"assistant"', ',"extra_content":{"google":{"thought":true}}']
CHOICE = [
    *('"index":0', '"finish_reason":null,"index":0', '"index":1', '"logprobs":null,"index":0'),
    *(
        '"finish_reason":"stop","index":0',
        '"finishReason":"stop","index":0',
        '"finish_reason":null',
    ),
    '"index":0,"finish_reason":"content_filter: SAFETY"',
]
ENVELOPE = [
    '"created":5,"id":"abc","model":"m","object":"chat.completion.chunk"',
    '"created":5,"model":"m","object":"chat.completion.chunk"',
    '"created":6,"id":"","model":"m","object":"chat.completion.chunk"',
    '"created":"5","id":"abc","model":"m","object":"chat.completion.chunk","serviceTier":"default"',
    '"created":5,"id":null,"model":"m","object":"chat.completion.chunk"',
    '"created":5,"id":"abc","model":"m","object":"chat.completion.chunk","usage":null',
    '"created":5,"id":"abc","model":7,"object":"chat.completion.chunk","error":null',
]
FLAT = ',"usage":{"completion_tokens":%s,"prompt_tokens":%s,"total_tokens":%s'
COUNTS = [
    FLAT + "}",
    FLAT + "}",
    FLAT + ',"completion_tokens_details":{"reasoning_tokens":3}}',
    FLAT + '},"x":1',
    ',"usage":{"completionTokens":%s,"promptTokens":%s,"totalTokens":%s}',
    ',"usage":' + json.dumps(NO_TOKENS, separators=(",", ":")),
]
KINDS = st.tuples(
    st.sampled_from(BEFORE),
    st.sampled_from(BEHIND),
    st.sampled_from(CHOICE),
    st.sampled_from(ENVELOPE),
    st.sampled_from(["", "", *COUNTS]),
)
CALLS = [
    {"tool_calls": [call("f", '{"a":1}', id="x", extra_content={"google": {"thought": True}})]},
    {"tool_calls": [call("f", '{"a":1}', id="")]},
    {"tool_calls": [call("g", "", id="y"), call("h", None)]},
]
ODD = [
    *(b": keep-alive\n\n", b"data: null\n\n", DONE, b'data: {"choices": [\n\n', b"data: 5\n\n"),
    *(b'data: {"error":{"code":503,"message":"x"}}\n\n', b'data: {"hello":1}\n\n'),
    b'data: {"choices":[],"created":5,"id":"abc","model":"m",\ndata: "object":"x"}\n\n',
]


@st.composite
def plain_events(draw: st.DrawFn, kind: tuple[str, str, str, str, str]) -> bytes:
    before, behind, choice, envelope, counts = kind
    if "%s" in counts:
        counts %= draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)
    delta = f'{{{before}"content":"{draw(TEXTS)}"{behind}}}'
    event = f'data: {{"choices":[{{"delta":{delta},{choice}}}],{envelope}{counts}}}\n\n'
    return event.encode("utf-8", "surrogatepass")


@st.composite
def streams(draw: st.DrawFn) -> list[bytes]:
    """Events of few kinds, that come in runs, and odd ones between."""
    kinds = draw(st.lists(KINDS, min_size=1, max_size=3))
    events: list[bytes] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(kinds))
        events += draw(st.lists(plain_events(kind), min_size=1, max_size=5))
        if draw(st.booleans()):
            events.append(draw(st.sampled_from(ODD)))
        if draw(st.booleans()):
            choice = {"delta": draw(st.sampled_from(CALLS)), "index": 0}
            value = {"choices": [choice], "created": 5, "id": "abc", "model": "m"}
            value["object"] = "chat.completion.chunk"
            events.append(b"data: " + json.dumps(value, separators=(",", ":")).encode() + b"\n\n")
    return events


class Parsing(ChunkAdapter):
    """The reference: no chunk is like another."""

    def alike(self, data: bytes) -> None:
        return None


def all_of(item: Any) -> Any:
    """All that a model has, to compare: what was given, too, and in which order a dump has it."""
    if isinstance(item, pydantic.BaseModel):
        extra = list((item.model_extra or {}).items())
        fields = [*item.__dict__.items(), *extra]
        given = sorted(item.model_fields_set)
        return type(item), given, [(key, all_of(value)) for key, value in fields]
    return list(map(all_of, item)) if is_array(item) else repr(item)


def outcome(
    adapter: type[ChunkAdapter], events: list[bytes], body: Any, off: list[str], per: int
) -> tuple[list[Any], Any]:
    made_for = context(body, off=off, memory=SignatureMemory())
    reader = EventReader(ChatCompletionChunk, RESPONSE, adapter(made_for))
    items: list[Any] = []
    try:
        for start in range(0, len(events), per):
            for item in reader.feed(b"".join(events[start : start + per])):
                items.append(all_of(item))  # noqa: PERF401  # what came before an error is kept
        for item in reader.end():
            items.append(all_of(item))  # noqa: PERF401
    except APIError as error:
        kept: list[Any] = getattr(error, "chunks", [])
        chunks = list(map(all_of, kept))
        return items, (type(error), str(error), chunks, sorted(made_for.applied))
    return items, sorted(made_for.applied)


@given(
    streams(),
    st.sampled_from(BODIES),
    st.lists(st.sampled_from(REPAIRS), max_size=2),
    st.sampled_from([1, 3, 100]),
)
@settings(max_examples=150, deadline=None)
def test_chunks_are_the_same_as_if_each_was_parsed(
    events: list[bytes], body: Any, off: list[str], per: int
) -> None:
    parsed = outcome(Parsing, events, body, off, per)
    assert outcome(ChunkAdapter, events, body, off, per) == parsed
