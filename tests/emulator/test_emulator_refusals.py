"""What the emulator refuses, in Google's words."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest
from emulator.wire_reading import TIME, WEATHER

from gemini_openai.emulator import Emulator
from gemini_openai.emulator.answers.schema_refusals import refused_schema_keyword

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Ask = Callable[..., httpx.Response]
    Recorded = Callable[[str], str]

USER = {"role": "user", "content": "Run it"}


def call(name: str = "shell", id: str = "call-1", signature: str | None = None) -> dict[str, Any]:
    out = {"id": id, "type": "function", "function": {"name": name, "arguments": "{}"}}
    if signature is None:
        return out
    return {**out, "extra_content": {"google": {"thought_signature": signature}}}


def assistant(*calls: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": [*calls]}


def result(id: str = "call-1", **more: str) -> dict[str, str]:
    return {"role": "tool", "tool_call_id": id, "content": "done", **more}


def message_of(response: httpx.Response, code: int = 400) -> str:
    ((error,),) = [response.json()]
    assert response.status_code == error["error"]["code"] == code
    assert response.headers["content-type"] == "application/json; charset=UTF-8"
    return error["error"]["message"]


# --- beside the recordings ---


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("unknown_name_store", {"store": True}),
        ("unknown_name_frequency_penalty", {"frequency_penalty": 0.5}),
        ("unknown_names_frequency_penalty_seed", {"frequency_penalty": 0.5, "seed": 1}),
    ],
)
def test_unknown_names_are_refused_byte_by_byte_as_recorded(
    ask: Ask, recorded: Recorded, name: str, fields: dict[str, Any]
) -> None:
    response = ask(**fields)
    assert response.status_code == 400
    assert response.text == recorded(f"error_400_{name}.json")


def test_a_missing_signature_is_refused_byte_by_byte_as_recorded(
    ask: Ask, recorded: Recorded
) -> None:
    response = ask([USER, assistant(call()), result()], model="gemini-3-pro-preview")
    assert response.text == recorded("error_400_missing_thought_signature.json")


def test_a_generic_refusal_is_byte_by_byte_as_recorded(ask: Ask, recorded: Recorded) -> None:
    schema = {"type": "object", "properties": {"kind": {"const": "a"}}}
    format_ = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    assert ask(response_format=format_).text == recorded("error_400_invalid_argument_generic.json")


def test_refusals_known_from_printed_errors_have_the_same_json(
    ask: Ask, http: httpx.Client, recorded: Recorded
) -> None:
    def printed(name: str) -> Any:
        text = recorded(f"error_{name}_openai_sdk_repr.txt")
        return ast.literal_eval(text[text.index("[") :].strip())

    body = {"model": "gemini-2.5-flash", "messages": [USER]}
    twice = http.post("chat/completions", json=body, headers={"x-goog-api-key": "another"})
    assert twice.json() == printed("400_multiple_credentials")
    assert ask(metadata={}, store=True).json() == printed("400_unknown_metadata_store")
    unknown = ask(model="invalid-model-name")
    assert unknown.json() == printed("404_model_not_found")
    assert unknown.status_code == 404


def test_a_bad_key_is_a_400_with_the_recorded_details(
    web: httpx.Client, recorded: Recorded
) -> None:
    theirs = json.loads(recorded("native_error_400_api_key_invalid.json"))
    with Emulator(bad_keys=["expired"]) as emulator:
        for key in ("expired", "bad", "bad-key-2"):
            headers = {"Authorization": f"Bearer {key}"}
            response = web.get(emulator.base_url + "models", headers=headers)
            assert response.status_code == 400
            assert response.json() == [theirs]


# --- credentials ---


def test_the_key_belongs_in_the_authorization_header(web: httpx.Client, emulator: Emulator) -> None:
    url = emulator.base_url + "models"
    missing = "Missing or invalid Authorization header."
    assert message_of(web.get(url)) == missing
    assert message_of(web.get(url, params={"key": "k"})) == missing
    wrong = "Invalid Authorization header."
    assert message_of(web.get(url, headers={"Authorization": "Bearer"})) == wrong
    assert message_of(web.get(url, headers={"Authorization": "Basic abc"})) == wrong
    assert web.get(url, headers={"x-goog-api-key": "k"}).status_code == 200
    both = web.get(url, params={"key": "k"}, headers={"Authorization": "Bearer k"})
    assert "Multiple authentication credentials" in message_of(both)


# --- names and types ---


def test_a_nested_unknown_name_says_where(ask: Ask) -> None:
    error = ask(extra_body={"extra_body": {"google": {}}}).json()[0]["error"]
    text = (
        "Invalid JSON payload received. Unknown name \"extra_body\" at 'extra_body': "
        "Cannot find field."
    )
    assert error["message"] == text
    assert error["details"][0]["fieldViolations"] == [{"field": "extra_body", "description": text}]


def test_a_tool_of_googles_own_is_an_unknown_name(ask: Ask) -> None:
    response = ask(tools=[{"type": "function", "function": {"name": "f"}}, {"google_search": {}}])
    assert message_of(response) == (
        "Invalid JSON payload received. Unknown name \"google_search\" at 'tools[1]': "
        "Cannot find field."
    )


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"google": {"thinking_config": {}}}, '"google"'),
        ({"extra_body": {"google": {"safety_settings": []}}}, "at 'extra_body.google'"),
        ({"stream": True, "stream_options": {"x": 1}}, "at 'stream_options'"),
        ({"logit_bias": {}}, '"logit_bias"'),
        ({"promptCacheKey": "x"}, '"promptCacheKey"'),
    ],
)
def test_misplaced_names_are_unknown(ask: Ask, fields: dict[str, Any], name: str) -> None:
    assert name in message_of(ask(**fields))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"max_tokens": "many"}, "Invalid value at 'max_tokens' (TYPE_INT32), \"many\""),
        ({"temperature": True}, "Invalid value at 'temperature' (TYPE_FLOAT), true"),
        ({"reasoning_effort": "xhigh"}, "Invalid reasoning_effort: xhigh."),
        ({"n": 0}, "Request contains an invalid argument."),
        ({"max_tokens": 0}, "Request contains an invalid argument."),
        ({"response_format": {"type": "xml"}}, "Request contains an invalid argument."),
        ({"tool_choice": "any"}, "Request contains an invalid argument."),
    ],
)
def test_a_wrong_value_is_refused(ask: Ask, fields: dict[str, Any], message: str) -> None:
    assert message_of(ask(**fields)).startswith(message)


def test_a_body_that_is_no_json_is_refused(http: httpx.Client) -> None:
    response = http.post("chat/completions", content=b'{"model": ')
    assert message_of(response).startswith("Invalid JSON payload received. Unexpected token.")


# --- models and thinking ---


def test_a_model_for_something_else_does_not_chat(ask: Ask) -> None:
    for model in ("gemini-embedding-001", "imagen-4.0-generate-001", "gpt-4o"):
        message = message_of(ask(model=model), 404)
        assert message.startswith(f"models/{model} is not found for API version v1main")
    assert "unexpected model name format" in message_of(ask(model="google/gemini-2.5-flash"))
    assert "unexpected model name format" in message_of(ask(model=""))


def test_a_gemini_model_has_a_name_that_google_may_have_given(ask: Ask) -> None:
    for model in ("gemini-3-flash", "gemini-2.5-pro-preview-03-25", "gemini-4-neon"):
        assert ask(model=model).status_code == 200
    assert ask(model="gemini-99-ultra").status_code == 200  # nobody knows what will be
    for model in ("gemini-2.5-flsh", "gemini-3.9-flash-litte", "gemini-x", "gemini-2.5"):
        message = message_of(ask(model=model), 404)
        assert message.startswith(f"models/{model} is not found for API version v1main")


def test_a_model_of_ones_own_is_known(web: httpx.Client) -> None:
    with Emulator(models=["my-model"]) as emulator:
        response = web.post(
            emulator.base_url + "chat/completions",
            json={"model": "my-model", "messages": [USER]},
            headers={"Authorization": "Bearer k"},
        )
        assert response.json()["model"] == "my-model"


def thinking(**config: Any) -> dict[str, Any]:
    return {"extra_body": {"google": {"thinking_config": config}}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"reasoning_effort": "low", **thinking(include_thoughts=True)},
            "Expected one of either `reasoning_effort` or custom `thinking_config`; found both.",
        ),
        (
            {"model": "gemini-2.5-pro", "reasoning_effort": "none"},
            "Budget 0 is invalid. This model only works in thinking mode.",
        ),
        (
            {"model": "gemini-2.5-pro", **thinking(thinking_budget=0)},
            "Budget 0 is invalid. This model only works in thinking mode.",
        ),
        (
            {"model": "gemini-2.5-pro", **thinking(thinkingBudget=52428)},
            "The thinking budget 52428 is invalid. Please choose a value between 128 and 32768.",
        ),
        (thinking(thinking_level="low"), "Thinking level is not supported for this model."),
        (
            {"model": "gemini-3.1-pro-preview", "reasoning_effort": "minimal"},
            "Invalid reasoning_effort: minimal. Valid values are: high, low, medium",
        ),
        (
            {"model": "gemini-3-pro-preview", **thinking(thinking_level="MINIMAL")},
            "Thinking level MINIMAL is not supported for this model.",
        ),
    ],
)
def test_thinking_that_the_model_cannot_is_refused(
    ask: Ask, fields: dict[str, Any], message: str
) -> None:
    assert message_of(ask(**fields)) == message


def test_thinking_that_the_model_can_is_taken(ask: Ask) -> None:
    for fields in (
        {"reasoning_effort": "none"},
        thinking(thinking_budget=-1),
        thinking(thinking_budget=1024),
        {"model": "gemini-3-pro-preview", **thinking(thinking_level="low")},
    ):
        assert ask(**fields).status_code == 200


# --- messages ---

UNPAIRED = (
    "Please ensure that the number of function response parts is equal to the number of function "
    "call parts of the function call turn."
)


@pytest.mark.parametrize("messages", [[], [{"role": "system", "content": "Be brief"}]])
def test_without_a_users_message_there_are_no_contents(
    ask: Ask, messages: list[dict[str, Any]]
) -> None:
    wanted = "* GenerateContentRequest.contents: contents is not specified\n"
    assert message_of(ask(messages)) == wanted


@pytest.mark.parametrize("content", ["", None, [], [{"type": "text", "text": ""}]])
def test_an_empty_content_is_refused(ask: Ask, content: Any) -> None:
    messages = [{"role": "user", "content": content}]
    assert message_of(ask(messages)) == "Request contains an invalid argument."


@pytest.mark.parametrize(
    "messages",
    [
        [USER, assistant(call(), call(id="call-2")), result()],
        [USER, assistant(call()), result(), result()],
        [USER, assistant(call()), USER],
        [USER, assistant(call())],
        [USER, assistant(call(), call(id="call-2")), result(), USER, result("call-2")],
    ],
)
def test_calls_and_results_must_be_as_many(ask: Ask, messages: list[dict[str, Any]]) -> None:
    assert message_of(ask(messages)) == UNPAIRED


def test_a_result_without_a_call_is_refused(ask: Ask) -> None:
    messages = [USER, result(name="shell")]
    assert "immediately after a function call turn" in message_of(ask(messages))


def test_a_result_needs_its_functions_name_or_a_known_id(ask: Ask) -> None:
    messages = [USER, assistant(call()), result("unknown")]
    wanted = "* GenerateContentRequest.contents[2].parts[0].function_response.name: "
    assert message_of(ask(messages)) == f"{wanted}Name cannot be empty.\n"
    assert ask([USER, assistant(call()), result("unknown", name="shell")]).status_code == 200
    assert ask([USER, assistant(call()), result()]).status_code == 200


def test_an_unknown_role_is_refused(ask: Ask) -> None:
    assert message_of(ask([{"role": "robot", "content": "x"}])) == (
        "Please use a valid role: user, model."
    )


# --- signatures ---


@pytest.mark.parametrize(
    "signature",
    [
        "AVSoXO4/lu90Bn7IxVcWAjD6",
        "skip_thought_signature_validator",
        "context_engineering_is_the_way_to_go",
    ],
)
def test_a_signature_or_a_documented_dummy_is_taken(ask: Ask, signature: str) -> None:
    messages = [USER, assistant(call(signature=signature), call(id="b")), result(), result("b")]
    assert ask(messages, model="gemini-3-pro-preview").status_code == 200


def test_a_signature_at_the_top_of_the_call_is_taken(ask: Ask) -> None:
    signed = {**call(), "thought_signature": "AVSo"}
    assert ask([USER, assistant(signed), result()], model="gemini-3-pro").status_code == 200


def test_each_step_of_the_turn_is_checked_and_its_position_told(ask: Ask) -> None:
    steps = [assistant(call(signature="AVSo")), result(), assistant(call("ls", "b")), result("b")]
    message = message_of(ask([USER, *steps], model="gemini-3-pro-preview"))
    assert "function call `default_api:ls` , position 4." in message


def test_earlier_turns_are_not_checked(ask: Ask) -> None:
    turns = [USER, assistant(call()), result(), {"role": "assistant", "content": "Done"}, USER]
    assert ask(turns, model="gemini-3-pro-preview").status_code == 200


def test_gemini_2_5_does_not_ask_for_signatures(ask: Ask) -> None:
    assert ask([USER, assistant(call()), result()], model="gemini-2.5-pro").status_code == 200


def test_a_broken_signature_is_refused(ask: Ask) -> None:
    messages = [USER, assistant(call(signature="not base64!")), result()]
    assert message_of(ask(messages, model="gemini-3-pro")) == "Corrupted thought signature."


def test_the_emulators_own_signature_comes_back_and_is_taken(ask: Ask) -> None:
    answer = ask("Weather in Paris", tools=[WEATHER], model="gemini-3-flash-preview").json()
    message = answer["choices"][0]["message"]
    history = [USER, message, result(message["tool_calls"][0]["id"])]
    assert ask(history, tools=[WEATHER], model="gemini-3-flash-preview").status_code == 200
    del message["tool_calls"][0]["extra_content"]
    assert "missing a thought_signature" in message_of(
        ask(history, tools=[WEATHER], model="gemini-3-flash-preview")
    )


# --- tools ---


def test_a_function_needs_a_proper_name(ask: Ask) -> None:
    bad = {"type": "function", "function": {"name": "my tool"}}
    assert message_of(ask(tools=[WEATHER, bad])).startswith(
        "GenerateContentRequest.tools[0].function_declarations[1].name: Invalid function name. "
    )
    long = {"type": "function", "function": {"name": "a" * 65}}
    assert "maximum length of 64" in message_of(ask(tools=[long]))
    assert message_of(ask(tools=[TIME, TIME])) == "Duplicate function declaration found: get_time"


def test_only_declared_functions_can_be_tools_or_forced(ask: Ask) -> None:
    assert message_of(ask(tools=[{"type": "web_search"}])) == (
        "Request contains an invalid argument."
    )
    choice = {"type": "function", "function": {"name": "other"}}
    assert message_of(ask(tools=[TIME], tool_choice=choice)) == (
        "Request contains an invalid argument."
    )


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"const": 1}, "#/const"),
        ({"properties": {"a": {"prefixItems": []}}}, "#/properties/a/prefixItems"),
        ({"items": {"anyOf": [{}, {"exclusiveMinimum": 0}]}}, "#/items/anyOf/1/exclusiveMinimum"),
        ({"$defs": {"A": {"not": {}}}}, "#/$defs/A/not"),
        ({"properties": {"a": {"$ref": "#/$defs/A", "description": "x"}}}, "#/properties/a/$ref"),
        ({"enum": ["a", None]}, "#/enum"),
        (
            {"additionalProperties": {"patternProperties": {}}},
            "#/additionalProperties/patternProperties",
        ),
    ],
)
def test_a_refused_keyword_is_found_where_it_is(schema: dict[str, Any], place: str) -> None:
    assert refused_schema_keyword(schema) == place


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"const": {"type": "string"}, "not": {}}},
        {"$defs": {"A": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/A"}}},
        {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None, "title": "X"},
        {"enum": ["a", 1, 2.5], "minimum": 0, "additionalProperties": False},
        None,
    ],
)
def test_a_schema_google_takes_is_taken(schema: dict[str, Any] | None) -> None:
    assert refused_schema_keyword(schema) is None


def test_a_refused_keyword_in_a_tool_refuses_the_request(ask: Ask) -> None:
    function = {"name": "f", "parameters": {"properties": {"x": {"const": 1}}}}
    tool = {"type": "function", "function": function}
    assert message_of(ask(tools=[tool])) == "Request contains an invalid argument."
    assert ask(tools=[tool], quirks="-schemas_refused").status_code == 200
