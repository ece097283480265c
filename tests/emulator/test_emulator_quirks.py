"""Each quirk, switched: what it does to the wire, and what some do to the real `openai` client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from emulator.wire_reading import TIME, WEATHER, events

from gemini_openai.emulator import Answer, Call, Emulator, Quirks
from gemini_openai.emulator.answers.quirks import all_quirks, from_header, markdown_table, switched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    Ask = Callable[..., httpx.Response]

THOUGHTS = {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}}
TOOLS = [WEATHER, TIME]
BOTH = "The weather and the time, please"


def message_of(response: httpx.Response) -> dict[str, Any]:
    return response.json()["choices"][0]["message"]


def streamed_calls(ask: Ask, quirks: str, said: str = BOTH, **fields: Any) -> list[dict[str, Any]]:
    chunks = events(ask(said, tools=TOOLS, stream=True, quirks=quirks, **fields).text)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    return [call for delta in deltas for call in delta.get("tool_calls", [])]


# --- the table ---


def test_every_quirk_says_what_it_does_and_where_it_was_seen() -> None:
    rows = all_quirks()
    assert len(rows) > 30
    for row in rows:
        assert row.metadata["what"].endswith("."), row.name
        assert row.metadata["source"], row.name


def test_the_documentation_has_the_table_as_it_is() -> None:
    page = Path(__file__).parents[2] / "docs" / "emulator.md"
    assert markdown_table() in page.read_text("utf-8")


def test_a_quirk_is_switched_by_name_and_a_wrong_name_is_told() -> None:
    assert switched(Quirks(), {"json_fenced": True}).json_fenced
    assert not from_header(Quirks(), "json_fenced, -list_errors").list_errors
    with pytest.raises(ValueError, match="no quirk 'json_fence'; did you mean json_fenced"):
        Emulator(quirks={"json_fence": True})


def test_a_wrong_name_in_the_header_is_a_400(ask: Ask) -> None:
    response = ask(quirks="empty_ids")
    assert response.status_code == 400
    assert "no quirk 'empty_ids'" in response.text


def test_the_header_switches_for_one_request(ask: Ask) -> None:
    assert isinstance(ask(store=True).json(), list)
    assert isinstance(ask(store=True, quirks="-list_errors").json(), dict)
    assert isinstance(ask(store=True).json(), list)


def test_an_emulator_keeps_the_quirks_it_was_made_with(ask: Ask) -> None:
    with Emulator(quirks={"usage_missing": True}) as other:
        body = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}]}
        client = openai.OpenAI(api_key="k", base_url=other.base_url)
        with client:
            assert client.chat.completions.create(**body).usage is None
    assert "usage" in ask().json()


# --- errors and refusals ---


def test_unknown_names_can_be_ignored(ask: Ask) -> None:
    assert ask(store=True, seed=1, quirks="-unknown_names_refused").status_code == 200


def test_signatures_need_not_be_checked(ask: Ask) -> None:
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    history = [
        {"role": "user", "content": "Go"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": "ok"},
    ]
    assert ask(history, model="gemini-3-pro").status_code == 400
    assert ask(history, model="gemini-3-pro", quirks="-signatures_checked").status_code == 200
    assert ask(history, quirks="tool_names_required").status_code == 400


# --- streams ---


def test_the_streamed_finish_after_tool_calls(ask: Ask) -> None:
    for quirks, reason in (("", "stop"), ("-stop_after_tool_calls", "tool_calls")):
        chunks = events(ask(BOTH, tools=TOOLS, stream=True, quirks=quirks).text)
        assert chunks[-1]["choices"][0]["finish_reason"] == reason


def test_the_role_in_every_delta_or_the_first(ask: Ask) -> None:
    chunks = events(ask("a b c d e f", stream=True, quirks="-role_in_every_delta").text)
    assert ["role" in chunk["choices"][0]["delta"] for chunk in chunks] == [True, False]


def test_usage_in_one_last_chunk(ask: Ask) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = events(ask("a b c d e f", **options, quirks="-usage_in_every_chunk").text)
    assert ["usage" in chunk for chunk in chunks] == [False, False, True]
    assert chunks[-1]["choices"] == []


def test_chunks_without_ids(ask: Ask) -> None:
    with_ids = events(ask("a b c d e f", stream=True).text)
    assert len({chunk["id"] for chunk in with_ids}) == 1
    without = events(ask("a b c d e f", stream=True, quirks="chunk_ids_missing").text)
    assert not any("id" in chunk for chunk in without)


def test_a_finish_reason_in_camel_case(ask: Ask) -> None:
    (*_, last) = events(ask(stream=True, quirks="finish_reason_camel_case").text)
    assert last["choices"][0]["finish_reason"] is None
    assert last["choices"][0]["finishReason"] == "stop"


# --- tool calls ---


@pytest.mark.parametrize(
    ("quirks", "indexes"),
    [
        ("", ["missing", "missing"]),
        ("-tool_call_index_missing", [0, 1]),
        ("tool_call_index_null", [None, None]),
        ("tool_call_index_zero", [0, 0]),
    ],
)
def test_the_index_of_streamed_calls(ask: Ask, quirks: str, indexes: list[Any]) -> None:
    calls = streamed_calls(ask, quirks)
    assert [call.get("index", "missing") for call in calls] == indexes
    assert [call["function"]["name"] for call in calls] == ["get_weather", "get_time"]


def test_swapped_indexes_are_right_after_the_opening_delta(ask: Ask) -> None:
    pieces = streamed_calls(ask, "tool_call_index_swapped")
    for position, name in enumerate(["get_weather", "get_time"]):
        opening = next(p for p in pieces if p["function"].get("name") == name)
        rest = [p for p in pieces if p["id"] == opening["id"] and p is not opening]
        assert opening["index"] == 1 - position
        assert {piece["index"] for piece in rest} == {position}


def test_empty_ids(ask: Ask) -> None:
    message = message_of(ask(BOTH, tools=TOOLS, quirks="empty_tool_call_ids"))
    assert [call["id"] for call in message["tool_calls"]] == ["", ""]
    assert {call["id"] for call in streamed_calls(ask, "empty_tool_call_ids")} == {""}


@pytest.mark.parametrize("quirk", ["arguments_in_fragments", "name_in_every_fragment"])
def test_fragments_make_the_whole(ask: Ask, quirk: str) -> None:
    whole = streamed_calls(ask, "")
    pieces = streamed_calls(ask, quirk)
    assert len(pieces) > 2 * len(whole) - 1
    ids = list(dict.fromkeys(piece["id"] for piece in pieces))
    joined = ["".join(p["function"]["arguments"] for p in pieces if p["id"] == id) for id in ids]
    assert joined == [call["function"]["arguments"] for call in whole]
    named = [piece for piece in pieces if "name" in piece["function"]]
    assert len(named) == (len(pieces) if quirk == "name_in_every_fragment" else 2)


def test_parallel_calls_in_chunks_of_their_own(ask: Ask) -> None:
    chunks = events(ask(BOTH, tools=TOOLS, stream=True, quirks="parallel_calls_in_own_chunks").text)
    assert [len(c["choices"][0]["delta"].get("tool_calls", [])) for c in chunks] == [1, 1]


def test_a_signature_in_a_delta_of_its_own(ask: Ask) -> None:
    model = "gemini-3-flash-preview"
    pieces = streamed_calls(ask, "signature_in_own_delta", "weather", model=model)
    assert ["extra_content" in piece for piece in pieces] == [True, False]
    assert pieces[0]["function"]["arguments"] == ""
    assert json.loads(pieces[1]["function"]["arguments"])["city"]


def test_a_malformed_call_is_an_answer_with_nothing(ask: Ask) -> None:
    quirks = "malformed_function_call"
    choice = ask(BOTH, tools=TOOLS, quirks=quirks).json()["choices"][0]
    assert choice["finish_reason"] == "function_call_filter: MALFORMED_FUNCTION_CALL"
    assert choice["message"] == {"content": None, "role": "assistant"}
    (chunk,) = events(ask(BOTH, tools=TOOLS, stream=True, quirks=quirks).text)
    assert chunk["choices"][0]["delta"] == {"role": "assistant"}


def test_a_call_that_comes_again(ask: Ask) -> None:
    model = "gemini-3-flash-preview"
    answer = ask("weather", tools=TOOLS, model=model, quirks="calls_repeated")
    first, second = message_of(answer)["tool_calls"]
    assert ("extra_content" in first, "extra_content" in second) == (True, False)
    assert first["id"] == second["id"]
    streamed = streamed_calls(ask, "calls_repeated", "weather", model=model)
    assert [item["id"] for item in streamed] == [streamed[0]["id"]] * 2


def test_arguments_that_are_empty(ask: Ask) -> None:
    nothing = [{"type": "function", "function": {"name": "now"}}]
    for quirks, arguments in (("", "{}"), ("empty_arguments", "")):
        (call,) = message_of(ask("now", tools=nothing, quirks=quirks))["tool_calls"]
        assert call["function"]["arguments"] == arguments


# --- content ---


def test_content_in_parts(ask: Ask) -> None:
    parts = [{"text": "[emulator] You said: Hi", "type": "text"}]
    assert message_of(ask("Hi", quirks="content_in_parts"))["content"] == parts
    chunks = events(ask("Hi", stream=True, quirks="content_in_parts").text)
    texts = [part["text"] for c in chunks for part in c["choices"][0]["delta"]["content"]]
    assert "".join(texts) == parts[0]["text"]


def test_finish_reasons_that_are_empty(ask: Ask) -> None:
    chunks = events(ask("Hi", stream=True, quirks="empty_finish_reasons").text)
    assert [c["choices"][0]["finish_reason"] for c in chunks] == ["", "stop"]


def test_thoughts_in_a_field_of_their_own(ask: Ask) -> None:
    message = message_of(ask("Hi", **THOUGHTS, quirks="-thoughts_in_content"))
    assert message["content"] == "[emulator] You said: Hi"
    assert message["reasoning_content"]
    assert "extra_content" not in message
    chunks = events(ask("Hi", stream=True, **THOUGHTS, quirks="-thoughts_in_content").text)
    assert "reasoning_content" in chunks[0]["choices"][0]["delta"]
    assert "<thought>" not in json.dumps(chunks)


def test_a_thought_that_is_left_open(ask: Ask) -> None:
    text = message_of(ask("Hi", **THOUGHTS, quirks="thought_left_open"))["content"]
    streamed = ask("Hi", stream=True, **THOUGHTS, quirks="thought_left_open").text
    assert "<thought>" in text
    assert "<thought>" in streamed
    assert "</thought>" not in text + streamed


def test_a_blocked_prompt_has_no_message(ask: Ask) -> None:
    answer = ask("Hi", quirks="prompt_blocked").json()
    reason = "content_filter: PROHIBITED_CONTENT"
    assert answer["choices"] == [{"finish_reason": reason, "index": 0}]
    assert answer["usage"]["completion_tokens"] == 0
    (chunk,) = events(ask("Hi", stream=True, quirks="prompt_blocked").text)
    assert chunk["choices"][0]["finish_reason"] == reason


def test_choices_that_are_null(ask: Ask) -> None:
    assert ask(quirks="choices_null").json()["choices"] is None
    assert [c["choices"] for c in events(ask(stream=True, quirks="choices_null").text)] == [None]


def test_json_in_fences(ask: Ask) -> None:
    format_ = {"type": "json_object"}
    text = message_of(ask("Hi", response_format=format_, quirks="json_fenced"))["content"]
    assert text.startswith("```json\n{")
    assert text.endswith("}\n```")
    assert not message_of(ask("Hi", quirks="json_fenced"))["content"].startswith("```")


# --- usage ---


def test_thinking_tokens_with_their_name(ask: Ask) -> None:
    usage = ask("Hi", quirks="-thinking_in_total_only").json()["usage"]
    thought = usage["completion_tokens_details"]["reasoning_tokens"]
    assert thought > 0
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["completion_tokens"] > thought


def test_thinking_eats_a_small_limit(ask: Ask) -> None:
    answer = ask("Hi", max_tokens=20).json()
    cut = {"finish_reason": "length", "index": 0, "message": {"role": "assistant"}}
    assert answer["choices"] == [cut]
    usage = answer["usage"]
    assert (usage["completion_tokens"], usage["total_tokens"] - usage["prompt_tokens"]) == (0, 20)
    enough = ask("Hi", max_tokens=200).json()
    assert enough["choices"][0]["finish_reason"] == "stop"
    aside = ask("Hi", max_tokens=20, quirks="-thinking_eats_max_tokens").json()
    assert aside["choices"][0]["message"]["content"] == "[emulator] You said: Hi"


def test_usage_that_is_missing(ask: Ask) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    assert "usage" not in ask(quirks="usage_missing").json()
    assert "usage" not in ask(**options, quirks="usage_missing").text.replace("include_usage", "")


# --- what the real `openai` client makes of it ---


@pytest.fixture
def client(emulator: Emulator) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="k", base_url=emulator.base_url, max_retries=0) as made:
        yield made


def accumulated(client: openai.OpenAI, quirks: str) -> list[tuple[str, str, str]]:
    """The calls that `openai`'s stream helper puts together."""
    with client.chat.completions.stream(
        model="gemini-2.5-flash",
        messages=[{"role": "user", "content": "go"}],
        extra_headers={"x-emulator-quirks": quirks},
    ) as stream:
        completion = stream.get_final_completion()
    calls = completion.choices[0].message.tool_calls or []
    functions = [(call.id, call.function) for call in calls if call.type == "function"]
    return [(id, function.name, function.arguments) for id, function in functions]


