"""What cannot be sent: the error `openai` has for it, in words that say what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest

import gemini_openai
from gemini_openai import APIConnectionError, ClientClosedError, NotSupportedError
from gemini_openai.emulator import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}

ENTERED_WRONGLY = (TypeError, AttributeError)  # the second on Python 3.10

OTHERWISE = {
    # act: why we do not do as openai does
    "a set": "an iterable, so an array",
    "a timeout in text": "openai lets the HTTP library fail on it, or not",
}

ACTS: dict[str, tuple[Callable[[Any], Any], type[Exception], str]] = {
    # act, class of error, words in its message
    "an empty batch id": (
        lambda c: c.batches.retrieve(""),
        ValueError,
        r"non-empty value for `batch_id` .*`id` of what create\(\) returned",
    ),
    "no batch id": (lambda c: c.batches.cancel(None), ValueError, "`batch_id` but received None"),
    "an empty file id": (lambda c: c.files.retrieve(""), ValueError, "`file_id`"),
    "an empty file id to read": (lambda c: c.files.content(""), ValueError, "`file_id`"),
    "an empty file id to delete": (lambda c: c.files.delete(""), ValueError, "`file_id`"),
    "an empty model": (lambda c: c.models.retrieve(""), ValueError, "`model`"),
    "an empty video id": (lambda c: c.videos.retrieve(""), ValueError, "`video_id`"),
    "an id that leads elsewhere": (
        lambda c: c.batches.retrieve(".."),
        ValueError,
        "would lead to another path",
    ),
    "a missing keyword": (
        lambda c: c.chat.completions.create(model="m"),
        TypeError,
        "missing 1 required keyword-only argument: 'messages'",
    ),
    "missing keywords": (
        lambda c: c.embeddings.create(),
        TypeError,
        "missing 2 required keyword-only arguments: 'input' and 'model'",
    ),
    "an unknown keyword": (
        lambda c: c.chat.completions.create(**HELLO, temprature=1),
        TypeError,
        "unexpected keyword argument 'temprature'",
    ),
    "an unknown keyword beside an id": (
        lambda c: c.batches.retrieve("abc", headers={}),
        TypeError,
        "unexpected keyword argument 'headers'",
    ),
    "an unknown keyword of a list": (
        lambda c: c.files.list(before="x"),
        TypeError,
        "unexpected keyword argument 'before'",
    ),
    "arguments by position": (
        lambda c: c.chat.completions.create("m", []),
        TypeError,
        "positional argument",
    ),
    "an object": (
        lambda c: c.chat.completions.create(**{**HELLO, "stop": [object()]}),
        TypeError,
        r"type object is not JSON serializable.*\['stop'\]\[0\].*Turn it into str",
    ),
    "a path in a message": (
        lambda c: c.embeddings.create(model="m", input=Path("a.txt")),
        TypeError,
        r"PosixPath|WindowsPath",
    ),
    "bytes": (
        lambda c: c.chat.completions.create(**{**HELLO, "model": b"a"}),
        TypeError,
        r"type bytes is not JSON.*data: URL",
    ),
    "a number that is none": (
        lambda c: c.chat.completions.create(**HELLO, temperature=float("nan")),
        ValueError,
        r"not JSON compliant: the body\[.*\] is nan\. Give a finite number",
    ),
    "a set": (
        lambda c: c.chat.completions.create(**HELLO, stop={"a"}),
        TypeError,
        "never raised",
    ),
    "a timeout in text": (
        lambda c: c.models.list(timeout="5"),
        TypeError,
        "number of seconds, None, or an httpx.Timeout",
    ),
    "the name of a file": (
        lambda c: c.files.create(file="rows.jsonl", purpose="batch"),
        RuntimeError,
        r"`file` must be a file, not a str.*pathlib\.Path",
    ),
    "no file": (lambda c: c.files.create(file=None, purpose="batch"), RuntimeError, "NoneType"),
    "a body twice": (
        lambda c: c.post("/x", cast_to=object, body={}, content=b""),
        TypeError,
        r"body \(sent as JSON\) or content",
    ),
    "options over a body that is a list": (
        lambda c: c.post("/x", cast_to=object, body=[], options={"extra_json": {"a": 1}}),
        RuntimeError,
        "over a JSON object only, and the body is a list",
    ),
    "no path": (lambda c: c.get(cast_to=object), TypeError, "'path'"),
    "no type of answer": (lambda c: c.get("/x"), TypeError, "'cast_to'"),
    "headers added and replaced": (
        lambda c: c.with_options(default_headers={}, set_default_headers={}),
        ValueError,
        "default_headers",
    ),
    "retries without end": (
        lambda c: c.with_options(max_retries=None),
        TypeError,
        "whole number from 0 up",
    ),
    "a closed client": (
        lambda c: (c.close(), c.models.list()),
        RuntimeError,
        "has been closed. Make a new one",
    ),
}


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
@pytest.mark.parametrize("act", ACTS)
def test_the_error_is_of_the_class_openai_has_for_it(act: str) -> None:
    do, expected, _ = ACTS[act]

    def answer(request: Any) -> Any:
        return httpx2.Response(200, json={"object": "list", "data": []})

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = openai.OpenAI(api_key="k", http_client=http, max_retries=0)
    if act == "a timeout in text":
        do(client)
        return
    with pytest.raises(expected):
        do(client)


@pytest.mark.parametrize("act", ACTS)
async def test_what_cannot_be_sent_is_not_and_the_error_says_why(
    world: World, emulator: Emulator, act: str
) -> None:
    do, expected, words = ACTS[act]
    if act == "a closed client" and world.is_async:
        pytest.skip("below, since closing is awaited")
    if act == "a set":
        await world.ask(do)
        assert emulator.requests[-1].json["stop"] == ["a"]
        return
    with pytest.raises(expected, match=words):
        await world.ask(do)
    assert not emulator.requests


def test_every_difference_is_an_act() -> None:
    assert OTHERWISE.keys() <= ACTS.keys()


async def test_a_closed_client_raises_what_either_kind_of_handler_catches(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    await world.result(client.close())
    with pytest.raises(ClientClosedError, match="Make a new one") as caught:
        await world.result(client.chat.completions.create(**HELLO))
    assert isinstance(caught.value, APIConnectionError)
    assert isinstance(caught.value, RuntimeError)
    assert not emulator.requests


async def test_an_http_client_closed_behind_our_back_is_told_of_the_same_way(
    world: World, emulator: Emulator
) -> None:
    kind = world.family.AsyncClient if world.is_async else world.family.Client
    http = kind()
    client = world.client(http_client=http)
    await world.result(http.aclose() if world.is_async else http.close())
    with pytest.raises(ClientClosedError):
        await world.result(client.models.list())


async def test_awaiting_what_a_blocking_client_gave_is_pythons_own_error(
    emulator: Emulator,
) -> None:
    with gemini_openai.OpenAI(api_key="k", base_url=emulator.base_url) as client:
        with pytest.raises(TypeError, match=r"ChatCompletion.* 'await' expression"):
            await client.chat.completions.create(**HELLO)  # type: ignore[misc]
        with pytest.raises(ENTERED_WRONGLY, match="asynchronous context manager|__aenter__"):
            async with client:  # type: ignore[attr-defined]
                pass


async def test_using_what_an_async_client_gave_without_awaiting_it_is_pythons_own_error(
    emulator: Emulator,
) -> None:
    async with gemini_openai.AsyncOpenAI(api_key="k", base_url=emulator.base_url) as client:
        coroutine = client.chat.completions.create(**HELLO)
        with pytest.raises(AttributeError, match="'coroutine' object has no attribute 'choices'"):
            coroutine.choices  # type: ignore[attr-defined]  # noqa: B018
        coroutine.close()
        pages = client.models.list()
        with pytest.raises(TypeError, match="'AsyncPaginator' object is not iterable"):
            list(pages)  # type: ignore[call-overload]
        with pytest.raises(ENTERED_WRONGLY, match="context manager|__enter__"), client:  # type: ignore[attr-defined]
            pass


@pytest.mark.parametrize("kind", ["AzureOpenAI", "BedrockOpenAI"])
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_client_of_another_company_can_be_named_but_not_made(prefix: str, kind: str) -> None:
    named = getattr(gemini_openai, prefix + kind)
    ours = getattr(gemini_openai, f"{prefix}OpenAI")
    assert issubclass(named, ours)
    assert not isinstance(ours(api_key="k"), named)
    with pytest.raises(NotSupportedError, match=rf"{prefix}OpenAI\(api_key=\.\.\.\)"):
        named(azure_endpoint="https://x.example", api_version="1", api_key="k")


async def test_a_dict_of_any_kind_is_an_object(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(json={}))
    await world.ask(lambda c: c.post("/anything", cast_to=object, body={1: "a"}, options={}))
    assert json.loads(emulator.requests[-1].body) == {"1": "a"}
