"""Return the answer to a list page by page; each page can request the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from pydantic import PrivateAttr

from ._models import BaseModel
from ._primitives.given import NOT_GIVEN, NotGiven, is_given

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from typing_extensions import Self

    from ._call.request import FinalRequestOptions
    from ._types import URL, Body, Query

__all__ = [
    "AsyncCursorPage",
    "AsyncPage",
    "AsyncPaginator",
    "BaseAsyncPage",
    "BasePage",
    "BaseSyncPage",
    "PageInfo",
    "SyncCursorPage",
    "SyncPage",
]

ItemT = TypeVar("ItemT")
SyncPageT = TypeVar("SyncPageT", bound="BaseSyncPage[Any]")
AsyncPageT = TypeVar("AsyncPageT", bound="BaseAsyncPage[Any]")


@dataclass(kw_only=True)
class PageInfo:
    """The change to the request for a page that gets the next: one of the three."""

    url: URL | NotGiven = NOT_GIVEN
    json: Body | NotGiven = NOT_GIVEN
    params: Query | NotGiven = NOT_GIVEN


class BasePage(BaseModel, Generic[ItemT]):
    """One page of a list. Subclasses say in `next_page_info` where the next one is."""

    _source: tuple[Any, Any, FinalRequestOptions] | None = PrivateAttr(default=None)
    """The client, the type of the items, and the request that this page is the answer to."""

    def has_next_page(self) -> bool:
        """Whether there is a next page, as far as this one tells."""
        return bool(self._get_page_items()) and self.next_page_info() is not None

    def next_page_info(self) -> PageInfo | None:
        """The change to the request that gets the next page; None at the last."""
        raise NotImplementedError

    def _get_page_items(self) -> list[ItemT]:
        raise NotImplementedError

    def _next_request(self) -> tuple[Any, Any, FinalRequestOptions]:
        """The client to ask for the next page, and what to ask."""
        info = self.next_page_info()
        if info is None:
            raise RuntimeError("There is no next page; ask has_next_page() before get_next_page().")
        if self._source is None:
            raise RuntimeError(
                "This page came from no client, or out of a pickle, and cannot request the next. "
                "Call list() again, with after= the id of its last item."
            )
        client, model, options = self._source
        options = replace(options, view=None)
        if is_given(info.url):
            # The URL of a next page has the parameters of its own.
            options = replace(options, url=str(info.url), params={})
        elif is_given(info.params):
            options = replace(options, params={**options.params, **info.params})
        else:
            body = cast("dict[str, Any]", options.json_data or {})
            options = replace(options, json_data={**body, **cast("dict[str, Any]", info.json)})
        return client, model, options

    def _leads_back(self, page: BasePage[ItemT]) -> bool:
        """Whether `page`, the one before, ended the same: the server ignores the cursor."""
        info = self.next_page_info()
        return info is not None and info == page.next_page_info()

    def __getstate__(self) -> dict[Any, Any]:
        private = {**(self.__pydantic_private__ or {}), "_source": None}
        return {**super().__getstate__(), "__pydantic_private__": private}

    def __reduce__(self) -> tuple[Any, ...]:
        # Classes such as SyncPage[Model] are made at run time: no module has them by their name.
        made = type(self).__pydantic_generic_metadata__
        return _unfilled, (made["origin"] or type(self), made["args"]), self.__getstate__()

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        memo = {} if memo is None else memo
        memo[id(self._source)] = self._source  # shared, not copied
        return super().__deepcopy__(memo)


def _unfilled(origin: Any, args: tuple[Any, ...]) -> Any:
    page = origin[args] if args else origin
    return page.__new__(page)


class BaseSyncPage(BasePage[ItemT], Generic[ItemT]):
    """A page from a `Client`. Iterating over it continues through all pages that follow."""

    def get_next_page(self) -> Self:
        """Request the next page. Raises `RuntimeError` at the last."""
        client, model, options = self._next_request()
        page: Self = client._request_api_list(model, type(self), options)
        return page

    def iter_pages(self) -> Iterator[Self]:
        """This page and all that follow."""
        page = self
        while True:
            yield page
            if not page.has_next_page():
                return
            before, page = page, page.get_next_page()
            if page._leads_back(before):
                return

    def __iter__(self) -> Iterator[ItemT]:  # type: ignore[override]
        for page in self.iter_pages():
            yield from page._get_page_items()


class BaseAsyncPage(BasePage[ItemT], Generic[ItemT]):
    """A page from an `AsyncClient`. `async for` continues through all pages that follow."""

    async def get_next_page(self) -> Self:
        """Request the next page. Raises `RuntimeError` at the last."""
        client, model, options = self._next_request()
        page: Self = await client._request_api_list(model, type(self), options)
        return page

    async def iter_pages(self) -> AsyncIterator[Self]:
        """This page and all that follow."""
        page = self
        while True:
            yield page
            if not page.has_next_page():
                return
            before, page = page, await page.get_next_page()
            if page._leads_back(before):
                return

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        async for page in self.iter_pages():
            for item in page._get_page_items():
                yield item


class AsyncListingClient(Protocol):
    """The client as a list needs it."""

    async def _request_api_list(
        self, model: type[object], page: type[AsyncPageT], options: FinalRequestOptions
    ) -> AsyncPageT: ...


class AsyncPaginator(Generic[ItemT, AsyncPageT]):
    """A list not yet requested: await it for its first page, or `async for` over all items."""

    def __init__(
        self,
        client: AsyncListingClient,
        options: FinalRequestOptions,
        page_cls: type[AsyncPageT],
        model: type[ItemT],
    ) -> None:
        self._client = client
        self._options = options
        self._page_cls = page_cls
        self._model = model

    def __await__(self) -> Generator[Any, None, AsyncPageT]:
        first = self._client._request_api_list(self._model, self._page_cls, self._options)
        return first.__await__()

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        async for item in await self:
            yield item


class _ListPage(BasePage[ItemT], Generic[ItemT]):
    # Google's JSON leaves an empty list out.
    data: list[ItemT] = []  # noqa: RUF012  # pydantic copies it

    def _get_page_items(self) -> list[ItemT]:
        return self.data or []

    def _next_token(self) -> str | None:
        token = (self.model_extra or {}).get("next_page_token")
        return token if isinstance(token, str) and token else None


class _WholePage(_ListPage[ItemT], Generic[ItemT]):
    """A list that is one page."""

    object: str = "list"

    def next_page_info(self) -> PageInfo | None:
        """None: this is the whole list, unless the server gave a token for more."""
        token = self._next_token()
        return PageInfo(params={"pageToken": token}) if token else None


class _CursorPage(_ListPage[ItemT], Generic[ItemT]):
    """A page whose successor begins after its last item."""

    has_more: bool | None = None

    def has_next_page(self) -> bool:
        """Whether there is a next page, as far as this one tells."""
        if self._next_token():
            return True  # after an empty page too: Google filters after it cut pages
        return self.has_more is not False and super().has_next_page()

    def next_page_info(self) -> PageInfo | None:
        """Google's token or the id of the last item, as the cursor `after`; None without either."""
        last = self.data[-1] if self.data else None
        after = self._next_token() or getattr(last, "id", None)
        return PageInfo(params={"after": after}) if isinstance(after, str) else None


class SyncPage(_WholePage[ItemT], BaseSyncPage[ItemT], Generic[ItemT]):
    """A list that is one page, for example of models."""


class AsyncPage(_WholePage[ItemT], BaseAsyncPage[ItemT], Generic[ItemT]):
    """A list that is one page, for example of models."""


class SyncCursorPage(_CursorPage[ItemT], BaseSyncPage[ItemT], Generic[ItemT]):
    """One page of a long list, for example of files or batches."""


class AsyncCursorPage(_CursorPage[ItemT], BaseAsyncPage[ItemT], Generic[ItemT]):
    """One page of a long list, for example of files or batches."""


def request_options_for_list(
    client: object, model: Any, options: FinalRequestOptions
) -> FinalRequestOptions:
    """`options` whose answer, a page, can request the next."""

    def bind(page: Any) -> Any:
        page._source = (client, model, options)
        return page

    options.post_parser = bind
    return options
