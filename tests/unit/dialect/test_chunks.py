"""Streams, recorded and as reported, seen as OpenAI would have sent them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from chunk_streams import (
    RECORDED,
    THOUGHTS,
    USAGE,
    adapt,
    added_up,
    call,
    calls,
    chunk,
    context,
    recorded_stream,
)

from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.answers.context import answer_context
from gemini_openai.dialect.chat.answers.usage import NO_TOKENS
from gemini_openai.dialect.chat.signatures import Signature, SignatureMemory, sign
from gemini_openai.dialect.chat.tool_calls import function_of
from gemini_openai.types.chat import ChatCompletionChunk

STREAMS = sorted(
    f"{path.parent.name}/{path.name}" for path in RECORDED.glob("*/*.sse") if "stream" in path.name
)
END = chunk({}, finish_reason="stop")
F, G = ("f", '{"x": 1}'), ("g", '{"y": 2}')


def thought(text: str, **choice: Any) -> dict[str, Any]:
    return chunk({"content": text, "extra_content": {"google": {"thought": True}}}, **choice)


def signed_call(signature: str, name: str, arguments: str) -> dict[str, Any]:
    return sign(call(name, arguments), Signature("google", signature))


def called(chunks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Name and arguments of each call, in order; every one has an id of its own."""
    merged = added_up(chunks)[0]["calls"]
    assert list(merged) == list(range(len(merged)))
    assert len({item["id"] for item in merged.values()}) == len(merged)
    return [(item["name"], item["arguments"]) for item in merged.values()]


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("body", [{}, USAGE], ids=["plain", "usage"])
def test_a_recorded_stream_fits_openais_types_and_stays_when_adapted_again(
    name: str, body: dict[str, Any]
) -> None:
    stream = recorded_stream(name)
    before = copy.deepcopy(stream)
    out = adapt(stream, context(body))
    assert stream == before
    assert out
    assert all(ChatCompletionChunk.model_validate(value).id for value in out)
    assert adapt(out, context(body)) == out
    text = "".join(c["delta"].get("content") or "" for v in stream for c in v["choices"])
    assert added_up(out)[0]["content"] == text


def test_the_recordings_were_found() -> None:
    assert len(STREAMS) >= 8


# --- tool calls ---


def test_a_stream_with_tool_calls_ends_in_tool_calls() -> None:
    made_for = context(USAGE)
    stream = recorded_stream("developer_api/chat_stream_forced_tool_call_list_str.sse")
    tools, usage = adapt(stream, made_for)
    choice = tools["choices"][0]
    assert (choice["finish_reason"], choice["gemini_finish_reason"]) == ("tool_calls", "stop")
    item = choice["delta"]["tool_calls"][0]
    assert (item["index"], item["type"], item["id"][:5]) == (0, "function", "call_")
    assert item["function"]["arguments"] == '{"value":["apple","banana","orange"]}'
    assert (usage["choices"], usage["usage"]["total_tokens"]) == ([], 25)
    assert {"tool-calls-finish", "tool-call-deltas", "chunk-ids", "usage-chunk"} <= made_for.applied


def test_the_end_may_come_in_a_chunk_of_its_own() -> None:
    """As Gemini 3 sends it: the calls without a reason, then a delta of only a role with `stop`."""
    out = adapt([calls(call(*F, id="a")), END], context())
    assert [value["choices"][0].get("finish_reason") for value in out] == [None, "tool_calls"]


@pytest.mark.parametrize(
    "stream",
    [
        [calls(call(*F, id="a"), call(*G, id="b"))],
        [calls(call(*F, id="a", index=0), call(*G, id="b", index=0))],
        [calls(call(*F, id="a", index=None)), calls(call(*G, id="b", index=None))],
        [calls(call(*F, id="")), calls(call(*G, id=""))],
        [calls(call(*F, id="", index=0)), calls(call(*G, id="", index=0))],
        [calls(call(*F)), calls(call(*G))],
        [calls(call(*F, id="a", index=0)), calls(call(*G, id="a", index=1))],
    ],
    ids=[
        "no index",
        "index 0",
        "index null",
        "empty ids",
        "empty ids at index 0",
        "no ids",
        "the same id",
    ],
)
def test_parallel_calls_have_an_index_of_their_own(stream: list[Any]) -> None:
    out = adapt([*stream, END], context())
    assert called(out) == [F, G]
    assert added_up(out)[0]["finish_reason"] == "tool_calls"


