"""Refusals, told in the terms of the request that the caller wrote."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.refusals.errors import ErrorReport, read_error
from gemini_openai.dialect.refusals.hints import HINTS, Refusal, hint
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings
from gemini_openai.dialect.translation.translator import Translator

GENERIC = "Request contains an invalid argument."
UNKNOWN = (
    "Invalid JSON payload received. Unknown name \"google_search\" at 'tools[1]': "
    "Cannot find field."
)
UNSIGNED = (
    "Function call is missing a thought_signature in functionCall parts. Additional data, function "
    "call `default_api:f` , position 2."
)
UNEVEN = (
    "Please ensure that the number of function response parts is equal to the number of function "
    "call parts of the function call turn."
)
TOO_LONG = "The input token count (2845475) exceeds the maximum number of tokens allowed (1048576)."
DECLARED = "tools[0].function_declarations"
VERTEX = make_settings(backend="vertex")
USER: Any = {"role": "user", "content": "go"}
SYSTEM: Any = {"role": "system", "content": "s"}
ANSWER: Any = {"role": "assistant", "content": "ok"}


def function(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


FUNCTION = function("f")


def told(message: str, settings: Any = DEFAULT_SETTINGS, /, **body: Any) -> str | None:
    """The hint on a refusal of a chat request, whose messages are sent as they are."""
    whole = {"model": "gemini-2.5-flash", "messages": [USER], **body}
    return hint(
        Refusal(
            ErrorReport(message),
            sent=whole,
            asked=whole,
            settings=settings,
            origins=range(len(whole["messages"] or [])),
        )
    )


# --- where ---


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("* GenerateContentRequest.contents[1].parts[0].data: required oneof", "messages[2]"),
        (
            f"GenerateContentRequest.{DECLARED}[1].parameters.properties[a].items: missing field.",
            "tools[2], 'get-weather', at parameters.properties.a.items",
        ),
        (
            f"* GenerateContentRequest.{DECLARED}[0].description: bad",
            "tools[0], 'f'",
        ),
        (
            "GenerateContentRequest.generation_config.response_schema.properties[a]: bad",
            "response_format, at json_schema.schema.properties.a",
        ),
        ("* GenerateContentRequest.contents[7].role: bad", None),
        ("* GenerateContentRequest.tools[0].function_declarations[7].name: bad", None),
        ("Invalid value at 'temperature' (TYPE_FLOAT)", None),
    ],
)
def test_a_place_in_googles_request_is_told_as_one_of_the_callers(
    message: str, place: str | None
) -> None:
    tools = [FUNCTION, {"google_search": {}}, function("get-weather")]
    assert told(message, messages=[USER, SYSTEM, ANSWER], tools=tools) == place


def test_a_place_is_the_one_in_the_history_that_the_caller_gave() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    calls = {"role": "assistant", "tool_calls": [call]}
    result = {"role": "tool", "tool_call_id": "a", "content": "1"}
    history = [{"role": "user", "content": ""}, {"role": "developer", "content": "s"}]
    history += [USER, result, calls, ANSWER]
    body = {"model": "gemini-2.5-flash", "messages": history}
    made = Translator().translate("/chat/completions", body)
    sent = [message["role"] for message in made.body["messages"]]
    assert sent == ["system", "user", "assistant", "tool", "assistant"]
    places = [
        made.remark(400, ErrorReport(f"* GenerateContentRequest.contents[{at}].x: bad"))
        for at in range(5)
    ]
    assert places == ["messages[2]", "messages[4]", "messages[3]", "messages[5]", None]
    assert made.body["messages"][0].keys() == {"role", "content"}


def test_a_place_behind_system_messages_that_became_one_is_the_callers() -> None:
    history = [SYSTEM, {"role": "developer", "content": "t"}, USER, ANSWER, USER]
    body = {"model": "gemini-2.5-flash", "messages": history}
    made = Translator().translate("/chat/completions", body)
    assert [message["role"] for message in made.body["messages"]] == [
        *("system", "user", "assistant", "user")
    ]
    report = ErrorReport("* GenerateContentRequest.contents[1].parts[0]: bad")
    assert made.remark(400, report) == "messages[3]"


def test_a_request_that_is_no_json_here_has_no_places() -> None:
    made = Translator().translate("/chat/completions", None)
    assert made.remark(400, ErrorReport("* GenerateContentRequest.contents[1]: bad")) is None


def test_a_text_to_embed_is_told_as_the_caller_counts_it() -> None:
    body = {"model": "m", "input": ["a"] * 50}
    made = Translator().translate("/embeddings", body, first_input=200)
    report = ErrorReport("* BatchEmbedContentsRequest.requests[30].content: is bad.")
    assert made.remark(400, report) == "input[230]"


def test_a_tool_that_goes_by_another_name_is_told_by_the_callers() -> None:
    report = ErrorReport("GenerateContentRequest.tools[0].function_declarations[1].name: bad")
    body = {"tools": [FUNCTION, function("g_2")]}
    asked = {"tools": [FUNCTION, function("2g")]}
    refusal = Refusal(report, sent=body, asked=asked, given_names={"g_2": "2g"})
    assert hint(refusal) == "tools[1], '2g'"
    moved = refusal._replace(asked={"tools": [{"google_search": {}}, *asked["tools"]]})
    assert hint(moved) == "tools[2], '2g'"


# --- what to do ---


@pytest.mark.parametrize(
    ("message", "tool", "name"),
    [
        (UNKNOWN, {"google_search": {}}, "google_search"),
        (GENERIC, {"type": "web_search_preview"}, "web_search_preview"),
        (GENERIC, {"type": "url_context", "url_context": {}}, "url_context"),
    ],
)
def test_a_tool_of_googles_own_is_named_with_the_way_to_have_it(
    message: str, tool: Any, name: str
) -> None:
    text = str(told(message, tools=[FUNCTION, tool]))
    assert text.startswith(f"tools[1] is {name!r}, but tools takes functions only here.")
    assert "google-genai" in text
    assert "on Vertex AI they go into extra_body={'google': {'tools': [...]}}" in text
    there = str(told(message, VERTEX, tools=[FUNCTION, tool]))
    assert "google-genai" not in there
    assert "go into extra_body={'google': {'tools': [...]}}; web_search_options" in there


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("imagen-4.0-generate-001", "images.generate"),
        ("veo-3.0-generate-001", "videos.create"),
        ("gemini-embedding-001", "embeddings.create"),
    ],
)
def test_a_model_that_does_not_chat_is_named_with_its_method(model: str, method: str) -> None:
    message = f"models/{model} is not found for API version v1main, or is not supported for "
    text = told(f"{message}generateContent.", model=model)
    assert text == f"{model} is not a chat model; use it with {method}"


def test_a_name_of_openais_that_does_not_chat_is_told_with_googles_and_its_method() -> None:
    message = (
        "models/x is not found for API version v1main, or is not supported for generateContent"
    )
    for model in ("text-embedding-3-small", "google/text-embedding-3-small"):
        text = str(told(message, model=model))
        assert text.startswith("text-embedding-3-small is not a model of Google's. Use 'gemini-emb")
        assert text.endswith("Such models do not chat; they are for embeddings.create")
    assert told(message, model="gpt-4o") is None  # suggest_models has the advice


def test_json_beside_tools_is_not_answered_with_the_model_that_was_asked() -> None:
    message = "Function calling with a response mime type: 'application/json' is unsupported"
    text = str(told(message, model="gemini-3.6-flash", tools=[FUNCTION]))
    assert text.startswith("gemini-3.6-flash takes either tools or a JSON response_format here")
    assert "or later" not in text


def test_no_contents_are_no_messages_where_texts_are_embedded() -> None:
    message = "* BatchEmbedContentsRequest.requests[30].content: contents is not specified"
    refusal = Refusal(ErrorReport(message), sent={"input": ["a"] * 50}, first_input=100)
    assert hint(refusal) == "input[130]: give some text to embed"
    assert hint(Refusal(ErrorReport("contents is not specified"), sent={"prompt": "a"})) is None


def test_a_tool_is_told_by_its_place_where_names_are_equal_or_flat() -> None:
    search: Any = {"google_search": {}}
    flat = {"type": "function", "name": "g"}
    asked = [search, FUNCTION, FUNCTION, search, flat]
    sent = {"tools": [FUNCTION, FUNCTION, function("g")]}
    refusal = Refusal(ErrorReport(), sent=sent, asked={"tools": asked}, settings=VERTEX)
    names = [refusal.tool_name(place) for place in range(4)]
    assert names == ["tools[1], 'f'", "tools[2], 'f'", "tools[4], 'g'", None]


IMAGE: Any = {"type": "image_url", "image_url": {"url": "https://example.org/cat.jpg"}}
PASTED: Any = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
CALL: Any = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
PATH = "GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name. Must"


@pytest.mark.parametrize(
    ("message", "body", "begins", "says"),
    [
        (PATH, {"tools": [function("2f")]}, "tools[0], '2f': ", "another name"),
        (
            "Function calling with a response mime type: 'application/json' is unsupported",
            {"tools": [FUNCTION], "response_format": {"type": "json_object"}},
            "before Gemini 3",
            "response_format",
        ),
        (
            "Invalid or unsupported file uri: https://example.org/cat.jpg",
            {"messages": [USER, {"role": "user", "content": [IMAGE]}]},
            "messages[1]: ",
            "parts.image(path or bytes)",
        ),
        (
            "Unable to process input image. Please retry or report",
            {"messages": [{"role": "user", "content": [PASTED]}]},
            "messages[0]: ",
            "PNG, JPEG",
        ),
        ("Corrupted thought signature.", {}, "a tool call", "extra_content"),
        (
            UNSIGNED,
            {"messages": [USER, {"role": "assistant", "tool_calls": [CALL]}]},
            "messages[1]: ",
            "extra_content",
        ),
        (
            "Please use a valid role: user, model.",
            {"messages": [USER, {"role": "bot", "content": "x"}]},
            "messages[1] has the role 'bot'",
            "system, developer, user, assistant, tool",
        ),
        (
            "* GenerateContentRequest.contents: contents is not specified",
            {"messages": [SYSTEM]},
            "only the system speaks",
            "role user",
        ),
        (
            "* GenerateContentRequest.contents: contents is not specified",
            {"messages": []},
            "messages is empty",
            "role user",
        ),
        (
            TOO_LONG,
            {"messages": [USER, {"role": "user", "content": "a" * 5000}, ANSWER]},
            "shorten the messages; the longest is messages[1]",
            "5,000 characters",
        ),
        (
            TOO_LONG,
            {"messages": [USER, USER, USER]},
            "shorten the messages, or",
            "oldest",
        ),
        (
            "Penalty is not enabled for this model",
            {"presence_penalty": 1},
            "leave out presence_penalty",
            "",
        ),
        (
            UNEVEN,
            {},
            "each tool call needs",
            "its id",
        ),
        ("Tool use with function calling is unsupported", {}, "this model takes", "not both"),
        (
            "Duplicate function declaration found: f",
            {"tools": [FUNCTION, function("g"), FUNCTION]},
            "tools[0], tools[2] have equal names",
            "",
        ),
    ],
)
def test_a_refusal_comes_with_what_to_do(message: str, body: Any, begins: str, says: str) -> None:
    text = str(told(message, **body))
    assert text.startswith(begins)
    assert says in text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"max_tokens": 0}, "max_tokens is 0, and at least 1 is needed"),
        ({"n": 0}, "n is 0"),
        ({"temperature": 99}, "temperature is 99, and must be from 0 to 2"),
        ({"messages": [USER, {"role": "user", "content": 5}]}, "messages[1].content is no text"),
        ({"messages": [USER, {"role": "user", "content": ""}]}, "messages[1] is empty"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
            "messages[0].content[0] is an empty text",
        ),
        (
            {"response_format": {"type": "object", "properties": {}}},
            "response_format has the type 'object'; the types are text, json_object, json_schema",
        ),
        (
            {"tools": [FUNCTION], "tool_choice": function("g")},
            "tool_choice asks for 'g', which is not among the tools",
        ),
        ({"max_tokens": 0, "n": 0}, "max_tokens is 0, and at least 1 is needed; n is 0"),
    ],
)
def test_a_refusal_without_a_reason_gets_what_is_unusual_in_the_request(
    body: Any, said: str
) -> None:
    assert str(told(GENERIC, **body)).startswith(said)


def test_text_beside_calls_is_named_where_the_model_is_reported_to_refuse_it() -> None:
    history = [USER, {"role": "assistant", "content": "Let me see.", "tool_calls": [CALL]}]
    text = str(told(GENERIC, VERTEX, model="google/gemini-3.6-flash", messages=history))
    assert text.startswith("messages[1].content is text beside tool_calls")
    assert told(GENERIC, VERTEX, model="google/gemini-2.5-flash", messages=history) is None
    assert told(GENERIC, model="gemini-3.6-flash", messages=history) is None


def test_a_repair_that_is_switched_off_and_would_have_helped_is_named() -> None:
    schema = {"type": "object", "properties": {"a": {"const": 1}}}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    body = {"model": "gemini-2.5-flash", "messages": [USER], "tools": [tool]}
    made = Translator(make_settings(repairs={"schemas": False, "files": False}))
    text = made.translate("/chat/completions", body).remark(400, ErrorReport(GENERIC))
    assert text == "repairs of this request are switched off: schemas"
    history = [USER, ANSWER, {"role": "user", "content": ""}]
    made = Translator(make_settings(repairs={"empty-parts": False}))
    refused = made.translate("/chat/completions", {**body, "messages": history, "tools": []})
    assert "switched off: empty-parts" in str(refused.remark(400, ErrorReport(GENERIC)))


# --- credentials ---

EXPIRED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential."
)
RENEWED = "access tokens last an hour; OpenAI(vertexai=True, project=..., location=...) renews them"


@pytest.mark.parametrize(
    ("status", "message", "reason", "settings", "credential", "says"),
    [
        (401, EXPIRED, "ACCESS_TOKEN_TYPE_UNSUPPORTED", VERTEX, "access token", RENEWED),
        (401, EXPIRED, "ACCESS_TOKEN_EXPIRED", VERTEX, "access token", RENEWED),
        (401, "", None, VERTEX, "access token", RENEWED),
        (401, EXPIRED, "ACCESS_TOKEN_TYPE_UNSUPPORTED", VERTEX, None, None),
        (403, EXPIRED, "ACCESS_TOKEN_TYPE_UNSUPPORTED", VERTEX, "access token", None),
        (429, EXPIRED, None, VERTEX, "access token", None),
        (401, EXPIRED, "ACCESS_TOKEN_TYPE_UNSUPPORTED", DEFAULT_SETTINGS, None, "an API key"),
        (401, "No.", None, DEFAULT_SETTINGS, None, None),
        (401, EXPIRED, "ACCESS_TOKEN_TYPE_UNSUPPORTED", DEFAULT_SETTINGS, "OpenAI key", "OpenAI's"),
        (400, "API key not valid.", "API_KEY_INVALID", DEFAULT_SETTINGS, "OpenAI key", "OpenAI's"),
        (400, "API key not valid.", "API_KEY_INVALID", DEFAULT_SETTINGS, None, None),
        (
            403,
            "... are blocked.",
            "API_KEY_SERVICE_BLOCKED",
            DEFAULT_SETTINGS,
            None,
            "restrictions",
        ),
        (401, "API keys are not supported by this API.", None, VERTEX, None, "takes access tokens"),
        (
            400,
            "Multiple authentication credentials received.",
            None,
            DEFAULT_SETTINGS,
            None,
            "once",
        ),
        (400, "User location is not supported.", None, DEFAULT_SETTINGS, None, "available-regions"),
    ],
)
def test_trouble_with_credentials_comes_with_the_way_out(
    status: int, message: str, reason: str | None, settings: Any, credential: Any, says: str | None
) -> None:
    report = ErrorReport(message, reason=reason)
    made = Translator(settings).translate("/chat/completions", None)
    text = made.remark(status, report, credential)
    assert (says in text) if says and text else text is says


# --- nothing ---


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (GENERIC, {"tools": [FUNCTION]}),
        (GENERIC, {"tools": None, "messages": None}),
        (GENERIC, {"tools": ["?"], "messages": ["?"]}),
        ("API key not valid.", {"tools": [{"google_search": {}}]}),
        ("models/x is not found, or is not supported for generateContent", {"model": "x"}),
        ("Please use a valid role: user, model.", {}),
        ("Duplicate function declaration found: f", {"tools": [FUNCTION]}),
        ("Penalty is not enabled for this model", {}),
        ("", {"max_tokens": 0}),
    ],
)
def test_where_the_reason_is_not_known_nothing_is_said(message: str, body: Any) -> None:
    assert told(message, **body) is None


@pytest.mark.parametrize("sent", [{}, {"messages": {}, "tools": {}}, {"messages": [3, {}]}])
@pytest.mark.parametrize(("words", "_"), HINTS, ids=[words for words, _ in HINTS])
def test_a_hint_can_be_asked_for_with_any_request(sent: Any, words: str, _: object) -> None:
    message = words.replace("(?i)", "").replace("\\", "").partition("|")[0].replace("()?", "")
    report = read_error([{"error": {"message": f"{message} at contents[3].parts[0], tools[1]"}}])
    text = hint(Refusal(report, sent=sent))
    assert text is None or text
