"""An answer is the same whole and streamed, wherever it is cut and whatever the wire leaves out."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from chunk_streams import THOUGHTS, USAGE, adapt, added_up, context
from hypothesis import given, settings, strategies as st
from properties.test_chunks import ARGUMENTS, TEXTS, THOUGHT_TEXTS, cut

from gemini_openai._call.decode import fit
from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.lib.streaming.chat import ChatCompletionStreamState
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk

ASKED = {**THOUGHTS, **USAGE}
FLAG = {"extra_content": {"google": {"thought": True}}}
SIGNED = {"extra_content": {"google": {"thought_signature": "s"}}}
REASONS = [
    None,
    "",
    "stop",
    "STOP",
    "length",
    "MAX_TOKENS",
    "content_filter: SAFETY",
    "function_call_filter: MALFORMED_FUNCTION_CALL",
    "something_new",
]
COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
USAGES = st.one_of(
    st.none(),
    st.just({}),
    st.fixed_dictionaries({name: st.integers(0, 50) for name in COUNTS}),
    st.fixed_dictionaries(
        {},
        optional={
            **{name: st.one_of(st.none(), st.integers(0, 50)) for name in COUNTS},
            "completion_tokens_details": st.sampled_from([None, {}, {"reasoning_tokens": 7}]),
            "prompt_tokens_details": st.sampled_from([None, {"cached_tokens": None}]),
        },
    ),
)


class Made(NamedTuple):
    """One answer, as a whole body and as a stream."""

    whole: dict[str, Any]
    chunks: list[dict[str, Any]]


class Seen(NamedTuple):
    """What a program makes of an answer."""

    id: str
    content: str
    thoughts: str
    calls: list[tuple[str, str, str]]
    finish_reason: str | None
    usage: dict[str, Any] | None


def call(id: object, name: str, arguments: object, **more: Any) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    out: dict[str, Any] = {"function": {k: v for k, v in function.items() if v is not None}, **more}
    return out if id is None else {**out, "id": id, "type": "function"}


@st.composite
def tool_calls(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]]]:
    """Calls as a whole message has them, and the items of each delta of a stream."""
    ids = draw(st.sampled_from(["own", "empty", "none", "shared"]))
    whole: list[dict[str, Any]] = []
    deltas: list[list[dict[str, Any]]] = []
    names = ["f0", "f1", "f2"]
    # With one id and one name, a part without arguments may be of the call before.
    if ids != "shared" and draw(st.booleans()):
        names = ["f", "f", "f"]
    for number in range(draw(st.integers(0, 3))):
        name = names[number]
        id = {"own": f"call-{number}", "empty": "", "none": None, "shared": "call"}[ids]
        arguments = draw(st.one_of(ARGUMENTS, st.sampled_from([None, "", "null", "{}"])))
        signed = draw(st.sampled_from([{}, SIGNED]))
        made = call(id, name, arguments, **signed)
        # A name that came without arguments may be the beginning of a call: its next part is known
        # by being whole.
        begun = bool(whole) and not id and name == names[number - 1]
        whole.append(made)
        if begun or arguments in (None, "", "null") or draw(st.booleans()) or ids == "shared":
            deltas.append([made])
        else:
            first, *others = cut(draw, str(arguments))
            deltas.append([call(id, name, first, **signed)])
            deltas += [[call(id if draw(st.booleans()) else None, "", piece)] for piece in others]
        if id and draw(st.booleans()):  # once more, without its signature
            whole.append(call(id, name, arguments))
            deltas.append([call(id, name, arguments)])
    if deltas and draw(st.booleans()) and len(deltas) == len(whole):
        deltas = [[item for delta in deltas for item in delta]]
    return whole, deltas


@st.composite
def answers(draw: st.DrawFn) -> Made:
    thoughts, text = draw(st.one_of(st.just(""), THOUGHT_TEXTS)), draw(TEXTS)
    reason, usage = draw(st.sampled_from(REASONS)), draw(USAGES)
    in_parts = draw(st.booleans())
    reason_key = draw(st.sampled_from(["finish_reason", "finishReason"]))
    envelope: dict[str, Any] = {"created": 5, "model": "m"}
    envelope |= draw(st.sampled_from([{"id": "abc"}, {"id": ""}, {"id": None}, {}]))
    index = draw(st.sampled_from([{"index": 0}, {"index": None}, {}]))
    whole_calls, call_deltas = draw(tool_calls())

    def content(piece: str) -> object:
        return [{"type": "text", "text": piece}] if in_parts else piece

    message: dict[str, Any] = {"role": "assistant"}
    if thoughts or text:
        tagged = f"<thought>{thoughts}</thought>{text}" if thoughts else text
        message["content"] = content(tagged)
    if whole_calls:
        message["tool_calls"] = whole_calls
    choice = {"message": message, reason_key: reason, **index}
    whole = {**envelope, "object": "chat.completion", "choices": [choice], "usage": usage}

    deltas: list[dict[str, Any]] = []
    flag = draw(st.sampled_from([FLAG, {}]))
    if thoughts:
        deltas += [{"content": content(x), **flag} for x in cut(draw, f"<thought>{thoughts}")]
        deltas += [{"content": content(piece)} for piece in cut(draw, f"</thought>{text}")]
    elif text:
        deltas += [{"content": content(piece)} for piece in cut(draw, text)]
    deltas += [{"tool_calls": items} for items in call_deltas]
    if not deltas or draw(st.booleans()):
        deltas.append(draw(st.sampled_from([{}, {"content": None}])))
    body = {**envelope, "object": "chat.completion.chunk"}
    empty = draw(st.sampled_from([{}, {"finish_reason": None}, {"finish_reason": ""}]))
    chunks = [{**body, "choices": [{"delta": delta, **empty, **index}]} for delta in deltas]
    last = chunks.pop()
    last["choices"][0].pop("finish_reason", None)
    last["choices"][0][reason_key] = reason
    counted = {**body, "choices": [], "usage": usage}
    order = draw(st.sampled_from(["with", "before", "after", "running", "repeated"]))
    if order == "with":
        chunks.append({**last, "usage": usage})
    elif order == "before":
        chunks += [counted, last]
    elif order == "after":
        chunks += [last, counted]
    elif order == "running" and usage and all(usage.get(name) is not None for name in COUNTS):
        chunks = [{**chunk, "usage": dict.fromkeys(COUNTS, 0)} for chunk in chunks]
        chunks.append({**last, "usage": usage})
    else:
        chunks += [
            {**last, "usage": usage},
            {**counted, "usage": draw(st.sampled_from([{}, None]))},
        ]
    return Made(whole, chunks)


def of_message(body: dict[str, Any]) -> Seen:
    (choice,) = body["choices"]
    message = choice["message"]
    calls = [(c["id"], c["function"]) for c in message.get("tool_calls") or ()]
    return Seen(
        body["id"],
        message.get("content") or "",
        message.get("reasoning_content") or "",
        [(id, function["name"], function["arguments"]) for id, function in calls],
        choice["finish_reason"],
        body.get("usage"),
    )


def by_hand(chunks: list[dict[str, Any]]) -> Seen:
    """As a loop of a user adds the chunks up."""
    (seen,) = added_up(chunks).values()
    calls = [seen["calls"][index] for index in sorted(seen["calls"])]
    return Seen(
        chunks[0]["id"],
        seen["content"],
        seen["reasoning_content"],
        [(item["id"], item["name"], item["arguments"]) for item in calls],
        seen.get("finish_reason"),
        next((chunk["usage"] for chunk in chunks if not chunk["choices"]), None),
    )


def by_the_helper(chunks: list[dict[str, Any]]) -> Seen:
    """As `chat.completions.stream` adds them up."""
    state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    for chunk in chunks:
        state.handle_chunk(fit(chunk, ChatCompletionChunk))
    return of_message(state.current_completion_snapshot.to_dict())


@given(answers())
@settings(max_examples=400)
def test_an_answer_is_the_same_whole_and_streamed(made: Made) -> None:
    whole = of_message(adapt_completion(made.whole, context(ASKED)))
    chunks = adapt(made.chunks, context(ASKED))
    assert by_hand(chunks) == whole
    assert by_the_helper(chunks) == whole
    assert whole.finish_reason != ""
    assert all(json.loads(arguments) is not None for _, _, arguments in whole.calls)
    assert len({id for id, _, _ in whole.calls}) == len(whole.calls)


@given(answers())
def test_the_usage_of_a_stream_is_right_added_and_taken_from_the_last(made: Made) -> None:
    whole = adapt_completion(made.whole, context(ASKED))["usage"]
    chunks = adapt(made.chunks, context(ASKED))
    for name in COUNTS:
        counted = [chunk["usage"][name] for chunk in chunks]
        assert sum(counted) == counted[-1] == (whole[name] if whole else 0)


@given(answers())
def test_either_form_fits_the_types_of_openai(made: Made) -> None:
    whole = adapt_completion(made.whole, context(ASKED))
    if whole["choices"][0]["finish_reason"] is not None:
        ChatCompletion.model_validate(whole)
    for chunk in adapt(made.chunks, context(ASKED)):
        ChatCompletionChunk.model_validate(chunk)
