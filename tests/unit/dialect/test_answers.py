"""Whole answers, from recorded bodies where there are any."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from chunk_streams import THOUGHTS, adapt, added_up, chunk, context

from gemini_openai.dialect.camel_case import may_have_camel_case
from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.signatures import SignatureMemory
from gemini_openai.types.chat import ChatCompletion

RECORDED = Path(__file__).parents[2] / "recorded"
WHOLE = [
    "developer_api/chat_nonstream_text.json",
    "developer_api/chat_nonstream_text_with_params.json",
    "developer_api/chat_nonstream_tool_call.json",
    "developer_api/chat_nonstream_tool_call_empty_id_with_signature.json",
    "developer_api/chat_nonstream_after_tool_result_with_signature.json",
    "vertex/doc_image_generation_response.json",
    "vertex/doc_multimodal_function_response.json",
    "vertex/maas_gemma_response_minimised.json",
]


def recorded(name: str) -> dict[str, Any]:
    body = json.loads((RECORDED / name).read_text("utf-8"))
    assert isinstance(body, dict)
    return body


def batch_bodies() -> list[dict[str, Any]]:
    lines = (RECORDED / "developer_api/batch_output_chat.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["response"]["body"] for line in lines]


def answer(message: Any = None, **choice: Any) -> dict[str, Any]:
    """An answer with one choice; without a message, as Google sends blocked ones."""
    whole = {"finish_reason": "stop", "index": 0, **choice}
    if message is not None:
        whole["message"] = message
    return {
        "choices": [whole],
        "created": 1769093697,
        "id": "QTpyabuaIfaevdIPzqPKkQU",
        "model": "gemini-flash-latest",
        "object": "chat.completion",
    }


@pytest.mark.parametrize("name", WHOLE)
def test_a_recorded_answer_fits_openais_type_and_stays_when_adapted_again(name: str) -> None:
    body = recorded(name)
    before = copy.deepcopy(body)
    out = adapt_completion(body, context())
    assert body == before
    assert adapt_completion(out, context()) == out
    completion = ChatCompletion.model_validate(out)
    assert completion.usage is not None
    assert completion.usage.completion_tokens_details is not None
    assert completion.choices[0].message.role == "assistant"


def test_beside_tool_calls_content_is_none() -> None:
    out = adapt_completion(recorded("developer_api/chat_nonstream_tool_call.json"), context())
    message = out["choices"][0]["message"]
    assert message["content"] is None
    assert message["tool_calls"][0]["id"] == "function-call-21392045118397310"
    assert out["choices"][0]["finish_reason"] == "tool_calls"


def test_a_tool_call_without_an_id_gets_one() -> None:
    name = "developer_api/chat_nonstream_tool_call_empty_id_with_signature.json"
    body = recorded(name)
    made_for = context()
    message = adapt_completion(body, made_for)["choices"][0]["message"]
    assert message["tool_calls"][0]["id"].startswith("call_")
    assert "tool-call-ids" in made_for.applied
    assert message["thought_signature"] == body["choices"][0]["message"]["thought_signature"]
    again = adapt_completion(recorded(name), context())
    assert again["choices"][0]["message"]["tool_calls"] == message["tool_calls"]


def call(name: str = "f", arguments: Any = "{}", **fields: Any) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"id": "call_0", "type": "function", "function": function, **fields}


def test_parallel_calls_do_not_share_an_id() -> None:
    calls = [call(arguments='{"x": 1}'), call(arguments='{"x": 2}')]
    out = adapt_completion(answer({"role": "assistant", "tool_calls": calls}), context())
    first, second = out["choices"][0]["message"]["tool_calls"]
    assert first["id"] == "call_0"
    assert second["id"].startswith("call_")
    assert second["id"] != "call_0"


@pytest.mark.parametrize("arguments", [None, "", " ", "null", {}])
def test_a_call_without_arguments_has_empty_ones(arguments: object) -> None:
    body = answer({"role": "assistant", "tool_calls": [call(arguments=arguments)]})
    out = adapt_completion(body, made_for := context())
    assert out["choices"][0]["message"]["tool_calls"] == [call(arguments="{}")]
    assert "tool-call-arguments" in made_for.applied


def test_a_call_that_comes_twice_is_one() -> None:
    extra = {"google": {"thought_signature": "s"}}
    calls = [call(), call(extra_content=extra), call("g")]
    out = adapt_completion(answer({"role": "assistant", "tool_calls": calls}), context())
    first, second = out["choices"][0]["message"]["tool_calls"]
    assert first == call(extra_content=extra)
    assert (second["function"]["name"], second["id"] != "call_0") == ("g", True)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([{"type": "text", "text": "\n"}, {"type": "text", "text": "a"}], "\na"),
        (["a", "b"], "ab"),
        ([], None),
    ],
)
def test_content_in_parts_is_text(content: object, text: str | None) -> None:
    out = adapt_completion(answer({"role": "assistant", "content": content}), context())
    assert out["choices"][0]["message"]["content"] == text


def test_content_with_more_than_text_stays() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:"}}]
    body = answer({"role": "assistant", "content": parts})
    assert adapt_completion(body, context()) is body


def test_an_answer_without_an_id_gets_one() -> None:
    for missing in ({"id": None}, {"id": ""}):
        out = adapt_completion(
            {**answer({"role": "assistant", "content": "a"}), **missing}, context()
        )
        assert out["id"].startswith("chatcmpl-")


def test_an_empty_finish_reason_is_none() -> None:
    body = answer({"role": "assistant", "content": "a"}, finish_reason="")
    choice = adapt_completion(body, context())["choices"][0]
    assert choice["finish_reason"] is None
    assert "gemini_finish_reason" not in choice


def test_arguments_that_are_no_text_become_text() -> None:
    calls = [{"id": "a", "function": {"name": "f", "arguments": {"x": "ä"}}}]
    out = adapt_completion(answer({"role": "assistant", "tool_calls": calls}), context())
    assert out["choices"][0]["message"]["tool_calls"] == [
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x": "ä"}'}}
    ]


def test_stop_beside_tool_calls_is_tool_calls() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"role": "assistant", "tool_calls": [call]}
    choice = adapt_completion(answer(message), context())["choices"][0]
    assert (choice["finish_reason"], choice["gemini_finish_reason"]) == ("tool_calls", "stop")
    cut = adapt_completion(answer(message, finish_reason="length"), context())["choices"][0]
    assert cut["finish_reason"] == "length"


@pytest.mark.parametrize("choices", [{"choices": None}, {"choices": []}, {}], ids=str)
def test_an_answer_without_choices_has_one_that_was_withheld(choices: dict[str, Any]) -> None:
    body = {key: value for key, value in answer().items() if key != "choices"} | choices
    out = adapt_completion(body, context())
    assert out["choices"] == [
        {
            "finish_reason": "content_filter",
            "index": 0,
            "gemini_finish_reason": None,
            "message": {"role": "assistant", "content": None},
        }
    ]
    assert adapt_completion(out, context()) == out


@pytest.mark.parametrize("body", [{}, {"error": "x"}, {"detail": "x"}, {"id": "x", "error": "x"}])
def test_what_is_no_completion_has_no_choices(body: dict[str, Any]) -> None:
    assert adapt_completion(body, context()) is body


def test_a_choice_without_a_message_has_an_empty_one() -> None:
    body = answer(finish_reason="content_filter: PROHIBITED_CONTENT")
    choice = adapt_completion(body, context())["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": None}
    assert choice["finish_reason"] == "content_filter"
    assert choice["gemini_finish_reason"] == "content_filter: PROHIBITED_CONTENT"


def test_a_malformed_call_is_not_taken_for_a_whole_answer() -> None:
    reason = "function_call_filter: MALFORMED_FUNCTION_CALL"
    body = answer({"role": "assistant", "content": None}, finish_reason=reason)
    choice = adapt_completion(body, context())["choices"][0]
    assert (choice["finish_reason"], choice["gemini_finish_reason"]) == ("content_filter", reason)


def test_a_body_from_a_batch_reads_as_any_other() -> None:
    bodies = batch_bodies()
    assert bodies
    for body in bodies:
        made_for = context()
        completion = ChatCompletion.model_validate(adapt_completion(body, made_for))
        assert completion.created == int(body["created"])
        assert completion.choices[0].finish_reason == body["choices"][0]["finishReason"]
        assert completion.choices[0].index == 0
        assert completion.usage is not None
        assert completion.usage.total_tokens == body["usage"]["totalTokens"]
        assert {"camel-case", "created", "usage", "missing-fields"} <= made_for.applied


def test_camel_case_inside_texts_is_left_alone() -> None:
    arguments = '{"finishReason": 1}'
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": arguments}}
    body = answer({"role": "assistant", "content": '"finishReason"', "toolCalls": [call]})
    message = adapt_completion(body, context())["choices"][0]["message"]
    assert message["content"] == '"finishReason"'
    assert message["tool_calls"][0]["function"]["arguments"] == arguments


def test_thoughts_are_beside_the_answer() -> None:
    message = {
        "role": "assistant",
        "content": "<thought>Hmm.\n</thought>Four.",
        "extra_content": {"google": {"thought": True, "thought_signature": "s"}},
    }
    out = adapt_completion(answer(message), context())["choices"][0]["message"]
    assert (out["reasoning_content"], out["content"]) == ("Hmm.\n", "Four.")
    assert out["extra_content"] == message["extra_content"]


def test_thoughts_without_a_flag_are_split_where_they_were_asked_for() -> None:
    body = answer({"role": "assistant", "content": "<thought>Hmm</thought>Four."})
    assert adapt_completion(body, context())["choices"][0]["message"]["content"] == (
        "<thought>Hmm</thought>Four."
    )
    message = adapt_completion(body, context(THOUGHTS))["choices"][0]["message"]
    assert (message["reasoning_content"], message["content"]) == ("Hmm", "Four.")


def test_an_empty_place_for_thoughts_is_filled_whole_and_streamed() -> None:
    said = {
        "role": "assistant",
        "content": "<thought>Hmm</thought>Four.",
        "reasoning_content": None,
    }
    message = adapt_completion(answer(said), context(THOUGHTS))["choices"][0]["message"]
    assert (message["reasoning_content"], message["content"]) == ("Hmm", "Four.")
    streamed = added_up(adapt([chunk(said, finish_reason="stop")], context(THOUGHTS)))[0]
    assert (streamed["reasoning_content"], streamed["content"]) == ("Hmm", "Four.")


def test_an_answer_that_is_all_thought_has_no_content() -> None:
    body = answer({"role": "assistant", "content": "<thought>Hm"}, finish_reason="length")
    message = adapt_completion(body, context(THOUGHTS))["choices"][0]["message"]
    assert (message["reasoning_content"], message["content"]) == ("Hm", None)


def test_an_answer_with_a_thought_tag_of_its_own_is_split_once() -> None:
    text = "<thought>a</thought><thought>b</thought>c"
    once = adapt_completion(answer({"role": "assistant", "content": text}), context(THOUGHTS))
    assert once["choices"][0]["message"]["content"] == "<thought>b</thought>c"
    assert adapt_completion(once, context(THOUGHTS)) == once


def test_a_signature_goes_into_the_memory_under_the_id_the_app_sees() -> None:
    extra = {"google": {"thought_signature": "s"}}
    call = {
        "id": "",
        "type": "function",
        "function": {"name": "f", "arguments": "{}"},
        "extra_content": extra,
    }
    memory = SignatureMemory()
    body = answer({"role": "assistant", "tool_calls": [call]})
    out = adapt_completion(body, context(memory=memory))
    seen = out["choices"][0]["message"]["tool_calls"][0]
    assert memory.find({"id": seen["id"]}) == ("google", "s")
    assert seen["extra_content"] == extra


# --- the look at the bytes ---


def test_a_plain_answer_needs_nothing() -> None:
    body = answer({"role": "assistant", "content": "Hi, what do you thin" + "k?"})
    assert adapt_completion(body, context()) is body


@pytest.mark.parametrize("body", [*(recorded(name) for name in WHOLE), *batch_bodies()])
def test_a_look_at_the_bytes_finds_every_answer_in_camel_case(body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    found = context()
    assert adapt_completion(body, found) == adapt_completion(
        body, context(), camel_case=may_have_camel_case(data)
    )
    assert may_have_camel_case(data) == ("camel-case" in found.applied)


def test_thoughts_asked_for_under_another_tag_are_split_off() -> None:
    google = {"thinking_config": {"include_thoughts": True}, "thought_tag_marker": "musing"}
    body = answer({"role": "assistant", "content": "<musing>a</musing>b"})
    made_for = context({"extra_body": {"google": google}})
    message = adapt_completion(body, made_for)["choices"][0]["message"]
    assert (message["reasoning_content"], message["content"]) == ("a", "b")
