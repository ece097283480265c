"""Keys with more than the key in them: copied with a line end, quotes or an invisible character."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest
from conftest import HELLO

import gemini_openai
from gemini_openai import AsyncOpenAI, OpenAI, OpenAIError
from gemini_openai._call.request import FinalRequestOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator

AROUND = {
    "a line end": "AIzaSecret\n",
    "a line end of Windows": "AIzaSecret\r\n",
    "blanks": "\t AIzaSecret ",
    "a byte order mark": "\ufeffAIzaSecret",
    "a byte order mark and a line end": "\ufeff AIzaSecret\n\ufeff",
    "a no-break space": "AIzaSecret\xa0",
    "quotes": '"AIzaSecret"',
    "single quotes and a line end": " 'AIzaSecret\n'\n",
}
UNFIT = {
    "a line end inside": ("AIza\nSecret", 5, "U+000A"),
    "a header of its own": ("AIzaSecret\r\nX-Other: 1", 11, "U+000D"),
    "a NUL": ("AIzaSecret\0", 11, "U+0000"),
    "a tab": ("AIza\tSecret", 5, "U+0009"),
    "a DEL": ("AIza\x7fSecret", 5, "U+007F"),
    "typographic quotes": ("\u201cAIzaSecret\u201d", 1, "U+201C"),
    "one quote": ('"AIzaSecret', 1, "U+0022"),
    "a quote inside": ("AIza'Secret", 5, "U+0027"),
    "a dash": ("AIza\u2013Secret", 5, "U+2013"),
    "a zero-width space": ("AIzaSecret\u200b", 11, "U+200B"),
    "a byte order mark inside": ("AIza\ufeffSecret", 5, "U+FEFF"),
    "an accent, after blanks": ("  A\xefzaSecret", 4, "U+00EF"),
    "bytes that are no UTF-8": ("AIzaSecret\udcff", 11, "U+DCFF"),
}


def assert_says_where_and_shows_nothing(error: BaseException, place: int, code: str) -> None:
    assert f"character {place} is {code}" in str(error)
    told = "".join(traceback.format_exception(error, chain=True)) + repr(error) + repr(error.args)
    for link in (error.__cause__, error.__context__):
        told += repr(link)
    assert "AIza" not in told.replace(__file__, "")
    assert "Secret" not in told


@pytest.mark.parametrize("key", AROUND.values(), ids=AROUND)
async def test_what_is_around_a_key_is_not_sent(key: str, world: World, emulator: Emulator) -> None:
    await world.ask(lambda c: c.chat.completions.create(**HELLO), api_key=key)
    await world.ask(lambda c: c.chat.completions.create(**HELLO), api_key=lambda: key)
    sent = [request.headers["authorization"] for request in emulator.requests]
    assert sent == ["Bearer AIzaSecret"] * 2


@pytest.mark.parametrize(("key", "place", "code"), UNFIT.values(), ids=UNFIT)
def test_a_key_that_no_header_can_carry_is_refused_when_it_is_given(
    key: str, place: int, code: str
) -> None:
    client = OpenAI(api_key="other")

    def assign() -> None:
        client.api_key = key

    given: list[Callable[[], object]] = [
        lambda: OpenAI(api_key=key),
        lambda: AsyncOpenAI(api_key=key),
        lambda: OpenAI(api_key=key, vertexai=True, project="p"),
        lambda: client.with_options(api_key=key),
        assign,
    ]
    for give in given:
        with pytest.raises(OpenAIError, match="The API key cannot be sent") as caught:
            give()
        assert_says_where_and_shows_nothing(caught.value, place, code)
    assert client.api_key == "other"


@pytest.mark.parametrize(("key", "place", "code"), UNFIT.values(), ids=UNFIT)
async def test_a_key_function_that_returns_one_is_told_of_before_anything_is_sent(
    key: str, place: int, code: str, world: World, emulator: Emulator
) -> None:
    async def key_later() -> str:
        return key

    with pytest.raises(OpenAIError, match="What the api_key function returned") as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO),
            api_key=key_later if world.is_async else lambda: key,
        )
    assert_says_where_and_shows_nothing(caught.value, place, code)
    assert emulator.requests == []


async def test_a_key_function_that_returns_no_text_is_a_type_error(
    world: World, emulator: Emulator
) -> None:
    async def nothing() -> Any:
        return None

    with pytest.raises(TypeError, match="must be text, not NoneType"):
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO),
            api_key=nothing if world.is_async else lambda: None,
        )
    assert emulator.requests == []


@pytest.mark.parametrize("variable", ["GOOGLE_API_KEY", "GEMINI_API_KEY"])
def test_a_key_in_the_environment_is_read_and_refused_the_same_way(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "\ufeffAIzaSecret\n")
    assert OpenAI().api_key == "AIzaSecret"
    monkeypatch.setenv(variable, "\u201cAIzaSecret\u201d")
    with pytest.raises(OpenAIError, match=f"The API key in {variable} cannot be sent") as caught:
        AsyncOpenAI()
    assert_says_where_and_shows_nothing(caught.value, 1, "U+201C")


def test_a_key_of_the_package_is_read_and_refused_the_same_way(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemini_openai._reset_client()
    monkeypatch.setattr(gemini_openai, "base_url", emulator.base_url)
    monkeypatch.setattr(gemini_openai, "api_key", "AIzaSecret\n")
    gemini_openai.models.list()
    assert emulator.requests[-1].headers["authorization"] == "Bearer AIzaSecret"
    monkeypatch.setattr(gemini_openai, "api_key", "AIza\nSecret")
    with pytest.raises(OpenAIError) as caught:
        gemini_openai.models.list()
    assert_says_where_and_shows_nothing(caught.value, 5, "U+000A")
    monkeypatch.setattr(gemini_openai, "api_key", "AIzaSecret")
    gemini_openai.models.list()
    gemini_openai._module_client._load_client().close()
    gemini_openai._reset_client()


BLANK = ["", " ", "\n", "\ufeff\r\n", '""']


@pytest.mark.parametrize("blank", BLANK)
def test_a_blank_key_is_refused_in_words(blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = OpenAI(api_key="other")

    def assign() -> None:
        client.api_key = blank

    given: list[Callable[[], object]] = [
        lambda: OpenAI(api_key=blank),
        lambda: AsyncOpenAI(api_key=blank),
        lambda: client.with_options(api_key=blank),
        assign,
    ]
    for give in given:
        with pytest.raises(OpenAIError, match="The API key is empty"):
            give()
    assert client.api_key == "other"
    monkeypatch.setenv("GEMINI_API_KEY", blank)
    with pytest.raises(OpenAIError, match="No API key"):
        OpenAI()


@pytest.mark.parametrize("blank", BLANK)
async def test_a_key_function_that_returns_a_blank_is_told_of(
    blank: str, world: World, emulator: Emulator
) -> None:
    with pytest.raises(OpenAIError, match="What the api_key function returned is empty"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO), api_key=lambda: blank)
    assert emulator.requests == []


async def test_a_credential_of_ones_own_goes_without_a_key(
    world: World, emulator: Emulator
) -> None:
    own = {"Authorization": "Bearer mine"}
    await world.ask(lambda c: c.chat.completions.create(**HELLO), api_key="", default_headers=own)
    assert emulator.requests[-1].headers["authorization"] == "Bearer mine"


async def test_without_a_key_where_none_is_needed_no_credential_is_sent(
    world: World, emulator: Emulator
) -> None:
    client = world.client(api_key="", _enforce_credentials=False)
    request = client._build_request(FinalRequestOptions(method="get", url="/models"))
    assert "authorization" not in request.headers