def test_calls_of_one_function_are_told_apart_by_their_complete_arguments() -> None:
    for item in ({"index": 0}, {"index": None, "id": ""}, {}):
        first, second = call("f", '{"x": 1}', **item), call("f", '{"x": 2}', **item)
        assert called(adapt([calls(first, second), END], context())) == [
            ("f", '{"x": 1}'),
            ("f", '{"x": 2}'),
        ]


@pytest.mark.parametrize("item", [{}, {"index": 0}, {"index": None, "id": ""}], ids=str)
@pytest.mark.parametrize("arguments", ["", None, "null"])
def test_calls_of_one_function_without_arguments_are_told_apart(
    item: dict[str, Any], arguments: str | None
) -> None:
    two = [call("f", arguments, **item), call("f", arguments, **item)]
    whole = {"role": "assistant", "content": None, "tool_calls": two}
    answer = {"id": "x", "choices": [{"index": 0, "message": whole}]}
    made = adapt_completion(answer, context())["choices"][0]["message"]["tool_calls"]
    assert [function_of(one) for one in made] == [{"name": "f", "arguments": "{}"}] * 2
    for stream in ([calls(*two), END], [calls(two[0]), calls(two[1]), END]):
        assert called(adapt(stream, context())) == [("f", "{}")] * 2


def test_a_call_is_named_once_in_a_delta() -> None:
    for item in ({}, {"index": 0}, {"id": ""}, {"id": "a"}):
        two = [call("f", "", **item), call("f", '{"x": 1}', **item)]
        assert called(adapt([calls(*two), END], context())) == [("f", "{}"), ("f", '{"x": 1}')]


def test_whole_arguments_without_an_index_are_a_call_of_their_own() -> None:
    named = [calls(call("f", "")), calls(call("f", '{"x": 1}')), END]
    assert called(adapt(named, context())) == [("f", "{}"), F]
    with_index = [calls(call("f", "", index=0)), calls(call("f", '{"x": 1}', index=0)), END]
    assert called(adapt(with_index, context())) == [F]


def test_an_id_that_comes_with_a_name_is_kept() -> None:
    out = adapt([calls(call("f", "", id="")), calls(call("f", "", id="c1")), END], context())
    assert called(out) == [("f", "{}"), ("f", "{}")]
    assert added_up(out)[0]["calls"][1]["id"] == "c1"


def test_fragments_of_calls_side_by_side_may_repeat_the_name() -> None:
    stream = [
        calls(call("f", part[0], index=0), call("g", part[1], index=1))
        for part in (('{"x"', '{"y"'), (": 1}", ": 2}"))
    ]
    assert called(adapt([*stream, END], context())) == [F, G]


def test_a_second_call_with_the_id_of_a_first_that_was_complete_is_a_call_of_its_own() -> None:
    whole = [calls(call("f", f'{{"x": {n}}}', id="a")) for n in (1, 2)]
    assert called(adapt([*whole, END], context())) == [("f", '{"x": 1}'), ("f", '{"x": 2}')]


def test_a_name_and_an_id_that_come_late_belong_to_the_call_that_began() -> None:
    stream = [
        calls(call(None, '{"x"', index=0)),
        calls(call("f", ": 1}", index=0, id="a")),
        calls(call(None, '{"y"', index=1)),
        calls(call("g", ": 2}", index=1, id="b")),
        END,
    ]
    assert called(adapt(stream, context())) == [F, G]


def test_swapped_indexes_are_overruled_by_the_ids() -> None:
    """Google's own example of streamed arguments on Vertex opens A with 1 and B with 0."""
    stream = [
        calls(call("f", "", id="a", index=1)),
        calls(call("g", "", id="b", index=0)),
        calls(call("f", '{"x"', id="a", index=0)),
        calls(call("g", '{"y"', id="b", index=1)),
        calls(call("f", ": 1}", id="a", index=0)),
        calls(call("g", ": 2}", id="b", index=1)),
        END,
    ]
    assert called(adapt(stream, context())) == [F, G]


def test_a_name_in_every_fragment_is_passed_on_once() -> None:
    pieces = ['{"', 'x": ', "1}"]
    for item in ({"id": "a", "index": 0}, {"index": 0}, {"id": ""}, {}):
        stream = [calls(call("f", piece, **item)) for piece in pieces]
        out = adapt([*stream, END], context())
        assert called(out) == [F]
        assert "id" not in out[1]["choices"][0]["delta"]["tool_calls"][0]


