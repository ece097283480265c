"""The rows of `oracle.differences` about the root and the client: each applies, and no other.

The other tables are held by the tests of what they are about.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import httpx
import httpx2
import openai
import openai.lib.streaming.chat
import pytest
from oracle.differences import (
    ALSO_TAKES,
    ANOTHER_AT_THE_ROOT,
    CLIENT,
    CONSTRUCTOR,
    NO_EFFECT,
    ONLY_HERE,
)
from oracle.surface import members, parameters, public

import gemini_openai
import gemini_openai.lib.streaming.chat
from gemini_openai import NotSupportedError

BOTH = sorted(name for name in openai.__all__ if hasattr(gemini_openai, name) and name != "types")
ERRORS = [name for name in BOTH if name.endswith("Error")]
STREAMS = [
    "AsyncChatCompletionStream",
    "AsyncChatCompletionStreamManager",
    "ChatCompletionStream",
    "ChatCompletionStreamManager",
    "ChatCompletionStreamState",
]


def families(thing: Any) -> set[str]:
    """The HTTP libraries that a class, an alias or a value is made of."""
    kinds = thing.__mro__ if isinstance(thing, type) else type(thing).__mro__
    found = {  # by identity: openai puts its own name into some of them
        library.__name__
        for library in (httpx, httpx2)
        if any(kind in vars(library).values() for kind in kinds)
    }
    return found | set(re.findall(r"\b(httpx2?)\.", repr(thing)))


def is_other(name: str) -> bool:
    theirs, ours = getattr(openai, name), getattr(gemini_openai, name)
    if isinstance(theirs, (str, int)):
        return bool(theirs != ours)
    if name.endswith(("AzureOpenAI", "BedrockOpenAI")):
        with pytest.raises(NotSupportedError):
            ours(api_key="k")
        return True
    if inspect.isfunction(theirs):  # `DefaultHttpx2Client` gives its class there
        return False
    return families(ours) != families(theirs)


@pytest.mark.parametrize("name", BOTH)
def test_a_name_at_the_root_is_openais_or_has_a_row(name: str) -> None:
    assert is_other(name) is (name in ANOTHER_AT_THE_ROOT)


def test_a_setting_without_effect_is_kept() -> None:
    keywords = parameters(openai.OpenAI.__init__).keys()
    assert keywords >= CONSTRUCTOR.keys()
    plain = gemini_openai.OpenAI(api_key="k")
    for name in [name for name, why in CONSTRUCTOR.items() if why == NO_EFFECT]:
        given: Any = {name: "given"}
        client = gemini_openai.OpenAI(api_key="k", **given)
        assert getattr(client, name) == "given"
        assert client.default_headers == plain.default_headers
        assert client.base_url == plain.base_url


def test_a_property_of_a_client_is_openais_or_has_a_row() -> None:
    theirs, ours = (
        package.OpenAI(api_key="k", base_url="https://server.example/v1", default_query={"a": "b"})
        for package in (openai, gemini_openai)
    )
    values = {
        name
        for name in public(theirs)
        if name not in public(type(theirs))
        or isinstance(getattr(type(theirs), name, None), property)
    }
    assert len(values) > 10
    assert {name for name in values if getattr(ours, name) != getattr(theirs, name)} == {*CLIENT}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_has_the_same_bases_and_is_made_the_same_way(name: str) -> None:
    theirs, ours = getattr(openai, name), getattr(gemini_openai, name)
    bases = [[kind.__name__ for kind in error.__mro__] for error in (ours, theirs)]
    assert bases[0] == bases[1]
    assert parameters(ours.__init__) == parameters(theirs.__init__)
    assert members(theirs) - members(ours) == set()


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_of_chat_has_the_same_methods(name: str) -> None:
    theirs: Any = getattr(openai.lib.streaming.chat, name)
    ours: Any = getattr(gemini_openai.lib.streaming.chat, name)
    assert public(theirs) - public(ours) == set()
    for method in public(theirs):
        if inspect.isfunction(getattr(theirs, method)):
            assert parameters(getattr(ours, method)) == parameters(getattr(theirs, method)), method


def test_what_is_only_here_is_here() -> None:
    client = gemini_openai.OpenAI(api_key="k")
    for path in ONLY_HERE:
        *above, method = path.split(".")
        for name in above:
            assert hasattr(openai.OpenAI, name)
        owner: Any = getattr(client, above[0]) if above else client
        assert callable(getattr(owner, method))


def look(place: str) -> None:
    """Look at a place."""


MORE: dict[tuple[str, str], list[Any]] = {
    ("chat", "tools"): [[look], [{"type": "function", "name": "look"}], [{"name": "look"}]],
    ("chat", "response_format"): [{"type": "object"}, {"type": "json_schema", "schema": {}}],
}


def test_what_a_parameter_also_takes_is_no_other_in_openai() -> None:
    """There it is sent as it is, or is an error; here it is put into form."""
    assert MORE.keys() == ALSO_TAKES.keys()
    for (_, name), values in MORE.items():
        for value in values:
            sent = [_sent(package, **{name: value}) for package in (openai, gemini_openai)]
            assert sent[0] in (None, value)
            assert sent[1] not in (None, value)


def _sent(package: Any, **more: Any) -> Any:
    """What of a parameter goes out; None if it is an error before."""
    bodies: list[Any] = []

    def answer(request: Any) -> Any:
        bodies.append(json.loads(request.content))
        return family.Response(200, json={"id": "x", "choices": []})

    family = httpx2 if package is openai else httpx
    with family.Client(transport=family.MockTransport(answer)) as http:
        client = package.OpenAI(api_key="k", http_client=http, base_url="http://localhost/v1")
        try:
            client.chat.completions.create(model="gemini-2.5-flash", messages=[USER], **more)
        except TypeError:
            return None
    (name,) = more
    return bodies[0][name]


USER = {"role": "user", "content": "hi"}
