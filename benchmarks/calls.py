"""Measure a call, whole and streamed, over a transport in memory and over a socket."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import openai
from pydantic_core import from_json

import gemini_openai

from .measure import Row, best_of
from .samples import CHUNKS, PIECES, WHOLE
from .server import canned_server

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 300
URL = "http://127.0.0.1:1/v1beta/openai/"
MESSAGES: Any = [
    {"role": "user" if turn % 2 == 0 else "assistant", "content": f"Turn {turn} of the talk."}
    for turn in range(10)
]
ASK: Any = {"model": "gemini-2.5-flash", "messages": MESSAGES}


def measure(rounds: int) -> list[Row]:
    """Microseconds of CPU for a call and for a chunk, without the server's."""
    rows = []
    with canned_server() as url:
        for what, act, by_hand in (
            ("a call, ten messages", call, call_by_hand),
            ("a chunk of a stream", stream, stream_by_hand),
        ):
            in_memory = {
                "ours": _way(act, gemini_openai.OpenAI, base_url=URL, http_client=_memory(httpx)),
                "openai": _way(act, openai.OpenAI, base_url=URL, http_client=_memory(httpx2)),
                "floor": partial(by_hand, _memory(httpx), URL),
            }
            rows.append(Row(f"{what}, in memory", "µs", **best_of(in_memory, rounds)))
            over_a_socket = {
                "ours": _way(act, gemini_openai.OpenAI, base_url=url),
                "openai": _way(act, openai.OpenAI, base_url=url),
                "floor": partial(by_hand, httpx.Client(), url),
            }
            rows.append(Row(f"{what}, over a socket", "µs", **best_of(over_a_socket, rounds)))
    return rows


def call(client: Any) -> int:
    """Ask for whole answers."""
    for _ in range(CALLS):
        assert client.chat.completions.create(**ASK).choices[0].message.content
    return CALLS


def call_by_hand(http: httpx.Client, url: str) -> int:
    """Do the same with only the HTTP client."""
    for _ in range(CALLS):
        answer = http.post(
            f"{url}chat/completions", json=ASK, headers={"Authorization": "Bearer k"}
        )
        assert from_json(answer.content)["choices"][0]["message"]["content"]
    return CALLS


def stream(client: Any) -> int:
    """Read a streamed answer."""
    said = 0
    for piece in client.chat.completions.create(**ASK, stream=True):
        said += bool(piece.choices[0].delta.content)
    assert said == CHUNKS
    return said


def stream_by_hand(http: httpx.Client, url: str) -> int:
    """Do the same with only the HTTP client."""
    said = 0
    headers = {"Authorization": "Bearer k"}
    body = {**ASK, "stream": True}
    with http.stream("POST", f"{url}chat/completions", json=body, headers=headers) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                said += bool(from_json(line[6:])["choices"][0]["delta"]["content"])
    assert said == CHUNKS
    return said


def _way(act: Callable[[Any], int], client_class: Any, **options: Any) -> Callable[[], int]:
    client = client_class(api_key="k", **options)
    return lambda: act(client)


def _memory(family: Any) -> Any:
    """An HTTP client that answers its own requests, with each event in a separate block."""

    class Pieces(family.SyncByteStream):  # type: ignore[misc,name-defined]
        def __iter__(self) -> Any:
            return iter(PIECES)

    def answer(request: Any) -> Any:
        if b'"stream":' in request.content:
            headers = {"content-type": "text/event-stream"}
            return family.Response(200, headers=headers, stream=Pieces())
        return family.Response(200, headers={"content-type": "application/json"}, content=WHOLE)

    return family.Client(transport=family.MockTransport(answer))
