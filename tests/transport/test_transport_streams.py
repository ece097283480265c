"""Streams through our transport: each event at once, their errors, and their early end."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import anyio
import openai
import pytest
from anyio import CancelScope
from conftest import HELLO
from small_server import SmallServer

from gemini_openai.emulator import Reply, Sse, Stall, faults

if TYPE_CHECKING:
    from transport.conftest import Genuine

    from gemini_openai.emulator import Emulator

# openai leaves its own generators, and httpx's, to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:Async generator '(openai|httpx2?)\.:ResourceWarning"
)


def chunk(content: str | None, finish: str | None = None, index: int = 0) -> dict[str, Any]:
    choice = {"index": index, "delta": {"role": "assistant", "content": content}}
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{**choice, "finish_reason": finish}],
    }


async def begun(genuine: Genuine, **options: Any) -> Any:
    client = genuine.client(**options)
    return await genuine.result(client.chat.completions.create(**HELLO, stream=True))


async def read(genuine: Genuine, stream: Any) -> tuple[str, Exception | None]:
    """The text that came, and the error behind it."""
    text = ""
    try:
        if genuine.is_async:
            async for part in stream:
                text += part.choices[0].delta.content or ""
        else:
            for part in stream:
                text += part.choices[0].delta.content or ""
    except Exception as error:  # noqa: BLE001
        return text, error
    return text, None


def _timeout_in(error: Exception | None) -> Exception | None:
    """The HTTP library's timeout: as it is with older `openai`, in an error of its own by now."""
    found = error.__cause__ if isinstance(error, openai.APITimeoutError) else error
    return found if type(found).__name__ == "ReadTimeout" else None  # type: ignore[return-value]


async def test_each_event_is_there_before_the_next_one_is_sent(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("a"), chunk("b")], hold=True))
    stream = await begun(genuine)
    assert (await genuine.first(aiter(stream) if genuine.is_async else stream)).choices
    second = await genuine.first(aiter(stream) if genuine.is_async else stream)
    assert second.choices[0].delta.content == "b"  # and nothing comes after it
    await genuine.result(stream.close())
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


async def test_repaired_events_are_not_held_either(genuine: Genuine, emulator: Emulator) -> None:
    call = {"function": {"name": "f", "arguments": "{}"}, "id": "", "type": "function"}
    first = chunk(None)
    first["choices"][0]["delta"]["tool_calls"] = [call, call]
    emulator.script(Sse([first], hold=True))
    stream = await begun(genuine)
    got = await genuine.first(aiter(stream) if genuine.is_async else stream)
    assert got.choices[0].delta.tool_calls[0].id
    await genuine.result(stream.close())
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


async def test_plain_events_are_counted_where_usage_is_asked_for(
    genuine: Genuine, emulator: Emulator
) -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    last = {**chunk("c", "stop"), "usage": usage}
    plain = chunk("b")
    del plain["choices"][0]["finish_reason"]
    on_two_lines = json.dumps(plain, separators=(",", ":")).replace(
        ',"choices"', ',\ndata: "choices"'
    )
    emulator.script(
        *(Sse([chunk("a"), plain, f"data: {on_two_lines}\n\n", last]) for _ in range(2))
    )
    client = genuine.client()
    asked = {**HELLO, "stream": True}
    stream = await genuine.result(client.chat.completions.create(**asked))
    parts = [part.choices[0].delta.content for part in await genuine.collect(stream)]
    assert parts == ["a", "b", "b", "c"]
    counted = await genuine.result(
        client.chat.completions.create(**asked, stream_options={"include_usage": True})
    )
    counts = [part.usage.total_tokens for part in await genuine.collect(counted)]
    assert sum(counts) == counts[-1] == 3


async def test_an_error_in_a_stream_is_raised_with_googles_words(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.error_in_stream(chunk("Hel")))
    text, error = await read(genuine, await begun(genuine))
    assert text == "Hel"
    assert type(error) is openai.APIError
    assert "overloaded" in error.message
    assert error.code == "503"


async def test_an_error_that_comes_for_an_answer_is_raised(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.error_in_stream())
    text, error = await read(genuine, await begun(genuine))
    assert text == ""
    assert type(error) is openai.APIError


