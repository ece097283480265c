"""Gemini's own options, credentials, tools and names: A14, A16, A17, A20, A22, A24."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest
from dialect.programs import ECHO, HELLO, MODEL, refused, said

import gemini_openai
from gemini_openai import BadRequestError, GeminiWarning, InvalidRequestError, NotFoundError

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

# --- A14, A22: options of Gemini's own ---

BUDGET = {"thinking_config": {"thinking_budget": 512, "include_thoughts": True}}
CAMEL = {"thinkingConfig": {"thinkingBudget": 512, "includeThoughts": True}}
CACHE = {"cached_content": "cachedContents/x"}
NESTED: dict[str, tuple[Any, Any, bool]] = {
    # what people write, what goes over the wire, whether `openai` gets it through
    "as_documented": ({"extra_body": {"extra_body": {"google": BUDGET}}}, BUDGET, True),
    "one_nest_less": ({"extra_body": {"google": BUDGET}}, BUDGET, False),
    "no_nest": ({"extra_body": BUDGET}, BUDGET, False),
    "no_google": ({"extra_body": {"extra_body": BUDGET}}, BUDGET, False),
    "camel_case": ({"extra_body": {"google": CAMEL}}, BUDGET, False),
    "camel_case_nested": ({"extra_body": {"extraBody": {"google": CAMEL}}}, BUDGET, True),
    "bare_options": ({"extra_body": BUDGET["thinking_config"]}, BUDGET, False),
    "keywords": (BUDGET["thinking_config"], BUDGET, False),
    "a22_cache_as_documented": ({"extra_body": {"extra_body": {"google": CACHE}}}, CACHE, True),
    "a22_cache_one_nest_less": ({"extra_body": {"google": CACHE}}, CACHE, False),
    "a22_cache_bare": ({"extra_body": CACHE}, CACHE, False),
    "a22_cache_keyword": (CACHE, CACHE, False),
    "mixed": ({"extra_body": {"google": CACHE, **BUDGET}}, {**CACHE, **BUDGET}, False),
}


@pytest.mark.parametrize("name", NESTED)
async def test_a14_every_way_to_write_an_option_arrives_in_the_one_form(
    world: World, theirs: World, emulator: Emulator, name: str
) -> None:
    given, google, works_with_openai = NESTED[name]
    if works_with_openai:
        assert await said(theirs, **given)
    elif "extra_body" in given:
        await refused(theirs, "Unknown name", **given)
    else:
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            await said(theirs, **given)
    assert await said(world, **given) == ECHO
    assert emulator.requests[-1].json == {**HELLO, "extra_body": {"google": google}}


async def test_a22_what_was_read_from_the_cache_is_counted(world: World) -> None:
    completion = await world.ask(
        lambda c: c.chat.completions.create(**HELLO, extra_body={"google": CACHE})
    )
    usage = completion.usage
    assert usage.prompt_tokens_details.cached_tokens == usage.prompt_tokens > 0


async def test_a14_safety_settings_are_refused_with_a_reason_before_anything_is_sent(
    world: World, theirs: World, emulator: Emulator
) -> None:
    safety = {"google": {"safety_settings": [{"category": "HARM_CATEGORY_HARASSMENT"}]}}
    await refused(theirs, "safety_settings", extra_body={"extra_body": safety})
    emulator.reset()
    with pytest.raises(InvalidRequestError, match="an option of Vertex AI"):
        await said(world, extra_body=safety)
    assert not emulator.requests


# --- A16: how much to think ---


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("gemini-2.5-pro", "none", "minimal"),
        ("gemini-3-pro-preview", "minimal", "low"),
        ("gemini-3-pro-preview", "xhigh", "high"),
        ("gemini-2.5-flash", "max", "high"),
    ],
)
async def test_a16_an_effort_that_a_model_cannot_do_becomes_the_nearest(
    world: World, theirs: World, emulator: Emulator, model: str, effort: str, sent: str
) -> None:
    await refused(theirs, "", model=model, reasoning_effort=effort)
    with pytest.warns(GeminiWarning, match=f"{model} does not take reasoning_effort='{effort}'"):
        assert await said(world, model=model, reasoning_effort=effort) == ECHO
    assert emulator.requests[-1].json["reasoning_effort"] == sent
    mine = world.client(reasoning_efforts={model: {effort: "medium"}})
    with pytest.warns(GeminiWarning, match="'medium' was sent"):
        await said(world, mine, model=model, reasoning_effort=effort)


@pytest.mark.parametrize("how", [{"thinking_budget": 512}, {"thinking_level": "low"}])
async def test_a16_an_effort_beside_a_budget_or_level_is_an_error_before_anything_is_sent(
    world: World, theirs: World, emulator: Emulator, how: Any
) -> None:
    given = {"extra_body": {"extra_body": {"google": {"thinking_config": how}}}}
    await refused(theirs, "found both", reasoning_effort="low", **given)
    emulator.reset()
    with pytest.raises(InvalidRequestError, match="Leave one out") as caught:
        await said(world, reasoning_effort="low", **given)
    assert caught.value.param == "reasoning_effort"
    assert not emulator.requests


async def test_a16_an_effort_beside_include_thoughts_is_sent_as_a_budget_or_level(
    world: World, theirs: World, emulator: Emulator
) -> None:
    thoughts = {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}}
    await refused(theirs, "found both", reasoning_effort="low", extra_body=thoughts)
    for model, how in [
        (MODEL, {"thinking_budget": 1024}),
        ("gemini-3-flash", {"thinking_level": "low"}),
    ]:
        assert await said(world, model=model, reasoning_effort="low", extra_body=thoughts) == ECHO
        sent = emulator.requests[-1].json
        assert "reasoning_effort" not in sent
        config = sent["extra_body"]["google"]["thinking_config"]
        assert config == {"include_thoughts": True, **how}


# --- A17: credentials ---

TWICE: dict[str, Any] = {
    "header": {"default_headers": {"X-Goog-Api-Key": "any-key"}},
    "query": {"default_query": {"key": "any-key"}},
    "both": {"default_headers": {"x-goog-api-key": "any-key"}, "default_query": {"key": "any-key"}},
}


@pytest.mark.parametrize("name", TWICE)
async def test_a17_a_key_given_twice_is_sent_once(
    world: World, theirs: World, emulator: Emulator, name: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await said(theirs, theirs.client(**TWICE[name]))
    assert "Multiple authentication credentials" in caught.value.response.text
    assert await said(world, world.client(**TWICE[name])) == ECHO
    request = emulator.requests[-1]
    assert request.headers["authorization"] == "Bearer any-key"
    assert "x-goog-api-key" not in request.headers
    assert "key" not in request.query


# --- A20: tools of Google's own ---


@pytest.mark.parametrize(
    "tool",
    [
        {"google_search": {}},
        {"type": "google_search"},
        {"type": "web_search_preview"},
        {"url_context": {}},
        {"code_execution": {}},
    ],
    ids=lambda tool: tool.get("type") or next(iter(tool)),
)
async def test_a20_a_tool_of_googles_own_is_refused_with_the_way_to_have_it(
    world: World, theirs: World, tool: Any
) -> None:
    await refused(theirs, "", tools=[tool])
    name = tool.get("type") or next(iter(tool))
    with pytest.raises(BadRequestError, match="takes functions only") as caught:
        await said(world, tools=[tool])
    assert f"tools[0] is {name!r}" in str(caught.value)
    assert "google-genai" in str(caught.value)


@pytest.mark.parametrize("options", [{}, {"search_context_size": "low"}], ids=["empty", "filled"])
async def test_a20_a_search_that_is_not_made_is_told(
    world: World, theirs: World, options: Any
) -> None:
    await refused(theirs, "web_search_options", web_search_options=options)
    with pytest.warns(GeminiWarning, match="nothing is searched for"):
        assert await said(world, web_search_options=options) == ECHO


# --- A23: models that do not chat ---


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("imagen-4.0-generate-001", "images.generate"),
        ("veo-3.0-generate-001", "videos.create"),
        ("gemini-embedding-001", "embeddings.create"),
    ],
)
async def test_a23_a_model_that_does_not_chat_is_refused_with_its_method(
    world: World, theirs: World, model: str, method: str
) -> None:
    with pytest.raises(openai.NotFoundError) as theirs_caught:
        await said(theirs, model=model)
    assert str(theirs_caught.value) == "Error code: 404"
    with pytest.raises(NotFoundError) as caught:
        await said(world, model=model)
    assert str(caught.value).endswith(f"({model} is not a chat model; use it with {method})")


# --- A24: names of models, and addresses ---


@pytest.mark.parametrize("prefix", ["", "models/", "google/"])
async def test_a24_a_model_may_have_a_prefix(
    world: World, theirs: World, emulator: Emulator, prefix: str
) -> None:
    if prefix == "google/":
        await refused(theirs, "unexpected model name format", model=prefix + MODEL)
    assert await said(world, model=prefix + MODEL) == ECHO
    assert emulator.requests[-1].json["model"] == MODEL


async def test_a24_listed_models_go_by_the_names_that_everybody_uses(
    world: World, theirs: World
) -> None:
    async def program(world: World) -> list[str]:
        return [model.id for model in await world.collect(await listed(world, world.client()))]

    assert MODEL not in await program(theirs)
    assert MODEL in await program(world)
    model = await world.ask(lambda c: c.models.retrieve(f"models/{MODEL}"))
    assert (model.id, model.created) == (MODEL, 0)


async def listed(world: World, client: Any) -> Any:
    """The list of models: a page, or in event loops what gives its items."""
    return client.models.list() if world.is_async else await world.result(client.models.list())


async def test_a24_an_unknown_name_gets_the_nearest_ones_first_of_those_that_were_listed(
    world: World, theirs: World, emulator: Emulator
) -> None:
    wrong = "gemini2.5-flash"
    with pytest.raises(openai.NotFoundError) as theirs_caught:
        await said(theirs, model=wrong)
    assert str(theirs_caught.value) == "Error code: 404"
    emulator.reset()
    client = world.client()
    with pytest.raises(NotFoundError, match=f"models/{wrong} is not found") as caught:
        await said(world, client, model=wrong)
    assert "Did you mean 'gemini-3" in str(caught.value)
    assert len(emulator.requests) == 1  # no list is fetched for it
    await world.collect(await listed(world, client))
    with pytest.raises(NotFoundError, match=r"Did you mean 'gemini-2\.5-flash' or"):
        await said(world, client, model=wrong)
    assert len(emulator.requests) == 3


async def test_a24_an_app_keeps_the_names_it_cannot_change(
    world: World, theirs: World, emulator: Emulator
) -> None:
    with pytest.raises(openai.NotFoundError):
        await said(theirs, model="gpt-4o")
    client = world.client(model_map={"gpt-4o": "gemini-flash-latest"})
    assert await said(world, client, model="gpt-4o") == ECHO
    assert emulator.requests[-1].json["model"] == "gemini-flash-latest"


GOOGLE = "https://generativelanguage.googleapis.com"
CHAT = "/v1beta/openai/chat/completions"
ADDRESSES = {
    # what people give as the base URL: the path that `openai` asks for
    GOOGLE: "/chat/completions",
    f"{GOOGLE}/": "/chat/completions",
    f"{GOOGLE}/v1beta": "/v1beta/chat/completions",
    f"{GOOGLE}/v1beta/openai": CHAT,
    f"{GOOGLE}/v1beta/openai/": CHAT,
    f"{GOOGLE}/v1beta/openai/chat/completions": f"{CHAT}/chat/completions",
    f"{GOOGLE}/v1beta/openai/?key=any-key": "/v1beta/openai/",
}


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a24_an_address_that_is_half_right_is_right(
    world: World, theirs: World, address: str
) -> None:
    asked: list[str] = []

    def answer(family: Any) -> Any:
        def respond(request: Any) -> Any:
            asked.append(str(request.url))
            message = {"role": "assistant", "content": ECHO}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            return family.Response(200, json={"id": "x", "choices": [choice]})

        return respond

    with httpx2.Client(transport=httpx2.MockTransport(answer(httpx2))) as http:
        await said(theirs, theirs.client(base_url=address, http_client=http))
    assert asked.pop().removeprefix(GOOGLE).partition("?")[0] == ADDRESSES[address]
    assert await said(world, world.transport(answer(world.family), base_url=address)) == ECHO
    assert asked == [GOOGLE + CHAT]


@pytest.mark.parametrize("path", ["", "/v1beta", "/v1beta/openai"])
async def test_a24_googles_variable_for_the_address_is_read(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", emulator.origin + path)
    assert await said(world, world.client(base_url=None)) == ECHO
    assert gemini_openai.OpenAI(api_key="k").base_url == emulator.base_url
