"""What Gemini has not: it can be named, tested for and wrapped; it cannot be called."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

import gemini_openai
from gemini_openai import AsyncOpenAI, NotSupportedError, OpenAI, OpenAIError
from gemini_openai.dialect.routes.alternatives import ADVICE, advice_on
from gemini_openai.resources import responses
from gemini_openai.resources._unsupported import Unsupported

if TYPE_CHECKING:
    from conftest import World


@pytest.fixture(params=[OpenAI, AsyncOpenAI])
def client(request: pytest.FixtureRequest) -> Any:
    return request.param(api_key="k")


def test_the_error_names_the_method_and_what_to_do_instead(client: Any) -> None:
    with pytest.raises(NotSupportedError) as caught:
        client.responses.create(model="gpt-5", input="Hello")
    error = caught.value
    assert isinstance(error, OpenAIError)
    assert error.feature == "responses.create"
    assert "chat.completions.create" in error.advice
    assert str(error) == (
        f"Gemini's OpenAI-compatible API does not offer responses.create. {error.advice}"
    )


def test_a_path_is_the_same_object_each_time_and_may_be_replaced(client: Any) -> None:
    assert client.responses is client.responses
    assert client.audio.speech is client.audio.speech
    client.completions.create = lambda **params: params  # as tracers of instances do
    assert client.completions.create(prompt="x") == {"prompt": "x"}
    another = type(client)(api_key="k")
    with pytest.raises(NotSupportedError):
        another.completions.create(prompt="x")
    assert client.with_options(timeout=3).completions is not client.completions


def test_views_of_what_is_not_there_raise_too(client: Any) -> None:
    with pytest.raises(NotSupportedError, match=r"not offer responses\.create\."):
        client.responses.with_raw_response.create(input="x")
    with pytest.raises(NotSupportedError, match=r"not offer responses\.create\."):
        client.with_streaming_response.responses.create(input="x")


def test_an_attribute_python_or_a_tracer_asks_for_is_not_made_up(client: Any) -> None:
    for name in ("__wrapped__", "_client", "__len__"):
        assert not hasattr(client.responses, name)
    assert "responses" in repr(client.responses)
    assert repr(client.beta.threads.runs) == "<beta.threads.runs: not supported by Gemini>"
    again = copy.deepcopy(pickle.loads(pickle.dumps(client.audio.speech)))
    with pytest.raises(NotSupportedError, match=r"audio\.speech\.create"):
        again.create()


async def test_the_classes_tracers_replace_have_methods_that_raise(world: World) -> None:
    for kind in (responses.Responses, responses.AsyncResponses):
        create: Any = vars(kind)["create"]
        is_async = kind is responses.AsyncResponses
        assert inspect.iscoroutinefunction(create) is is_async
        assert create.__name__ == "create"
        with pytest.raises(NotSupportedError, match=r"responses\.create"):
            await world.result(getattr(kind("responses"), "create")(input="x"))  # noqa: B009


def test_a_tracer_may_replace_them_by_their_paths() -> None:
    path = "gemini_openai.resources.responses.Responses.create"
    with mock.patch(path, return_value="traced"):
        assert responses.Responses("responses").create() == "traced"
    with pytest.raises(NotSupportedError):
        responses.Responses("responses").create()


def test_every_part_of_a_client_that_gemini_has_not_has_advice() -> None:
    for owner, prefix in ((OpenAI(api_key="k"), ""), (OpenAI(api_key="k").beta, "beta.")):
        found = [name for name in dir(owner) if isinstance(getattr(owner, name), Unsupported)]
        assert found
        for name in found:
            assert f"{prefix}{name}" in ADVICE


def test_advice_is_in_whole_sentences() -> None:
    for path, advice in ADVICE.items():
        assert advice[0].isupper() or advice.startswith(("files.", "It ")), path
        assert advice.endswith((".", ".)")), path
        assert "\n" not in advice


def test_the_nearest_advice_counts() -> None:
    assert advice_on("audio.speech.create") == ADVICE["audio.speech"]
    assert advice_on("audio.voices.create") == ADVICE["audio"]
    with pytest.raises(LookupError, match=r"nothing\.at\.all"):
        advice_on("nothing.at.all")


def test_a_call_that_gemini_has_not_sends_nothing(world: World) -> None:
    sent: list[Any] = []
    client = world.transport(sent.append)
    for call in (client.moderations.create, client.videos.list, client.beta.assistants.create):
        with pytest.raises(NotSupportedError):
            call()
    assert not sent


def test_stored_completions_are_not_there(client: Any) -> None:
    with pytest.raises(NotSupportedError, match="stores no completions"):
        client.chat.completions.list()
    with pytest.raises(NotSupportedError, match="stores no completions"):
        client.chat.completions.messages.list("abc")
    assert gemini_openai.resources.chat.completions.Messages
