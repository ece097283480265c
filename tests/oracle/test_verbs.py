"""`client.get`, `post`, `put`, `patch`, `delete` and `request`: the same bytes, the same answers.

What differs on purpose stands in `oracle.differences`, with the reason; a row that no longer
applies fails too.
"""

from __future__ import annotations

import inspect
import io
import re
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union  # noqa: UP035

import httpx
import httpx2
import openai
import pytest
from oracle.differences import OTHER_VERB_REQUESTS, VERBS_OTHERWISE

import gemini_openai

if TYPE_CHECKING:
    from collections.abc import Callable

BODIES: dict[str, tuple[bytes, str]] = {
    "an object": (b'{"a": 1, "c": {"d": null}}', "application/json"),
    "an object that does not fit": (b'{"a": "x"}', "application/json; charset=utf-8"),
    "a list": (b'[1, "2"]', "application/json"),
    "text in JSON": (b'"text"', "application/json"),
    "a number": (b"5", "application/json"),
    "null": (b"null", "application/json"),
    "nothing": (b"", "application/json"),
    "no JSON": (b"not JSON", "application/json"),
    "text": ("Grüße".encode(), "text/plain; charset=utf-8"),
    "nothing in text": (b"", "text/plain"),
    "a web page": (b"<!DOCTYPE html>", "text/html"),
}


def model_of(package: Any) -> Any:
    """A model as an app has it, derived from the package's own base."""
    return type(
        "Thing",
        (package.BaseModel,),
        {"__annotations__": {"a": int, "b": str | None}, "b": None, "__module__": __name__},
    )


KINDS: dict[str, Callable[[Any, Any], Any]] = {
    "str": lambda package, family: str,
    "bytes": lambda package, family: bytes,
    "int": lambda package, family: int,
    "float": lambda package, family: float,
    "bool": lambda package, family: bool,
    "dict": lambda package, family: dict,
    # On Python 3.10 openai knows the generics of `typing` only.
    "dict of str": lambda package, family: Dict[str, object],  # noqa: UP006
    "list": lambda package, family: list,
    "list of int": lambda package, family: List[int],  # noqa: UP006
    "object": lambda package, family: object,
    "none": lambda package, family: type(None),
    "model": lambda package, family: model_of(package),
    "union": lambda package, family: Union[model_of(package), str],  # noqa: UP007
    "optional": lambda package, family: Optional[model_of(package)],  # noqa: UP045
    "response": lambda package, family: family.Response,
}


def client_of(package: Any, family: Any, handle: Callable[[Any], Any], *, is_async: bool) -> Any:
    kind = "Async" if is_async else ""
    http = getattr(family, f"{kind}Client")(transport=family.MockTransport(handle))
    return getattr(package, f"{kind}OpenAI")(
        api_key="k", base_url="https://server.example/v1", http_client=http, max_retries=0
    )


async def outcome(value: Callable[[], Any]) -> tuple[str, Any]:
    """What came of it: the type and its looks, or the class of error."""
    try:
        result = value()
        if inspect.isawaitable(result):
            result = await result
    except (Exception, gemini_openai.OpenAIError) as error:  # noqa: BLE001
        return "raised", type(error).__name__
    shown = result.content if type(result).__name__ == "Response" else repr(result)
    return type(result).__name__, shown


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", BODIES)
async def test_an_answer_becomes_the_same(body: str, kind: str, is_async: bool) -> None:
    content, content_type = BODIES[body]
    found = []
    for package, family in ((openai, httpx2), (gemini_openai, httpx)):

        def handle(request: Any, family: Any = family) -> Any:
            headers = {"content-type": content_type}
            return family.Response(200, content=content, headers=headers)

        client = client_of(package, family, handle, is_async=is_async)
        cast_to = KINDS[kind](package, family)
        found.append(await outcome(lambda c=client, t=cast_to: c.get("/x", cast_to=t)))
    theirs, ours = found
    assert (ours == theirs) is ((body, kind) not in VERBS_OTHERWISE)


def test_every_difference_is_of_a_body_and_a_type() -> None:
    assert {body for body, _ in VERBS_OTHERWISE} <= BODIES.keys()
    assert {kind for _, kind in VERBS_OTHERWISE} <= KINDS.keys()


