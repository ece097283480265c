"""Keywords declared once: what a method says of those it is not given, or does not know."""

import inspect
from typing import Any

import pytest
from typing_extensions import Required, TypedDict

from gemini_openai import omit
from gemini_openai._call.signature import spell_out


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
        (["me"], {"model": "m", "modle": 1}, "write() got an unexpected keyword argument 'modle'"),
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