def test_what_openai_sends_is_left_alone() -> None:
    opening = {"type": "function", "index": 0, "id": "a"}
    stream = [
        calls({**opening, "function": {"name": "f", "arguments": ""}}),
        calls({"index": 0, "function": {"arguments": '{"x": '}}),
        calls({**opening, "index": 1, "id": "b", "function": {"name": "g", "arguments": ""}}),
        calls({"index": 0, "function": {"arguments": "1}"}}),
        calls({"index": 1, "function": {"arguments": '{"y": 2}'}}),
        chunk({}, finish_reason="tool_calls"),
    ]
    made_for = context()
    assert adapt(stream, made_for) == stream
    assert not made_for.applied
    assert called(stream) == [F, G]


def test_parallel_calls_come_one_to_a_delta() -> None:
    items = (call(*F, id="a"), call(*G, id="b"))
    stream = [chunk({"content": "Both.", "tool_calls": list(items)}, finish_reason="stop")]
    stream[0]["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    first, second = adapt(stream, context())
    assert first["choices"][0]["delta"]["content"] == "Both."
    assert "finish_reason" not in first["choices"][0]
    assert "usage" not in first
    assert "content" not in second["choices"][0]["delta"]
    assert second["choices"][0]["finish_reason"] == "tool_calls"
    assert second["usage"]["total_tokens"] == 2
    assert first["id"] == second["id"] == stream[0]["id"]


def test_a_signature_in_a_delta_of_its_own_stays_with_its_call() -> None:
    extra = {"google": {"thought_signature": "s"}}
    stream = [calls(call("f", "", id="a", extra_content=extra)), calls(call(None, "{}")), END]
    merged = added_up(adapt(stream, context()))[0]["calls"]
    assert merged == {0: {"name": "f", "arguments": "{}", "id": "a", "extra_content": extra}}
    alone = [calls(call(*F, id="a")), calls({"extra_content": extra}), END]
    item = adapt(alone, context())[1]["choices"][0]["delta"]["tool_calls"][0]
    assert item == {"index": 0, "function": {"arguments": ""}, "extra_content": extra}


def test_the_same_answer_gets_the_same_ids() -> None:
    stream = [calls(call(*F, id=""), call(*G, id="")), END]
    assert adapt(stream, context()) == adapt(stream, context())
    other = [{**value, "id": "another answer"} for value in stream]
    assert (
        added_up(adapt(other, context()))[0]["calls"][0]["id"]
        != (added_up(adapt(stream, context()))[0]["calls"][0]["id"])
    )


def test_choices_do_not_mix_their_calls() -> None:
    one, two = calls(call("f", '{"x": ')), calls(call("g", '{"y": '))
    two["choices"][0]["index"] = 1
    more, rest = calls(call(None, "1}")), calls(call(None, "2}"))
    rest["choices"][0]["index"] = 1
    both = {**one, "choices": one["choices"] + two["choices"]}
    out = added_up(adapt([both, rest, more], context({"n": 2})))
    assert [out[i]["calls"][0]["arguments"] for i in (0, 1)] == ['{"x": 1}', '{"y": 2}']


@pytest.mark.parametrize("arguments", [None, "", "null"])
def test_a_call_that_never_gets_arguments_has_empty_ones_at_the_end(arguments: str | None) -> None:
    begun = calls(call("f", arguments, id="a"))
    for end in ([END], [], [calls(call("g", "", id="b"), finish_reason="stop")]):
        merged = added_up(adapt([begun, *end], context()))[0]["calls"]
        assert [item["arguments"] for item in merged.values()] == ["{}"] * len(merged)
    alone = calls(call("f", arguments, id="a"), finish_reason="stop")
    (out,) = adapt([alone], context())
    assert out["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_a_piece_of_arguments_may_look_like_none() -> None:
    pieces = ['{"x": ', "null", "}", " "]
    stream = [calls(call("f" if i == 0 else None, piece, id="a")) for i, piece in enumerate(pieces)]
    assert called(adapt([*stream, END], context())) == [("f", '{"x": null} ')]


def test_a_call_that_comes_again_is_the_same_call() -> None:
    extra = {"google": {"thought_signature": "s"}}
    signed = call(*F, id="a", extra_content=extra)
    for first, second in ((signed, call(*F, id="a")), (call(*F, id="a"), signed)):
        merged = added_up(adapt([calls(first), calls(second), END], context()))[0]["calls"]
        assert merged == {0: {"name": "f", "arguments": F[1], "id": "a", "extra_content": extra}}
    out = adapt([calls(signed), calls(call(*F, id="a")), END], context())
    assert "tool_calls" not in out[1]["choices"][0]["delta"]
    assert called(adapt([calls(signed, call(*G, id="b"), signed), END], context())) == [F, G]


def test_a_call_without_a_name_does_not_spoil_one_that_is_whole() -> None:
    stream = [calls(call(*F, id="a")), calls(call(None, '{"y": 2}', id="b")), END]
    assert called(adapt(stream, context())) == [F, ("", '{"y": 2}')]


# --- text and thoughts ---


def test_streamed_thoughts_are_in_reasoning_content() -> None:
    stream = [
        thought("<thought>**Hm"),
        thought("m**\n"),
        chunk({"content": "</thought>Two"}),
        chunk({"content": " and two."}, finish_reason="stop"),
    ]
    out = adapt(stream, context(THOUGHTS))
    assert added_up(out)[0] == {
        "content": "Two and two.",
        "reasoning_content": "**Hmm**\n",
        "calls": {},
        "finish_reason": "stop",
    }
    assert out[0]["choices"][0]["delta"]["extra_content"] == {"google": {"thought": True}}
    assert adapt(out, context(THOUGHTS)) == out


def test_thought_and_answer_in_one_delta_become_two_chunks() -> None:
    signed = {"google": {"thought": True, "thought_signature": "s"}}
    content = {"content": "<thought>a</thought>b", "extra_content": signed}
    first, second = adapt([chunk(content, finish_reason="stop")], context())
    assert first["choices"][0]["delta"] == {
        "role": "assistant",
        "extra_content": signed,
        "reasoning_content": "a",
    }
    assert second["choices"][0] == {
        "index": 0,
        "delta": {"content": "b"},
        "finish_reason": "stop",
    }


def test_text_held_back_for_a_tag_comes_before_the_end() -> None:
    finished = [chunk({"content": "<tho"}, finish_reason="stop")]
    assert added_up(adapt(finished, context(THOUGHTS)))[0]["content"] == "<tho"
    cut_off = [chunk({"content": "<tho"})]
    assert added_up(adapt(cut_off, context(THOUGHTS)))[0]["content"] == "<tho"


def test_the_signature_of_a_text_answer_is_kept() -> None:
    extra = {"google": {"thought_signature": "s"}}
    stream = [
        chunk({"content": "Hi"}),
        chunk({"content": "", "extra_content": extra}, finish_reason="stop"),
    ]
    assert adapt(stream, context(THOUGHTS)) == stream


@pytest.mark.parametrize("reason", ["", " "])
def test_an_empty_finish_reason_ends_nothing(reason: str) -> None:
    stream = [
        chunk({"content": text}, finish_reason=reason)
        for text in ("<tho", "ught>Hm</tho", "ught>Two")
    ]
    out = adapt([*stream, END], context(THOUGHTS))
    seen = added_up(out)[0]
    assert (seen["reasoning_content"], seen["content"]) == ("Hm", "Two")
    reasons = [value["choices"][0].get("finish_reason") for value in out]
    assert reasons == [*([None] * (len(out) - 1)), "stop"]


def test_content_in_parts_is_text_in_every_chunk() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    stream = [chunk({"content": "Hi"}), chunk({"content": parts}), chunk({"content": []}), END]
    out = adapt(stream, context())
    assert [v["choices"][0]["delta"].get("content") for v in out] == ["Hi", "ab", None, None]


# --- usage ---


def test_the_usage_comes_once_at_the_end() -> None:
    stream = recorded_stream("developer_api/chat_stream_text_usage_3chunks.sse")
    *texts, last = adapt(stream, context(USAGE))
    assert all(value["usage"] == NO_TOKENS and value["choices"] for value in texts)
    assert last["choices"] == []
    assert last["usage"]["prompt_tokens"] == 3
    assert last["usage"]["total_tokens"] == 14
    assert last["id"] == texts[0]["id"]


COUNT = {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 9}
ENVELOPE = {key: value for key, value in chunk({}).items() if key != "choices"}
FINISH_WITH_USAGE = [{**END, "usage": COUNT}]
USAGE_ALONE = {**ENVELOPE, "choices": [], "usage": COUNT}


@pytest.mark.parametrize(
    "end",
    [
        FINISH_WITH_USAGE,
        [END, USAGE_ALONE],
        [USAGE_ALONE, END],
        [{**END, "usage": COUNT}, {**END, "usage": {}}],
        [{**END, "usage": COUNT}, {**END, "usage": {"total_tokens": None}}],
        [{**END, "usage": None}, USAGE_ALONE, {**USAGE_ALONE, "usage": NO_TOKENS}],
    ],
    ids=["with it", "after it", "before it", "then empty", "then null", "then zeros"],
)
def test_the_count_is_the_last_chunk_wherever_it_comes(end: list[Any]) -> None:
    out = adapt([chunk({"content": "Hi"}), chunk({"content": "Hi"}), *end], context(USAGE))
    *before, last = out
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], 9)
    assert all(value["usage"] == NO_TOKENS for value in before)
    for name in COUNT:  # adding all and taking the last are the same
        assert sum(value["usage"][name] for value in out) == last["usage"][name]


