"""Shapes of requests that Google refuses or obeys in part, each as far as reports agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from emulator.wire_reading import TIME, WEATHER

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from gemini_openai.emulator import Emulator

    Ask = Callable[..., httpx.Response]

USER = {"role": "user", "content": "Run it"}
PIXEL = "data:image/png;base64,aGVsbG8="


def call(arguments: Any = "{}", **more: Any) -> dict[str, Any]:
    function = {"name": "shell", "arguments": arguments}
    return {"id": "call-1", "type": "function", "function": function, **more}


def called(
    arguments: Any = "{}", signature: str | None = None, **message: Any
) -> list[dict[str, Any]]:
    """A history with one call and its result."""
    signed = {"extra_content": {"google": {"thought_signature": signature}}} if signature else {}
    asked: dict[str, Any] = {"role": "assistant", "tool_calls": [call(arguments, **signed)]}
    return [USER, asked | message, {"role": "tool", "tool_call_id": "call-1", "content": "done"}]


def refusal(response: httpx.Response, code: int = 400) -> str:
    ((error,),) = [response.json()]
    assert response.status_code == error["error"]["code"] == code
    message: str = error["error"]["message"]
    return message


def content(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    text: str = response.json()["choices"][0]["message"]["content"]
    return text


# --- nulls ---


def test_a_stop_that_is_null_is_refused(ask: Ask) -> None:
    assert refusal(ask(stop=None)) == "Value is not a string: null"


def test_other_nulls_at_the_top_are_refused_with_a_quirk(ask: Ask) -> None:
    assert content(ask(temperature=None, tools=None))
    for name in ("temperature", "tools", "response_format", "user"):
        answer = ask(**{name: None}, quirks="null_parameters_refused")
        assert refusal(answer) == "Value is not a string: null"


@pytest.mark.parametrize("name", ["content", "refusal", "name"])
def test_nulls_in_messages_are_refused_with_a_quirk(ask: Ask, name: str) -> None:
    history = called(**{name: None})
    assert content(ask(history))
    answer = ask(history, quirks="null_message_fields_refused")
    assert refusal(answer) == "Value is not a string: null"
    assert content(ask(called(), quirks="null_message_fields_refused"))


# --- system messages ---

TWO = [
    {"role": "system", "content": 'Begin with "Ahoy".'},
    {"role": "user", "content": "Hello"},
    {"role": "developer", "content": 'Always begin with "Captain".'},
    {"role": "user", "content": "Who?"},
]


def test_a_system_message_that_says_how_to_begin_is_obeyed(ask: Ask) -> None:
    assert content(ask(TWO[:2])) == "[emulator] Ahoy You said: Hello"


def test_of_two_system_messages_the_last_one_is_obeyed(ask: Ask) -> None:
    assert content(ask(TWO)) == "[emulator] Captain You said: Who?"
    both = ask(TWO, quirks="-last_system_message_only")
    assert content(both) == "[emulator] Ahoy Captain You said: Who?"


# --- tools ---


@pytest.mark.parametrize("name", ["cache_control", "type", "examples"])
def test_an_unknown_name_inside_a_function_says_where(ask: Ask, name: str) -> None:
    function: dict[str, Any] = {"name": "get_weather", name: {}}
    message = refusal(ask(tools=[TIME, {"type": "function", "function": function}]))
    assert message == (
        f"Invalid JSON payload received. Unknown name \"{name}\" at 'tools[1].function': "
        "Cannot find field."
    )


def test_one_tool_without_a_list_is_read_as_a_list_of_one(ask: Ask) -> None:
    answer = ask(tools=TIME).json()["choices"][0]["message"]
    assert answer["tool_calls"][0]["function"]["name"] == "get_time"
    assert "Unknown name \"get_time\" at 'tools[0]'" in refusal(ask(tools={"get_time": {}}))


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"tools": "get_time"}, "tools"),
        ({"tools": ["get_time"]}, "tools[0]"),
        ({"response_format": "json_object"}, "response_format"),
        ({"stream_options": True}, "stream_options"),
    ],
)
def test_a_text_where_an_object_belongs_is_refused(
    ask: Ask, fields: dict[str, Any], place: str
) -> None:
    assert refusal(ask(**fields)).startswith(f"Invalid value at '{place}' (type.googleapis.com/")


def test_a_schema_in_place_of_a_response_format_has_unknown_names(ask: Ask) -> None:
    message = refusal(ask(response_format={"type": "object", "properties": {}}))
    assert "Unknown name \"properties\" at 'response_format'" in message


@pytest.mark.parametrize("arguments", ["", "null", "20", "[]", "{", None])
def test_arguments_of_a_call_must_be_an_object(ask: Ask, arguments: str | None) -> None:
    assert refusal(ask(called(arguments))) == "Expected a valid JSON object in the request"


# --- parts ---


def test_an_empty_text_part_says_where_it_is(ask: Ask) -> None:
    parts = [{"type": "text", "text": "Hello"}, {"type": "text", "text": ""}]
    messages = [
        {"role": "system", "content": "Be brief"},
        USER,
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": parts},
    ]
    assert refusal(ask(messages)) == (
        "* GenerateContentRequest.contents[2].parts[1].data: required oneof field 'data' must "
        "have one initialized field\n"
    )


def image(url: Any) -> list[dict[str, Any]]:
    part = {"type": "image_url", "image_url": url if url == "cat.png" else {"url": url}}
    return [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, part]}]


@pytest.mark.parametrize("url", ["cat.png", "/tmp/cat.png", "aGVsbG8=", "data:image/png,x", ""])
def test_an_image_that_has_no_url_is_refused(ask: Ask, url: str) -> None:
    assert refusal(ask(image(url))) == f"Invalid or unsupported file uri: {url}"


def test_an_image_on_another_host_is_refused_with_a_quirk(ask: Ask) -> None:
    remote = image("https://example.org/cat.png")
    assert content(ask(remote))
    message = refusal(ask(remote, quirks="remote_images_refused"))
    assert message == "Invalid or unsupported file uri: https://example.org/cat.png"
    for url in (PIXEL, "https://generativelanguage.googleapis.com/v1beta/files/abc"):
        assert content(ask(image(url), quirks="remote_images_refused"))


# --- values ---


@pytest.mark.parametrize("temperature", [-0.1, 2.1, 99])
def test_a_temperature_out_of_range_is_refused(ask: Ask, temperature: float) -> None:
    assert "temperature must be in the range [0.0, 2.0]" in refusal(ask(temperature=temperature))


def test_a_temperature_that_is_no_number_is_refused(ask: Ask) -> None:
    message = refusal(ask(temperature="hot"))
    assert message == "Invalid value at 'temperature' (TYPE_FLOAT), \"hot\""
    assert content(ask(temperature="0.5"))  # as proto's JSON parser does


@pytest.mark.parametrize("odd", [["user"], {"user": 1}, 5])
def test_what_should_be_a_word_and_is_none_is_refused(ask: Ask, odd: Any) -> None:
    for role in ([{"role": odd, "content": "Hi"}], [USER, {"role": odd, "content": "Hi"}]):
        assert refusal(ask(role)) == "Please use a valid role: user, model."
    assert refusal(ask(response_format={"type": odd}))
    assert refusal(ask(response_format={"type": odd}, tools=[TIME]))


def test_a_text_part_without_a_text_is_refused(ask: Ask) -> None:
    message = refusal(ask([{"role": "user", "content": [{"type": "text"}]}]))
    assert "contents[0].parts[0].data: required oneof field" in message


# --- signatures ---


def test_a_signature_from_elsewhere_is_refused_with_a_quirk(ask: Ask) -> None:
    model = "gemini-3-flash-preview"
    made = ask("Weather in Rome", tools=[WEATHER], model=model).json()
    own = made["choices"][0]["message"]["tool_calls"][0]["extra_content"]["google"]
    quirk = "foreign_signatures_refused"
    for signature in (own["thought_signature"], "skip_thought_signature_validator"):
        history = called(signature=signature)
        assert content(ask(history, model=model, quirks=quirk))
    foreign = called(signature="AVSoXO4/lu90Bn7IxVcWAjD6")
    assert content(ask(foreign, model=model))
    message = refusal(ask(foreign, model=model, quirks=quirk))
    assert message == "Corrupted thought signature."


# --- routes ---


def test_chat_is_served_beside_the_compatible_routes_too(
    http: httpx.Client, emulator: Emulator, ask: Ask
) -> None:
    body = {"model": "gemini-2.5-flash", "messages": [USER]}
    alias = http.post(f"{emulator.origin}/v1beta/chat/completions", json=body)
    assert content(alias) == content(ask([USER]))
