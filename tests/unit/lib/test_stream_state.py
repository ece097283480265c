"""Chunks to the answer they make, and to what is told on the way."""

from __future__ import annotations

import gc
import json
import pickle
import warnings
import weakref
from typing import Any

import pydantic
import pytest
from pydantic import BaseModel
from short_chunks import USAGE, call, calling, chunk, tokens

from gemini_openai import (
    NOT_GIVEN,
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
    omit,
)
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib.streaming.chat import ChatCompletionStreamState, ParsedChatCompletionSnapshot
from gemini_openai.types.chat import ChatCompletionChunk, ParsedChatCompletion


class City(BaseModel):
    name: str
    people: int = 0


CITY = pydantic_function_tool(City)
SIGNED = {"google": {"thought_signature": "c2ln"}}


def run(
    chunks: list[ChatCompletionChunk], response_format: Any = omit, tools: Any = omit
) -> tuple[list[Any], ParsedChatCompletion[Any]]:
    """The events but for the chunks themselves, and the whole answer."""
    state: Any = ChatCompletionStreamState(response_format=response_format, input_tools=tools)
    events = [event for each in chunks for event in state.handle_chunk(each)]
    return [event for event in events if event.type != "chunk"], state.get_final_completion()


def told(events: list[Any]) -> list[str]:
    return [event.type.removeprefix("tool_calls.function.") for event in events]


# --- the answer ---


def test_text_is_put_together_and_the_role_said_once() -> None:
    _, final = run(
        [
            chunk({"role": "assistant", "content": "Hel"}),
            chunk({"role": "assistant", "content": "lo"}, "stop"),
        ]
    )
    message = final.choices[0].message
    assert (message.role, message.content) == ("assistant", "Hello")
    assert final.choices[0].finish_reason == "stop"
    assert (final.id, final.object) == ("SzpyaZuaHu_WxN8P9M-PgA4", "chat.completion")
    assert (final.created, final.model) == (1769093707, "gemini-2.5-flash")


def test_the_last_usage_holds_also_when_a_chunk_without_follows() -> None:
    interim = {"prompt_tokens": 4, "completion_tokens": 0, "total_tokens": 4}
    _, final = run(
        [
            chunk({"content": "a"}, usage=interim),
            chunk({"content": "b"}, "stop", usage=USAGE),
            chunk(),
        ]
    )
    assert final.usage is not None
    assert final.usage.to_dict() == USAGE


def test_the_zeros_of_the_chunks_before_the_count_are_none() -> None:
    zeros = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    state: Any = ChatCompletionStreamState()
    state.handle_chunk(chunk({"content": "a"}, usage=zeros))
    state.handle_chunk(chunk({}, "stop", usage=zeros))
    assert state.current_completion_snapshot.usage is None
    state.handle_chunk(chunk(usage=USAGE))
    assert state.current_completion_snapshot.usage.total_tokens == 5


def test_a_call_that_comes_again_is_the_same_call() -> None:
    once = call("f", '{"x": 1}', id="a", index=0)
    state: Any = ChatCompletionStreamState()
    for delta in (calling(once), calling({**once, "extra_content": {"google": {"a": "b"}}})):
        state.handle_chunk(chunk(delta))
    (made,) = state.current_completion_snapshot.choices[0].message.tool_calls
    assert made.function.arguments == '{"x": 1}'
    assert made.extra_content == {"google": {"a": "b"}}


def test_thoughts_in_a_field_of_their_own_are_one_text() -> None:
    _, final = run(
        [
            chunk({"reasoning_content": "Let me "}),
            chunk({"reasoning_content": "see."}),
            chunk({"content": "4"}, "stop"),
        ]
    )
    message: Any = final.choices[0].message
    assert (message.reasoning_content, message.content) == ("Let me see.", "4")


def test_signatures_stay_on_the_message_and_on_the_call() -> None:
    _, final = run(
        [
            chunk(calling(call("city", "{}", index=0, id="c1", extra_content=SIGNED))),
            chunk({"extra_content": {"google": {"thought": True}}}),
            chunk({"extra_content": SIGNED}, "stop"),
        ]
    )
    message: Any = final.choices[0].message
    assert message.extra_content == {"google": {"thought": True, "thought_signature": "c2ln"}}
    assert message.tool_calls[0].extra_content == SIGNED