def test_without_any_count_all_chunks_have_zeros() -> None:
    out = adapt([chunk({"content": "Hi"}), END], context(USAGE))
    assert [value["usage"] for value in out] == [NO_TOKENS, NO_TOKENS]


def test_pieces_of_a_chunk_have_zeros_each() -> None:
    both = calls(call(*F, id="a"), call(*G, id="b"), finish_reason="stop")
    out = adapt([{**both, "usage": COUNT}], context(USAGE))
    assert [value["usage"]["total_tokens"] for value in out] == [0, 0, 9]


def test_usage_that_was_not_asked_for_has_no_zeros() -> None:
    stream = [chunk({"content": "Hi"}), {**END, "usage": {}}]
    assert adapt(stream, context()) == [stream[0], {**END, "usage": None}]
    off = context(USAGE, off=["usage-chunk"])
    assert adapt([{**END, "usage": COUNT}], off)[0]["usage"]["completion_tokens"] == 5


def test_usage_that_was_not_asked_for_stays_where_it_came() -> None:
    stream = recorded_stream("vertex/maas_deepseek_stream_doc.sse")
    out = adapt(stream, context())
    assert [value.get("usage", {}).get("total_tokens") for value in out] == [None, 145]


def test_a_last_chunk_of_usage_alone_is_not_doubled() -> None:
    stream = recorded_stream("vertex/xai_grok_stream_from_doc_usage.sse")
    out = adapt(stream, context(USAGE))
    assert len(out) == len(stream)
    assert out[-1]["usage"]["completion_tokens"] == 174
    assert out[-1]["usage"]["gemini_usage"] == stream[-1]["usage"]


