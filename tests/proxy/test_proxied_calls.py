"""Programs that know only a base URL and a key get what OpenAI would have answered."""

from __future__ import annotations

import json
import logging
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest
from conftest import HELLO
from proxy.conftest import KEY, client_of, with_token

from gemini_openai.emulator import Answer, Drop, Emulator, Reply, Sse, Stall, faults

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from gemini_openai.proxy import Proxy

TOOL: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def chunk(text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gemini-2.5-flash",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, **more}],
    }


def error_of(response: httpx.Response) -> Any:
    body = response.json()
    assert {*body} == {"error"}
    assert {"message", "type", "param", "code"} <= {*body["error"]}
    return body["error"]


# --- what is passed on ---


def test_an_answer_comes_repaired_and_the_key_is_the_proxys(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    answer = client.chat.completions.create(**HELLO)
    assert answer.choices[0].message.content == "[emulator] You said: Hello"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    (request,) = emulator.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_of_a_request_only_what_is_google_s_matter_is_passed_on(
    proxy: Proxy, emulator: Emulator
) -> None:
    assert proxy.token
    httpx.post(
        f"{proxy.base_url}/chat/completions?key=of-somebody&trace=1",
        json=HELLO,
        headers=with_token(
            proxy,
            cookie="session=1",
            forwarded="for=1.2.3.4",
            connection="keep-alive, x-hop",
            **{
                "x-goog-api-key": "mine",
                "x-api-key": proxy.token,
                "x-hop": "1",
                "user-agent": "me",
            },
        ),
    ).raise_for_status()
    (request,) = emulator.requests
    assert request.headers["user-agent"] == "me"
    assert request.query == {"trace": ["1"]}
    sent = repr(request.headers.list)
    assert proxy.token not in sent
    for word in ("cookie", "forwarded", "x-hop", "x-goog-api-key", "x-api-key", "mine"):
        assert word not in sent


def test_of_an_answer_nothing_is_passed_on_that_is_about_googles_connection(
    proxy: Proxy, emulator: Emulator
) -> None:
    headers = {
        "Connection": "keep-alive, X-Hop",
        "X-Hop": "1",
        "Set-Cookie": "a=b",
        "Strict-Transport-Security": "max-age=1",
        "Access-Control-Allow-Origin": "*",
        "X-Request-Id": "r1",
    }
    emulator.script(Reply(json={"object": "list", "data": []}, headers=headers))
    response = httpx.get(f"{proxy.base_url}/models", headers=with_token(proxy))
    assert {*response.headers} == {
        "content-length",
        "content-type",
        "server-timing",
        "x-content-type-options",
        "x-request-id",
    }


@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_the_paths_are_there_with_v1_and_without(proxy: Proxy, prefix: str) -> None:
    url = f"{proxy.base_url.removesuffix('/v1')}{prefix}"
    with httpx.Client(headers=with_token(proxy)) as http:
        names = [model["id"] for model in http.get(f"{url}/models").json()["data"]]
        assert "gemini-2.5-flash" in names
        assert http.get(f"{url}/models/gemini-2.5-flash").json()["object"] == "model"
        assert http.post(f"{url}/chat/completions/", json=HELLO).json()["choices"]


def test_150_texts_are_embedded_as_one_answer(client: openai.OpenAI, emulator: Emulator) -> None:
    answer = client.embeddings.create(
        model="gemini-embedding-001", input=[f"text {n}" for n in range(150)], dimensions=8
    )
    assert [item.index for item in answer.data] == [*range(150)]
    assert {len(item.embedding) for item in answer.data} == {8}
    assert len(emulator.requests) == 2


def test_images_videos_files_and_batches_are_there(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    image = client.images.generate(model="imagen-4.0-generate-001", prompt="a cat")
    assert image.data
    assert image.data[0].b64_json
    stored = emulator.add_file(b"made by Gemini")
    (listed,) = client.files.list().data
    assert listed.id == stored.name
    assert client.files.retrieve(listed.id).bytes == 14
    assert client.files.content(listed.id).read() == b"made by Gemini"
    assert client.files.delete(listed.id).deleted
    row = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": HELLO}
    rows = emulator.add_file(json.dumps(row).encode())
    batch = client.batches.create(
        input_file_id=rows.name, endpoint="/v1/chat/completions", completion_window="24h"
    )
    assert client.batches.retrieve(batch.id).id == batch.id
    assert client.batches.cancel(batch.id).id == batch.id
    assert [listed.id for listed in client.batches.list().data] == [batch.id]
    with pytest.warns(DeprecationWarning, match="Sora"):
        video = client.videos.create(model="veo-3.0-generate-001", prompt="a cat")
    with pytest.warns(DeprecationWarning, match="Sora"):
        found = client.videos.retrieve(video.id)
    assert found.id == video.id


def test_signatures_are_kept_for_a_program_that_drops_them(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    messages: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
    ask: Any = {"model": "gemini-3-pro-preview", "tools": [TOOL]}
    for _ in range(3):
        (call,) = client.chat.completions.create(messages=messages, **ask).choices[
            0
        ].message.tool_calls or [None]
        assert call is not None
        assert call.type == "function"
        function = {"name": call.function.name, "arguments": call.function.arguments}
        messages += [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": call.id, "type": "function", "function": function}],
            },
            {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"},
            {"role": "user", "content": "And the weather in Rome?"},
        ]
    sent = emulator.requests[-1].json["messages"]
    calls = [call for message in sent for call in message.get("tool_calls", ())]
    assert len(calls) == 2
    assert all(call["extra_content"]["google"]["thought_signature"] for call in calls)


def test_a_model_map_and_what_is_unsupported_are_as_the_proxy_was_told(
    serve: Callable[..., Proxy], emulator: Emulator
) -> None:
    proxy = serve(model_map={"gpt-4o": "gemini-2.5-flash"}, unsupported="error")
    client = client_of(proxy)
    client.chat.completions.create(**{**HELLO, "model": "gpt-4o"})
    assert emulator.requests[0].json["model"] == "gemini-2.5-flash"
    with pytest.raises(openai.BadRequestError, match="seed"):
        client.chat.completions.create(**HELLO, seed=1)
    assert len(emulator.requests) == 1


def test_a_body_that_is_not_called_json_is_adapted_all_the_same(
    proxy: Proxy, emulator: Emulator
) -> None:
    body = json.dumps({**HELLO, "stop": None})
    for kind in ({}, {"content-type": "application/x-www-form-urlencoded"}):
        response = httpx.post(
            f"{proxy.base_url}/chat/completions", content=body, headers=with_token(proxy, **kind)
        )
        assert response.json()["choices"]
    assert all("stop" not in request.json for request in emulator.requests)


# --- streams ---


def test_each_event_is_passed_on_while_the_next_is_awaited(
    proxy: Proxy, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("a"), chunk("b"), chunk("c")], hold=True))
    with (
        client_of(proxy) as client,
        client.chat.completions.create(**HELLO, stream=True) as stream,
    ):
        texts = [next(stream).choices[0].delta.content for _ in range(3)]
        assert texts == ["a", "b", "c"]
        assert not emulator.requests[0].answered
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


def test_a_stream_with_delays_is_whole(client: openai.OpenAI, emulator: Emulator) -> None:
    words = [chunk(f"{n} ") for n in range(5)]
    emulator.script(Sse([*words, chunk("end", finish_reason="stop")], pace=0.001))
    with client.chat.completions.create(**HELLO, stream=True) as stream:
        text = "".join(c.choices[0].delta.content or "" for c in stream)
    assert text == "0 1 2 3 4 end"


def test_a_stream_ends_with_done_and_with_its_usage(proxy: Proxy) -> None:
    ask = {**HELLO, "stream": True, "stream_options": {"include_usage": True}}
    response = httpx.post(f"{proxy.base_url}/chat/completions", json=ask, headers=with_token(proxy))
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    *events, usage, done = response.text.split("\n\n")[:-1]
    assert done == "data: [DONE]"
    assert json.loads(usage.removeprefix("data: "))["choices"] == []
    assert len(events) > 1


def test_ten_streams_run_side_by_side(serve: Callable[..., Proxy], emulator: Emulator) -> None:
    proxy = serve()
    for number in range(10):
        emulator.script(Sse([chunk(str(number))], hold=True))
    with client_of(proxy) as client, ExitStack() as stack:
        streams = [
            stack.enter_context(client.chat.completions.create(**HELLO, stream=True))
            for _ in range(10)
        ]
        texts = {next(stream).choices[0].delta.content for stream in streams}
        assert texts == {str(number) for number in range(10)}
        assert not any(request.disconnected for request in emulator.requests)
    emulator.wait_for(lambda: all(request.disconnected for request in emulator.requests))


@pytest.mark.parametrize("cut", [True, "reset"])
def test_a_stream_that_is_cut_is_an_error_and_no_end(
    client: openai.OpenAI, emulator: Emulator, cut: Any
) -> None:
    emulator.script(Sse([chunk("a")], cut=cut))
    with client.chat.completions.create(**HELLO, stream=True) as stream:
        assert next(stream).choices[0].delta.content == "a"
        with pytest.raises(openai.APIError):
            next(stream)


def test_an_error_inside_a_stream_is_one_for_openai(
    client: openai.OpenAI, emulator: Emulator
) -> None:
    emulator.script(faults.error_in_stream(chunk("a")))
    with client.chat.completions.create(**HELLO, stream=True) as stream:
        assert next(stream).choices[0].delta.content == "a"
        with pytest.raises(openai.APIError, match="overloaded"):
            next(stream)


def test_a_stream_that_takes_too_long_ends_with_an_error_and_without_done(
    serve: Callable[..., Proxy],
) -> None:
    class Slow(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield f"data: {json.dumps(chunk('a'))}\n\n".encode()
            raise httpx.ReadTimeout("slow")

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Slow())

    proxy = serve(transport=httpx.MockTransport(answer))
    response = httpx.post(
        f"{proxy.base_url}/chat/completions",
        json={**HELLO, "stream": True},
        headers=with_token(proxy),
    )
    *events, last = response.text.strip().split("\n\n")
    assert len(events) == 1
    assert "too long" in json.loads(last.removeprefix("data: "))["error"]["message"]


# --- callers that hang up ---


@pytest.mark.parametrize("answer", [Stall(), Sse([chunk("a")], hold=True)])
@pytest.mark.parametrize("stream", [False, True])
def test_a_call_ends_when_its_caller_hangs_up(
    proxy: Proxy, emulator: Emulator, answer: Any, stream: bool
) -> None:
    emulator.script(answer)
    body = json.dumps({**HELLO, "stream": stream})
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/json\r\nAuthorization: Bearer {proxy.token}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.sendall(f"{head}{body}".encode())
        emulator.wait_for(lambda: len(emulator.requests) == 1)
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


def test_a_caller_that_leaves_inside_its_request_makes_no_call(
    proxy: Proxy, emulator: Emulator
) -> None:
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        f"Authorization: Bearer {proxy.token}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.sendall(f"{head}{{".encode())
    assert httpx.get(f"{proxy.base_url}/models", headers=with_token(proxy)).status_code == 200
    assert [request.path for request in emulator.requests] == ["/v1beta/openai/models"]


def test_the_end_of_the_proxy_ends_its_calls(
    serve: Callable[..., Proxy], emulator: Emulator
) -> None:
    proxy = serve()
    emulator.script(Sse([chunk("a")], hold=True))
    with client_of(proxy) as client:
        stream = client.chat.completions.create(**HELLO, stream=True)
        next(stream)
        proxy.stop()
        emulator.wait_for(lambda: emulator.requests[0].disconnected)
        with pytest.raises(openai.APIConnectionError):
            next(stream)


# --- errors ---


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (faults.quota_per_day(), openai.RateLimitError, "insufficient_quota"),
        (faults.bad_key(), openai.AuthenticationError, "invalid_api_key"),
        (faults.overloaded(), openai.InternalServerError, None),
        (faults.html_bad_gateway(), openai.InternalServerError, None),
    ],
)
def test_a_refusal_of_geminis_has_openais_shape(
    client: openai.OpenAI, emulator: Emulator, fault: Reply, kind: Any, code: str | None
) -> None:
    emulator.script(fault)
    with pytest.raises(kind) as caught:
        client.chat.completions.create(**HELLO)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["message"]
    assert code is None or caught.value.code == code


def test_whether_another_try_helps_is_passed_on(client: openai.OpenAI, emulator: Emulator) -> None:
    for fault in (faults.quota_per_day(), faults.quota_per_minute("7s")):
        emulator.script(fault)
    with pytest.raises(openai.RateLimitError) as never:
        client.chat.completions.create(**HELLO)
    assert never.value.response.headers["x-should-retry"] == "false"
    assert "retry-after" not in never.value.response.headers
    with pytest.raises(openai.RateLimitError) as later:
        client.chat.completions.create(**HELLO)
    assert 6 <= float(later.value.response.headers["retry-after"]) <= 8


def test_what_is_no_json_is_refused_by_gemini(proxy: Proxy) -> None:
    response = httpx.post(
        f"{proxy.base_url}/chat/completions", content=b"{nope", headers=with_token(proxy)
    )
    assert response.status_code == 400
    assert "Invalid JSON" in error_of(response)["message"]


def test_a_server_that_cannot_be_reached_is_an_error_of_a_gateway(
    serve: Callable[..., Proxy], emulator: Emulator
) -> None:
    emulator.script(Drop())
    proxy = serve()
    response = httpx.post(
        f"{proxy.base_url}/chat/completions", json=HELLO, headers=with_token(proxy)
    )
    assert response.status_code == 502
    assert "could not be reached" in error_of(response)["message"]


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (httpx.ReadTimeout("slow"), 504, "took too long"),
        (httpx.ConnectError("http://me:hush@h/?key=hush"), 502, "could not be reached"),
        (RuntimeError("http://me:hush@h/?key=hush"), 502, "could not be reached"),
    ],
)
def test_whatever_fails_below_is_an_error_in_openais_shape(
    serve: Callable[..., Proxy],
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    word: str,
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    proxy = serve(transport=httpx.MockTransport(fail))
    response = httpx.post(
        f"{proxy.base_url}/chat/completions", json=HELLO, headers=with_token(proxy)
    )
    assert response.status_code == status
    assert word in error_of(response)["message"]
    assert "hush" not in response.text + caplog.text


def test_an_error_of_the_proxys_own_is_told_by_its_class_only(
    serve: Callable[..., Proxy], caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(request: httpx.Request) -> None:
        raise ValueError("http://me:hush@h/?key=hush")

    proxy = serve(event_hooks={"request": [fail]})
    response = httpx.get(f"{proxy.base_url}/models", headers=with_token(proxy))
    assert response.status_code == 500
    assert error_of(response)["message"] == "The proxy failed, by a ValueError."
    assert "ValueError" in caplog.text
    assert "hush" not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "/v1/responses",
        "/v1/completions",
        "/v1/models/../../cachedContents",
        "/v1/models/%2e%2e/%2e%2e/cachedContents",
        "/v1/models/a%2F..%2F..%2Fb",
        "/v1//models",
        "/v1/chat",
        "/v1/videos/v/content",
        "/",
    ],
)
def test_only_openais_paths_are_there(proxy: Proxy, emulator: Emulator, path: str) -> None:
    target = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.sendall(f"{target}Authorization: Bearer {proxy.token}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b'"code":"unknown_url"' in answer
    assert emulator.requests == []


def test_a_wrong_method_is_told_the_right_ones(proxy: Proxy) -> None:
    response = httpx.get(f"{proxy.base_url}/chat/completions", headers=with_token(proxy))
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert "POST" in error_of(response)["message"]


# --- limits ---


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_beyond_the_limit_is_refused_and_not_passed_on(
    serve: Callable[..., Proxy], emulator: Emulator, declared: bool
) -> None:
    proxy = serve(max_body=1000)
    body = json.dumps({**HELLO, "user": "x" * 200_000}).encode()
    content: Any = body if declared else iter([body[:500], body[500:]])
    with httpx.Client(headers=with_token(proxy)) as http:
        response = http.post(f"{proxy.base_url}/chat/completions", content=content)
        assert response.status_code == 413
        assert "--max-body" in error_of(response)["message"]
        assert emulator.requests == []
        assert http.post(f"{proxy.base_url}/chat/completions", json=HELLO).status_code == 200


def test_a_compressed_body_is_refused(proxy: Proxy) -> None:
    headers = with_token(proxy, **{"content-encoding": "gzip"})
    response = httpx.post(f"{proxy.base_url}/chat/completions", content=b"x", headers=headers)
    assert response.status_code == 415
    assert error_of(response)


# --- the log and secrets ---


def test_a_request_is_one_line_in_the_log_without_its_content(
    proxy: Proxy, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gemini_openai.proxy")
    ask = {**HELLO, "messages": [{"role": "user", "content": "a private matter"}]}
    streamed = {**ask, "stream": True, "stream_options": {"include_usage": True}}
    odd = {**ask, "model": "x\n2026 GET /v1/models ok 200"}
    with httpx.Client(headers=with_token(proxy)) as http:
        usage = http.post(f"{proxy.base_url}/chat/completions", json=ask).json()["usage"]
        http.post(f"{proxy.base_url}/chat/completions", json=streamed)
        http.post(f"{proxy.base_url}/chat/completions", json=odd)
        http.get(f"{proxy.base_url}/models?key=hush")
    proxy.stop()
    lines = [r.getMessage() for r in caplog.records if r.name == "gemini_openai.proxy"]
    tokens = f"{usage['prompt_tokens']}+"
    for line in lines[:2]:
        assert line.startswith("POST /v1/chat/completions gemini-2.5-flash 200 0.")
        assert f"s {tokens}" in line
    assert lines[2].startswith("POST /v1/chat/completions x?2026?GET?/v1/models?ok?200 40")
    assert lines[3].startswith("GET /v1/models - 200 ")
    assert len(lines) == 4
    text = "\n".join(lines)
    assert "private" not in text
    assert "hush" not in text


def test_a_caller_that_left_is_in_the_log(
    proxy: Proxy, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gemini_openai.proxy")
    emulator.script(Sse([chunk("a")], hold=True))
    with (
        client_of(proxy) as client,
        client.chat.completions.create(**HELLO, stream=True) as stream,
    ):
        next(stream)
    emulator.wait_for(lambda: emulator.requests[0].disconnected)
    proxy.stop()
    (line,) = [r.getMessage() for r in caplog.records if r.name == "gemini_openai.proxy"]
    assert " 499 " in line


@pytest.mark.parametrize("stream", [False, True])
def test_the_key_is_in_no_answer_and_no_log(
    proxy: Proxy, emulator: Emulator, caplog: pytest.LogCaptureFixture, stream: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    other = "AIzaSyA1234567890123456789012345678901"
    told = f"Consumer 'api_key:{KEY}' and '{other}' has been suspended."
    error = {"error": {"code": 403, "message": told, "status": "PERMISSION_DENIED"}}
    emulator.script(Reply(403, json=[error], headers={"Location": f"/?key={KEY}"}))
    if stream:
        emulator.script(Sse([chunk(f"it is {KEY}", finish_reason="stop")]))
    else:
        emulator.script(Answer(text=f"it is {KEY}"))
    with httpx.Client(headers=with_token(proxy)) as http:
        url, ask = f"{proxy.base_url}/chat/completions", {**HELLO, "stream": stream}
        answers = [http.post(url, json=ask) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [403, 200]
    assert "has been suspended" in answers[0].text
    for answer in answers:
        shown = answer.text + repr(answer.headers.raw)
        assert KEY not in shown
        assert other not in shown
        assert "[secret]" in shown
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("gemini_openai.proxy")]
    assert KEY not in repr(ours) + repr(proxy) + repr(vars(proxy)["_access"])
    assert proxy.token
    assert proxy.token not in repr(ours)
