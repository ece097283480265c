"""Spans and metrics of OpenTelemetry: what a call records, and when its span ends."""

from __future__ import annotations

import gc
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydantic
import pytest
from anyio import CancelScope
from conftest import HELLO

from gemini_openai import (
    APIError,
    AuthenticationError,
    IncompleteStreamError,
    LengthFinishReasonError,
    NotFoundError,
    OpenAI,
)
from gemini_openai.emulator import Reply, Sse, faults

pytest.importorskip("opentelemetry.sdk", reason="spans are collected by OpenTelemetry's SDK")

from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

from gemini_openai import Telemetry

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
COUNTED: Any = {**HELLO, "stream": True, "stream_options": {"include_usage": True}}
STREAM: Any = {**HELLO, "stream": True}


class Records:
    """What was recorded, by providers of a test's own."""

    def __init__(self, **sampled: Any) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracers = TracerProvider(shutdown_on_exit=False, **sampled)
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._reader = InMemoryMetricReader()
        self._meters = MeterProvider([self._reader], shutdown_on_exit=False)

    def telemetry(self, **options: Any) -> Telemetry:
        return Telemetry(tracer_provider=self.tracers, meter_provider=self._meters, **options)

    def spans(self) -> list[Any]:
        return [*self._exporter.get_finished_spans()]

    def span(self) -> Any:
        (span,) = self.spans()
        return span

    def attributes(self) -> dict[str, Any]:
        return dict(self.span().attributes)

    def points(self, metric: str) -> list[Any]:
        data = self._reader.get_metrics_data()
        return [
            point
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for found in scope.metrics
            if found.name == metric
            for point in found.data.data_points
        ]


@pytest.fixture
def records() -> Records:
    return Records()


def delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "choices": [{"delta": delta, "index": 0, "finish_reason": finish}],
        "created": 1,
        "id": "x",
        "model": "m",
        "object": "chat.completion.chunk",
    }


def chunk(content: str, finish: str | None = None) -> dict[str, Any]:
    return delta({"content": content, "role": "assistant"}, finish)


