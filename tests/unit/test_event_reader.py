"""Blocks of bytes to the items of a stream, without a socket."""

from __future__ import annotations

import json
from typing import Any, Generic, TypeVar

import httpx
import pytest

from gemini_openai import APIResponseValidationError, IncompleteStreamError
from gemini_openai._streaming import (
    AsyncStream,
    EventReader,
    Stream,
    extract_stream_chunk_type,
)
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
