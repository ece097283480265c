"""What the chat route answers, beside what Google's servers were seen to answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from emulator.wire_reading import TIME, WEATHER, events, shape

from gemini_openai.emulator import Answer, Call, Emulator

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Ask = Callable[..., httpx.Response]
    Recorded = Callable[[str], str]


# --- beside the recordings ---


@pytest.mark.parametrize(
    "name", ["chat_nonstream_text.json", "chat_nonstream_text_with_params.json"]
)
def test_a_text_answer_has_the_recorded_keys_in_the_recorded_order(
    ask: Ask, recorded: Recorded, name: str
) -> None:
    answer = ask("Say hello", temperature=0.5, top_p=0.9, max_tokens=100)
    assert shape(answer.json()) == shape(json.loads(recorded(name)))
    assert answer.text == json.dumps(answer.json(), separators=(",", ":"), ensure_ascii=False)


def test_a_tool_call_has_no_content_and_the_recorded_keys(ask: Ask, recorded: Recorded) -> None:
    answer = ask("What is the weather in Tokyo?", tools=[WEATHER]).json()
    theirs = json.loads(recorded("chat_nonstream_tool_call.json"))
    assert shape(answer) == shape(theirs)
    (call,) = answer["choices"][0]["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"city": "Tokyo", "unit": "celsius"}
    assert re.fullmatch(r"function-call-\d{1,20}", call["id"])
    assert answer["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    "name",
    [
        "chat_nonstream_tool_call_empty_id_with_signature",
        "chat_nonstream_after_tool_result_with_signature",
    ],
)
def test_the_signatures_of_june_2025_are_on_the_message_twice(
    ask: Ask, recorded: Recorded, name: str
) -> None:
    request = json.loads(recorded(f"{name}.request_and_headers.json"))["request"]
    answer = ask(request.pop("messages"), **request, quirks="signature_on_message").json()
    assert shape(answer) == shape(json.loads(recorded(f"{name}.json")))


@pytest.mark.parametrize(
    ("name", "said", "options"),
    [
        ("chat_stream_text_no_usage.sse", Answer("Hello World"), {}),
        (
            "chat_stream_text_usage_2chunks.sse",
            Answer("Hello there! How can I help you today?\n"),
            {"stream_options": {"include_usage": True}, "quirks": "chunk_ids_missing"},
        ),
    ],
)
def test_a_streamed_text_is_the_recorded_one_but_for_id_time_and_counts(
    ask: Ask,
    emulator: Emulator,
    recorded: Recorded,
    name: str,
    said: Answer,
    options: dict[str, Any],
) -> None:
    emulator.script(said)
    ours = events(ask(stream=True, **options).text)
    theirs = events(recorded(name))
    assert shape(ours) == shape(theirs)
    assert [chunk["choices"] for chunk in ours] == [chunk["choices"] for chunk in theirs]


def test_a_streamed_forced_call_is_the_recorded_one(ask: Ask, recorded: Recorded) -> None:
    name = "chat_stream_forced_tool_call_bool"
    request = json.loads(recorded(f"{name}.request_and_headers.json"))["request"]
    quirks = "chunk_ids_missing, empty_tool_call_ids"
    ours = events(ask(request.pop("messages"), **request, quirks=quirks).text)
    theirs = events(recorded(f"{name}.sse"))
    assert shape(ours) == shape(theirs)
    assert [chunk["choices"] for chunk in ours] == [chunk["choices"] for chunk in theirs]


def test_the_frames_of_a_stream_are_the_recorded_ones(ask: Ask, recorded: Recorded) -> None:
    ours, theirs = ask(stream=True).text, recorded("chat_stream_text_usage_2chunks.sse")
    pattern = r"(data: \{[^\n]*\}\n\n)+data: \[DONE\]\n\n"
    assert re.fullmatch(pattern, ours)
    assert re.fullmatch(pattern, theirs.rstrip("\n") + "\n\n")


def test_the_response_headers_have_the_recorded_names(ask: Ask, recorded: Recorded) -> None:
    name = "chat_stream_text_usage_2chunks.request_and_headers.json"
    theirs = json.loads(recorded(name))["response_headers"]
    ours = ask(stream=True).headers
    names = [key.decode() for key, _ in ours.raw if key.lower() != b"transfer-encoding"]
    assert sorted({*names}) == sorted({*theirs} - {"Content-Encoding", "Transfer-Encoding"})
    same = ["Server", "Content-Type", "X-Frame-Options", "Alt-Svc", "Transfer-Encoding"]
    assert [ours[name] for name in same] == [theirs[name][0] for name in same]
    assert sorted(ours.get_list("vary")) == sorted(theirs["Vary"])
    assert re.fullmatch(r"gfet4t7; dur=\d+", ours["server-timing"])


def test_thinking_tokens_are_in_the_total_only(ask: Ask, recorded: Recorded) -> None:
    theirs = [
        json.loads(line)["usage"]
        for line in recorded("chat_nonstream_thinking_gemini25flash.jsonl").splitlines()
    ]
    ours = ask("Think").json()["usage"]
    assert [*ours] == [*theirs[0]]
    for usage in [ours, *theirs]:
        assert usage["total_tokens"] > usage["prompt_tokens"] + usage["completion_tokens"]
    unthinking = ask("Think", reasoning_effort="none").json()["usage"]
    assert unthinking["total_tokens"] == (
        unthinking["prompt_tokens"] + unthinking["completion_tokens"]
    )


def test_ids_are_googles_and_differ(ask: Ask) -> None:
    first, second = ask().json(), ask().json()
    assert re.fullmatch(r"[A-Za-z0-9_-]{22,23}", first["id"])
    assert first["id"] != second["id"]
    assert first["created"] == 1769093697


# --- the rules ---


def test_a_text_says_that_it_is_the_emulators(ask: Ask) -> None:
    said = ask("Is anybody there?").json()["choices"][0]["message"]["content"]
    assert said == "[emulator] You said: Is anybody there?"


def test_content_parts_are_read_and_media_counted(ask: Ask) -> None:
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
    ]
    answer = ask([{"role": "user", "content": parts}]).json()
    content = answer["choices"][0]["message"]["content"]
    assert content == "[emulator] You said: What is this? (with image_url)"
    assert answer["usage"]["prompt_tokens"] == 4 + 258


def test_the_model_is_named_without_its_prefix(ask: Ask) -> None:
    assert ask(model="models/gemini-2.5-pro").json()["model"] == "gemini-2.5-pro"


def test_a_small_limit_cuts_the_text(ask: Ask) -> None:
    for name in ("max_tokens", "max_completion_tokens"):
        limit = {name: 3, "reasoning_effort": "none"}
        answer = ask("A long text, quoted back", **limit).json()
        choice = answer["choices"][0]
        assert choice["finish_reason"] == "length"
        assert choice["message"]["content"] == "[emulator] Y"
        assert answer["usage"]["completion_tokens"] == 3


def test_stop_words_end_the_text(ask: Ask) -> None:
    for stop in ("two", ["three", "two"]):
        content = ask("one two three", stop=stop).json()["choices"][0]["message"]["content"]
        assert content == "[emulator] You said: one "


def test_several_choices_are_numbered(ask: Ask) -> None:
    choices = ask("Hi", n=3).json()["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2]
    assert len({choice["message"]["content"] for choice in choices}) == 3
    chunks = events(ask("Hi", n=3, stream=True).text)
    ends = [c["choices"][0]["index"] for c in chunks if "finish_reason" in c["choices"][0]]
    assert ends == [0, 1, 2]


def test_usage_runs_along_when_asked_for_and_ends_right(ask: Ask) -> None:
    chunks = events(ask("a " * 400, stream=True, stream_options={"include_usage": True}).text)
    assert len(chunks) > 3
    assert all("usage" in chunk and len(chunk["choices"]) == 1 for chunk in chunks)
    assert {chunk["usage"]["completion_tokens"] for chunk in chunks[:-1]} == {0}
    assert chunks[-1]["usage"] == ask("a " * 400).json()["usage"]
    assert not any("usage" in chunk for chunk in events(ask(stream=True).text))


def test_a_long_text_comes_in_a_few_pieces_that_make_the_whole(ask: Ask) -> None:
    said = "word " * 200
    chunks = events(ask(said, stream=True).text)
    parts = [chunk["choices"][0]["delta"]["content"] for chunk in chunks]
    assert "".join(parts) == f"[emulator] You said: {said}"
    assert len(chunks) < 12
    assert {chunk["choices"][0]["delta"]["role"] for chunk in chunks} == {"assistant"}
    assert ["finish_reason" in chunk["choices"][0] for chunk in chunks].count(True) == 1
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


# --- tools ---


def names_of(response: httpx.Response) -> list[str]:
    calls = response.json()["choices"][0]["message"].get("tool_calls", [])
    return [call["function"]["name"] for call in calls]


def test_the_tool_that_is_mentioned_is_called(ask: Ask) -> None:
    assert names_of(ask("What time is it?", tools=[WEATHER, TIME])) == ["get_time"]
    assert names_of(ask("Weather, please", tools=[WEATHER, TIME])) == ["get_weather"]
    assert names_of(ask("Surprise me", tools=[WEATHER, TIME])) == ["get_weather"]


def test_the_choice_of_tools_is_honoured(ask: Ask) -> None:
    tools = [WEATHER, TIME]
    forced = {"type": "function", "function": {"name": "get_time"}}
    assert names_of(ask("Weather?", tools=tools, tool_choice=forced)) == ["get_time"]
    assert names_of(ask("Weather?", tools=tools, tool_choice="none")) == []
    assert names_of(ask("Anything", tools=tools, tool_choice="required")) == ["get_weather"]


def test_and_means_parallel_calls_unless_they_are_forbidden(ask: Ask) -> None:
    tools = [WEATHER, TIME]
    both = "The weather and the time, please"
    assert names_of(ask(both, tools=tools)) == ["get_weather", "get_time"]
    assert names_of(ask(both, tools=tools, parallel_tool_calls=False)) == ["get_weather"]


def test_one_tool_is_called_for_each_name(ask: Ask) -> None:
    answer = ask("Compare the weather in New York and in London.", tools=[WEATHER]).json()
    calls = answer["choices"][0]["message"]["tool_calls"]
    cities = [json.loads(call["function"]["arguments"])["city"] for call in calls]
    assert cities == ["New York", "London"]
    assert len({call["id"] for call in calls}) == 2


def test_parallel_calls_are_streamed_in_one_delta_without_index(ask: Ask) -> None:
    (chunk,) = events(ask("weather and time", tools=[WEATHER, TIME], stream=True).text)
    (choice,) = chunk["choices"]
    assert [[*call] for call in choice["delta"]["tool_calls"]] == [["function", "id", "type"]] * 2
    assert "content" not in choice["delta"]
    assert choice["finish_reason"] == "stop"


def test_the_results_of_tools_are_quoted(ask: Ask) -> None:
    called = ask("weather and time", tools=[WEATHER, TIME]).json()["choices"][0]["message"]
    ids = [call["id"] for call in called["tool_calls"]]
    results = [
        {"role": "tool", "tool_call_id": ids[0], "content": "21 degrees"},
        {"role": "tool", "tool_call_id": ids[1], "content": "noon"},
    ]
    history = [{"role": "user", "content": "weather and time"}, called, *results]
    answer = ask(history, tools=[WEATHER, TIME]).json()["choices"][0]
    assert answer["finish_reason"] == "stop"
    assert answer["message"]["content"] == (
        "[emulator] get_weather returned: 21 degrees; get_time returned: noon"
    )


# --- Gemini 3 ---


def test_gemini_3_signs_the_first_call_only(ask: Ask) -> None:
    answer = ask("weather and time", tools=[WEATHER, TIME], model="gemini-3-flash-preview").json()
    first, second = answer["choices"][0]["message"]["tool_calls"]
    assert first["extra_content"]["google"]["thought_signature"]
    assert [*first] == ["extra_content", "function", "id", "type"]
    assert "extra_content" not in second


def test_gemini_3_streams_calls_first_and_the_finish_in_a_chunk_of_its_own(ask: Ask) -> None:
    calls, end = events(
        ask("weather", tools=[WEATHER], model="gemini-3-flash-preview", stream=True).text
    )
    assert "finish_reason" not in calls["choices"][0]
    assert end["choices"][0] == {
        "delta": {"role": "assistant"},
        "finish_reason": "stop",
        "index": 0,
    }


def test_gemini_3_signs_a_text_in_its_last_chunk(ask: Ask) -> None:
    chunks = events(ask(model="gemini-3-flash-preview", stream=True).text)
    delta = chunks[-1]["choices"][0]["delta"]
    assert delta["extra_content"]["google"]["thought_signature"]
    assert delta["content"] == ""
    assert all("extra_content" not in chunk["choices"][0]["delta"] for chunk in chunks[:-1])


# --- thoughts ---

THOUGHTS = {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}}


def test_thoughts_are_in_content_and_flagged(ask: Ask) -> None:
    message = ask("Hi", **THOUGHTS).json()["choices"][0]["message"]
    assert re.fullmatch(
        r"<thought>.+</thought>\[emulator\] You said: Hi", message["content"], re.DOTALL
    )
    assert message["extra_content"] == {"google": {"thought": True}}
    assert "extra_content" not in ask("Hi").json()["choices"][0]["message"]


def test_streamed_thoughts_are_flagged_and_the_tags_stand_once(ask: Ask) -> None:
    deltas = [c["choices"][0]["delta"] for c in events(ask("Hi", stream=True, **THOUGHTS).text)]
    thoughts = [delta for delta in deltas if "extra_content" in delta]
    rest = deltas[len(thoughts) :]
    assert len(thoughts) >= 2
    assert all(delta["extra_content"] == {"google": {"thought": True}} for delta in thoughts)
    assert thoughts[0]["content"].startswith("<thought>")
    assert rest[0]["content"].startswith("</thought>")
    text = "".join(delta["content"] for delta in deltas)
    assert (text.count("<thought>"), text.count("</thought>")) == (1, 1)


def test_scripted_thoughts_are_shown_to_those_who_ask(ask: Ask, emulator: Emulator) -> None:
    emulator.script(*[Answer("Yes.", thoughts="Hm.")] * 2)
    contents = [
        ask("Hi", **more).json()["choices"][0]["message"]["content"] for more in ({}, THOUGHTS)
    ]
    assert contents == ["Yes.", "<thought>Hm.</thought>Yes."]


# --- structured answers ---


def test_a_schema_is_filled_from_the_text(ask: Ask) -> None:
    schema = {
        "$defs": {"Item": {"type": "object", "properties": {"count": {"type": "integer"}}}},
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
            "size": {"enum": ["small", "large"]},
        },
        "required": ["name", "items", "size"],
    }
    format_ = {"type": "json_schema", "json_schema": {"name": "order", "schema": schema}}
    answer = ask("A large order for Ada: 12 pieces", response_format=format_).json()
    value = json.loads(answer["choices"][0]["message"]["content"])
    assert value == {"name": "Ada", "items": [{"count": 12}], "size": "large"}


def test_a_json_object_has_an_answer(ask: Ask) -> None:
    answer = ask("Hi", response_format={"type": "json_object"}).json()
    content = answer["choices"][0]["message"]["content"]
    assert json.loads(content) == {"answer": "[emulator] You said: Hi"}


# --- scripted answers ---


def test_a_scripted_answer_is_put_into_the_dialect(ask: Ask, emulator: Emulator) -> None:
    calls = [Call("f", {"x": 1}, id="mine"), Call("g", '{"broken')]
    emulator.script(Answer(calls=calls), Answer(calls=calls))
    whole = ask().json()["choices"][0]
    assert whole["finish_reason"] == "tool_calls"
    assert [call["function"]["arguments"] for call in whole["message"]["tool_calls"]] == [
        '{"x":1}',
        '{"broken',
    ]
    assert whole["message"]["tool_calls"][0]["id"] == "mine"
    (chunk,) = events(ask(stream=True).text)
    assert chunk["choices"][0]["delta"]["tool_calls"][0]["id"] == "mine"


def test_a_scripted_block_has_no_message(ask: Ask, emulator: Emulator) -> None:
    emulator.script(Answer(finish_reason="content_filter: SAFETY"))
    assert ask().json()["choices"] == [{"finish_reason": "content_filter: SAFETY", "index": 0}]


def test_a_cached_content_shows_in_usage(ask: Ask) -> None:
    google = {"cached_content": "cachedContents/abc"}
    usage = ask(extra_body={"google": google}).json()["usage"]
    assert usage["prompt_tokens_details"] == {"cached_tokens": usage["prompt_tokens"]}


def test_camel_case_names_are_taken(ask: Ask) -> None:
    answer = ask("A long text, quoted back", maxTokens=3).json()
    assert answer["choices"][0]["finish_reason"] == "length"
