"""Refusals and failures: the class, the words and the attributes of what is raised."""

from __future__ import annotations

import logging
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import gemini_openai
from gemini_openai import APIStatusError
from gemini_openai.emulator import Drop, Reply, Stall, faults

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
SECRET = "AIza-very-secret"


async def refused(world: World, **options: Any) -> APIStatusError:
    with pytest.raises(APIStatusError) as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO), **{"max_retries": 0, **options}
        )
    return caught.value


@pytest.mark.parametrize(
    ("status", "error_class"),
    [
        (400, gemini_openai.BadRequestError),
        (401, gemini_openai.AuthenticationError),
        (403, gemini_openai.PermissionDeniedError),
        (404, gemini_openai.NotFoundError),
        (408, APIStatusError),
        (409, gemini_openai.ConflictError),
        (413, APIStatusError),
        (422, gemini_openai.UnprocessableEntityError),
        (429, gemini_openai.RateLimitError),
        (500, gemini_openai.InternalServerError),
        (503, gemini_openai.InternalServerError),
    ],
)
async def test_each_status_has_its_class(
    world: World, emulator: Emulator, status: int, error_class: type
) -> None:
    emulator.script(Reply(status, json=[{"error": {"code": status, "message": "No."}}]))
    error = await refused(world)
    assert type(error) is error_class
    assert error.status_code == status
    assert str(error) == f"Error code: {status} - No."
    assert error.response.status_code == status
    assert error.request.url.path.endswith("/chat/completions")


async def test_a_bad_key_is_an_authentication_error_with_its_status_kept(world: World) -> None:
    error = await refused(world, api_key="bad-key")
    assert type(error) is gemini_openai.AuthenticationError
    assert error.status_code == 400
    assert error.reason == "API_KEY_INVALID"
    assert error.type == "INVALID_ARGUMENT"
    assert "API key not valid" in str(error)


async def test_an_unknown_name_is_the_param(world: World) -> None:
    with pytest.raises(gemini_openai.BadRequestError) as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO, extra_body={"no_such_thing": 1}),
            repairs={"unknown-names": False},
        )
    assert caught.value.param == "no_such_thing"
    assert isinstance(caught.value.body, list)
    assert caught.value.details[0]["fieldViolations"]


async def test_a_web_page_is_said_to_be_one(world: World, emulator: Emulator) -> None:
    emulator.script(faults.html_not_found())
    error = await refused(world)
    assert type(error) is gemini_openai.NotFoundError
    assert "a web page titled" in str(error)
    assert "base_url" in str(error)
    assert isinstance(error.body, str)


async def test_an_empty_refusal_says_so(world: World, emulator: Emulator) -> None:
    emulator.script(faults.empty(502))
    error = await refused(world)
    told = "Bad Gateway, POST /v1beta/openai/chat/completions: the answer has no body"
    assert str(error) == f"Error code: 502 - {told}"
    assert error.body is None


@pytest.mark.parametrize(
    ("status", "said"), [("UNAVAILABLE", "UNAVAILABLE"), ("", "Service Unavailable"), (None, "")]
)
async def test_a_refusal_without_words_says_its_status_and_where_the_request_went(
    world: World, emulator: Emulator, status: str | None, said: str
) -> None:
    body = {"error": {"code": 503, "message": "", "status": status}}
    emulator.script(Reply(503, json=body))
    error = await refused(world)
    told = (
        f"Error code: 503 - {said or 'Service Unavailable'}, POST /v1beta/openai/chat/completions"
    )
    assert str(error) == told
    assert error.type == (status or None)
    assert error.code == "503"


async def test_a_key_of_openais_is_told_without_the_key(world: World, emulator: Emulator) -> None:
    emulator.script(faults.bad_key())
    error = await refused(world, api_key="sk-proj-bad-key")
    assert isinstance(error, gemini_openai.AuthenticationError)
    assert "the key begins as OpenAI's do" in str(error)
    assert "https://aistudio.google.com/apikey" in str(error)
    assert "bad-key" not in str(error)
    assert "OpenAI" not in str(await refused(world, api_key="bad-key"))


# --- in the caller's terms ---

FUNCTION: Any = {"name": "f", "parameters": {"type": "object", "properties": {}}}