def test_a_signature_that_comes_twice_is_not_doubled() -> None:
    _, final = run([chunk({"extra_content": SIGNED}), chunk({"extra_content": SIGNED}, "stop")])
    message: Any = final.choices[0].message
    assert message.extra_content == SIGNED


def test_unknown_fields_are_kept_wherever_they_stand() -> None:
    _, final = run(
        [
            chunk({"content": "a", "odd": "x"}, cost=1),
            chunk({"odd": "y", "parts": [1]}, service_tier="flex"),
            chunk({"parts": [2]}, "stop", cost=3, choice={"verdict": "fine"}),
        ]
    )
    whole: Any = final
    assert (whole.cost, whole.service_tier) == (3, "flex")
    assert whole.choices[0].verdict == "fine"
    assert whole.choices[0].message.odd == "xy"
    assert whole.choices[0].message.parts == [1, 2]
    assert whole.to_dict()["choices"][0]["message"]["odd"] == "xy"


def test_items_with_an_index_are_put_together_by_it() -> None:
    _, final = run(
        [
            chunk({"details": [{"index": 0, "text": "a"}]}),
            chunk({"details": [{"index": 1, "text": "x"}, {"index": 0, "text": "b"}]}, "stop"),
        ]
    )
    message: Any = final.choices[0].message
    assert message.details == [{"index": 0, "text": "ab"}, {"index": 1, "text": "x"}]


def test_choices_are_kept_apart_and_in_order() -> None:
    _, final = run(
        [
            chunk({"content": "B"}, index=1),
            chunk({"content": "a"}),
            chunk({"content": "!"}, "stop", index=1),
            chunk({}, "stop"),
        ]
    )
    assert [choice.message.content for choice in final.choices] == ["a", "B!"]


def test_a_chunk_without_a_delta_is_no_trouble() -> None:
    blocked = chunk({"content": "a"}, "stop")
    blocked.choices[0].delta = None  # type: ignore[assignment]
    nothing = chunk()
    nothing.choices = None  # type: ignore[assignment]
    _, final = run([nothing, blocked])
    assert final.choices[0].finish_reason == "stop"


def test_audio_and_the_old_function_call_are_put_together() -> None:
    _, final = run(
        [
            chunk({"function_call": {"name": "f", "arguments": "{"}, "audio": {"id": "a"}}),
            chunk(
                {"function_call": {"arguments": "}"}, "audio": {"data": "AA", "transcript": "h"}}
            ),
            chunk({"audio": {"data": "==", "transcript": "i", "expires_at": 5}}, "function_call"),
        ]
    )
    message = final.choices[0].message
    assert message.function_call is not None
    assert message.function_call.to_dict() == {"name": "f", "arguments": "{}"}
    assert message.audio is not None
    assert (message.audio.id, message.audio.data) == ("a", "AA==")
    assert (message.audio.transcript, message.audio.expires_at) == ("hi", 5)


def test_logprobs_are_put_together() -> None:
    _, final = run(
        [
            chunk({"content": "a"}, choice={"logprobs": {"content": tokens("a")}}),
            chunk({"content": "b"}, "stop", choice={"logprobs": {"content": tokens("b")}}),
        ]
    )
    assert final.choices[0].logprobs is not None
    assert final.choices[0].logprobs.to_dict() == {"content": tokens("ab")}


# --- tool calls ---

A, B = '{"name": "A"}', '{"name": "B"}'

