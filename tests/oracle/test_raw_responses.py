"""Raw and streaming responses through `openai` and through us, over the same bytes.

What differs on purpose stands in `oracle.differences`, with the reason.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, List, Union  # noqa: UP035

import httpx
import httpx2
import openai
import pydantic
import pytest
from oracle.differences import NEVER_A_COROUTINE, PARSED_OTHERWISE, RESPONSE_CLASSES
from pydantic_core import from_json

import gemini_openai

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import ModuleType

HELLO: Any = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
ANSWER = (
    b'{"id": "one", "object": "chat.completion", "created": 1, "model": "m", "choices": '
    b'[{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}]}'
)
CHUNK = (
    b'{"id": "one", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": '
    b'[{"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": "Hi"}}]}'
)
EVENTS = b"data: " + CHUNK + b"\n\ndata: [DONE]\n\n"
SSE = "text/event-stream"
HEADERS = {"content-type": "application/json", "x-request-id": "request-7"}


VIEWS = {
    "resources.batches": "batches",
    "resources.beta.beta": "beta",
    "resources.chat.chat": "chat",
    "resources.chat.completions.completions": "completions",
    "resources.embeddings": "embeddings",
    "resources.files": "files",
    "resources.images": "images",
    "resources.models": "models",
    "resources.videos": "videos",
}

BODIES = {
    "json": (ANSWER, "application/json"),
    "json as text": (ANSWER, "text/plain"),
    "text": (b"hello", "text/plain; charset=utf-8"),
    "list": (b'[{"id": "one"}]', "application/json; charset=utf-8"),
    "number": (b"42", "application/json"),
    "broken": (b'{"id', "application/json"),
}


class Plain(pydantic.BaseModel):
    id: str


@dataclass
class Data:
    id: str


class Odd:
    """Nothing that JSON could become."""


def kinds(package: ModuleType, family: ModuleType) -> dict[str, Any]:
    """The types to ask for; those that are built on classes of the package, on its own."""

    class Short(package.BaseModel):  # type: ignore[name-defined, misc]
        id: str

    class Other(package.BaseModel):  # type: ignore[name-defined, misc]
        name: str

    class DerivedResponse(family.Response):  # type: ignore[name-defined, misc]
        pass

    return {
        "own": None,
        "model": Short,
        "other model": Other,
        "dict": dict,
        # openai knows no `Short | Other`, and in Python 3.10 no `list[Short]`.
        "list": List[Short],  # noqa: UP006
        "union": Union[Short, Other],  # noqa: UP007
        "object": object,
        "str": str,
        "int": int,
        "float": float,
        "bool": bool,
        "None": type(None),
        "response": family.Response,
        "derived response": DerivedResponse,
        "stream": package.Stream[Short],
        "no type of data": Odd,
    }


BEYOND = {Plain: Plain(id="one"), Data: Data("one"), bytes: ANSWER, Any: from_json(ANSWER)}


def shown(act: Callable[[], Any]) -> Any:
    """What comes of an act, in terms that two packages can share."""
    try:
        value = act()
    except Exception as error:  # noqa: BLE001  # which one is what is compared
        known = [cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins"]
        return known[0], isinstance(error, (openai.APIError, gemini_openai.APIError))
    if isinstance(value, list):
        return [shown(lambda item=item: item) for item in value]
    if isinstance(value, pydantic.BaseModel):
        return type(value).__name__, value.model_dump(exclude_unset=True)
    if isinstance(value, (httpx.Response, httpx2.Response)):
        return type(value)
    return value


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def family(request: pytest.FixtureRequest) -> ModuleType:
    module: ModuleType = request.param
    return module


def client(package: ModuleType, family: ModuleType, answer: Callable[[], Any]) -> Any:
    transport = family.MockTransport(lambda request: answer())
    return package.OpenAI(
        api_key="k", base_url="http://server/v1/", http_client=family.Client(transport=transport)
    )


def async_client(package: ModuleType, family: ModuleType, answer: Callable[[], Any]) -> Any:
    http = family.AsyncClient(transport=family.MockTransport(lambda request: answer()))
    return package.AsyncOpenAI(api_key="k", base_url="http://server/v1/", http_client=http)


def both(make: Callable[[ModuleType], Any]) -> list[Any]:
    return [make(openai), make(gemini_openai)]


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, names in RESPONSE_CLASSES.items() for name in names],
)
def test_every_class_has_every_public_name(module: str, name: str) -> None:
    theirs = getattr(importlib.import_module(f"openai.{module}"), name)
    ours = getattr(importlib.import_module(f"gemini_openai.{module}"), name)
    public = {attribute for attribute in dir(theirs) if not attribute.startswith("_")}
    assert public - {*dir(ours), *inspect.get_annotations(ours)} == set()
    for attribute in public:
        method = getattr(theirs, attribute)
        method = getattr(method, "__wrapped__", method)  # openai deprecates `stream_to_file`
        if not inspect.isfunction(method):
            continue
        mine = getattr(ours, attribute)
        assert parameters(mine) == parameters(method), attribute
        assert inspect.iscoroutinefunction(mine) is inspect.iscoroutinefunction(method), attribute


def parameters(function: Any) -> dict[str, tuple[Any, Any]]:
    return {
        name: (parameter.kind, parameter.default)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }


@pytest.mark.parametrize("module", VIEWS)
@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize("view", ["Raw", "Streaming"])
def test_every_view_has_every_method(module: str, is_async: bool, view: str) -> None:
    async_, attribute = "Async" * is_async, VIEWS[module]
    kind = f"{async_}{attribute.title()}With{view}Response"

    def view_of(package: ModuleType) -> Any:
        api = (package.AsyncOpenAI if is_async else package.OpenAI)(api_key="k")
        group = api.chat if attribute == "completions" else api
        made = getattr(getattr(group, attribute), f"with_{view.lower()}_response")
        assert type(made) is getattr(importlib.import_module(f"{package.__name__}.{module}"), kind)
        return made

    theirs, ours = both(view_of)
    for name in dir(theirs):
        if name.startswith("_"):
            continue
        mine = getattr(ours, name)
        if f"{attribute}.{name}" in NEVER_A_COROUTINE:
            continue
        method = getattr(theirs, name)
        if hasattr(method, "__deprecated__"):
            continue  # Python 3.13 marks a deprecated coroutine, and openai's view copies the mark
        assert inspect.iscoroutinefunction(mine) is inspect.iscoroutinefunction(method), name


def test_no_class_of_responses_is_another_by_accident() -> None:
    for package in (openai, gemini_openai):
        legacy = importlib.import_module(f"{package.__name__}._legacy_response")
        modern = importlib.import_module(f"{package.__name__}._response")
        assert not issubclass(legacy.LegacyAPIResponse, modern.APIResponse)
        assert not issubclass(modern.AsyncAPIResponse, modern.APIResponse)
        assert issubclass(modern.StreamedBinaryAPIResponse, modern.APIResponse)
        assert issubclass(modern.StreamAlreadyConsumed, package.OpenAIError)


def test_the_http_side_is_the_same(family: ModuleType) -> None:
    def sides(package: ModuleType) -> list[Any]:
        reply = [
            family.Response(503, headers={"retry-after-ms": "1"}),
            family.Response(200, content=iter([ANSWER]), headers=HEADERS),
        ]
        act = client(package, family, lambda: reply.pop(0)).chat.completions.with_raw_response
        raw = act.create(**HELLO, extra_headers={"x-a": "b"}, extra_query={"c": "d"})
        return [
            type(raw).__name__,
            raw.status_code,
            dict(raw.headers),
            raw.method,
            str(raw.url),
            raw.http_version,
            raw.content,
            raw.text,
            raw.is_closed,
            raw.retries_taken,
            raw.request_id,
            raw.http_request.headers["x-a"],
            type(raw.http_response),
            type(raw.elapsed),
            raw.parse()._request_id,
            list(raw._parsed_by_type) == [type(raw.parse())],
            raw.parse() is raw.parse(),
        ]

    theirs, ours = both(sides)
    assert ours == theirs


@pytest.mark.parametrize("body", BODIES)
def test_an_answer_is_parsed_to_the_same(family: ModuleType, body: str) -> None:
    content, content_type = BODIES[body]

    def parsed(package: ModuleType) -> dict[str, Any]:
        reply = family.Response(200, content=content, headers={"content-type": content_type})
        raw = client(package, family, lambda: reply).chat.completions.with_raw_response.create(
            **HELLO
        )
        return {
            kind: shown(lambda to=to: raw.parse() if to is None else raw.parse(to=to))
            for kind, to in kinds(package, family).items()
        }

    theirs, ours = both(parsed)
    different = {kind for kind in theirs if ours[kind] != theirs[kind]}
    assert different == {kind for where, kind in PARSED_OTHERWISE if where == body}


@pytest.mark.parametrize("to", BEYOND, ids=str)
def test_what_openai_cannot_parse_we_can(family: ModuleType, to: Any) -> None:
    def parsed(package: ModuleType) -> Any:
        reply = family.Response(200, content=ANSWER, headers=HEADERS)
        raw = client(package, family, lambda: reply).chat.completions.with_raw_response.create(
            **HELLO
        )
        return raw.parse(to=to)

    with pytest.raises((TypeError, RuntimeError)):
        parsed(openai)
    assert parsed(gemini_openai) == BEYOND[to]


@pytest.mark.parametrize("view", ["with_raw_response", "with_streaming_response"])
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_a_refusal_is_the_same_error(family: ModuleType, view: str, status: int) -> None:
    body = {"error": {"message": "no", "code": status, "type": "t", "param": "p"}}

    def error(package: ModuleType) -> tuple[Any, ...]:
        api = client(package, family, lambda: family.Response(status, json=body))
        create = getattr(api.with_options(max_retries=0).chat.completions, view).create
        with pytest.raises(package.APIStatusError) as caught:
            create(**HELLO).__enter__()
        failure = caught.value
        return type(failure).__name__, str(failure), failure.body, failure.response.is_closed

    theirs, ours = both(error)
    assert ours == theirs


def test_an_open_response_is_read_the_same_way(family: ModuleType) -> None:
    def forms(package: ModuleType) -> list[Any]:
        def pieces() -> Iterator[bytes]:
            yield ANSWER[:10]
            yield ANSWER[10:]

        def opened(act: Callable[[Any], Any]) -> Any:
            reply = family.Response(200, content=pieces(), headers=HEADERS)
            api = client(package, family, lambda: reply)
            with api.chat.completions.with_streaming_response.create(**HELLO) as response:
                assert not response.is_closed
                value = act(response)
            assert response.is_closed
            return type(response).__name__, value, response.request_id, response.retries_taken

        return [
            opened(lambda r: list(r.iter_bytes())),
            opened(lambda r: list(r.iter_bytes(7))),
            opened(lambda r: list(r.iter_text())),
            opened(lambda r: list(r.iter_lines())),
            opened(lambda r: r.read()),
            opened(lambda r: r.text()),
            opened(lambda r: r.json()),
            opened(lambda r: shown(r.parse)),
            opened(lambda r: r.parse(to=str)),
            opened(lambda r: (list(r.iter_bytes()), shown(r.read))[1]),
        ]

    theirs, ours = both(forms)
    assert ours == theirs


async def test_an_open_response_is_read_the_same_way_in_an_event_loop(family: ModuleType) -> None:
    async def forms(package: ModuleType) -> list[Any]:
        async def pieces() -> AsyncIterator[bytes]:
            yield ANSWER[:10]
            yield ANSWER[10:]

        async def opened(act: Callable[[Any], Any]) -> Any:
            reply = family.Response(200, content=pieces(), headers=HEADERS)
            api = async_client(package, family, lambda: reply)
            async with api.chat.completions.with_streaming_response.create(**HELLO) as response:
                assert not response.is_closed
                value = act(response)
                if inspect.isawaitable(value):
                    value = await value
                else:
                    value = [piece async for piece in value]
            assert response.is_closed
            return type(response).__name__, shown(lambda: value), response.request_id

        return [
            await opened(lambda r: r.iter_bytes()),
            await opened(lambda r: r.iter_bytes(7)),
            await opened(lambda r: r.iter_text()),
            await opened(lambda r: r.iter_lines()),
            await opened(lambda r: r.read()),
            await opened(lambda r: r.text()),
            await opened(lambda r: r.json()),
            await opened(lambda r: r.parse()),
            await opened(lambda r: r.parse(to=str)),
        ]

    assert await forms(gemini_openai) == await forms(openai)


def test_a_raw_stream_is_parsed_to_the_same(family: ModuleType) -> None:
    def streams(package: ModuleType) -> list[Any]:
        def raw() -> Any:
            reply = family.Response(200, content=EVENTS, headers={"content-type": SSE})
            api = client(package, family, lambda: reply)
            return api.chat.completions.with_raw_response.create(**HELLO, stream=True)

        class Short(package.BaseModel):  # type: ignore[name-defined, misc]
            id: str

        class Mine(package.Stream[Short]):  # type: ignore[name-defined, misc]
            pass

        response = raw()
        return [
            type(response.parse()).__name__,
            response.parse() is response.parse(),
            shown(lambda: list(response.parse())),
            shown(lambda: list(raw().parse(to=package.Stream[Short]))),
            shown(lambda: list(raw().parse(to=Mine))),
            type(raw().parse(to=Mine)).__name__,
            shown(lambda: raw().parse(to=Short)),
            shown(lambda: raw().parse(to=str)),
        ]

    theirs, ours = both(streams)
    assert ours == theirs


@pytest.mark.parametrize("value", ["true", "stream", "raw", ""])
@pytest.mark.parametrize("kind", ["own", "response", "file", "class"])
def test_the_header_set_by_hand_does_the_same(family: ModuleType, value: str, kind: str) -> None:
    def given(package: ModuleType) -> Any:
        legacy = importlib.import_module(f"{package.__name__}._legacy_response")
        modern = importlib.import_module(f"{package.__name__}._response")
        cast_to = {
            "own": package.types.chat.ChatCompletion,
            "response": family.Response,
            "file": legacy.HttpxBinaryResponseContent,
            "class": modern.BinaryAPIResponse,
        }[kind]

        def pieces() -> Iterator[bytes]:
            yield ANSWER

        reply = family.Response(200, content=pieces(), headers=HEADERS)
        response = client(package, family, lambda: reply).post(
            "/x",
            cast_to=cast_to,
            body={},
            options={"headers": {"X-Stainless-Raw-Response": value}},
        )
        http_response = getattr(response, "http_response", response)
        http_response = getattr(http_response, "response", http_response)
        closed = getattr(http_response, "is_closed", None)
        return type(response).__name__.replace("StreamedBinary", ""), closed

    theirs, ours = both(given)
    assert ours == theirs


def test_openai_sends_the_header_and_we_do_not(family: ModuleType) -> None:
    def sent(package: ModuleType) -> bool:
        reply = family.Response(200, content=ANSWER, headers=HEADERS)
        raw = client(package, family, lambda: reply).chat.completions.with_raw_response.create(
            **HELLO
        )
        return "x-stainless-raw-response" in raw.http_request.headers

    assert both(sent) == [True, False]