async def test_names_in_tools_that_the_server_does_not_know_are_left_out(
    world: World, emulator: Emulator
) -> None:
    odd = {"type": "function", "function": {**FUNCTION, "name": "g", "type": "function"}}
    marked = {"type": "function", "function": FUNCTION, "cache_control": {"type": "ephemeral"}}
    with pytest.warns(gemini_openai.GeminiWarning) as warned:
        await world.ask(lambda c: c.chat.completions.create(**HELLO, tools=[marked, odd]))
    assert len(emulator.requests) == 2
    tools = emulator.requests[-1].json["tools"]
    assert [tool.keys() for tool in tools] == [{"type", "function"}] * 2
    assert [tool["function"]["name"] for tool in tools] == ["f", "g"]
    said = " ".join(str(warning.message) for warning in warned)
    assert "tools[0].cache_control" in said
    assert "tools[1].function.type" in said


async def test_names_in_tools_are_an_error_where_that_is_asked_for(world: World) -> None:
    tool = {"type": "function", "function": FUNCTION, "cache_control": {"type": "ephemeral"}}
    with pytest.raises(gemini_openai.UnsupportedParameterError) as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO, tools=[tool]), unsupported="error"
        )
    assert caught.value.param == "tools[0].cache_control"


async def test_a_message_at_fault_is_the_callers(world: World, emulator: Emulator) -> None:
    empty = {
        "role": "user",
        "content": [{"type": "text", "text": ""}, {"type": "text", "text": "b"}],
    }
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        empty,
    ]
    with pytest.raises(gemini_openai.BadRequestError) as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**{**HELLO, "messages": messages}),
            repairs={"empty-parts": False},
        )
    assert "contents[2].parts[0].data" in str(caught.value)
    assert str(caught.value).endswith("(messages[3])")
    assert emulator.requests[-1].json["messages"] == messages


async def test_no_connection_is_a_connection_error(world: World) -> None:
    with pytest.raises(gemini_openai.APIConnectionError, match=r"^Connection error: ") as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO),
            base_url="http://127.0.0.1:9/",
            max_retries=0,
        )
    assert isinstance(caught.value.__cause__, world.family.ConnectError)
    assert isinstance(caught.value.request, world.family.Request)


async def test_a_connection_closed_without_an_answer_is_a_connection_error(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Drop())
    with pytest.raises(gemini_openai.APIConnectionError):
        await world.ask(lambda c: c.chat.completions.create(**HELLO), max_retries=0)


async def test_no_answer_in_time_is_a_timeout(world: World, emulator: Emulator) -> None:
    emulator.script(Stall())
    with pytest.raises(gemini_openai.APITimeoutError, match=r"^Request timed out\. \(read, 0\.1 s"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO, timeout=0.1), max_retries=0)


async def test_a_closed_client_says_so(world: World) -> None:
    client = world.client()
    await world.result(client.chat.completions.create(**HELLO))
    await world.result(client.close())
    assert client.is_closed()
    with pytest.raises(gemini_openai.APIConnectionError, match="has been closed"):
        await world.result(client.chat.completions.create(**HELLO))


async def test_an_impossible_url_is_not_tried_twice(world: World) -> None:
    waits: list[float] = []
    with pytest.raises(gemini_openai.APIConnectionError, match="protocol"):
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO), base_url="ftp://127.0.0.1/", max_retries=9
        )
    assert not waits


async def test_no_secret_is_in_an_error_its_pickle_or_the_log(
    world: World, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="gemini_openai")
    emulator.script(
        Reply(500, json={"error": {"message": "No."}}, headers={"X-Goog-Api-Key": SECRET})
    )
    client = world.client(api_key=SECRET)
    assert SECRET not in repr(client)
    with pytest.raises(APIStatusError) as caught:
        await world.result(
            client.with_options(max_retries=0).chat.completions.create(
                **HELLO, extra_query={"key": SECRET}
            )
        )
    error = caught.value
    assert SECRET not in str(error)
    assert SECRET not in repr(error)
    assert SECRET.encode() not in pickle.dumps(error)
    assert SECRET not in caplog.text
    assert "authorization': '[secret]'" in caplog.text


@pytest.mark.parametrize("fault", ["refusal", "connection", "timeout"])
async def test_errors_survive_a_pickle(world: World, emulator: Emulator, fault: str) -> None:
    emulator.script(
        {"refusal": faults.quota_per_day(), "connection": Drop(), "timeout": Stall()}[fault]
    )
    with pytest.raises(gemini_openai.APIError) as caught:
        await world.ask(lambda c: c.chat.completions.create(**HELLO, timeout=0.2), max_retries=0)
    error = caught.value
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert (again.code, again.type, again.details) == (error.code, error.type, error.details)
    assert again.request.url == error.request.url
    if fault == "refusal":
        assert again.response.status_code == 429
        assert again.body == error.body
