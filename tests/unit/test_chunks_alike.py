"""Chunks that are like one before: how many are, and what they have of their own."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pydantic
import pytest
from chunk_streams import THOUGHTS, USAGE, call, chunk, context, recorded_stream

from gemini_openai._call import copies
from gemini_openai._call.event_reader import EventReader
from gemini_openai._transport.events import EventRewriter
from gemini_openai.dialect.chat import tool_calls
from gemini_openai.dialect.chat.answers import chunks as answers
from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.types.chat import ChatCompletionChunk

RESPONSE = httpx.Response(200, request=httpx.Request("POST", "http://x/y"))
COUNTS = {"completion_tokens": 7, "prompt_tokens": 3, "total_tokens": 15}
FLAG = {"extra_content": {"google": {"thought": True}}}


class Counting(ChunkAdapter):
    """Counts the events that are not alike: those that are looked into."""

    looked_into = 0

    def needs(self, data: bytes) -> bool:
        self.looked_into += 1
        return super().needs(data)


def as_sent(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value, separators=(",", ":")).encode() + b"\n\n"


def read(events: list[bytes], body: Any = None, per: int = 1) -> tuple[list[Any], int]:
    """The chunks of a stream, and how many events were looked into."""
    adapter = Counting(context(body or {}))
    reader = EventReader(ChatCompletionChunk, RESPONSE, adapter)
    blocks = [b"".join(events[start : start + per]) for start in range(0, len(events), per)]
    given = [item for block in blocks for item in reader.feed(block)]
    return [*given, *reader.end()], adapter.looked_into


def stream(length: int, **fields: Any) -> list[bytes]:
    """Chunks as Google sends them: the first, those that are like it, and the last."""
    values = [chunk({"content": f'piece "{n}"\n'}) for n in range(length)]
    values[-1]["choices"][0]["finish_reason"] = "stop"
    for number, value in enumerate(values):
        value.update(fields)
        if "usage" in fields:
            value["usage"] = {**COUNTS, "completion_tokens": number, "total_tokens": number + 3}
    return list(map(as_sent, values))


@pytest.mark.parametrize("per", [1, 7])
@pytest.mark.parametrize("body", [{}, USAGE], ids=["", "usage is asked for"])
@pytest.mark.parametrize(
    "fields", [{}, {"id": ""}, {"usage": COUNTS}, {"id": "", "usage": COUNTS}], ids=str
)
def test_only_the_first_chunk_and_the_last_are_looked_into(
    fields: dict[str, Any], body: Any, per: int
) -> None:
    for length in (20, 200):
        chunks, looked_into = read(stream(length, **fields), body, per)
        assert looked_into == 2
        texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
        assert texts == [f'piece "{n}"\n' for n in range(length)]
        assert len({chunk.id for chunk in chunks}) == 1


def test_thoughts_are_looked_into_where_they_begin_and_end() -> None:
    texts = ["<thought>a", *["**b**\n\n"] * 50, "c"]
    values = [chunk({"content": text, **FLAG}) for text in texts]
    values += [chunk({"content": text}) for text in ["</thought>d", *["e"] * 50]]
    values.append(chunk({"content": "f"}, finish_reason="stop"))
    chunks, looked_into = read(list(map(as_sent, values)), THOUGHTS)
    assert looked_into <= 5
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert (
        "".join(delta.reasoning_content or "" for delta in deltas) == "a" + "**b**\n\n" * 50 + "c"
    )
    assert "".join(delta.content or "" for delta in deltas) == "d" + "e" * 50 + "f"
    assert all(delta.content is None for delta in deltas[:52])


def test_a_tool_call_between_makes_no_other_chunk_looked_into() -> None:
    events = stream(40, usage=COUNTS)
    signed = call("f", "{}", id="x", extra_content={"google": {"thought_signature": "c2ln"}})
    events.insert(20, as_sent({**chunk({"tool_calls": [signed]}), "usage": COUNTS}))
    chunks, looked_into = read(events)
    assert looked_into == 3
    assert chunks[20].choices[0].delta.tool_calls[0].function.name == "f"


@pytest.mark.parametrize("name", ["2chunks", "3chunks"])
@pytest.mark.parametrize("body", [{}, USAGE], ids=["", "usage is asked for"])
def test_recorded_streams_are_looked_into_at_both_ends(name: str, body: Any) -> None:
    events = recorded_stream(f"developer_api/chat_stream_text_usage_{name}.sse")
    _, looked_into = read([as_sent(event) for event in events], body)
    assert looked_into == 2


def test_chunks_share_nothing_that_can_be_changed() -> None:
    events = [as_sent(chunk({"content": f"{n}", "x": {"y": [1]}})) for n in range(4)]
    chunks = read([*events, *stream(1)])[0]
    first = chunks[1]
    before = chunks[2].model_dump_json()
    first.choices[0].delta.model_extra["x"]["y"].append(2)
    first.choices[0].delta.content = "other"
    first.choices[0].finish_reason = "stop"
    first.choices[0].added = first.added = first.choices[0].delta.added = 1
    first.choices.append(first.choices[0])
    assert chunks[2].model_dump_json() == before
    assert chunks[2].choices[0].delta.model_fields_set == {"role", "content", "x"}


def test_a_class_of_the_users_reads_each_chunk() -> None:
    class Mine(ChatCompletionChunk):
        @pydantic.model_validator(mode="after")
        def mark(self) -> Mine:
            self.model = self.choices[0].delta.content or ""
            return self

    reader = EventReader(Mine, RESPONSE, ChunkAdapter(context({})))
    chunks = [item for event in stream(5) for item in reader.feed(event)]
    assert [chunk.model for chunk in chunks] == [f'piece "{n}"\n' for n in range(5)]


@pytest.mark.parametrize("body", [{}, USAGE, THOUGHTS], ids=["", "usage", "thoughts"])
@pytest.mark.parametrize("reader", ["a class of the user's", "several choices", "the transport"])
def test_a_pattern_is_sought_only_where_chunks_are_copied(
    reader: str, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mine(ChatCompletionChunk):
        pass

    def never(*_: object, **__: object) -> None:
        raise AssertionError("nobody asks for what chunks have in common")

    for name in ("pattern_of", "read_object"):
        monkeypatch.setattr(answers, name, never)
    adapter = ChunkAdapter(context({**body, "n": 2} if reader == "several choices" else body))
    made: EventReader[Any]
    if reader == "the transport":
        made = EventRewriter(RESPONSE, adapter, most=None)
    else:
        cast_to = Mine if reader == "a class of the user's" else ChatCompletionChunk
        made = EventReader(cast_to, RESPONSE, adapter)
    items = [item for event in stream(9) for item in made.feed(event)]
    assert len(items) == 9
    with pytest.raises(AssertionError, match="in common"):
        read(stream(9), body)


def test_pydantic_names_what_a_model_is_made_of() -> None:
    """Where it does not, each chunk is read: see below."""
    assert set(copies._SLOTS) <= vars(pydantic.BaseModel).keys()
    made = copies.ChunkCopies(
        ChatCompletionChunk.model_validate(chunk({"content": "a"})), is_thought=False
    )
    assert made.copy("b").choices[0].delta.content == "b"


@pytest.mark.parametrize("slots", [("__gone__",), copies._SLOTS[::-1]], ids=["gone", "other"])
def test_each_chunk_is_read_where_pydantic_makes_models_otherwise(
    slots: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [repr(item) for item in read(stream(9, id=""), USAGE)[0]]
    monkeypatch.setattr(copies, "_SLOTS", slots)
    copies._setters.cache_clear()
    try:
        chunks, looked_into = read(stream(9, id=""), USAGE)
    finally:
        copies._setters.cache_clear()
    assert [repr(item) for item in chunks] == expected
    assert looked_into == 9


@pytest.mark.parametrize("index", ["missing", "zero", "right"])
def test_a_tool_call_costs_no_more_after_many(index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    class Watched(tool_calls.StreamedCall):
        def __getattribute__(self, name: str) -> Any:
            nonlocal looks
            looks += name in ("id", "raw_id", "raw_index")
            return super().__getattribute__(name)

    monkeypatch.setattr(tool_calls, "StreamedCall", Watched)
    counts: list[int] = []
    for length in (50, 400):
        looks, merger = 0, tool_calls.CallMerger()
        for number in range(length):
            at = {"missing": None, "zero": 0, "right": number}[index]
            merger.next_delta()
            merger.add(at, f"call-{number}", "f", "{}")
        assert len(merger.calls) == length
        counts.append(looks)
    assert counts[1] <= counts[0] * 9
