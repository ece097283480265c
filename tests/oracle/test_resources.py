"""Every method but those of chat, through `openai` and through us: on the wire, and in the result.

Ours are without the repairs of Gemini's dialect, which have tests of their own. What differs on
purpose stands in `oracle.differences`, with the reason; a row that no longer applies fails too.
"""

from __future__ import annotations

import inspect
import io
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import openai
import pytest
from oracle.differences import DIFFERENT_REQUESTS, DIFFERENT_RESULTS

import gemini_openai

if TYPE_CHECKING:
    from collections.abc import Callable


EMBEDDING = {"object": "embedding", "index": 0, "embedding": [0.5, -1.0]}
EMBEDDINGS = {
    "object": "list",
    "data": [EMBEDDING],
    "model": "m",
    "usage": {"prompt_tokens": 1, "total_tokens": 1},
}
MODEL = {"id": "models/gemini-2.5-flash", "object": "model", "owned_by": "google"}
IMAGES = {
    "created": 1,
    "data": [{"b64_json": "AAAA"}],
    "output_format": "png",
    "usage": {
        "input_tokens": 1,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 1},
        "output_tokens": 2,
        "total_tokens": 3,
    },
}
GEMINI_BATCH = {"id": "batches/abc", "status": "in_progress"}
BATCH = {
    **GEMINI_BATCH,
    "completion_window": "24h",
    "created_at": 1,
    "endpoint": "/v1/chat/completions",
    "input_file_id": "files/abc",
    "object": "batch",
    "errors": {"object": "list", "data": [{"code": "a", "line": None}]},
    "metadata": {"a": "b"},
    "request_counts": {"completed": 1, "failed": 0, "total": 3},
    "more": {"b": [1]},
}
FILE = {
    "id": "files/abc",
    "bytes": 3,
    "created_at": 1,
    "filename": "a.jsonl",
    "object": "file",
    "purpose": "batch",
    "status": "processed",
}
VIDEO = {
    "id": "abc",
    "object": "video",
    "created_at": 1,
    "completed_at": 2,
    "model": "veo",
    "progress": 100,
    "seconds": "4",
    "size": "1280x720",
    "status": "completed",
    "url": "https://g.example/v1beta/files/x:download",
}
PICTURE = ("a.png", b"picture", "image/png")


@dataclass
class Act:
    """One call, and what the server says to it."""

    name: str
    call: Callable[[Any], Any]
    answer: Any


ACTS = [
    Act(
        "embeddings.create", lambda c: c.embeddings.create(model="m", input=["a", "b"]), EMBEDDINGS
    ),
    Act(
        "embeddings.create of floats",
        lambda c: c.embeddings.create(
            model="m",
            input=("a", "b"),
            encoding_format="float",
            dimensions=3,
            user="me",
            extra_body={"a": None, "b": {"c": 1}},
            extra_query={"q": [1, "x"], "r": None},
            extra_headers={"X-A": "b"},
        ),
        EMBEDDINGS,
    ),
    Act(
        "images.generate",
        lambda c: c.images.generate(
            prompt="A cat", model="m", n=2, size="1024x1024", response_format="b64_json", style=None
        ),
        IMAGES,
    ),
    Act(
        "images.generate, as Gemini answers",
        lambda c: c.images.generate(prompt="A cat"),
        {"data": [{"b64_json": "AAAA"}]},
    ),
    Act(
        "models.list",
        lambda c: c.models.list(),
        {"object": "list", "data": [{**MODEL, "created": 3}, {**MODEL, "created": 4}]},
    ),
    Act(
        "models.list, as Gemini answers",
        lambda c: c.models.list(),
        {"object": "list", "data": [MODEL, MODEL]},
    ),
    Act("models.list, empty", lambda c: c.models.list(extra_query={"a": 1}), {"object": "list"}),
    Act(
        "models.retrieve", lambda c: c.models.retrieve("gemini-2.5-flash"), {**MODEL, "created": 3}
    ),
    Act(
        "models.retrieve of a listed name",
        lambda c: c.models.retrieve("models/gemini-2.5-flash"),
        {**MODEL, "created": 3},
    ),
    Act(
        "batches.create",
        lambda c: c.batches.create(
            input_file_id="files/abc",
            endpoint="/v1/chat/completions",
            completion_window="24h",
            metadata={"a": "b"},
        ),
        BATCH,
    ),
    Act("batches.retrieve", lambda c: c.batches.retrieve("batches/abc"), BATCH),
    Act(
        "batches.retrieve, as Gemini answers",
        lambda c: c.batches.retrieve("batches/abc"),
        GEMINI_BATCH,
    ),
    Act("batches.cancel", lambda c: c.batches.cancel("batches/abc"), BATCH),
    Act(
        "batches.list",
        lambda c: c.batches.list(after="batches/0", limit=5),
        {"object": "list", "data": [BATCH], "has_more": False},
    ),
    Act("files.create of bytes", lambda c: c.files.create(file=b"abc", purpose="batch"), FILE),
    Act(
        "files.create of an open file",
        lambda c: c.files.create(file=io.BytesIO(b"abc"), purpose="batch"),
        FILE,
    ),
    Act(
        "files.create of a path",
        lambda c: c.files.create(file=Path(__file__), purpose="batch"),
        FILE,
    ),
    Act(
        "files.create of a tuple",
        lambda c: c.files.create(
            file=("a.jsonl", b"abc", "application/jsonl"),
            purpose="batch",
            expires_after={"anchor": "created_at", "seconds": 3600},
            extra_body={"list": [1, True, None], "none": None, "empty": ""},
        ),
        FILE,
    ),
    Act(
        "files.create of a path in a tuple",
        lambda c: c.files.create(
            file=("a.txt", Path(__file__), "text/x", {"X-A": "b"}), purpose="batch"
        ),
        FILE,
    ),
    Act("files.retrieve", lambda c: c.files.retrieve("files/abc"), FILE),
    Act(
        "files.delete",
        lambda c: c.files.delete("files/abc"),
        {"id": "files/abc", "deleted": True, "object": "file"},
    ),
    Act("files.content", lambda c: c.files.content("files/abc"), {"a": 1}),
    Act(
        "files.list",
        lambda c: c.files.list(after="files/0", limit=5, order="asc", purpose="batch"),
        {"object": "list", "data": [FILE], "has_more": False},
    ),
    Act("files.retrieve_content", lambda c: c.files.retrieve_content("abc"), {"a": 1}),
    Act("videos.create", lambda c: c.videos.create(prompt="A cat", model="veo"), VIDEO),
    Act(
        "videos.create with a picture",
        lambda c: c.videos.create(
            prompt="A cat", model="veo", seconds="4", size="1280x720", input_reference=PICTURE
        ),
        VIDEO,
    ),
    Act(
        "videos.retrieve while it is made",
        lambda c: c.videos.retrieve("abc"),
        {"id": "abc", "status": "processing"},
    ),
]