def test_googles_own_count_of_a_stream_is_the_last_as_it_came() -> None:
    running = {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 9, "of_the_first": 1}
    last = {"prompt_tokens": 4, "completion_tokens": 6}
    out = adapt(
        [{**chunk({"content": "a"}), "usage": running}, {**END, "usage": last}], context(USAGE)
    )
    usage = out[-1]["usage"]
    assert usage["gemini_usage"] == last
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert adapt(out, context(USAGE)) == out


# --- what is missing ---


def test_chunks_without_an_id_get_one_for_the_stream() -> None:
    stream = recorded_stream("developer_api/chat_stream_text_usage_2chunks.sse")
    ids = {value["id"] for value in adapt(stream, context(USAGE))}
    assert len(ids) == 1
    assert ids.pop().startswith("chatcmpl-")


def test_without_a_seed_no_two_streams_have_the_same_id() -> None:
    stream = recorded_stream("developer_api/chat_stream_text_usage_2chunks.sse")
    one, two = (adapt(stream, answer_context({}))[0]["id"] for _ in range(2))
    assert one != two


@pytest.mark.parametrize("choices", [{"choices": None}, {"choices": []}, {}], ids=str)
def test_a_stream_without_choices_ends_as_withheld(choices: dict[str, Any]) -> None:
    envelope = {key: value for key, value in chunk({}).items() if key != "choices"}
    (out,) = adapt([{**envelope, **choices}], context())
    assert out["choices"] == [
        {
            "finish_reason": "content_filter",
            "index": 0,
            "gemini_finish_reason": None,
            "delta": {"role": "assistant"},
        }
    ]
    assert out["id"] == envelope["id"]


def test_a_stream_that_never_began_has_no_end() -> None:
    assert ChunkAdapter(context(USAGE)).end() == []