TWO_CALLS: list[Any] = [
    pytest.param(
        [
            calling(call("City", A, index=0, id="a")),
            calling(call("City", B, index=1, id="b")),
        ],
        id="as OpenAI sends them",
    ),
    pytest.param(
        [
            calling(call("City", A[:4], index=0, id="a")),
            calling({"index": 0, "function": {"arguments": A[4:]}}),
            calling(call("City", B[:4], index=1, id="b")),
            calling({"index": 1, "function": {"arguments": B[4:]}}),
        ],
        id="in pieces",
    ),
    pytest.param(
        [calling(call("City", A, index=0, id="a"), call("City", B, index=0, id="b"))],
        id="in one delta, both with index 0",
    ),
    pytest.param(
        [calling(call("City", A, id="a")), calling(call("City", B, id="b"))], id="without index"
    ),
    pytest.param(
        [calling(call("City", A, index=None, id="a"), call("City", B, index=None, id="b"))],
        id="with index null",
    ),
    pytest.param(
        [calling(call("City", A, id="")), calling(call("City", B, id=""))],
        id="without index and with empty ids",
    ),
    pytest.param(
        [calling(call("City", A, index=0, id="")), calling(call("City", B, index=0, id=""))],
        id="index 0 and empty ids",
    ),
    pytest.param(
        [
            calling(call("City", A[:4], index=0, id="a")),
            calling(call("City", A[4:], index=0, id="a")),
            calling(call("City", B[:4], index=1, id="b")),
            calling(call("City", B[4:], index=1, id="b")),
        ],
        id="id and name in every delta",
    ),
    pytest.param(
        [
            calling(call("City", A[:4])),
            calling(call("City", A[4:])),
            calling(call("City", B[:4])),
            calling(call("City", B[4:])),
        ],
        id="the name in every delta and nothing else",
    ),
    pytest.param(
        [
            calling(call("City", A[:4], index=0, id="a")),
            calling(call("City", B[:4], index=1, id="b")),
            calling({"index": 0, "function": {"arguments": A[4:]}}),
            calling({"index": 1, "function": {"arguments": B[4:]}}),
        ],
        id="by turns",
    ),
    pytest.param(
        [
            calling(call("City", A[:4], id="a")),
            calling(call("City", B[:4], id="b")),
            calling({"id": "a", "function": {"arguments": A[4:]}}),
            calling({"id": "b", "function": {"arguments": B[4:]}}),
        ],
        id="by turns, by id",
    ),
    pytest.param(
        [
            calling(call("City", A[:4], index=0, id="a")),
            calling(call("City", B[:4], index=0, id="b")),
            calling({"index": 0, "id": "a", "function": {"arguments": A[4:]}}),
            calling({"index": 0, "id": "b", "function": {"arguments": B[4:]}}),
        ],
        id="by turns, by id, and all at index 0",
    ),
    pytest.param(
        [
            calling(call("City", A[:4], index=0, id="a")),
            calling({"index": 0, "id": "made anew", "function": {"arguments": A[4:]}}),
            calling(call("City", B[:4], index=1, id="b")),
            calling({"index": 1, "id": "made again", "function": {"arguments": B[4:]}}),
        ],
        id="another id with every delta",
    ),
]


@pytest.mark.parametrize("deltas", TWO_CALLS)
def test_two_calls_stay_two_however_they_are_sent(deltas: list[Any]) -> None:
    events, final = run([*map(chunk, deltas), chunk({}, "tool_calls")], tools=[CITY])
    calls: Any = final.choices[0].message.tool_calls
    assert [each.function.name for each in calls] == ["City", "City"]
    assert [each.function.arguments for each in calls] == [A, B]
    assert [each.function.parsed_arguments for each in calls] == [City(name="A"), City(name="B")]
    assert [each.index for each in calls] == [0, 1]
    assert all(each.type == "function" for each in calls)
    done = [event for event in events if event.type.endswith("arguments.done")]
    assert [event.index for event in done] == [0, 1]
    assert [event.parsed_arguments for event in done] == [City(name="A"), City(name="B")]


def test_arguments_that_were_cut_at_an_inner_bracket_are_not_done_there() -> None:
    """The name stands in every delta, and nothing else tells a call from the next."""
    pieces = ['{"name": {"first": "A"}', ', "people": 7}']
    _, final = run([*(chunk(calling(call("f", piece))) for piece in pieces), chunk({}, "stop")])
    (only,) = final.choices[0].message.tool_calls or ()
    assert only.function.arguments == "".join(pieces)


def test_two_calls_of_two_functions_without_index_and_id() -> None:
    _, final = run([chunk(calling(call("f", "{}"), call("g", "{}")), "stop")])
    calls: Any = final.choices[0].message.tool_calls
    assert [each.function.name for each in calls] == ["f", "g"]


