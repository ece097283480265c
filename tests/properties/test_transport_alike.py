"""Through our transport a genuine client of `openai` reads what our own client reads."""

from __future__ import annotations

import json
import re
import warnings
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import openai
import pytest
from fuzz.corpus import RECORDED, odd_stream, odd_value, recorded_streams, recorded_values
from hypothesis import given, settings, strategies as st

from gemini_openai import APIError, OpenAI, transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ASKED: Any = {
    "model": "gemini-3-flash-preview",
    "messages": [{"role": "user", "content": "Hi"}],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
}
WHOLE = [value for value in recorded_values() if isinstance(value, dict)]
STREAMS = recorded_streams()


class Answering(httpx.BaseTransport):
    """Gives every request the same answer, a stream in pieces."""

    def __init__(
        self, body: bytes, *, status: int = 200, stream: bool, size: int = 1 << 16
    ) -> None:
        self.body, self.status, self.size = body, status, size
        self.kind = "text/event-stream" if stream else "application/json"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        pieces = [self.body[at : at + self.size] for at in range(0, len(self.body), self.size)]
        return httpx.Response(
            self.status, headers={"content-type": self.kind}, content=iter(pieces)
        )


def both(wire: httpx.BaseTransport, act: Callable[[Any], Any]) -> tuple[Any, Any]:
    """What becomes of an act by our own client, and by a genuine one."""
    options: Any = {"api_key": "k", "max_retries": 0}
    with (
        warnings.catch_warnings(),
        OpenAI(http_client=httpx.Client(transport=wire), **options) as ours,
        transport.openai_client("httpx", transport=wire, **options) as genuine,
    ):
        warnings.simplefilter("ignore")
        return outcome(ours, act), outcome(genuine, act)


def outcome(client: Any, act: Callable[[Any], Any]) -> list[Any]:
    got: list[Any] = []
    try:
        got.extend(plain(item.to_dict()) for item in act(client))
    except (APIError, openai.APIError):
        got.append("error")
    return got


def plain(value: Any) -> Any:
    """A value without what is made anew for each answer."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "created"}
    if isinstance(value, str):
        return re.sub(r"^(chatcmpl-|call_)\w{20,}$", r"\1", value)
    return [plain(item) for item in value] if isinstance(value, list) else value


def used(answers: list[Any]) -> list[Any]:
    """What programs use of odd answers, of which each package drops other fields."""
    return [answer if answer == "error" else [*used_choices(answer)] for answer in answers]


def used_choices(answer: dict[str, Any]) -> Iterator[list[Any]]:
    choices = answer.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict):
            yield [choice.get(name) for name in ("message", "delta", "finish_reason")]


def whole(client: Any) -> Iterator[Any]:
    yield client.chat.completions.create(**ASKED)


def streamed(client: Any) -> Iterator[Any]:
    yield from client.chat.completions.create(**ASKED, stream=True)


def counted(client: Any) -> Iterator[Any]:
    yield from client.chat.completions.create(
        **ASKED, stream=True, stream_options={"include_usage": True}
    )


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_recorded_bodies_are_read_alike(place: int) -> None:
    ours, genuine = both(Answering(json.dumps(WHOLE[place]).encode(), stream=False), whole)
    assert genuine == ours


@pytest.mark.parametrize("act", [streamed, counted])
@pytest.mark.parametrize("place", range(len(STREAMS)))
def test_recorded_streams_are_read_alike(place: int, act: Any) -> None:
    ours, genuine = both(Answering(STREAMS[place], stream=True, size=1000), act)
    assert genuine == ours
    assert "error" not in ours


ERRORS = sorted((RECORDED / "developer_api").glob("*error_*.json"))


@pytest.mark.parametrize("path", [p for p in ERRORS if "headers" not in p.name], ids=str)
def test_recorded_refusals_are_told_alike(path: Path) -> None:
    status = int(re.findall(r"error_(\d+)", path.name)[0])
    wire = Answering(path.read_bytes(), stream=False, status=status)
    ours, genuine = both(wire, told)
    assert genuine == ours


def told(client: Any) -> Iterator[Any]:
    """The class of an error, and what it says."""
    try:
        client.chat.completions.create(**ASKED)
    except (APIError, openai.APIError) as error:
        said = re.sub(r"^Error code: \d+ - ", "", str(error))
        message = error.body["message"] if isinstance(error, openai.APIError) else said
        yield Told(type(error).__name__, message, error.param, error.type)


class Told(NamedTuple):
    name: str
    message: str
    param: str | None
    type: str | None

    def to_dict(self) -> dict[str, Any]:
        return self._asdict()


def test_a_recorded_list_of_models_is_read_alike() -> None:
    body = (RECORDED / "developer_api" / "models_list.json").read_bytes()
    ours, genuine = both(Answering(body, stream=False), lambda client: client.models.list())
    assert genuine == ours
    assert len(ours) > 10


@given(st.integers(0, 1 << 32))
@settings(max_examples=150)
def test_odd_bodies_are_read_alike(seed: int) -> None:
    body = json.dumps(odd_value(Random(seed))).encode()
    ours, genuine = both(Answering(body, stream=False), whole)
    assert used(genuine) == used(ours)


@given(st.integers(0, 1 << 32), st.sampled_from([streamed, counted]))
@settings(max_examples=150)
def test_odd_streams_are_read_alike(seed: int, act: Any) -> None:
    body, _ = odd_stream(Random(seed))
    ours, genuine = both(Answering(body, stream=True, size=500), act)
    assert used(genuine) == used(ours)