def test_a_blocked_choice_without_a_delta_has_an_empty_one() -> None:
    value = chunk({})
    value["choices"] = [{"finish_reason": "content_filter: PROHIBITED_CONTENT", "index": 0}]
    (out,) = adapt([value], context())
    assert out["choices"] == [
        {
            "finish_reason": "content_filter",
            "index": 0,
            "delta": {},
            "gemini_finish_reason": "content_filter: PROHIBITED_CONTENT",
        }
    ]


def test_the_reason_of_2024_is_found() -> None:
    value = chunk({"content": "Hi"}, finish_reason=None, finishReason="stop")
    (out,) = adapt([value], context())
    assert out["choices"][0]["finish_reason"] == "stop"
    assert "finishReason" not in out["choices"][0]


@pytest.mark.parametrize("last", [{"finish_reason": "tool_calls"}, {}])
def test_the_calls_of_a_stream_are_remembered_once(
    last: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = SignatureMemory()
    hashed: list[object] = []
    monkeypatch.setattr(
        "gemini_openai.dialect.chat.signatures.turn_of", lambda said: hashed.append(said) or ""
    )
    made = signed_call("s", *F)
    adapt([calls(made, **last), chunk({}), chunk({}, **last)], context(memory=memory))
    assert len(hashed) == 1
    assert memory.find(made, "") == ("google", "s")


def test_a_call_that_comes_after_the_reason_is_remembered_too() -> None:
    memory = SignatureMemory()
    first, second = signed_call("s", *F), signed_call("t", *G)
    adapt([calls(first, finish_reason="tool_calls"), calls(second)], context(memory=memory))
    assert memory.find(first, "") == ("google", "s")
    assert memory.find(second, "") == ("google", "t")


# --- the look at the bytes ---


def as_sent(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def test_plain_chunks_after_the_first_need_nothing() -> None:
    value = chunk({"content": "Hi"})
    data = as_sent(value)
    adapter = ChunkAdapter(context())
    assert adapter.needs(data)
    assert adapter.adapt(value) == [value]
    assert not adapter.needs(data)


@pytest.mark.parametrize(
    "value",
    [
        calls(call(*F)),
        chunk({"toolCalls": [call(*F)]}),
        thought("a"),
        chunk({}, finish_reason="content_filter: SAFETY"),
        chunk({}, finishReason="stop"),
        {**chunk({}), "usage": {}},
        {**chunk({}), "choices": None},
        chunk({"content": ["Hi"]}),
    ],
)
def test_a_later_chunk_that_is_odd_does(value: dict[str, Any]) -> None:
    adapter = ChunkAdapter(context())
    adapter.adapt(chunk({"content": "Hi"}))
    for text in ("Hi", 'say "Hi"', "C:\\", ""):
        assert not adapter.needs(as_sent(chunk({"content": text})))
        assert adapter.needs(as_sent(value))
    assert adapter.needs(json.dumps(value).encode())


def test_a_call_in_camel_case_is_found_after_a_plain_chunk() -> None:
    out = adapt([chunk({"content": "Hi"}), chunk({"toolCalls": [call(*F)]}), END], context())
    assert called(out) == [F]


def test_quotes_in_a_text_are_told_from_its_end() -> None:
    """A chunk with the same beginning and end as a plain one, and something between."""
    adapter = ChunkAdapter(context())
    plain = chunk({"content": "Hi", "role": "assistant"})
    adapter.adapt(plain)
    assert not adapter.needs(as_sent(plain))
    odd = chunk({"content": "Hi", "tool_calls": [call(*F)], "role": "assistant"})
    assert adapter.needs(as_sent(odd))
    assert adapter.needs(b'{"choices":[{"delta":{"content":"x"}}],"usage":{}}')


def test_all_chunks_do_where_the_first_has_no_index() -> None:
    value = chunk({"content": "Hi"})
    del value["choices"][0]["index"]
    assert [v["choices"][0]["index"] for v in adapt([value, value], context())] == [0, 0]


def test_all_chunks_do_while_there_may_be_thoughts() -> None:
    adapter = ChunkAdapter(context(THOUGHTS))
    plain = b'{"choices":[{"delta":{"content":"x"},"index":0}]}'
    for text in ("<thought>", "a", "</tho", "ught>b"):
        assert adapter.needs(plain)
        adapter.adapt(chunk({"content": text}))
    assert not adapter.needs(plain)