def test_calls_with_indexes_the_wrong_way_round_are_sorted() -> None:
    _, final = run(
        [
            chunk(calling(call("g", "{", index=1, id="b"))),
            chunk(calling(call("f", "{}", index=0, id="a"))),
            chunk(calling({"index": 1, "function": {"arguments": "}"}}), "tool_calls"),
        ]
    )
    calls: Any = final.choices[0].message.tool_calls
    assert [(each.id, each.function.arguments) for each in calls] == [("a", "{}"), ("b", "{}")]


def test_a_call_that_comes_whole_in_the_last_chunk_is_done_there() -> None:
    # The usual shape of Gemini's; `openai` tells of no end here.
    events, _ = run([chunk(calling(call("City", A, id="")), "stop")], tools=[CITY])
    assert told(events) == ["arguments.delta", "arguments.done"]


def test_the_name_of_a_call_may_come_after_its_id() -> None:
    first = {"index": 0, "id": "a", "type": "function"}
    _, final = run([chunk(calling(first)), chunk(calling(call("City", A, index=0)), "stop")])
    calls: Any = final.choices[0].message.tool_calls
    assert [(each.id, each.function.name) for each in calls] == [("a", "City")]


# --- events ---


def test_text_is_told_piece_by_piece_and_then_whole() -> None:
    events, _ = run([chunk({"content": "Hel"}), chunk({"content": "lo"}), chunk({}, "stop")])
    assert told(events) == ["content.delta", "content.delta", "content.done"]
    assert [event.delta for event in events[:2]] == ["Hel", "lo"]
    assert [event.snapshot for event in events[:2]] == ["Hel", "Hello"]
    assert (events[2].content, events[2].parsed) == ("Hello", None)


def test_every_chunk_is_told_first() -> None:
    state: Any = ChatCompletionStreamState()
    usage_alone = chunk(usage=USAGE)
    (event,) = state.handle_chunk(usage_alone)
    assert (event.type, event.chunk) == ("chunk", usage_alone)


def test_the_parsed_text_is_told_as_far_as_it_goes_and_then_as_the_type() -> None:
    events, final = run(
        [
            chunk({"content": '{"name": "Os'}),
            chunk({"content": 'lo", "people": '}),
            chunk({"content": "7}"}, "stop"),
        ],
        City,
    )
    assert [event.parsed for event in events] == [
        {},
        {"name": "Oslo"},
        {"name": "Oslo", "people": 7},
        City(name="Oslo", people=7),
    ]
    assert final.choices[0].message.parsed == City(name="Oslo", people=7)


def test_a_fence_does_not_keep_the_text_from_being_parsed() -> None:
    events, final = run(
        [chunk({"content": '```json\n{"name": "Oslo"'}), chunk({"content": "}\n```"}, "stop")], City
    )
    assert events[0].parsed == {"name": "Oslo"}
    assert final.choices[0].message.parsed == City(name="Oslo")
    assert final.choices[0].message.content == '```json\n{"name": "Oslo"}\n```'


def test_prose_has_no_parsed_part() -> None:
    state: Any = ChatCompletionStreamState(response_format=City)
    events = state.handle_chunk(chunk({"content": "Well {then}"}))
    assert events[1].parsed is None


def test_text_is_done_when_a_call_begins_and_a_call_when_another_does() -> None:
    events, _ = run(
        [
            chunk({"content": "Let me look."}),
            chunk(calling(call("City", A, index=0, id="a"))),
            chunk(calling(call("City", B, index=1, id="b"))),
            chunk({}, "tool_calls"),
            chunk({}, "tool_calls"),
        ],
        tools=[CITY],
    )
    assert told(events) == [
        "content.delta",
        "arguments.delta",
        "content.done",
        "arguments.delta",
        "arguments.done",
        "arguments.done",
    ]


