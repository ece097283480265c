"""Keywords declared once: what a method says of those it is not given, or does not know."""

import copy
import functools
import inspect
import re
from typing import Any

import httpx
import httpx2
import pytest
from typing_extensions import Required, TypedDict

from gemini_openai import AsyncOpenAI, OpenAI, omit
from gemini_openai._call.keyword_hints import unexpected
from gemini_openai._call.signature import LateKeywords, spell_out
from gemini_openai.resources.chat.completions._keywords import CREATE, PARSE
from gemini_openai.resources.chat.completions._params import CreateParams, ParseParams


class Keywords(TypedDict, total=False):
    model: Required[str]
    user: str


class Letters:
    @spell_out(Keywords)
    def write(self, to: str, *, stream: Any = omit, **params: Any) -> dict[str, Any]:
        return {"to": to, "stream": stream, **params}

    @spell_out(Keywords)
    async def send(self, to: str, **params: Any) -> dict[str, Any]:
        return {"to": to, **params}


def test_the_method_gets_what_the_caller_gave() -> None:
    letter = Letters().write("me", model="m", user=omit)
    assert letter == {"to": "me", "stream": omit, "model": "m"}
    assert Letters().write(model="m", to="me", stream=None)["stream"] is None


@pytest.mark.parametrize(
    ("args", "keywords", "says"),
    [
        (
            ["me"],
            {"model": "m", "modle": 1},
            "write() got an unexpected keyword argument 'modle'. Did you mean 'model'?",
        ),
        (["me"], {"model": "m", "xyz": 1}, "write() got an unexpected keyword argument 'xyz'"),
        (["me"], {}, "write() missing 1 required keyword-only argument: 'model'"),
        (["me"], {"model": omit}, "write() missing 1 required keyword-only argument: 'model'"),
        ([], {"model": "m"}, "write() missing 1 required positional argument: 'to'"),
        (["me", "m"], {}, "write() takes 2 positional arguments but 3 were given"),
    ],
)
def test_a_bad_call_fails_in_pythons_words(args: Any, keywords: Any, says: str) -> None:
    with pytest.raises(TypeError) as caught:
        Letters().write(*args, **keywords)
    assert str(caught.value) == f"Letters.{says}"


async def test_an_async_method_fails_when_it_is_awaited() -> None:
    assert inspect.iscoroutinefunction(Letters.send)
    coroutine = Letters().send("me")
    with pytest.raises(TypeError, match=r"^Letters\.send\(\) missing 1 required"):
        await coroutine


def test_the_signature_shows_the_keywords_by_their_names() -> None:
    shown = inspect.signature(Letters.write).parameters
    assert list(shown) == ["self", "to", "stream", "model", "user"]
    assert shown["model"].default is inspect.Parameter.empty
    assert shown["user"].default is omit


@pytest.mark.parametrize(
    ("name", "known", "says"),
    [
        ("contents", {"messages", "model"}, "Did you mean 'messages'?"),
        ("contents", {"input", "model"}, "Did you mean 'input'?"),
        ("api_base", {"base_url", "api_key"}, "Did you mean 'base_url'?"),
        ("max_output_tokens", {"max_tokens", "messages"}, "Did you mean 'max_tokens'?"),
        ("temperatur", {"temperature", "messages"}, "Did you mean 'temperature'?"),
        ("system", {"messages"}, "Put it into messages: {'role': 'system', 'content': ...}."),
        ("generation_config", {"messages"}, "Its fields are keywords here: temperature="),
    ],
)
def test_an_unknown_keyword_is_told_with_the_one_that_may_be_meant(
    name: str, known: set[str], says: str
) -> None:
    said = unexpected(name, known)
    assert said.startswith(f"got an unexpected keyword argument {name!r}. {says}")


def test_a_keyword_like_no_other_is_told_alone() -> None:
    for name in ("contents", "system", "qqq"):
        assert unexpected(name, {"file"}) == f"got an unexpected keyword argument {name!r}"


