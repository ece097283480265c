"""`models`, against the emulator over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gemini_openai import AsyncOpenAI, NotFoundError, NotSupportedError, OpenAI
from gemini_openai.emulator import Reply
from gemini_openai.pagination import AsyncPage, SyncPage
from gemini_openai.types import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator


async def test_the_models_are_listed_on_one_page(world: World) -> None:
    page = await world.ask(lambda c: c.models.list())
    assert isinstance(page, AsyncPage if world.is_async else SyncPage)
    assert all(type(model) is Model for model in page.data)
    assert "gemini-2.5-flash" in {model.id for model in page.data}
    assert page.data[0].created == 0
    assert not page.has_next_page()
    assert await world.collect(page) == page.data


async def test_the_list_can_be_iterated_over_at_once(world: World, emulator: Emulator) -> None:
    client = world.client()
    models = await world.collect(client.models.list())
    assert len(models) > 5
    assert [request.path for request in emulator.requests] == ["/v1beta/openai/models"]


async def test_a_recorded_list_is_read_whole(
    world: World, emulator: Emulator, recorded: Callable[[str], bytes]
) -> None:
    emulator.script(Reply(body=recorded("models_list.json")))
    page = await world.ask(lambda c: c.models.list())
    assert len(page.data) == 53
    assert page.data[0].display_name
    assert {model.owned_by for model in page.data} == {"google"}


@pytest.mark.parametrize("name", ["gemini-2.5-flash", "models/gemini-2.5-flash"])
async def test_a_model_is_described_under_either_of_its_names(
    world: World, emulator: Emulator, name: str
) -> None:
    model = await world.ask(lambda c: c.models.retrieve(name))
    assert model.id.endswith("gemini-2.5-flash")
    assert emulator.requests[-1].raw_path == "/v1beta/openai/models/gemini-2.5-flash"


async def test_a_model_there_is_not_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError, match="no-such-model"):
        await world.ask(lambda c: c.models.retrieve("no-such-model"))


async def test_models_are_not_deleted(world: World, emulator: Emulator) -> None:
    with pytest.raises(NotSupportedError, match="models are Google's"):
        await world.ask(lambda c: c.models.delete("gemini-2.5-flash"))
    assert not emulator.requests


def test_what_is_known_of_a_model_is_told_without_a_request(emulator: Emulator) -> None:
    with OpenAI(api_key="k", base_url=emulator.base_url) as client:
        info = client.models.info("gemini-2.5-flash")
        assert (info.kind, info.input_token_limit, info.output_token_limit) == (
            "chat",
            1_048_576,
            65_536,
        )
        assert info.reasoning_efforts == ["none", "minimal", "low", "medium", "high"]
        assert info.thinking_budget_range == (0, 24_576)
        assert info.successor == "gemini-3.6-flash"
        newest = client.models.info("models/gemini-4-argon")
        assert newest.output_token_limit_without_streaming == 32_768
        assert "n" in newest.unsupported
    assert AsyncOpenAI(api_key="k").models.info("gemini-2.5-flash") == info
    assert not emulator.requests


def test_a_name_newer_than_the_package_has_the_facts_of_the_newest_of_its_family() -> None:
    info = OpenAI(api_key="k").models.info("gemini-3.9-flash")
    assert (info.id, info.facts_of) == ("gemini-3.9-flash", "gemini-3.8-flash")
    mapped = OpenAI(api_key="k", model_map={"gpt-4o": "gemini-flash-latest"})
    assert mapped.models.info("gpt-4o").id == "gemini-flash-latest"


def test_of_a_model_of_another_company_nothing_is_known() -> None:
    with pytest.raises(ValueError, match="gpt-4o is not a model of Google's"):
        OpenAI(api_key="k").models.info("gpt-4o")


@pytest.mark.parametrize("wrong", [None, 5, ["gemini-2.5-flash"], b"gemini-2.5-flash"])
def test_what_is_no_name_of_a_model_is_an_error_that_says_so(wrong: object) -> None:
    with pytest.raises(TypeError, match=f"the name of a model, not {type(wrong).__name__}"):
        OpenAI(api_key="k").models.info(wrong)  # type: ignore[arg-type]