def test_arguments_are_told_with_what_is_known_of_them() -> None:
    events, _ = run(
        [
            chunk(calling(call("City", '{"name": "A"', index=0, id="a"))),
            chunk(calling({"index": 0, "function": {"arguments": "}"}})),
            chunk({}, "tool_calls"),
        ],
        tools=[CITY],
    )
    first, second, done = events
    assert (first.name, first.index, first.arguments_delta) == ("City", 0, '{"name": "A"')
    assert (first.arguments, first.parsed_arguments) == ('{"name": "A"', {"name": "A"})
    assert (second.arguments, second.arguments_delta) == (A, "}")
    assert (done.arguments, done.parsed_arguments) == (A, City(name="A"))


@pytest.mark.parametrize("strict", [True, False])
def test_only_the_arguments_of_strict_tools_are_parsed(strict: bool) -> None:
    tool = {"type": "function", "function": {"name": "City", "strict": strict}}
    events, _ = run([chunk(calling(call("City", A, id="a")), "stop")], tools=[tool])
    expected = {"name": "A"} if strict else None
    assert [event.parsed_arguments for event in events] == [expected, expected]


def test_a_refusal_is_told_and_nothing_is_parsed() -> None:
    events, final = run(
        [chunk({"content": "{", "refusal": "I "}), chunk({"refusal": "won't"}), chunk({}, "stop")],
        City,
    )
    assert told(events) == [
        "content.delta",
        "refusal.delta",
        "refusal.delta",
        "content.done",
        "refusal.done",
    ]
    assert events[0].parsed is None
    assert [event.snapshot for event in events[1:3]] == ["I ", "I won't"]
    assert events[-1].refusal == "I won't"
    assert final.choices[0].message.parsed is None


@pytest.mark.parametrize("part", ["content", "refusal"])
def test_log_probabilities_are_told(part: str) -> None:
    events, _ = run(
        [
            chunk({part: "a"}, choice={"logprobs": {part: tokens("a")}}),
            chunk({part: "b"}, "stop", choice={"logprobs": {part: tokens("b")}}),
        ]
    )
    assert told(events) == [
        f"{part}.delta",
        f"logprobs.{part}.delta",
        f"{part}.delta",
        f"logprobs.{part}.delta",
        f"{part}.done",
        f"logprobs.{part}.done",
    ]
    assert [each.token for each in events[1].snapshot] == ["a"]
    assert [each.token for each in getattr(events[3], part)] == ["b"]
    assert [each.token for each in events[3].snapshot] == ["a", "b"]
    assert [each.token for each in getattr(events[5], part)] == ["a", "b"]


# --- errors ---


@pytest.mark.parametrize(
    ("finish_reason", "error"),
    [("length", LengthFinishReasonError), ("content_filter", ContentFilterFinishReasonError)],
)
@pytest.mark.parametrize(("response_format", "tools"), [(City, omit), (omit, [CITY])])
def test_an_answer_that_is_cut_off_raises_at_once_when_it_was_to_be_parsed(
    finish_reason: str, error: type[Exception], response_format: Any, tools: Any
) -> None:
    state: Any = ChatCompletionStreamState(response_format=response_format, input_tools=tools)
    state.handle_chunk(chunk({"content": '{"na'}))
    with pytest.raises(error) as caught:
        state.handle_chunk(chunk({}, finish_reason))
    completion = getattr(caught.value, "completion")  # noqa: B009
    assert completion.choices[0].message.content == '{"na'
    assert completion.choices[0].finish_reason == finish_reason


def test_an_answer_that_is_cut_off_is_told_to_the_end_when_it_is_only_text() -> None:
    state: Any = ChatCompletionStreamState()
    state.handle_chunk(chunk({"content": "Once"}))
    assert told(state.handle_chunk(chunk({}, "length"))) == ["chunk", "content.done"]
    with pytest.raises(LengthFinishReasonError):
        state.get_final_completion()


def test_text_that_does_not_fit_raises_when_it_is_done() -> None:
    state: Any = ChatCompletionStreamState(response_format=City)
    state.handle_chunk(chunk({"content": '{"people": 1}'}))
    with pytest.raises(pydantic.ValidationError, match="Field required"):
        state.handle_chunk(chunk({}, "stop"))


