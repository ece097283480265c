"""`chat.completions.create`, whole and streamed, against the emulator over a real socket."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import openai
import pytest

import gemini_openai
from gemini_openai import NOT_GIVEN, OpenAI, not_given, omit
from gemini_openai.emulator import Reply, Sse
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}


async def test_an_answer_is_a_chat_completion(world: World) -> None:
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))

    assert type(completion) is ChatCompletion
    assert completion.object == "chat.completion"
    assert completion.model == "gemini-2.5-flash"
    assert completion.choices[0].finish_reason == "stop"
    assert completion.choices[0].message.role == "assistant"
    assert "Hello" in (completion.choices[0].message.content or "")
    assert completion.usage is not None
    assert completion.usage.total_tokens >= completion.usage.prompt_tokens


async def test_a_stream_gives_chunks_that_make_the_same_answer(world: World) -> None:
    client = world.client()
    whole = await world.result(client.chat.completions.create(**HELLO))
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    chunks = await world.collect(stream)

    assert all(type(chunk) is ChatCompletionChunk for chunk in chunks)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert said == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_the_body_has_what_was_given_and_nothing_else(
    world: World, emulator: Emulator
) -> None:
    await world.ask(
        lambda c: c.chat.completions.create(
            **HELLO, temperature=0.5, stop=None, top_p=omit, tools=NOT_GIVEN, n=not_given
        )
    )
    assert emulator.requests[-1].json == {**HELLO, "temperature": 0.5}


async def test_the_sentinels_of_the_real_openai_are_understood(
    world: World, emulator: Emulator
) -> None:
    await world.ask(
        lambda c: c.chat.completions.create(
            **HELLO,
            temperature=openai.omit,
            top_p=openai.NOT_GIVEN,
            timeout=openai.NOT_GIVEN,
            stream=openai.omit,
        )
    )
    assert emulator.requests[-1].json == HELLO


async def test_a_sentinel_deep_in_a_message_is_left_out(world: World, emulator: Emulator) -> None:
    message = {"role": "user", "content": "Hello", "name": omit}
    await world.ask(
        lambda c: c.chat.completions.create(model="gemini-2.5-flash", messages=[message])
    )
    assert emulator.requests[-1].json == HELLO


async def test_extras_are_laid_over_the_request(world: World, emulator: Emulator) -> None:
    await world.ask(
        lambda c: c.chat.completions.create(
            **HELLO,
            temperature=0.1,
            extra_headers={"X-Trace": "7", "User-Agent": "mine"},
            extra_query={"deep": {"er": [1, True]}},
            extra_body={"temperature": 0.2, "top_p": 0.3},
        )
    )
    request = emulator.requests[-1]
    assert request.headers["x-trace"] == "7"
    assert request.headers["user-agent"] == "mine"
    assert request.query == {"deep[er][]": ["1", "true"]}
    assert request.json == {**HELLO, "temperature": 0.2, "top_p": 0.3}


async def test_results_go_back_into_messages_as_they_came(world: World, emulator: Emulator) -> None:
    client = world.client()
    first = await world.result(client.chat.completions.create(**HELLO))
    messages = [*HELLO["messages"], first.choices[0].message, {"role": "user", "content": "More"}]
    await world.result(client.chat.completions.create(model="gemini-2.5-flash", messages=messages))
    assert emulator.requests[-1].json["messages"][1] == {
        "role": "assistant",
        "content": first.choices[0].message.content,
    }


async def test_messages_may_be_any_iterable(world: World, emulator: Emulator) -> None:
    messages = ({"role": "user", "content": text} for text in ("one", "two"))
    await world.ask(
        lambda c: c.chat.completions.create(model="gemini-2.5-flash", messages=messages)
    )
    assert [m["content"] for m in emulator.requests[-1].json["messages"]] == ["one", "two"]


async def test_unknown_fields_are_kept_and_dumped(world: World, emulator: Emulator) -> None:
    signature = {"google": {"thought_signature": "c2ln"}}
    answer = {
        "choices": [
            {
                "finish_reason": "stop",
                "index": 0,
                "message": {"content": "Hi", "role": "assistant", "extra_content": signature},
            }
        ],
        "created": 1,
        "id": "x",
        "model": "m",
        "object": "chat.completion",
        "new_field": [1],
    }
    emulator.script(Reply(json=answer))
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert completion.choices[0].message.extra_content == signature
    assert completion.to_dict() == answer
    assert completion.new_field == [1]
    assert '"new_field"' in completion.to_json()
    assert completion.model_dump()["usage"] is None


async def test_a_request_id_is_found_in_the_headers(world: World, emulator: Emulator) -> None:
    emulator.script(
        Reply(
            json={
                "choices": [],
                "created": 1,
                "id": "x",
                "model": "m",
                "object": "chat.completion",
            },
            headers={"x-request-id": "req-1"},
        )
    )
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert completion._request_id == "req-1"
    assert "_request_id" not in completion.model_dump()


async def test_gemini_sends_no_request_id(world: World) -> None:
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert completion._request_id is None


async def test_an_odd_answer_is_kept_as_far_as_it_goes(world: World, emulator: Emulator) -> None:
    odd = {"index": 0, "message": {"role": "assistant", "content": 3}, "finish_reason": 4}
    emulator.script(Reply(json={"choices": [odd], "usage": "many"}))
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert completion.choices[0].finish_reason == 4
    assert completion.choices[0].message.content == 3
    assert completion.usage == "many"
    assert completion.created is None


async def test_an_odd_answer_raises_when_validation_is_strict(
    world: World, emulator: Emulator
) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": 3}}
    body = {"id": "x", "choices": [choice]}
    emulator.script(Reply(json=body))
    with pytest.raises(gemini_openai.APIResponseValidationError, match="content") as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO), _strict_response_validation=True
        )
    assert caught.value.body == body
    assert caught.value.status_code == 200


async def test_json_that_is_cut_off_raises(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(body=b'{"choices": ['))
    with pytest.raises(gemini_openai.APIResponseValidationError, match="not the JSON"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO))


@pytest.mark.parametrize("method", ["create"])
def test_a_signature_names_every_parameter_of_openais(method: str) -> None:
    for ours, theirs in (
        (gemini_openai.OpenAI, openai.OpenAI),
        (gemini_openai.AsyncOpenAI, openai.AsyncOpenAI),
    ):
        mine = inspect.signature(getattr(ours(api_key="k").chat.completions, method)).parameters
        oracle = inspect.signature(getattr(theirs(api_key="k").chat.completions, method)).parameters
        assert set(oracle) <= set(mine)
        required = {n for n, p in oracle.items() if p.default is inspect.Parameter.empty}
        assert {n for n, p in mine.items() if p.default is inspect.Parameter.empty} == required


def test_an_unknown_keyword_is_pythons_type_error() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'temprature'"):
        OpenAI(api_key="k").chat.completions.create(**HELLO, temprature=1)  # type: ignore[call-overload]


def test_missing_keywords_are_pythons_type_error() -> None:
    with pytest.raises(TypeError, match="missing 2 required .* 'messages' and 'model'"):
        OpenAI(api_key="k").chat.completions.create()  # type: ignore[call-overload]


async def test_what_has_no_json_form_is_a_type_error_before_anything_is_sent(
    world: World, emulator: Emulator
) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO, metadata={"a": object()}))
    assert not emulator.requests


async def test_a_call_is_one_request(world: World, emulator: Emulator) -> None:
    await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 1
    request = emulator.requests[0]
    assert request.method == "POST"
    assert request.path == "/v1beta/openai/chat/completions"
    assert request.headers["authorization"] == "Bearer any-key"
    assert request.headers["x-goog-api-client"].startswith("gemini-openai/")
    assert "x-goog-api-key" not in request.headers


async def test_the_connection_is_used_again(world: World, emulator: Emulator) -> None:
    client = world.client()
    for _ in range(2):
        await world.result(client.chat.completions.create(**HELLO))
        stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
        await world.collect(stream)
    assert len({id(request) for request in emulator.requests}) == 4
    assert len(_connections(client)) == 1


def _connections(client: Any) -> list[Any]:
    pool = client._client._transport._pool
    return list(pool.connections)


async def test_recorded_bodies_arrive_whole(
    world: World, emulator: Emulator, recorded: Any
) -> None:
    emulator.script(Reply(body=recorded("chat_nonstream_tool_call.json")))
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    (call,) = completion.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert call.function.arguments == '{"location":"Tokyo"}'
    assert completion.choices[0].message.content is None


async def test_a_recorded_stream_arrives_whole(
    world: World, emulator: Emulator, recorded: Any
) -> None:
    emulator.script(Sse(recorded("chat_stream_text_usage_3chunks.sse")))
    chunks = await world.collect(
        await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    )
    assert len(chunks) == 3
    assert chunks[-1].choices[0].finish_reason == "stop"