def parts(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """The parts of a form: headers, and what they are the headers of."""
    boundary = content_type.partition("boundary=")[2].encode()
    found = body.split(b"--" + boundary)[1:-1]
    halves = [part.strip(b"\r\n").partition(b"\r\n\r\n") for part in found]
    return [
        ("\n".join(sorted(head.decode().split("\r\n"))), text.decode()) for head, _, text in halves
    ]


class Server:
    """Remembers requests and gives one answer, to a client of either package."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.requests: list[Any] = []

    def client(self, package: Any, family: Any, *, is_async: bool) -> Any:
        def handle(request: Any) -> Any:
            request.read()
            self.requests.append(request)
            return family.Response(200, json=self.answer)

        kind = "Async" if is_async else ""
        http = getattr(family, f"{kind}Client")(transport=family.MockTransport(handle))
        options: dict[str, Any] = {"repairs": False} if package is gemini_openai else {}
        return getattr(package, f"{kind}OpenAI")(
            api_key="k",
            base_url="https://server.example/v1",
            http_client=http,
            max_retries=0,
            **options,
        )

    def seen(self) -> Any:
        request = self.requests[-1]
        kind = request.headers.get("content-type", "") if request.content else ""
        body: Any = None
        if kind.startswith("multipart/"):
            body = parts(request.content, kind)
        elif request.content:
            body = json.loads(request.content)
        return request.method, request.url.raw_path.decode(), kind.partition(";")[0], body


async def perform(act: Act, package: Any, family: Any, *, is_async: bool) -> tuple[Any, Any]:
    server = Server(act.answer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # openai's, about Sora
        result = act.call(server.client(package, family, is_async=is_async))
        if inspect.isawaitable(result):
            result = await result
    return server.seen(), result


def shown(result: Any) -> Any:
    if isinstance(result, str):
        return result
    if type(result).__name__ == "HttpxBinaryResponseContent":
        return result.content, result.text
    name = re.sub(r"^Async|^Sync", "", type(result).__name__)
    return name, result.model_dump(), result.to_dict()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("family", [httpx, httpx2], ids=["httpx", "httpx2"])
async def test_the_same_act_has_the_same_effect(act: Act, family: Any, is_async: bool) -> None:
    theirs, their_result = await perform(act, openai, httpx2, is_async=is_async)
    ours, our_result = await perform(act, gemini_openai, family, is_async=is_async)
    assert (ours == theirs) is (act.name not in DIFFERENT_REQUESTS)
    assert (shown(our_result) == shown(their_result)) is (act.name not in DIFFERENT_RESULTS)
    assert type(our_result).__name__ == type(their_result).__name__
    if hasattr(our_result, "to_dict") and act.name not in DIFFERENT_RESULTS:
        assert our_result.to_json() == their_result.to_json()
        assert repr(our_result) == repr(their_result)


def test_every_row_of_the_tables_is_about_an_act() -> None:
    names = {act.name for act in ACTS}
    assert {*DIFFERENT_REQUESTS, *DIFFERENT_RESULTS} <= names
