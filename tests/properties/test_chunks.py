"""However thoughts and tool calls are cut up on the wire, an app sees the same answer."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from typing import Any

from chunk_streams import THOUGHTS, USAGE, adapt, added_up, call, calls, chunk, context
from hypothesis import assume, given, settings, strategies as st

from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.answers.usage import NO_TOKENS
from gemini_openai.dialect.chat.signatures import SignatureMemory

# Letters of the tags, so that parts of them come up in texts.
TEXTS = st.text(st.sampled_from('<>/though t\n{}"é'), max_size=30).filter(
    lambda text: "</thought>" not in text and "<thought>" not in text
)
# What ends in a part of the closing tag is one with the tag that follows, and that is no matter.
THOUGHT_TEXTS = TEXTS.filter(lambda text: "<" not in text[-10:])
ARGUMENTS = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.integers(), st.text(max_size=5), st.just({"d": []}))
).map(json.dumps)
CALLS = st.lists(st.tuples(st.sampled_from("fg"), ARGUMENTS), min_size=1, max_size=4)
END = chunk({}, finish_reason="stop")


def cut(draw: st.DrawFn, text: str) -> list[str]:
    """`text` in pieces, none of them empty."""
    places = draw(st.sets(st.integers(1, max(1, len(text) - 1)), max_size=5))
    edges = [0, *sorted(place for place in places if place < len(text)), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


@st.composite
def thought_streams(draw: st.DrawFn) -> tuple[str, str, list[dict[str, Any]]]:
    """Thoughts, answer, and chunks for them: with flags as on the Developer API, or without."""
    thoughts, answer = draw(THOUGHT_TEXTS), draw(TEXTS.filter(bool))
    flagged = draw(st.booleans())
    opening, closing = f"<thought>{thoughts}", f"</thought>{answer}"
    extra = {"extra_content": {"google": {"thought": True}}} if flagged else {}
    chunks = [chunk({"content": piece, **extra}) for piece in cut(draw, opening)]
    chunks += [chunk({"content": piece}) for piece in cut(draw, closing)]
    if draw(st.booleans()):
        chunks[-1]["choices"][0]["finish_reason"] = "stop"
    else:
        chunks.append(END)
    return thoughts, answer, chunks


@given(thought_streams())
def test_thoughts_are_the_same_however_they_are_cut(
    stream: tuple[str, str, list[dict[str, Any]]],
) -> None:
    thoughts, answer, chunks = stream
    seen = added_up(adapt(chunks, context(THOUGHTS)))[0]
    assert (seen["reasoning_content"], seen["content"]) == (thoughts, answer)


@given(THOUGHT_TEXTS, TEXTS.filter(bool))
def test_a_whole_answer_is_split_as_a_stream_of_it_is(thoughts: str, answer: str) -> None:
    content = f"<thought>{thoughts}</thought>{answer}"
    streamed = added_up(adapt([chunk({"content": content}), END], context(THOUGHTS)))[0]
    message = {"role": "assistant", "content": content}
    whole = adapt_completion({"id": "x", "choices": [{"message": message}]}, context(THOUGHTS))
    seen = whole["choices"][0]["message"]
    assert (seen["reasoning_content"], seen["content"]) == (thoughts, answer)
    assert (streamed["reasoning_content"], streamed["content"]) == (thoughts, answer)


@st.composite
def call_streams(draw: st.DrawFn) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """Calls, and chunks for them in one of the ways they were seen."""
    made = draw(CALLS)
    with_ids = draw(st.booleans())
    index = draw(st.sampled_from(["missing", "null", "zero", "right"]))
    whole = draw(st.booleans())
    name_again = draw(st.booleans())
    id_again = draw(st.booleans())
    groups: list[list[dict[str, Any]]] = []
    for number, (name, arguments) in enumerate(made):
        indexes: dict[str, dict[str, Any]] = {"null": {"index": None}, "zero": {"index": 0}}
        indexed = {} if index == "missing" else indexes.get(index, {"index": number})
        identified: dict[str, Any] = {"id": f"call-{number}"} if with_ids else draw(_NO_ID)
        pieces = [arguments] if whole else cut(draw, arguments)
        # Whole arguments after a name alone are another call, where nothing tells calls apart.
        tells_apart = with_ids or index in ("zero", "right")
        if draw(st.booleans()) and not whole and (tells_apart or len(pieces) > 1):
            pieces = ["", *pieces]
        items = [call(name, pieces[0], **identified, **indexed)]
        items += [
            call(
                name if name_again else None,
                piece,
                **(identified if id_again else {}),
                **indexed,
            )
            for piece in pieces[1:]
        ]
        groups.append(items)
    if whole and draw(st.booleans()):
        return made, [calls(*(item for group in groups for item in group)), END]
    return made, [*(calls(item) for group in groups for item in group), END]


_NO_ID: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"id": ""}, {"id": None}])


@given(call_streams())
def test_tool_calls_are_the_same_however_they_are_cut(
    stream: tuple[list[tuple[str, str]], list[dict[str, Any]]],
) -> None:
    made, chunks = stream
    out = adapt(chunks, context())
    seen = added_up(out)[0]
    assert [(item["name"], item["arguments"]) for item in seen["calls"].values()] == made
    assert len({item["id"] for item in seen["calls"].values()}) == len(made)
    assert seen["finish_reason"] == "tool_calls"
    assert all(len(v["choices"][0]["delta"].get("tool_calls") or ()) <= 1 for v in out)


@st.composite
def interleaved(draw: st.DrawFn) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """Calls in fragments that take turns, each with its id and any index at all."""
    made = draw(CALLS)
    queues = [cut(draw, arguments) for _, arguments in made]
    chunks: list[dict[str, Any]] = []
    for number, (name, _) in enumerate(made):
        piece = queues[number].pop(0)
        wrong = draw(st.integers(0, len(made) - 1))
        chunks.append(calls(call(name, piece, id=f"call-{number}", index=wrong)))
    while any(queues):
        number = draw(st.sampled_from([i for i, queue in enumerate(queues) if queue]))
        piece = queues[number].pop(0)
        again = draw(st.sampled_from([made[number][0], None]))
        wrong = draw(st.integers(0, len(made) - 1))
        chunks.append(calls(call(again, piece, id=f"call-{number}", index=wrong)))
    return made, [*chunks, END]


@given(interleaved())
def test_ids_overrule_every_index(
    stream: tuple[list[tuple[str, str]], list[dict[str, Any]]],
) -> None:
    made, chunks = stream
    merged = added_up(adapt(chunks, context()))[0]["calls"]
    assert [(item["name"], item["arguments"]) for item in merged.values()] == made


USAGES = st.fixed_dictionaries(
    {name: st.integers(0, 50) for name in ("prompt_tokens", "completion_tokens", "total_tokens")},
    optional={"completion_tokens_details": st.just({"reasoning_tokens": 7})},
)
ODD_CHOICES = st.fixed_dictionaries(
    {"index": st.sampled_from([0, 0, 1])},
    optional={
        "finish_reason": st.sampled_from(["stop", None, "content_filter: SAFETY", "length"]),
        "finishReason": st.just("stop"),
        "delta": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {},
                optional={
                    "role": st.just("assistant"),
                    "content": st.one_of(
                        st.none(), st.sampled_from(["<thought>", "a", "</thou", "ght>", "<", ""])
                    ),
                    "extra_content": st.sampled_from(
                        [{"google": {"thought": True}}, {"vertex": {"thought_signature": "s"}}]
                    ),
                    "tool_calls": st.lists(
                        st.sampled_from(
                            [
                                call("f", "{}"),
                                call("g", '{"a', id="x", index=0),
                                call(None, '":1}', id="x"),
                                call("f", None, id="", index=None),
                            ]
                        ),
                        max_size=3,
                    ),
                },
            ),
        ),
    },
)
ODD_CHUNKS = st.fixed_dictionaries(
    {"created": st.just(5), "object": st.just("chat.completion.chunk")},
    optional={
        "id": st.sampled_from(["abc", "abc", ""]),
        "choices": st.one_of(st.none(), st.lists(ODD_CHOICES, max_size=2)),
        "usage": st.one_of(st.none(), USAGES),
    },
)
BODIES = st.sampled_from([{}, USAGE, THOUGHTS, {**USAGE, **THOUGHTS, "n": 2}])


@given(st.lists(ODD_CHUNKS, max_size=5), BODIES)
@settings(max_examples=300)
def test_no_stream_breaks_the_adapter_or_is_changed_by_it(
    chunks: list[dict[str, Any]], body: dict[str, Any]
) -> None:
    before = copy.deepcopy(chunks)
    out = adapt(chunks, context(body, memory=SignatureMemory()))
    assert chunks == before
    indexes = [c["index"] for value in out for c in value["choices"]]
    assert all(isinstance(index, int) for index in indexes)


@given(st.one_of(call_streams(), interleaved(), thought_streams().map(lambda s: s[1:])), BODIES)
def test_an_adapted_stream_stays_as_it_is(
    stream: tuple[Any, list[dict[str, Any]]], body: dict[str, Any]
) -> None:
    chunks = stream[1]
    chunks[-1] = {
        **chunks[-1],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 9},
    }
    once = adapt(chunks, context(body))
    assert adapt(once, context(body)) == once


@given(st.lists(ODD_CHUNKS, max_size=5), BODIES)
@settings(max_examples=300)
def test_an_odd_stream_stays_as_it_is_too(
    chunks: list[dict[str, Any]], body: dict[str, Any]
) -> None:
    # What may begin a tag is held back to the end of the stream, and would be again.
    assume("<" not in json.dumps(chunks))
    once = adapt([{**value, "id": "abc"} for value in chunks], context(body))
    assert adapt(once, context(body)) == once


@given(st.lists(ODD_CHUNKS, min_size=1, max_size=5), BODIES)
@settings(max_examples=300)
def test_a_chunk_that_is_passed_over_would_not_have_changed(
    chunks: list[dict[str, Any]], body: dict[str, Any]
) -> None:
    adapter = ChunkAdapter(context(body))
    for value in chunks:
        data = json.dumps(value, separators=(",", ":")).encode()
        needed = adapter.needs(data)
        same = {**value, "usage": NO_TOKENS} if adapter.counts else value
        out = adapter.adapt(value)
        assert needed or out == [same]


ODD_MESSAGES = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {},
        optional={
            "role": st.just("assistant"),
            "content": st.sampled_from(["hi", None, "<thought>a</thought>b", "<thought>a", ""]),
            "extra_content": st.just({"google": {"thought": True}}),
            "tool_calls": st.lists(
                st.sampled_from(
                    [
                        {"id": "", "type": "function", "function": {"name": "f"}},
                        {"id": "x", "function": {"name": "f", "arguments": {"a": 1}}},
                    ]
                ),
                max_size=3,
            ),
        },
    ),
)
ODD_ANSWERS = st.fixed_dictionaries(
    {"id": st.just("abc"), "created": st.sampled_from([5, "5"])},
    optional={
        "choices": st.one_of(
            st.none(),
            st.lists(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "index": st.just(0),
                        "message": ODD_MESSAGES,
                        "finish_reason": st.sampled_from(["stop", "content_filter: SAFETY"]),
                        "finishReason": st.just("stop"),
                    },
                ),
                max_size=2,
            ),
        ),
        "usage": st.one_of(st.none(), USAGES, st.just({"totalTokens": 3})),
    },
)


@given(ODD_ANSWERS, BODIES)
@settings(max_examples=300)
def test_an_adapted_answer_stays_as_it_is(value: dict[str, Any], body: dict[str, Any]) -> None:
    before = copy.deepcopy(value)
    once = adapt_completion(value, context(body))
    assert value == before
    assert adapt_completion(once, context(body)) == once