async def test_a_chat_is_a_span_with_model_reasons_and_tokens(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    answer = await world.result(
        client.chat.completions.create(
            **HELLO, temperature=0.5, max_tokens=500, stop="END", n=1, top_p=1, seed=None
        )
    )
    span = records.span()
    assert (span.name, span.kind) == ("chat gemini-2.5-flash", SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    usage = answer.usage
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.max_tokens": 500,
        "gen_ai.request.model": "gemini-2.5-flash",
        "gen_ai.request.stop_sequences": ("END",),
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 1,
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.id": answer.id,
        "gen_ai.response.model": answer.model,
        "gen_ai.usage.cache_read.input_tokens": usage.prompt_tokens_details.cached_tokens,
        "gen_ai.usage.input_tokens": usage.prompt_tokens,
        "gen_ai.usage.output_tokens": usage.completion_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.completion_tokens_details.reasoning_tokens,
        "server.address": "127.0.0.1",
        "server.port": emulator.port,
    }
    assert usage.completion_tokens > usage.completion_tokens_details.reasoning_tokens > 0


async def test_metrics_have_the_duration_and_the_tokens(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    answer = await world.result(client.chat.completions.create(**HELLO))
    (duration,) = records.points("gen_ai.client.operation.duration")
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": "gemini-2.5-flash",
        "gen_ai.response.model": answer.model,
        "server.address": "127.0.0.1",
        "server.port": emulator.port,
    }
    assert duration.attributes == expected
    assert duration.count == 1
    assert duration.explicit_bounds[:3] == (0.01, 0.02, 0.04)
    tokens = records.points("gen_ai.client.token.usage")
    assert {p.attributes["gen_ai.token.type"]: p.sum for p in tokens} == {
        "input": answer.usage.prompt_tokens,
        "output": answer.usage.completion_tokens,
    }
    assert not records.points("gen_ai.client.operation.time_to_first_chunk")


async def test_the_span_of_a_stream_ends_with_the_stream(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry())
    stream = await world.result(client.chat.completions.create(**COUNTED))
    await world.first(stream)
    assert not records.spans()
    rest = await world.collect(stream)
    attributes = records.attributes()
    assert attributes["gen_ai.request.stream"] is True
    assert attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert attributes["gen_ai.usage.output_tokens"] == rest[-1].usage.completion_tokens
    assert attributes["gen_ai.response.time_to_first_chunk"] > 0
    (first,) = records.points("gen_ai.client.operation.time_to_first_chunk")
    assert first.count == 1
    await world.result(stream.close())
    assert len(records.spans()) == 1


async def test_the_span_of_a_stream_ends_when_it_is_closed(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    for begun in (True, False):
        emulator.script(Sse([chunk("one"), chunk("two")], hold=True))
        stream = await world.result(client.chat.completions.create(**STREAM))
        if begun:
            await world.first(stream)
        await world.result(stream.close())
    assert [s.status.status_code for s in records.spans()] == [StatusCode.UNSET] * 2
    assert "gen_ai.response.finish_reasons" not in records.spans()[0].attributes


async def test_the_span_of_a_stream_ends_when_it_is_dropped(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    for begun in (True, False):
        emulator.script(Sse([chunk("one"), chunk("two")], hold=True))
        stream = await world.result(client.chat.completions.create(**STREAM))
        if begun:
            await world.first(stream)
        gc.disable()  # counting references is enough
        try:
            del stream
            assert len(records.spans()) == (1 if begun else 2)
        finally:
            gc.enable()


async def test_a_stream_that_breaks_is_an_error(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    emulator.script(Sse([chunk("one")], cut=True))
    stream = await world.result(client.chat.completions.create(**STREAM))
    with pytest.raises(IncompleteStreamError):
        await world.collect(stream)
    emulator.script(faults.error_in_stream(chunk("one")))
    stream = await world.result(client.chat.completions.create(**STREAM))
    with pytest.raises(APIError) as caught:
        await world.collect(stream)
    kinds = ["IncompleteStreamError", type(caught.value).__name__]
    assert [s.attributes["error.type"] for s in records.spans()] == kinds
    assert {s.status.status_code for s in records.spans()} == {StatusCode.ERROR}
    points = records.points("gen_ai.client.operation.duration")
    assert {p.attributes["error.type"] for p in points} == {*kinds}


async def test_a_refusal_is_an_error_without_its_text(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry(), max_retries=0)
    with pytest.raises(NotFoundError):
        await world.result(client.chat.completions.create(**{**HELLO, "model": "gemini-none"}))
    span = records.span()
    assert span.attributes["error.type"] == "NotFoundError"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert not span.events


async def test_a_cancelled_call_is_an_error(
    world: World, emulator: Emulator, records: Records
) -> None:
    if not world.is_async:
        pytest.skip("only a task is cancelled")
    client = world.client(telemetry=records.telemetry())
    emulator.script(Sse([chunk("one")], hold=True))
    stream = await client.chat.completions.create(**STREAM)
    await world.first(stream)
    with CancelScope() as scope:
        scope.cancel()
        await world.first(stream)
    assert records.attributes()["error.type"] in {"CancelledError", "Cancelled"}
    await stream.close()


class City(pydantic.BaseModel):
    name: str


async def test_parse_is_recorded_once_and_with_the_tokens_of_an_answer_cut_off(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    await world.result(client.chat.completions.parse(**HELLO, response_format=City))
    attributes = records.attributes()
    assert attributes["gen_ai.output.type"] == "json"
    assert attributes["gen_ai.usage.output_tokens"] > 0
    emulator.script(
        Reply(
            200,
            {
                "choices": [{"finish_reason": "length", "index": 0, "message": {"content": "{"}}],
                "created": 1,
                "id": "x",
                "model": "m",
                "object": "chat.completion",
                "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 9},
            },
        )
    )
    with pytest.raises(LengthFinishReasonError):
        await world.result(client.beta.chat.completions.parse(**HELLO, response_format=City))
    cut_off = records.spans()[1].attributes
    assert cut_off["error.type"] == "LengthFinishReasonError"
    assert cut_off["gen_ai.response.finish_reasons"] == ("length",)
    assert cut_off["gen_ai.usage.output_tokens"] == 6


async def test_thinking_is_counted_with_the_repair_of_it_switched_off(
    world: World, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry(), repairs={"usage": False})
    answer = await world.result(client.chat.completions.create(**HELLO))
    whole = answer.usage.total_tokens - answer.usage.prompt_tokens
    assert answer.usage.completion_tokens < whole
    assert records.attributes()["gen_ai.usage.output_tokens"] == whole


async def test_embeddings_are_a_span_with_what_was_asked(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry())
    asked = {"model": "gemini-embedding-001", "dimensions": 256, "encoding_format": "float"}
    await world.result(client.embeddings.create(input="a", **asked))
    span = records.span()
    assert span.name == "embeddings gemini-embedding-001"
    assert span.attributes["gen_ai.embeddings.dimension.count"] == 256
    assert span.attributes["gen_ai.request.encoding_formats"] == ("float",)
    assert "gen_ai.usage.input_tokens" not in span.attributes  # Gemini tells of none


async def test_more_texts_than_go_at_once_are_a_span_for_each_request_that_create_makes(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    asked: Any = {"model": "gemini-embedding-001", "input": [str(n) for n in range(250)]}
    await world.result(client.embeddings.create(**asked))
    assert len(emulator.requests) == len(records.spans()) == 3


async def test_more_texts_than_go_at_once_are_one_span_where_one_response_is_asked_for(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    asked: Any = {"model": "gemini-embedding-001", "input": [str(n) for n in range(250)]}
    await world.result(client.post("/embeddings", body=asked, cast_to=object))
    assert (len(emulator.requests), len(records.spans())) == (3, 1)
    await world.result(client.embeddings.with_raw_response.create(**asked))
    assert (len(emulator.requests), len(records.spans())) == (6, 2)


async def test_the_helper_for_streams_is_recorded(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry())
    manager = client.chat.completions.stream(**HELLO)
    if world.is_async:
        async with manager as stream:
            await stream.get_final_completion()
    else:
        with manager as stream:
            stream.get_final_completion()
    assert records.attributes()["gen_ai.response.finish_reasons"] == ("stop",)


async def test_a_raw_response_is_recorded_as_its_answer_is(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry())
    raw = client.chat.completions.with_raw_response
    response = await world.result(raw.create(**HELLO))
    assert records.attributes()["gen_ai.response.id"] == response.parse().id
    response = await world.result(raw.create(**COUNTED))
    assert len(records.spans()) == 1
    await world.collect(response.parse())
    assert records.spans()[1].attributes["gen_ai.usage.output_tokens"] > 0


async def test_an_unread_response_is_recorded_without_its_answer(
    world: World, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    response = client.chat.completions.with_streaming_response.create(**HELLO)
    if world.is_async:
        async with response as opened:
            await opened.read()
    else:
        with response as opened:
            opened.read()
    assert "gen_ai.response.id" not in records.attributes()


async def test_raw_verbs_are_recorded_and_other_requests_are_not(
    world: World, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry())
    await world.result(client.models.list())
    assert not records.spans()
    answer = await world.result(client.post("/chat/completions", body=HELLO, cast_to=dict))
    assert records.attributes()["gen_ai.response.id"] == answer["id"]


async def test_the_span_is_the_parent_of_those_of_http(world: World, records: Records) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(trace.get_current_span())
        return world.family.Response(200, json={"data": [], "object": "list"})

    client = world.transport(answer, telemetry=records.telemetry())
    tracer = records.tracers.get_tracer("of the app")
    with tracer.start_as_current_span("app") as app:
        await world.result(client.embeddings.with_raw_response.create(model="m", input="a"))
        assert trace.get_current_span() is app
    call, outer = records.spans()
    assert seen[0].get_span_context() == call.context
    assert call.parent == outer.context


async def test_a_wrapper_of_a_tracer_sees_a_request_once(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry())
    request, seen = client.request, []

    def wrapped(*given: Any, **how: Any) -> Any:
        seen.append(given)
        return request(*given, **how)

    client.request = wrapped
    await world.result(client.chat.completions.create(**HELLO))
    assert len(seen) == 1


TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
CONVERSATION: Any = {
    "model": "gemini-2.5-flash",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "1", "content": "sunny"},
    ],
    "tools": [TOOL],
}


async def test_content_is_recorded_when_it_is_asked_for(world: World, records: Records) -> None:
    client = world.client(telemetry=records.telemetry(capture_content=True))
    await world.result(client.chat.completions.create(**CONVERSATION))
    attributes = records.attributes()
    shown = {
        name: json.loads(attributes[f"gen_ai.{name}"])
        for name in ("system_instructions", "input.messages", "tool.definitions", "output.messages")
    }
    assert shown["system_instructions"] == [{"type": "text", "content": "Be brief."}]
    assert shown["tool.definitions"] == [
        {"type": "function", "name": "f", "parameters": {"type": "object"}}
    ]
    user, assistant, tool = shown["input.messages"]
    assert user["parts"] == [
        {"type": "text", "content": "What?"},
        {"type": "blob", "modality": "image", "mime_type": "image/png"},
    ]
    call = {"type": "tool_call", "id": "1", "name": "f", "arguments": {"a": 1}}
    assert assistant == {"role": "assistant", "parts": [call]}
    response = {"type": "tool_call_response", "id": "1", "response": "sunny"}
    assert tool == {"role": "tool", "parts": [response]}
    (answer,) = shown["output.messages"]
    assert (answer["role"], answer["finish_reason"]) == ("assistant", "stop")
    assert answer["parts"][0]["type"] == "text"


async def test_the_content_of_a_stream_is_put_together(
    world: World, emulator: Emulator, records: Records
) -> None:
    client = world.client(telemetry=records.telemetry(capture_content=True))

    def piece(arguments: str, **first: Any) -> dict[str, Any]:
        function = {"arguments": arguments, **({"name": "f"} if first else {})}
        return delta({"tool_calls": [{"index": 0, "function": function, **first}]})

    done = delta({}, "tool_calls")
    emulator.script(
        Sse(
            [
                chunk("It "),
                chunk("is."),
                piece('{"a"', id="1", type="function"),
                piece(": 1}"),
                done,
            ]
        )
    )
    await world.collect(await world.result(client.chat.completions.create(**STREAM)))
    (message,) = json.loads(records.attributes()["gen_ai.output.messages"])
    assert message["parts"] == [
        {"type": "text", "content": "It is."},
        {"type": "tool_call", "id": "1", "name": "f", "arguments": {"a": 1}},
    ]
    assert message["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    ("value", "given", "captured"),
    [
        ("true", None, True),
        ("SPAN_ONLY", None, True),
        ("EVENT_ONLY", None, False),
        ("true", False, False),
        ("", None, False),
    ],
)
def test_the_standard_variable_asks_for_content_too(
    value: str,
    given: bool | None,
    captured: bool,
    emulator: Emulator,
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CONTENT, value)
    telemetry = records.telemetry(capture_content=given)
    with OpenAI(api_key="k", base_url=emulator.base_url, telemetry=telemetry) as client:
        client.chat.completions.create(**HELLO)
    assert ("gen_ai.input.messages" in records.attributes()) is captured


def test_odd_content_is_no_error(emulator: Emulator, records: Records) -> None:
    telemetry = records.telemetry(capture_content=True)
    odd: Any = [{"role": "user", "content": ["text", None, 5, {"type": "input_audio"}]}]
    endless: list[Any] = []
    endless.append(endless)
    with OpenAI(api_key="k", base_url=emulator.base_url, telemetry=telemetry) as client:
        for messages in (odd, "text", None, [{"role": "tool", "tool_call_id": endless}]):
            with pytest.raises((APIError, TypeError, ValueError, RecursionError)):
                client.chat.completions.create(model="gemini-2.5-flash", messages=messages)
    assert len(records.spans()) == 4


async def test_what_is_not_sampled_is_counted_all_the_same(world: World) -> None:
    records = Records(sampler=ALWAYS_OFF)
    client = world.client(telemetry=records.telemetry(capture_content=True))
    await world.result(client.chat.completions.create(**HELLO))
    assert not records.spans()
    assert records.points("gen_ai.client.operation.duration")


def test_on_vertex_the_provider_is_vertex_ai(emulator: Emulator, records: Records) -> None:
    client = OpenAI(
        api_key="token",
        base_url=emulator.vertex_url(),
        telemetry=records.telemetry(),
        model_map={"gpt": "google/gemini-2.5-flash"},
        max_retries=0,
    )
    with client, pytest.raises(AuthenticationError):
        client.chat.completions.create(**{**HELLO, "model": "gpt"})
    attributes = records.attributes()
    assert attributes["gen_ai.provider.name"] == "gcp.vertex_ai"
    assert attributes["gen_ai.request.model"] == "google/gemini-2.5-flash"


def test_copies_and_pickles_keep_it_and_may_switch_it(
    emulator: Emulator, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    telemetry = records.telemetry(capture_content=True)
    client = OpenAI(api_key="k", base_url=emulator.base_url, telemetry=telemetry)
    client.with_options(timeout=9).chat.completions.create(**HELLO)
    assert len(records.spans()) == 1
    client.with_options(telemetry=False).chat.completions.create(**HELLO)
    assert len(records.spans()) == 1
    restored = pickle.loads(pickle.dumps(client))
    assert restored._settings.telemetry == Telemetry(capture_content=True)
    with pytest.raises(TypeError, match="telemetry must be True, False or a Telemetry"):
        client.with_options(telemetry="on")  # type: ignore[arg-type]
    client.close()


@pytest.mark.parametrize(
    ("value", "given", "on"),
    [("1", None, True), ("true", False, False), ("", None, False), ("0", None, False)],
)
def test_the_environment_switches_it_on(
    value: str, given: bool | None, on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_OPENAI_TELEMETRY", value)
    with OpenAI(api_key="k", telemetry=given) as client:
        assert (client._settings.telemetry is not None) is on


@pytest.mark.process
def test_nothing_is_imported_where_it_is_off(emulator: Emulator) -> None:
    program = f"""
import sys
from gemini_openai import OpenAI
with OpenAI(api_key="k", base_url={emulator.base_url!r}) as client:
    client.chat.completions.create(
        model="gemini-2.5-flash", messages=[{{"role": "user", "content": "Hello"}}]
    )
loaded = [name for name in sys.modules if "opentelemetry" in name or "._telemetry." in name]
assert loaded == ["gemini_openai._telemetry.settings"], loaded
sys.modules["opentelemetry"] = None
try:
    OpenAI(api_key="k", telemetry=True)
except ImportError as error:
    assert "pip install 'gemini-openai[otel]'" in str(error)
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=55)


@pytest.mark.process
def test_the_example_of_the_page_runs() -> None:
    page = (Path(__file__).parents[2] / "docs/observability.md").read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    command = [sys.executable, "-W", "error", "-c", example]
    shown = subprocess.run(command, check=True, timeout=55, capture_output=True, text=True)
    span = json.loads(shown.stdout)
    assert span["name"] == "chat gemini-flash-latest"
    assert span["attributes"]["gen_ai.usage.output_tokens"] > 0
