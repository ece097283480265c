"""What a genuine client of `openai` gets through our transport."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import HELLO
from pydantic import BaseModel

from gemini_openai import GeminiWarning
from gemini_openai.emulator import Answer, Call, Reply, Sse

if TYPE_CHECKING:
    from transport.conftest import Genuine

    from gemini_openai.emulator import Emulator

# openai leaves its own generators, and httpx's, to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:Async generator '(openai|httpx2?)\.:ResourceWarning"
)

TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]
ASK_WEATHER: Any = {
    "model": "gemini-3-flash-preview",
    "messages": [{"role": "user", "content": "The weather in Lisbon and in Porto?"}],
    "tools": TOOLS,
}


class City(BaseModel):
    name: str
    inhabitants: int


async def test_an_answer_is_an_openai_class(genuine: Genuine) -> None:
    answer = await genuine.result(genuine.client().chat.completions.create(**HELLO))
    assert type(answer).__module__.startswith("openai.")
    assert answer.choices[0].message.content == "[emulator] You said: Hello"
    assert answer.choices[0].finish_reason == "stop"


async def test_what_google_does_not_know_is_left_out(genuine: Genuine, emulator: Emulator) -> None:
    client = genuine.client(unsupported="drop")
    await genuine.result(client.chat.completions.create(**HELLO, store=True, seed=7))
    assert emulator.requests[0].json.keys() == {"model", "messages"}


async def test_a_stream_has_one_usage_chunk_and_ends(genuine: Genuine, emulator: Emulator) -> None:
    stream = await genuine.result(
        genuine.client().chat.completions.create(
            **HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    chunks = await genuine.collect(stream)
    assert all(type(chunk).__module__.startswith("openai.") for chunk in chunks)
    *parts, last = chunks
    assert "".join(c.choices[0].delta.content or "" for c in parts).startswith("[emulator]")
    assert last.choices == []
    assert last.usage.total_tokens > 0
    assert parts[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize("stream", [False, True])
async def test_signatures_are_kept_from_one_client_to_another(
    genuine: Genuine, emulator: Emulator, stream: bool
) -> None:
    answer = await genuine.result(
        genuine.client().chat.completions.create(**ASK_WEATHER, stream=stream)
    )
    if stream:
        chunks = await genuine.collect(answer)
        calls = [c for chunk in chunks for c in chunk.choices[0].delta.tool_calls or []]
    else:
        calls = answer.choices[0].message.tool_calls
    assert [call.function.name for call in calls] == ["get_weather", "get_weather"]
    history = [
        *ASK_WEATHER["messages"],
        # As frameworks do: what they do not know of a call is gone.
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {
                        "name": call.function.name,
                        "arguments": call.function.arguments,
                    },
                }
                for call in calls
            ],
        },
        *({"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in calls),
    ]
    other = genuine.client()
    again = await genuine.result(
        other.chat.completions.create(**{**ASK_WEATHER, "messages": history})
    )
    assert "sunny" in again.choices[0].message.content
    sent = emulator.requests[1].json["messages"][1]["tool_calls"][0]
    assert sent["extra_content"]["google"]["thought_signature"]


async def test_parallel_calls_of_a_stream_have_indexes(genuine: Genuine) -> None:
    stream = await genuine.result(
        genuine.client().chat.completions.create(**ASK_WEATHER, stream=True)
    )
    chunks = await genuine.collect(stream)
    deltas = [call for chunk in chunks for c in chunk.choices for call in c.delta.tool_calls or []]
    assert [delta.index for delta in deltas] == [0, 1]
    assert all(delta.id for delta in deltas)
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


async def test_structured_output_is_parsed(genuine: Genuine) -> None:
    answer = await genuine.result(
        genuine.client().chat.completions.parse(**HELLO, response_format=City)
    )
    assert isinstance(answer.choices[0].message.parsed, City)


async def test_the_helper_for_streams_parses_too(genuine: Genuine) -> None:
    manager = genuine.client().chat.completions.stream(**HELLO, response_format=City)
    if genuine.is_async:
        async with manager as stream:
            kinds = [event.type async for event in stream]
            final = await stream.get_final_completion()
    else:
        with manager as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_completion()
    assert isinstance(final.choices[0].message.parsed, City)
    assert "content.done" in kinds


@pytest.mark.parametrize("count", [150, 250])
@pytest.mark.parametrize("encoding", ["float", "base64", None])
async def test_any_number_of_texts_is_embedded(
    genuine: Genuine, emulator: Emulator, count: int, encoding: str | None
) -> None:
    more = {} if encoding is None else {"encoding_format": encoding}
    texts = [f"text {number}" for number in range(count)]
    asked = {"model": "gemini-embedding-001", "input": texts, "dimensions": 8, **more}
    answer = await genuine.result(genuine.client().embeddings.create(**asked))
    ours = await genuine.result(genuine.ours().embeddings.create(**asked))
    assert [item.index for item in answer.data] == [*range(count)]
    assert [item.embedding for item in answer.data] == [item.embedding for item in ours.data]
    sent = [len(request.json["input"]) for request in emulator.requests]
    assert sent[: len(sent) // 2] == [100] * (count // 100) + [50]


async def test_models_are_listed_and_described(genuine: Genuine) -> None:
    client = genuine.client()
    models = await genuine.collect(client.models.list())
    ids = [model.id for model in models]
    assert "gemini-2.5-flash" in ids
    model = await genuine.result(client.models.retrieve("gemini-2.5-flash"))
    assert model.id == "gemini-2.5-flash"


async def test_images_are_made(genuine: Genuine) -> None:
    answer = await genuine.result(
        genuine.client().images.generate(model="imagen-4.0-generate-001", prompt="A cat")
    )
    assert answer.data[0].b64_json


async def test_the_pages_of_files_are_found_by_their_last_file(
    genuine: Genuine, emulator: Emulator
) -> None:
    for number in range(5):
        emulator.add_file(b"%d" % number)
    files = await genuine.collect(genuine.client().files.list(limit=2))
    assert sorted(file.id for file in files) == sorted(emulator.files)
    assert len(emulator.requests) == 3


async def test_files_are_described_read_and_deleted(genuine: Genuine, emulator: Emulator) -> None:
    client = genuine.client()
    emulator.add_file(b"abc")
    (name,) = emulator.files
    assert (await genuine.result(client.files.retrieve(name))).bytes == 3
    assert (await genuine.result(client.files.delete(name))).deleted


async def test_a_raw_response_and_a_streamed_one_are_its_own(genuine: Genuine) -> None:
    client = genuine.client()
    raw = await genuine.result(client.chat.completions.with_raw_response.create(**HELLO))
    assert raw.parse().choices[0].message.content == "[emulator] You said: Hello"
    assert raw.headers["content-type"] == "application/json"
    manager = client.chat.completions.with_streaming_response.create(**HELLO, stream=True)
    if genuine.is_async:
        async with manager as response:
            lines = [line async for line in response.iter_lines()]
    else:
        with manager as response:
            lines = [*response.iter_lines()]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert [line for line in lines if line][-1] == "data: [DONE]"


async def test_copies_have_other_settings_and_the_same_connections(
    genuine: Genuine, emulator: Emulator
) -> None:
    client = genuine.client()
    for copy in (client.with_options(timeout=5), client.copy(api_key="another-key")):
        await genuine.result(copy.chat.completions.create(**HELLO))
    keys = [request.headers["authorization"] for request in emulator.requests]
    assert keys == ["Bearer any-key", "Bearer another-key"]


async def test_json_on_several_lines_of_an_event_is_put_on_one(
    genuine: Genuine, emulator: Emulator
) -> None:
    event = (
        'data: {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",\n'
        'data: "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"},\n'
        'data: "finish_reason": "stop"}]}\n\n'
    )
    emulator.script(Sse([event]))
    stream = await genuine.result(genuine.client().chat.completions.create(**HELLO, stream=True))
    chunks = await genuine.collect(stream)
    assert [chunk.choices[0].delta.content for chunk in chunks] == ["Hi"]


async def test_broken_json_is_mended(genuine: Genuine, emulator: Emulator) -> None:
    body = b'{"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [{'
    body += b'"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "'
    emulator.script(Reply(body=body + b'a\xff"}}]}'))
    answer = await genuine.result(genuine.client().chat.completions.create(**HELLO))
    assert answer.choices[0].message.content == "a\ufffd"


async def test_options_of_the_dialect_are_those_of_our_client(
    genuine: Genuine, emulator: Emulator
) -> None:
    client = genuine.client(
        model_map={"gpt-4o": "gemini-2.5-pro"},
        reasoning_efforts={"gemini-2.5*": {"minimal": "high"}},
        repairs={"system-messages": False},
    )
    messages = [{"role": "user", "content": "Hi"}]
    asked = {"model": "gpt-4o", "messages": messages, "reasoning_effort": "minimal"}
    with pytest.warns(GeminiWarning, match="'high' was sent") as told:
        await genuine.result(client.chat.completions.create(**asked))
    sent = emulator.requests[0].json
    assert (sent["model"], sent["reasoning_effort"]) == ("gemini-2.5-pro", "high")
    # Of an awaited call the line is here, too, or in what awaits it.
    assert not {"httpx", "httpx2", "openai"} & {*Path(told[0].filename).parts}


async def test_a_call_with_thoughts_and_an_answer_with_tools_is_whole_and_streamed_alike(
    genuine: Genuine, emulator: Emulator
) -> None:
    for _ in range(2):
        emulator.script(Answer(calls=[Call("get_weather", {"city": "Rome"})]))
    client = genuine.client()
    whole = await genuine.result(client.chat.completions.create(**ASK_WEATHER))
    stream = await genuine.result(client.chat.completions.create(**ASK_WEATHER, stream=True))
    chunks = await genuine.collect(stream)
    (call,) = whole.choices[0].message.tool_calls
    (delta,) = [c for chunk in chunks for c in chunk.choices[0].delta.tool_calls or []]
    assert delta.function.arguments == call.function.arguments
