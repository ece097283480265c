"""Blocks of bytes to the items of a stream, without a socket."""

from __future__ import annotations

import json
from typing import Any, Generic, TypeVar

import httpx
import pytest

from gemini_openai import APIResponseValidationError, IncompleteStreamError
from gemini_openai._call.event_reader import EventReader
from gemini_openai._streaming import AsyncStream, Stream, extract_stream_chunk_type
from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.chat.answers.context import answer_context
from gemini_openai.types.chat import ChatCompletionChunk

T = TypeVar("T")
RESPONSE = httpx.Response(200, request=httpx.Request("POST", "http://x/y"))
DONE = b"data: [DONE]\n\n"


def event(content: str, finish: str | None = None) -> bytes:
    choice: dict[str, Any] = {"delta": {"content": content}, "index": 0}
    if finish:
        choice["finish_reason"] = finish
    value = {"choices": [choice], "created": 1, "id": "x", "model": "m"}
    return f"data: {json.dumps(value)}\n\n".encode()


def reader(cast_to: Any = ChatCompletionChunk) -> EventReader[Any]:
    return EventReader(cast_to, RESPONSE)


def read(reader: EventReader[Any], *blocks: bytes) -> list[Any]:
    return [item for block in blocks for item in reader.feed(block)]


@pytest.mark.parametrize("late", [event("two"), event("two", "stop"), event("two") * 2])
@pytest.mark.parametrize("one_block", [True, False], ids=["one block", "a block each"])
def test_what_comes_behind_done_is_not_given(late: bytes, one_block: bool) -> None:
    blocks = [event("one"), DONE, late]
    items = read(reader(), *([b"".join(blocks)] if one_block else blocks))
    assert [item.choices[0].delta.content for item in items] == ["one"]


def test_a_comment_and_an_event_with_a_name_of_its_own_are_read_as_the_standard_says() -> None:
    named = b"event: message\n" + event("one")
    items = read(reader(), b": keep-alive\n\n", named, event("two", "stop"))
    assert [item.choices[0].delta.content for item in items] == ["one", "two"]


@pytest.mark.parametrize("error", [b"null", b'""', b"{}"])
def test_an_error_that_says_nothing_is_none(error: bytes) -> None:
    data = event("one").replace(b'{"choices"', b'{"error": ' + error + b', "choices"')
    (item,) = read(reader(), data)
    assert item.choices[0].delta.content == "one"


def test_json_without_the_framing_of_an_event_is_no_item() -> None:
    assert read(reader(dict), b'{"hello": 1}\n\n', b'data: {"a": 1}\n\n') == [{"a": 1}]


@pytest.mark.parametrize("broken", [b'{"choices": [', b'{"finish_reason": "stop"'])
@pytest.mark.parametrize("before", [b"", b": a comment\n\n"], ids=["alone", "with another"])
def test_an_event_that_is_no_json_raises_with_its_text(broken: bytes, before: bytes) -> None:
    with pytest.raises(APIResponseValidationError, match="An event of the stream is not JSON") as e:
        read(reader(), before + b"data: " + broken + b"\n\n")
    assert e.value.body == broken.decode()
    assert isinstance(e.value.__cause__, ValueError)


def several(n: int, *, most: int | None = None) -> EventReader[Any]:
    """A reader for the answer to a request for `n` choices."""
    context = answer_context({"n": n, "stream": True})
    return EventReader(ChatCompletionChunk, RESPONSE, ChunkAdapter(context), most=most)


def of(index: int, content: str, finish: str | None = None) -> bytes:
    return event(content, finish).replace(b'"index": 0', b'"index": %d' % index)


def contents(chunks: list[Any]) -> list[str]:
    return [chunk.choices[0].delta.content for chunk in chunks]


@pytest.mark.parametrize(
    "events",
    [
        [of(0, "a", "stop"), of(1, "b")],
        [of(1, "b"), of(0, "a", "stop")],
        [of(0, "a"), of(1, "b"), of(0, "c", "stop")],
        [of(0, "a", "stop"), of(1, "b", "stop"), of(2, "c")],
    ],
)
@pytest.mark.parametrize("one_block", [True, False], ids=["one block", "a block each"])
def test_every_choice_that_began_must_end(events: list[bytes], one_block: bool) -> None:
    made = several(3)
    given = read(made, *([b"".join(events)] if one_block else events))
    with pytest.raises(
        IncompleteStreamError, match=r"no finish reason of choice \d came"
    ) as caught:
        list(made.end())
    assert contents(caught.value.chunks) == contents(given)
    made = several(3)
    read(made, *events)
    broken = made.broke_off(httpx.ReadError("reset"))
    assert isinstance(broken, IncompleteStreamError)


@pytest.mark.parametrize(
    "events",
    [
        [of(0, "a", "stop"), of(1, "b", "stop")],
        [of(1, "b", "stop"), of(0, "a"), of(0, "c", "length")],
        [of(0, "a", "stop")],  # fewer than were asked for are no cut
        [of(0, "a", "stop"), of(1, "b"), DONE],
    ],
)
def test_choices_that_ended_are_a_whole_answer(events: list[bytes]) -> None:
    made = several(2)
    read(made, *events)
    assert made.broke_off(httpx.ReadError("reset")) is None
    assert list(made.end()) == []


