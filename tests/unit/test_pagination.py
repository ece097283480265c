"""Pages: what is asked for next, when there is a next, and how far iterating goes."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from gemini_openai import OpenAIError
from gemini_openai.pagination import (
    AsyncCursorPage,
    AsyncPage,
    AsyncPaginator,
    BaseAsyncPage,
    BaseSyncPage,
    PageInfo,
    SyncCursorPage,
    SyncPage,
)

if TYPE_CHECKING:
    from conftest import World


class Item(BaseModel):
    id: str | None = None


class Server:
    """Gives the pages it was made with, one for each request, the last again and again."""

    def __init__(self, world: World, *pages: Any) -> None:
        self.requests: list[Any] = []
        self._world = world
        self._pages = pages
        self.client = world.transport(self._answer)

    def _answer(self, request: Any) -> Any:
        self.requests.append(request)
        page = self._pages[min(len(self.requests), len(self._pages)) - 1]
        return self._world.family.Response(200, json=page)

    def pages(self, page: Any = None, **given: Any) -> Any:
        kind = AsyncCursorPage if self._world.is_async else SyncCursorPage
        page = page or kind[Item]
        return self.client.get_api_list("/items", model=Item, page=page, **given)

    @property
    def asked(self) -> list[str]:
        return [request.url.query.decode() for request in self.requests]


def ids(*names: str) -> list[dict[str, str]]:
    return [{"id": name} for name in names]


FIRST = {"data": ids("a", "b"), "has_more": True}
LAST = {"data": ids("c"), "has_more": False}


async def test_iterating_over_a_list_goes_through_all_pages(world: World) -> None:
    server = Server(world, FIRST, LAST)
    items = await world.collect(server.pages(options={"params": {"limit": 2}}))
    assert [item.id for item in items] == ["a", "b", "c"]
    assert all(type(item) is Item for item in items)
    assert server.asked == ["limit=2", "limit=2&after=b"]


async def test_iterating_over_a_page_begins_with_it(world: World) -> None:
    server = Server(world, FIRST, LAST)
    page = await world.result(server.pages())
    assert [item.id for item in page.data] == ["a", "b"]
    assert [item.id for item in await world.collect(page)] == ["a", "b", "c"]
    assert len(server.requests) == 2


async def test_pages_can_be_gone_through_one_by_one(world: World) -> None:
    server = Server(world, FIRST, LAST)
    page = await world.result(server.pages())
    assert page.has_next_page()
    assert page.next_page_info() == PageInfo(params={"after": "b"})
    following = await world.result(page.get_next_page())
    assert type(following) is type(page)
    assert [item.id for item in following.data] == ["c"]
    assert not following.has_next_page()
    assert [len(page.data) for page in await world.collect(page.iter_pages())] == [2, 1]


async def test_nothing_is_asked_before_a_list_is_used(world: World) -> None:
    if not world.is_async:
        pytest.skip("a blocking list asks at once")
    server = Server(world, LAST)
    paginator = server.pages()
    assert isinstance(paginator, AsyncPaginator)
    assert not server.requests
    assert len((await paginator).data) == 1


@pytest.mark.parametrize(
    "last",
    [
        {"data": ids("a"), "has_more": False},
        {"data": [], "has_more": True},
        {"data": None, "has_more": True},
        {"has_more": True},
        {},
        {"data": [{"name": "without an id"}], "has_more": True},
        {"data": [{"id": None}]},
    ],
)
async def test_a_list_ends_where_the_next_page_cannot_be_named(world: World, last: Any) -> None:
    server = Server(world, last)
    page = await world.result(server.pages())
    assert not page.has_next_page()
    assert len(await world.collect(page)) == len(last.get("data") or [])
    assert len(server.requests) == 1


async def test_without_word_of_more_the_next_page_is_asked_for(world: World) -> None:
    server = Server(world, {"data": ids("a")}, {"data": ids("b")}, {"data": []})
    assert [item.id for item in await world.collect(server.pages())] == ["a", "b"]
    assert server.asked == ["", "after=a", "after=b"]


async def test_a_server_that_heeds_no_cursor_is_not_asked_for_ever(world: World) -> None:
    server = Server(world, {"data": ids("a", "b")})
    assert [item.id for item in await world.collect(server.pages())] == ["a", "b"]
    assert len(server.requests) == 2


async def test_the_last_page_has_no_next(world: World) -> None:
    server = Server(world, {"data": []})
    page = await world.result(server.pages())
    with pytest.raises(RuntimeError, match="has_next_page"):
        await world.result(page.get_next_page())


async def test_a_whole_list_is_its_only_page(world: World) -> None:
    kind: Any = AsyncPage if world.is_async else SyncPage
    server = Server(world, {"object": "list", "data": ids("a", "b")})
    page = await world.result(server.pages(kind[Item]))
    assert (page.object, page.has_next_page(), page.next_page_info()) == ("list", False, None)
    assert [item.id for item in await world.collect(page)] == ["a", "b"]
    assert len(server.requests) == 1


async def test_a_list_may_be_asked_for_by_post(world: World) -> None:
    server = Server(world, FIRST, LAST)
    await world.collect(server.pages(method="post", body={"kind": "x"}))
    assert [request.method for request in server.requests] == ["POST", "POST"]
    assert [request.content for request in server.requests] == [b'{"kind":"x"}'] * 2


class SyncLinked(BaseSyncPage[Item]):
    """Pages as other APIs have them: by the URL of the next, or by its number in the body."""

    items: list[Item] = []  # noqa: RUF012
    next: str | None = None
    page: int | None = None

    def _get_page_items(self) -> list[Item]:
        return self.items

    def next_page_info(self) -> PageInfo | None:
        if self.next is not None:
            return PageInfo(url=self.next)  # type: ignore[arg-type]
        return None if self.page is None else PageInfo(json={"page": self.page})


class AsyncLinked(BaseAsyncPage[Item]):
    items: list[Item] = []  # noqa: RUF012
    next: str | None = None
    page: int | None = None

    _get_page_items = SyncLinked._get_page_items  # type: ignore[assignment]
    next_page_info = SyncLinked.next_page_info  # type: ignore[assignment]


async def test_a_page_of_ones_own_names_the_next_by_url_or_body(world: World) -> None:
    base = "https://elsewhere.example/items?page=2"
    server = Server(
        world,
        {"items": ids("a"), "next": base},
        {"items": ids("b"), "page": 3},
        {"items": ids("c")},
    )
    page = AsyncLinked if world.is_async else SyncLinked
    listed = server.pages(page, method="post", body={"a": 1}, options={"params": {"q": "x"}})
    assert [item.id for item in await world.collect(listed)] == ["a", "b", "c"]
    assert str(server.requests[1].url) == base
    assert "authorization" not in server.requests[1].headers  # not our server
    assert [request.content for request in server.requests] == [
        b'{"a":1}',
        b'{"a":1}',
        b'{"a":1,"page":3}',
    ]


async def test_a_list_that_is_no_list_is_an_error_that_shows_it(world: World) -> None:
    def answer(request: Any) -> Any:
        return world.family.Response(200, text="<!DOCTYPE html>Not found")

    client = world.transport(answer)
    with pytest.raises(OpenAIError, match=r"/models is text/plain.*web page.*base_url"):
        await world.result(client.models.list())


async def test_a_page_survives_a_pickle_without_its_client(world: World) -> None:
    server = Server(world, FIRST)
    page = await world.result(server.client.batches.list())
    again = pickle.loads(pickle.dumps(page))
    assert type(again) is type(page)
    assert again.to_dict() == page.to_dict()
    assert [batch.id for batch in again.data] == ["a", "b"]
    with pytest.raises(RuntimeError, match="out of a pickle"):
        await world.result(again.get_next_page())


async def test_a_deep_copy_of_a_page_goes_on_by_the_same_client(world: World) -> None:
    server = Server(world, FIRST, LAST)
    page = await world.result(server.pages())
    again = copy.deepcopy(page)
    assert again.data == page.data
    assert again.data[0] is not page.data[0]
    assert [item.id for item in await world.collect(again)] == ["a", "b", "c"]


async def test_a_list_has_raw_responses_too(world: World) -> None:
    server = Server(world, {"object": "list", "data": [{"id": "gemini"}]})
    response = await world.result(server.client.models.with_raw_response.list())
    page = response.parse()
    assert [model.id for model in page.data] == ["gemini"]
    assert response.status_code == 200
    assert len(await world.collect(page)) == 1