CALLS: dict[str, Callable[[Any], Any]] = {
    "get": lambda c: c.get("/a/b", cast_to=object),
    "get without a slash": lambda c: c.get("a", cast_to=object),
    "get of a whole URL": lambda c: c.get("https://server.example/other?x=1", cast_to=object),
    "get with parameters": lambda c: c.get(
        "/a?x=1", cast_to=object, options={"params": {"y": [1, None, {"z": True}], "e": ""}}
    ),
    "post": lambda c: c.post("/a", cast_to=object, body={"a": None, "ü": ["ü", 1.5, True]}),
    "post of a list": lambda c: c.post("/a", cast_to=object, body=[1, {"a": 2}]),
    "post of nothing": lambda c: c.post("/a", cast_to=object),
    "post of an empty object": lambda c: c.post("/a", cast_to=object, body={}),
    "post of bytes": lambda c: c.post(
        "/a",
        cast_to=object,
        content=b"bytes",
        options={"headers": {"Content-Type": "application/octet-stream"}},
    ),
    "post of text": lambda c: c.post("/a", cast_to=object, content="text"),
    "post of a form": lambda c: c.post(
        "/a",
        cast_to=object,
        body={"a": None, "b": True, "d": ["x", 1], "e": {"f": {"g": 1.5}, "h": [1, 2]}, "k": ""},
        files={"file": ("a.txt", b"bytes"), "more": b"x"},
        options={"headers": {"Content-Type": "multipart/form-data"}},
    ),
    "post of a form without files": lambda c: c.post(
        "/a",
        cast_to=object,
        body={"a": "b"},
        options={"headers": {"Content-Type": "multipart/form-data"}},
    ),
    "post of several files of one name": lambda c: c.post(
        "/a",
        cast_to=object,
        files=[("file[]", b"x"), ("file[]", ("y.txt", b"y", "text/y"))],
        options={"headers": {"Content-Type": "multipart/form-data"}},
    ),
    "post of a file": lambda c: c.post("/a", cast_to=object, body={"a": 1}, files={"b": b"x"}),
    "put": lambda c: c.put("/a", cast_to=object, body={"a": 1}),
    "patch": lambda c: c.patch("/a", cast_to=object, body={"a": 1}),
    "delete": lambda c: c.delete("/a", cast_to=object),
    "delete with a body": lambda c: c.delete("/a", cast_to=object, body={"a": 1}),
    "extra JSON": lambda c: c.post(
        "/a", cast_to=object, body={"a": 1, "b": 2}, options={"extra_json": {"b": 3, "c": 4}}
    ),
    "headers": lambda c: c.post(
        "/a", cast_to=object, body={}, options={"headers": {"X-A": "b", "Accept": "text/csv"}}
    ),
    "options that only openai has": lambda c: c.post(
        "/a",
        cast_to=object,
        body={},
        options={
            "security": {"bearer_auth": True},
            "synthesize_event_and_data": False,
            "stream_mode": "legacy",
        },
    ),
    "a key for idempotency": lambda c: c.post(
        "/a", cast_to=object, body={}, options={"idempotency_key": "k7"}
    ),
}


def seen(request: Any) -> Any:
    kind = request.headers.get("content-type", "") if request.content else ""
    boundary = kind.partition("boundary=")[2]
    content = request.content
    if boundary:
        content = re.sub(rb"Content-Type: [^\r]*\r\n", b"", content)
        content = content.replace(boundary.encode(), b"boundary")
    headers = {
        name: request.headers.get(name)
        for name in ("accept", "authorization", "idempotency-key", "x-a")
    }
    return request.method, str(request.url), kind.partition(";")[0], content, headers


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("family", [httpx, httpx2], ids=["httpx", "httpx2"])
@pytest.mark.parametrize("call", CALLS)
async def test_a_request_is_the_same(call: str, family: Any, is_async: bool) -> None:
    found = []
    for package, its_family in ((openai, httpx2), (gemini_openai, family)):

        async def handle(request: Any, family: Any = its_family) -> Any:
            await request.aread()
            found.append(seen(request))
            return family.Response(200, json={"a": 1})

        def handle_sync(request: Any, family: Any = its_family) -> Any:
            request.read()
            found.append(seen(request))
            return family.Response(200, json={"a": 1})

        handler = handle if is_async else handle_sync
        client = client_of(package, its_family, handler, is_async=is_async)
        assert await outcome(lambda c=client: CALLS[call](c)) == ("dict", "{'a': 1}")
    theirs, ours = found
    assert (ours == theirs) is (call not in OTHER_VERB_REQUESTS)


@pytest.mark.parametrize(
    "params",
    [{}, {"a": 1, "b": [True, None, "x y"], "c": {"d": {"e": 1.5}}}, {"empty": "", "ü": "&="}],
)
def test_parameters_become_the_same_query_string(params: Any) -> None:
    theirs = openai.OpenAI(api_key="k").qs.stringify(params)
    assert gemini_openai.OpenAI(api_key="k").qs.stringify(params) == theirs


@pytest.mark.parametrize(
    "content", [b"ab", bytearray(b"ab"), io.BytesIO(b"ab"), [b"a", b"b"], iter([b"a", b"b"])]
)
async def test_content_of_every_kind_is_sent_by_an_async_client(content: Any) -> None:
    sent = []

    async def handle(request: httpx.Request) -> httpx.Response:
        sent.append(await request.aread())
        return httpx.Response(200, json={})

    client = client_of(gemini_openai, httpx, handle, is_async=True)
    await client.post("/a", cast_to=object, content=content)
    assert sent == [b"ab"]


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
async def test_a_request_as_data_may_be_made_by_hand(is_async: bool) -> None:
    found = []
    for package, family in ((openai, httpx2), (gemini_openai, httpx)):

        def handle(request: Any, family: Any = family) -> Any:
            found.append(seen(request))
            return family.Response(200, json={"a": 1})

        client = client_of(package, family, handle, is_async=is_async)
        options = package._models.FinalRequestOptions.construct(
            method="post", url="/a", json_data={"a": 1}, params={"b": 2}
        )
        assert await outcome(lambda c=client, o=options: c.request(dict, o)) == ("dict", "{'a': 1}")
    assert found[0] == found[1]