def test_before_the_first_chunk_there_is_no_answer() -> None:
    state: Any = ChatCompletionStreamState()
    with pytest.raises(AssertionError, match="no chunk has come"):
        state.current_completion_snapshot  # noqa: B018
    with pytest.raises(AssertionError, match="no chunk has come"):
        state.get_final_completion()


# --- looking on the way ---


def test_a_look_at_the_answer_shows_it_as_far_as_it_has_come() -> None:
    state: Any = ChatCompletionStreamState(response_format=City, input_tools=[CITY])
    state.handle_chunk(chunk({"content": '{"name": "Os'}))
    early = state.current_completion_snapshot
    assert early is state.current_completion_snapshot
    assert isinstance(early, ParsedChatCompletion)
    assert type(early) is ParsedChatCompletionSnapshot
    assert early.choices[0].finish_reason is None
    assert (early.choices[0].message.content, early.choices[0].message.parsed) == (
        '{"name": "Os',
        {},
    )
    state.handle_chunk(chunk(calling(call("City", '{"name": "A"', id="a"), content='lo"}')))
    later = state.current_completion_snapshot.choices[0].message
    assert later.parsed == {"name": "Oslo"}
    assert later.tool_calls[0].function.parsed_arguments == {"name": "A"}
    assert early.choices[0].message.content == '{"name": "Os'


def test_looking_changes_nothing() -> None:
    chunks = [
        chunk({"role": "assistant", "content": '{"name": '}),
        chunk({"content": '"Oslo"}', "reasoning_content": "Hm"}),
        chunk(calling(call("City", A, id="a", extra_content=SIGNED)), "tool_calls", usage=USAGE),
    ]
    state: Any = ChatCompletionStreamState(response_format=City, input_tools=[CITY])
    for each in chunks:
        for event in state.handle_chunk(each):
            event.model_dump()
            event.model_dump_json()
    assert state.get_final_completion() == run(chunks, City, [CITY])[1]


def test_a_dump_of_what_was_parsed_gives_no_warning() -> None:
    _, final = run(
        [chunk(calling(call("City", A, id="a"), content='{"name": "Oslo"}'), "stop")], City, [CITY]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        message = final.model_dump()["choices"][0]["message"]
        assert json.loads(final.model_dump_json())["choices"][0]["message"] == message
    assert message["parsed"] == {"name": "Oslo", "people": 0}
    assert message["tool_calls"][0]["function"]["parsed_arguments"] == {"name": "A", "people": 0}


def test_the_answer_on_the_way_and_the_whole_one_can_be_pickled() -> None:
    state: Any = ChatCompletionStreamState(response_format=City)
    state.handle_chunk(chunk({"content": '{"name": "Oslo"}'}, "stop"))
    for value in (state.current_completion_snapshot, state.get_final_completion()):
        assert pickle.loads(pickle.dumps(value)) == value


def test_a_state_may_be_told_nothing_as_frameworks_do() -> None:
    state: Any = ChatCompletionStreamState(input_tools=NOT_GIVEN, response_format=NOT_GIVEN)  # type: ignore[arg-type]
    state.handle_chunk(chunk({"content": "Hello"}, "stop"))
    assert state.get_final_completion().choices[0].message.content == "Hello"


def test_a_model_made_at_run_time_is_let_go_with_its_stream() -> None:
    made: Any = pydantic.create_model("Made", name=(str, ...))
    chunks = [
        chunk(calling(call("Made", A, id="a"), content='{"name": "Oslo"}')),
        chunk({}, "stop"),
    ]
    events, final = run(chunks, made, [pydantic_function_tool(made)])
    assert isinstance(final.choices[0].message.parsed, made)
    final.model_dump()
    gone = weakref.ref(made)
    del made, events, final
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_does_not_matter_where_the_text_was_cut(size: int) -> None:
    text = '```json\n{"name": "Århus 🌊", "people": 12}\n```'
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    events, final = run([*(chunk({"content": piece}) for piece in pieces), chunk({}, "stop")], City)
    assert final.choices[0].message.parsed == City(name="Århus 🌊", people=12)
    assert final.choices[0].message.content == text
    assert [event.snapshot for event in events[:-1]] == [
        text[: start + size] for start in range(0, len(text), size)
    ]
