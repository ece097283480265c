"""What a chunk costs does not grow with the answer: work is counted, not timed."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from functools import partial
from typing import Any

import pydantic_core
import pytest
from pydantic import BaseModel
from short_chunks import call, calling, chunk, tokens

from gemini_openai import omit
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib.streaming.chat import ChatCompletionStreamState


class Story(BaseModel):
    text: str


def text_chunks(count: int) -> list[Any]:
    return [chunk({"content": '{"text": "'}), *(chunk({"content": "word "}) for _ in range(count))]


def argument_chunks(count: int) -> list[Any]:
    piece = {"index": 0, "function": {"arguments": "word "}}
    first = call("Story", '{"text": "', index=0, id="a")
    return [chunk(calling(first)), *(chunk(calling(piece)) for _ in range(count))]


def argument_chunks_with_names(count: int) -> list[Any]:
    piece = call("Story", "word ", index=0)
    first = call("Story", '{"text": "', index=0)
    return [chunk(calling(first)), *(chunk(calling(piece)) for _ in range(count))]


def logprob_chunks(count: int) -> list[Any]:
    logprobs = {"content": tokens("w")}
    return [chunk({"content": "w"}, choice={"logprobs": logprobs}) for _ in range(count + 1)]


def work(act: Any) -> Counter[str]:
    """The functions called, Python's and those in C, and how often."""
    calls: Counter[str] = Counter()

    def count(frame: Any, event: str, argument: Any) -> None:
        if event == "call":
            calls[
                frame.f_code.co_qualname if sys.version_info >= (3, 11) else frame.f_code.co_name
            ] += 1
        elif event == "c_call":
            calls[argument.__qualname__] += 1

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "chunks", [text_chunks, argument_chunks, argument_chunks_with_names, logprob_chunks]
)
@pytest.mark.parametrize("response_format", [omit, Story])
def test_a_late_chunk_does_what_an_early_one_does(chunks: Any, response_format: Any) -> None:
    state: Any = ChatCompletionStreamState(
        response_format=response_format, input_tools=[pydantic_function_tool(Story)]
    )
    early, *between, late = chunks(3000)[1:]
    state.handle_chunk(chunks(1)[0])
    at_first = work(lambda: state.handle_chunk(early))
    for each in between:
        state.handle_chunk(each)
    at_last = work(lambda: state.handle_chunk(late))
    assert at_last == at_first
    for costly in ("str.join", "from_json", "SchemaValidator.validate_json"):
        assert at_last[costly] == 0


def most_memory(act: Any) -> int:
    """The bytes that `act` has at once beyond what was there, whether it keeps them or not."""
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    act()
    return tracemalloc.get_traced_memory()[1] - before


@pytest.mark.parametrize("chunks", [text_chunks, argument_chunks, logprob_chunks])
def test_a_late_chunk_copies_no_more_than_an_early_one_does(chunks: Any) -> None:
    state: Any = ChatCompletionStreamState(response_format=Story)
    made = chunks(3000)
    tracemalloc.start()
    try:
        # The least of a few: a list that has to grow makes room for many more.
        costs = [most_memory(partial(state.handle_chunk, each)) for each in made]
    finally:
        tracemalloc.stop()
    assert min(costs[-100:]) <= min(costs[10:110]) + 100


def test_json_is_parsed_when_it_is_looked_at_and_only_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[str] = []

    def counting(text: str, **options: Any) -> Any:
        parsed.append(text)
        return pydantic_core.from_json(text, **options)

    monkeypatch.setattr("gemini_openai.lib.streaming.chat._choice_events.from_json", counting)
    state: Any = ChatCompletionStreamState(response_format=Story)
    events = [event for each in text_chunks(100) for event in state.handle_chunk(each)]
    assert parsed == []
    assert events[-1].parsed == {}
    assert parsed == [events[-1].snapshot]
    assert events[-1].parsed == {}
    assert len(parsed) == 1


def test_one_look_at_the_end_joins_each_piece_once() -> None:
    state: Any = ChatCompletionStreamState()
    events = [event for each in text_chunks(2000) for event in state.handle_chunk(each)]
    joins = work(lambda: events[-1].snapshot)["str.join"]
    assert joins == 1
    assert work(lambda: [event.snapshot for event in events[1::2]])["str.join"] == 0
