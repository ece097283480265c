"""What a model does not take is refused, as the table of models says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from emulator.test_emulator_strictness import USER, called, content, refusal
from emulator.wire_reading import TIME, WEATHER, events

from gemini_openai.emulator import Answer, Emulator

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Ask = Callable[..., httpx.Response]

ARGON = "gemini-4-argon"
TODAY = 1_795_824_000.0  # 28 November 2026
GENERIC = "Request contains an invalid argument."
OBJECT = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}


def options(**google: Any) -> dict[str, Any]:
    return {"extra_body": {"google": google}}


def thinking(**config: Any) -> dict[str, Any]:
    return options(thinking_config=config)


# --- Gemini 4 ---


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (thinking(thinking_budget=1024), "Thinking budget is not supported for this model."),
        (
            thinking(thinking_level="minimal"),
            "Thinking level MINIMAL is not supported for this model.",
        ),
        (
            {"reasoning_effort": "none"},
            "Invalid reasoning_effort: none. Valid values are: high, low, medium",
        ),
        (
            {"reasoning_effort": "minimal"},
            "Invalid reasoning_effort: minimal. Valid values are: high, low, medium",
        ),
        ({"presence_penalty": 0.5}, "Penalty is not enabled for this model"),
        ({"n": 2}, "Multiple candidates is not enabled for this model"),
        (options(cached_content="cachedContents/a"), GENERIC),
        (options(cachedContent="cachedContents/a"), GENERIC),
    ],
)
def test_gemini_4_takes_less_than_the_models_before(
    ask: Ask, fields: dict[str, Any], message: str
) -> None:
    for model in ("gemini-4-neon", "gemini-4-carbon", "gemini-5-xenon"):
        assert refusal(ask(model=model, **fields)) == message
    assert content(ask(model="gemini-4-neon", quirks="-model_limits", **fields))


def test_gemini_4_does_not_go_on_with_the_assistants_own_words(ask: Ask) -> None:
    history = [USER, {"role": "assistant", "content": "It is"}]
    assert content(ask(history))
    assert refusal(ask(history, model=ARGON)) == GENERIC


def test_gemini_4_gives_more_at_once_only_as_a_stream(ask: Ask, emulator: Emulator) -> None:
    long = Answer("word " * 40_000)
    emulator.script(long, long)
    whole = ask(model=ARGON).json()
    assert whole["choices"][0]["finish_reason"] == "length"
    usage = whole["usage"]
    assert usage["total_tokens"] - usage["prompt_tokens"] == 32_768
    chunks = events(ask(model=ARGON, stream=True).text)
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


# --- others ---


def test_the_efforts_a_model_has_are_told(ask: Ask) -> None:
    message = refusal(ask(model="gemini-3.8-flash", reasoning_effort="minimal"))
    assert message.endswith("Valid values are: high, low, medium")
    message = refusal(ask(model="gemini-2.5-flash", reasoning_effort="max"))
    assert message.endswith("Valid values are: high, low, medium, minimal, none")
    for effort in ("minimal", "medium"):
        assert content(ask(model="gemini-3-flash-preview", reasoning_effort=effort))


def test_a_budget_is_a_number(ask: Ask) -> None:
    place = "extra_body.google.thinking_config.thinking_budget"
    message = f"Invalid value at '{place}' (TYPE_INT32), \"low\""
    assert refusal(ask(**thinking(thinking_budget="low"))) == message
    assert content(ask(**thinking(thinking_budget="1024")))


@pytest.mark.parametrize("format_", [OBJECT, {"type": "json_object"}])
def test_tools_beside_a_json_format_are_for_gemini_3(ask: Ask, format_: dict[str, Any]) -> None:
    both = {"tools": [TIME], "response_format": format_}
    assert refusal(ask(**both)) == (
        "Function calling with a response mime type: 'application/json' is unsupported"
    )
    assert ask(model="gemini-3-flash-preview", **both).status_code == 200
    assert ask(tools=[TIME], response_format={"type": "text"}).status_code == 200


def test_the_role_function_ends_with_gemini_3_6(ask: Ask) -> None:
    asked = {"role": "assistant", "function_call": {"name": "ls", "arguments": "{}"}}
    result = {"role": "function", "name": "ls", "content": "a.txt"}
    history = [*called()[:2], result]
    assert content(ask(history))
    for turns in (history, [USER, asked, result]):
        message = refusal(ask(turns, model="gemini-3.6-flash"))
        assert message.startswith("Role 'function' is not supported. Please use a valid role:")


def test_an_image_model_has_no_tools(ask: Ask) -> None:
    message = refusal(ask(model="gemini-2.5-flash-image", tools=[TIME]))
    assert message == "Function calling is not enabled for this model"


# --- retired models ---


def test_a_retired_model_answers_unless_a_quirk_takes_it_away(web: httpx.Client) -> None:
    post = {
        "chat/completions": {"model": "gemini-2.0-flash", "messages": [USER]},
        "images/generations": {"model": "imagen-3.0-generate-002", "prompt": "A cat"},
        "embeddings": {"model": "text-embedding-004", "input": "x"},
        "videos": {"model": "veo-2.0-generate-001", "prompt": "A cat"},
    }
    headers = {"Authorization": "Bearer k"}
    retired = {"x-emulator-quirks": "retired_models_refused"}
    with Emulator(clock=lambda: TODAY) as emulator:
        for path, body in post.items():
            url = emulator.base_url + path
            assert web.post(url, json=body, headers=headers).status_code == 200
            gone = web.post(url, json=body, headers=headers | retired)
            assert refusal(gone, 404) == (
                f"This model models/{body['model']} is no longer available to new users. Please "
                "update your code to use a newer model for the latest features and improvements."
            )


def test_a_model_is_retired_on_its_day(web: httpx.Client) -> None:
    body = {"model": "models/gemini-2.5-flash", "messages": [USER]}
    quirks = {"retired_models_refused": True}
    before = TODAY - 60 * 86_400
    with Emulator(clock=lambda: before, quirks=quirks) as emulator:
        url = emulator.base_url + "chat/completions"
        assert web.post(url, json=body, headers={"Authorization": "Bearer k"}).status_code == 200
        emulator.advance(60 * 86_400)
        assert web.post(url, json=body, headers={"Authorization": "Bearer k"}).status_code == 404
        today = {**body, "model": "gemini-3.8-flash"}
        assert web.post(url, json=today, headers={"Authorization": "Bearer k"}).status_code == 200


# --- Vertex AI ---


@pytest.fixture
def ask_vertex(emulator: Emulator, http: httpx.Client) -> Ask:
    def post(model: str, messages: list[dict[str, Any]], **fields: Any) -> httpx.Response:
        url = emulator.vertex_url("p") + "chat/completions"
        token = {"Authorization": f"Bearer {emulator.google.issue()}"}
        headers = token | fields.pop("headers", {})
        body = {"model": f"google/{model}", "messages": messages, **fields}
        return http.post(url, json=body, headers=headers)

    return post


def test_text_beside_calls_is_refused_by_two_models_on_vertex(ask: Ask, ask_vertex: Ask) -> None:
    dummy = "skip_thought_signature_validator"
    history = called(signature=dummy, content="I will look.")
    for model in ("gemini-3.6-flash", "gemini-3.5-flash-lite"):
        assert refusal(ask_vertex(model, history)) == GENERIC
        assert content(ask_vertex(model, called(signature=dummy)))
        assert content(ask(history, model=model))
    assert content(ask_vertex("gemini-3.1-pro-preview", history))


@pytest.mark.parametrize(
    "parameters",
    [{}, {"anyOf": [{"type": "object"}]}, {"type": "string"}, {"type": ["object", "null"]}],
)
def test_parameters_on_vertex_are_an_object(
    ask: Ask, ask_vertex: Ask, parameters: dict[str, Any]
) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": parameters}}
    message = refusal(ask_vertex("gemini-2.5-flash", [USER], tools=[tool]))
    assert message.endswith("`parameters` schema should be of type OBJECT.")
    assert ask(tools=[tool]).status_code == 200
    bare = {"type": "function", "function": {"name": "f"}}
    assert ask_vertex("gemini-2.5-flash", [USER], tools=[bare, WEATHER]).status_code == 200


def test_vertex_takes_one_dummy_signature_only(ask_vertex: Ask) -> None:
    history = called(signature="context_engineering_is_the_way_to_go")
    message = refusal(ask_vertex("gemini-3-flash-preview", history))
    assert message == "Corrupted thought signature."


def test_gemini_4_takes_no_penalty_on_vertex_either(ask_vertex: Ask) -> None:
    assert content(ask_vertex("gemini-2.5-flash", [USER], frequency_penalty=0.5))
    message = refusal(ask_vertex("gemini-4-neon", [USER], frequency_penalty=0.5))
    assert message == "Penalty is not enabled for this model"


def test_vertex_serves_retired_models_and_none_with_a_misspelt_name(ask_vertex: Ask) -> None:
    quirk = {"x-emulator-quirks": "retired_models_refused"}
    assert content(ask_vertex("gemini-2.0-flash@001", [USER], headers=quirk))
    assert "was not found" in refusal(ask_vertex("gemini-2.5-flsh", [USER]), 404)


def test_vertex_takes_tools_of_googles_own_and_media_resolution(ask_vertex: Ask) -> None:
    given = options(tools=[{"googleSearch": {}}], media_resolution="MEDIA_RESOLUTION_LOW")
    assert content(ask_vertex("gemini-2.5-flash", [USER], **given))


def test_vertex_says_which_tier_a_request_was_served_in(ask_vertex: Ask) -> None:
    header = "X-Vertex-AI-LLM-Shared-Request-Type"
    for tier, counted in {"flex": "ON_DEMAND_FLEX", "priority": "ON_DEMAND_PRIORITY"}.items():
        answer = ask_vertex("gemini-2.5-flash", [USER], headers={header: tier}).json()
        assert answer["usage"]["extra_properties"] == {"google": {"traffic_type": counted}}