@pytest.mark.parametrize("cut", [True, "reset", None])
async def test_a_stream_that_is_cut_is_an_error_and_no_end(
    genuine: Genuine, emulator: Emulator, cut: Any
) -> None:
    how: dict[str, Any] = {"done": False} if cut is None else {"cut": cut}
    emulator.script(Sse([chunk("Hel"), chunk("lo")], **how))
    _, error = await read(genuine, await begun(genuine))
    assert isinstance(error, openai.APIError)
    assert "before the answer was complete" in error.message
    if cut != "reset":
        assert "2 chunks had arrived. Call again." in error.message
    assert "`chunks`" not in error.message


async def test_a_stream_that_is_cut_after_its_finish_reason_is_whole(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("Hello", "stop")], cut=True))
    assert await read(genuine, await begun(genuine)) == ("Hello", None)


async def test_a_stream_that_is_a_web_page_is_an_error(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(Reply(text="<html><title>Sign in</title></html>"))
    _, error = await read(genuine, await begun(genuine))
    assert isinstance(error, openai.APIError)
    assert "Sign in" in error.message


async def test_an_event_that_is_no_json_is_an_error(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("Hel"), "data: {oops\n\n"]))
    text, error = await read(genuine, await begun(genuine))
    assert text == "Hel"
    assert isinstance(error, openai.APIError)
    assert "not JSON" in error.message


async def test_a_timeout_in_mid_stream_is_a_timeout(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("Hel")], hold=True))
    text, error = await read(
        genuine, await begun(genuine, timeout=genuine.family.Timeout(10, read=0.5))
    )
    assert text == "Hel"
    assert _timeout_in(error)
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


async def test_a_deadline_in_mid_stream_is_an_error(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("Hel")], hold=True))
    text, error = await read(genuine, await begun(genuine, deadline=1))
    assert text == "Hel"
    assert "deadline of 1 s" in str(_timeout_in(error))
    assert "`chunks`" not in str(_timeout_in(error))
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


async def test_a_refusal_of_a_stream_is_a_status_error(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.quota_per_day())
    with pytest.raises(openai.RateLimitError, match="daily quota"):
        await begun(genuine)


async def test_a_stream_that_was_read_gives_its_connection_back(genuine: Genuine) -> None:
    with SmallServer() as server:
        client = genuine.client(base_url=server.url)
        for _ in range(3):
            stream = await genuine.result(client.chat.completions.create(**HELLO, stream=True))
            assert (await read(genuine, stream))[1] is None
        assert server.opened == 1
        await genuine.result(client.close())


async def test_leaving_a_stream_early_closes_its_connection(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("a")], hold=True))
    client = genuine.client()
    stream = await genuine.result(client.chat.completions.create(**HELLO, stream=True))
    if genuine.is_async:
        async with stream:
            async for _ in stream:
                break
    else:
        with stream:
            for _ in stream:
                break
    emulator.wait_for(lambda: emulator.requests[0].disconnected)
    assert await genuine.result(client.chat.completions.create(**HELLO))


async def test_a_dropped_stream_ends_with_the_garbage(genuine: Genuine, emulator: Emulator) -> None:
    if genuine.is_async:
        pytest.skip("only an event loop can close what belongs to it")
    emulator.script(Sse([chunk("a")], hold=True))
    stream = await begun(genuine)
    next(iter(stream))
    del stream
    gc.collect()
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


async def test_a_cancelled_stream_stops_the_server(genuine: Genuine, emulator: Emulator) -> None:
    if not genuine.is_async:
        pytest.skip("a blocking call cannot be cancelled")
    emulator.script(Sse([chunk("a")], hold=True), Stall())
    client = genuine.client()
    with CancelScope() as scope:
        async for _ in await client.chat.completions.create(**HELLO, stream=True):
            scope.cancel()
    emulator.wait_for(lambda: emulator.requests[0].disconnected)
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: client.chat.completions.create(**HELLO))
        await anyio.to_thread.run_sync(emulator.wait_for, lambda: len(emulator.requests) == 2)
        group.cancel_scope.cancel()
    emulator.wait_for(lambda: emulator.requests[1].disconnected)
    assert await client.chat.completions.create(**HELLO)


async def test_an_event_may_have_any_size_up_to_the_bound(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("a"), "data: {" + "x" * 5000], hold=True))
    _, error = await read(genuine, await begun(genuine, max_response_bytes=1000))
    assert isinstance(error, openai.APIError)
    assert "max_response_bytes" in error.message
    emulator.wait_for(lambda: emulator.requests[0].disconnected)
