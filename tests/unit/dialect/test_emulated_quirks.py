"""Every quirk of the emulator's chat wire, alone and with each other one, seen as OpenAI's."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from chunk_streams import THOUGHTS, USAGE, adapt, added_up, context

from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.answers.usage import NO_TOKENS
from gemini_openai.emulator import Answer, Call, Quirks
from gemini_openai.emulator.answers.quirks import switched
from gemini_openai.emulator.answers.wire import ChatWire, Stamp

QUIRKS = [
    "stop_after_tool_calls",
    "role_in_every_delta",
    "usage_in_every_chunk",
    "chunk_ids_missing",
    "finish_reason_camel_case",
    "empty_finish_reasons",
    "tool_call_index_missing",
    "tool_call_index_null",
    "tool_call_index_zero",
    "tool_call_index_swapped",
    "empty_tool_call_ids",
    "parallel_calls_in_own_chunks",
    "arguments_in_fragments",
    "name_in_every_fragment",
    "empty_arguments",
    "calls_repeated",
    "signature_in_own_delta",
    "signature_on_message",
    "content_in_parts",
    "thoughts_in_content",
    "thinking_in_total_only",
]
# Without ids and with each other's index there is nothing left to tell the calls by.
HOPELESS = [
    {"empty_tool_call_ids", "tool_call_index_swapped"},
    {"empty_tool_call_ids", "calls_repeated"},
]
PLAIN = switched(Quirks(), dict.fromkeys(QUIRKS, False))
BODY: dict[str, Any] = {
    "model": "gemini-3-pro-preview",
    "messages": [{"role": "user", "content": "hi"}],
}
BODY |= THOUGHTS | USAGE
MADE = [("weather", '{"city":"Oslo"}'), ("weather", '{"city":"Rome"}'), ("time", "{}")]
CALLING = Answer(text=None, thoughts="Which?", calls=[Call(*made) for made in MADE])
SPEAKING = Answer(text="Hello, you. " * 40, thoughts="What to say? " * 40)


def wire(answer: Answer, quirks: Quirks) -> ChatWire:
    return ChatWire(BODY, [answer], quirks, Stamp.make("seed", 5))


def some_quirks() -> list[set[str]]:
    pairs = [set(), *({one} for one in QUIRKS), *map(set, combinations(QUIRKS, 2))]
    return [on for on in pairs if on not in HOPELESS]


@pytest.mark.parametrize("on", some_quirks(), ids=lambda on: "+".join(sorted(on)) or "none")
def test_a_stream_is_what_openai_would_have_sent(on: set[str]) -> None:
    quirks = switched(PLAIN, dict.fromkeys(on, True))
    for answer in (CALLING, SPEAKING):
        out = adapt(wire(answer, quirks).chunks(), context(BODY))
        seen = added_up(out)[0]
        calls = [(item["name"], item["arguments"]) for item in seen["calls"].values()]
        assert calls == (MADE if answer is CALLING else [])
        assert list(seen["calls"]) == [0, 1, 2][: len(calls)]
        assert len({item["id"] for item in seen["calls"].values()}) == len(calls)
        assert seen["finish_reason"] == ("tool_calls" if calls else "stop")
        assert seen["content"] == (answer.text or "")
        assert seen["reasoning_content"] == answer.thoughts
        *chunks, last = out
        assert (last["choices"], last["usage"]["total_tokens"] > 0) == ([], True)
        assert all(chunk["choices"] and chunk["usage"] == NO_TOKENS for chunk in chunks)
        assert len({chunk["id"] for chunk in out}) == 1


@pytest.mark.parametrize("on", some_quirks(), ids=lambda on: "+".join(sorted(on)) or "none")
def test_a_whole_answer_is_what_openai_would_have_sent(on: set[str]) -> None:
    quirks = switched(PLAIN, dict.fromkeys(on, True))
    for answer in (CALLING, SPEAKING):
        out = adapt_completion(wire(answer, quirks).completion(), context(BODY))
        (choice,) = out["choices"]
        message = choice["message"]
        made: list[dict[str, Any]] = message.get("tool_calls", [])
        calls = [(item["function"]["name"], item["function"]["arguments"]) for item in made]
        assert calls == (MADE if answer is CALLING else [])
        assert len({item["id"] for item in made}) == len(calls)
        assert choice["finish_reason"] == ("tool_calls" if calls else "stop")
        assert (message["content"], message["reasoning_content"]) == (answer.text, answer.thoughts)
        usage = out["usage"]
        parts = usage["prompt_tokens"] + usage["completion_tokens"]
        assert parts == usage["total_tokens"]
        assert usage["completion_tokens_details"]["reasoning_tokens"] > 0