@pytest.mark.parametrize("client", [OpenAI, AsyncOpenAI])
def test_a_client_names_itself_and_the_keyword_that_may_be_meant(client: Any) -> None:
    name = client.__name__
    with pytest.raises(TypeError) as caught:
        client(api_base="http://localhost", api_key="k")
    assert str(caught.value) == (
        f"{name}() got an unexpected keyword argument 'api_base'. Did you mean 'base_url'?"
    )
    with pytest.raises(TypeError, match=rf"{name}\.copy\(\) .* Did you mean 'timeout'"):
        client(api_key="k").with_options(timout=1)


@pytest.mark.parametrize("timeout", [0, -1, -0.5, float("nan"), float("inf")])
def test_a_timeout_of_no_time_is_an_error_wherever_it_is_given(timeout: float) -> None:
    says = f"timeout is {timeout}. Give seconds above 0, or None for no limit."
    client = OpenAI(api_key="k")
    for give in (
        lambda: OpenAI(api_key="k", timeout=timeout),
        lambda: client.with_options(timeout=timeout),
        lambda: setattr(client, "timeout", timeout),
        lambda: client.models.list(timeout=timeout),
    ):
        with pytest.raises(ValueError, match=re.escape(says)):
            give()


@pytest.mark.parametrize("timeout", [True, False, "5", [5]])
def test_a_timeout_that_is_no_number_is_an_error(timeout: Any) -> None:
    says = f"timeout must be a number of seconds, .* not {type(timeout).__name__}"
    client = OpenAI(api_key="k")
    for give in (
        lambda: OpenAI(api_key="k", timeout=timeout),
        lambda: client.models.list(timeout=timeout),
    ):
        with pytest.raises(TypeError, match=says):
            give()


@pytest.mark.parametrize("family", [httpx, httpx2])
def test_the_parts_of_a_timeout_are_looked_at_too(family: Any) -> None:
    with pytest.raises(ValueError, match=re.escape("timeout.connect is 0. Give seconds above 0")):
        OpenAI(api_key="k", timeout=family.Timeout(5, connect=0))
    for allowed in (family.Timeout(None), family.Timeout(5, pool=0)):
        assert OpenAI(api_key="k", timeout=allowed).timeout == allowed


def test_a_timeout_that_is_no_number_is_an_error_when_the_client_is_made() -> None:
    with pytest.raises(TypeError, match="timeout must be a number of seconds"):
        OpenAI(api_key="k", timeout="10")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "declared"), [(CREATE, CreateParams), (PARSE, ParseParams)], ids=["create", "parse"]
)
def test_the_names_that_a_chat_is_checked_by_are_those_of_its_types(
    names: LateKeywords, declared: Any
) -> None:
    assert names.load() is declared
    assert names.names == declared.__annotations__.keys()
    assert names.required == declared.__required_keys__


def test_what_is_shown_of_a_method_is_loaded_when_it_is_looked_at() -> None:
    loaded: list[Any] = []

    def load() -> Any:
        loaded.append(Keywords)
        return Keywords

    @spell_out(LateKeywords(load, required="model", optional="user"))
    def write(to: str, **params: Any) -> dict[str, Any]:
        return {"to": to, **params}

    assert write("me", model="m") == {"to": "me", "model": "m"}
    with pytest.raises(TypeError, match="Did you mean 'model'"):
        write("me", modle="m")
    assert not loaded
    shown = inspect.signature(write)
    assert str(shown) == str(
        inspect.signature(Letters.write).replace(parameters=list(shown.parameters.values()))
    )
    assert list(shown.parameters) == ["to", "model", "user"]
    assert loaded == [Keywords]


def test_a_late_signature_does_what_others_do() -> None:
    late = inspect.signature(Letters.write)
    plain = inspect.Signature(
        list(late.parameters.values()), return_annotation=late.return_annotation
    )
    assert late == plain
    assert hash(late) == hash(plain)
    assert str(late) == str(plain)
    assert late.replace(return_annotation=int).return_annotation is int
    assert late.bind(Letters(), "me", model="m").arguments["model"] == "m"
    assert copy.copy(late) == plain
    assert list(inspect.signature(Letters().write).parameters) == [*plain.parameters][1:]
    assert (
        inspect.signature(functools.partial(Letters.write, user="u")).parameters["user"].default
        == "u"
    )