TWO_CALLS = Answer(calls=[Call("f", {"x": 1}, id="a"), Call("g", {"y": 2}, id="b")])


def test_without_the_quirk_openai_reads_parallel_calls(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    emulator.script(TWO_CALLS)
    calls = accumulated(client, "-tool_call_index_missing, -stop_after_tool_calls")
    assert calls == [("a", "f", '{"x":1}'), ("b", "g", '{"y":2}')]


def test_equal_indexes_make_openai_merge_two_calls(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    emulator.script(TWO_CALLS)
    ((id, name, arguments),) = accumulated(client, "tool_call_index_zero")
    assert (id, name, arguments) == ("ab", "fg", '{"x":1}{"y":2}')


def test_missing_indexes_break_openais_stream_helper(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    emulator.script(TWO_CALLS)
    with pytest.raises(TypeError):
        accumulated(client, "")


def test_openai_reads_an_error_that_is_an_object_and_loses_one_in_a_list(
    client: openai.OpenAI,
) -> None:
    def refused(quirks: str) -> openai.BadRequestError:
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(
                model="gemini-2.5-flash",
                messages=[{"role": "user", "content": "Hi"}],
                seed=1,
                extra_headers={"x-emulator-quirks": quirks},
            )
        return caught.value

    assert 'Unknown name "seed"' in str(refused("-list_errors"))
    assert refused("").code is None