@pytest.mark.parametrize("length", [8, 20, 60])
def test_an_end_inside_an_event_is_an_incomplete_stream_with_what_came(length: int) -> None:
    made = reader()
    read(made, event("one"), event("two"), event("three", "stop")[:length])
    with pytest.raises(IncompleteStreamError, match="2 chunks had arrived") as caught:
        list(made.end())
    assert contents(caught.value.chunks) == ["one", "two"]


def test_an_end_inside_an_event_behind_the_whole_answer_is_only_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = reader()
    read(made, event("one", "stop"), event("usage")[:30])
    assert list(made.end()) == []
    assert "ended inside an event after its answer" in caplog.text


@pytest.mark.parametrize("nothing", [b"null", b"[]", b'""', b"false", b" null "])
def test_an_event_that_says_nothing_is_passed_over(nothing: bytes) -> None:
    made = reader()
    given = read(made, b"data: " + nothing + b"\n\n", event("one"), event("two", "stop"), DONE)
    assert contents(given) == ["one", "two"]


@pytest.mark.parametrize("other", [b"5", b'"x"', b"[1]", b"true", b"{oops", b'{"a": [}'])
@pytest.mark.parametrize("adapted", [True, False], ids=["adapted", "as it is"])
def test_what_came_before_an_event_that_is_no_chunk_is_in_the_error(
    other: bytes, adapted: bool
) -> None:
    made = several(1) if adapted else reader()
    read(made, event("one"), event("two"))
    if not adapted and other[:1] != b"{":
        return  # without a request there is no dialect, and what comes is given
    with pytest.raises(APIResponseValidationError) as caught:
        read(made, b"data: " + other + b"\n\n")
    assert contents(caught.value.chunks) == ["one", "two"]
    assert caught.value.body == other.decode()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (b"\\ud800", "\ufffd"),
        (b"a\xffb", "a\ufffdb"),
        (b"\\ud83d\\ude00\\udc00", "\U0001f600\ufffd"),
    ],
    ids=["half a pair", "no UTF-8", "a pair and a half"],
)
@pytest.mark.parametrize("adapted", [True, False], ids=["adapted", "as it is"])
def test_text_that_is_broken_is_kept_as_far_as_it_can_be_read(
    text: bytes, kept: str, adapted: bool
) -> None:
    made = several(1) if adapted else reader()
    broken = event("TEXT").replace(b"TEXT", text)
    last = event("TEXT", "stop").replace(b"TEXT", text)
    given = read(made, event("one"), broken, event("two"))
    assert contents(given) == ["one", kept, "two"]
    error = made.broke_off(httpx.ReadError("reset"))
    assert isinstance(error, IncompleteStreamError)
    assert contents(error.chunks) == ["one", kept, "two"]
    assert contents(read(made, last)) == [kept]
    assert list(made.end()) == []


def test_a_stream_that_ends_before_the_usage_that_was_asked_for_is_told_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = {"stream": True, "stream_options": {"include_usage": True}}
    context = answer_context(body)
    for end, told in ((b"", True), (DONE, False)):
        caplog.clear()
        made = EventReader(ChatCompletionChunk, RESPONSE, ChunkAdapter(context))
        read(made, event("one", "stop"), end)
        assert list(made.end()) == []
        assert ("before the usage" in caplog.text) is told


def test_no_more_chunks_are_kept_for_an_error_than_the_bound_allows() -> None:
    made = several(1, most=10 * len(event("0123456789")))
    given = read(made, *[event(f"{n:010}") for n in range(50)])
    assert len(given) == 50
    with pytest.raises(IncompleteStreamError, match="50 chunks had arrived; the first 10") as e:
        list(made.end())
    assert contents(e.value.chunks) == [f"{n:010}" for n in range(10)]


def test_an_event_beyond_the_bound_is_an_error_before_it_ends() -> None:
    made = several(1, most=100)
    read(made, event("one"))
    with pytest.raises(APIResponseValidationError, match="more than 100 bytes, and no end") as e:
        read(made, b"data: ", b"x" * 60, b"x" * 60)
    assert contents(e.value.chunks) == ["one"]


@pytest.mark.parametrize("choices", ["null", "{}", '[null, {"finish_reason": null}]', "[]"])
def test_the_words_finish_reason_alone_are_no_end(choices: str) -> None:
    made = reader()
    read(
        made, event("one"), f'data: {{"choices": {choices}, "finish_reason": "stop"}}\n\n'.encode()
    )
    with pytest.raises(IncompleteStreamError, match="2 chunks had arrived"):
        list(made.end())


def test_an_end_without_its_blank_line_is_an_end() -> None:
    made = reader()
    assert read(made, event("one"), b"data: [DONE]") != []
    assert list(made.end()) == []


# --- the class of the items ---


class Numbers(Stream[int]):
    pass


class Named(Generic[T]):
    pass


class Both(Named[str], Stream[int]):
    pass


class Further(Named[T], Numbers):
    pass


@pytest.mark.parametrize("kind", [Stream[int], AsyncStream[int], Numbers, Both, Further])
def test_the_type_of_the_items_is_found_however_the_class_is_derived(kind: Any) -> None:
    assert extract_stream_chunk_type(kind) is int


@pytest.mark.parametrize("kind", [Stream, AsyncStream, Named, int])
def test_a_class_that_does_not_say_its_items_is_refused_with_what_to_write(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"write Stream\[YourChunk\]"):
        extract_stream_chunk_type(kind)
