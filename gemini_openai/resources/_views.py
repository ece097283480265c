"""Name the methods of a resource's views once, for both clients and both kinds of view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from .._primitives.lazy import cached_property

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import ClassVar

    from .._legacy_response import HttpxBinaryResponseContent, LegacyAPIResponse
    from .._response import (
        APIResponse,
        AsyncAPIResponse,
        AsyncResponseContextManager,
        AsyncStreamedBinaryAPIResponse,
        ResponseContextManager,
        StreamedBinaryAPIResponse,
    )

_P = ParamSpec("_P")
_R_co = TypeVar("_R_co", covariant=True)
_A_co = TypeVar("_A_co", covariant=True)
_T = TypeVar("_T")
_ViewT = TypeVar("_ViewT", bound="_View")


class HasViews(Protocol[_R_co, _A_co]):
    """A resource or group, its views for checkers."""

    @cached_property
    def with_raw_response(self) -> _R_co: ...
    @cached_property
    def with_streaming_response(self) -> _A_co: ...


class _View:
    _attribute: ClassVar[str]
    """Where the resources of a group have this view of them."""
    _ask: ClassVar[str]
    """What, of `_call.views`, makes a method of this view of a method."""

    def __init__(self, resource: object) -> None:
        self._resource = resource


class RawView(_View):
    """A resource or group, its methods giving `LegacyAPIResponse`."""

    _attribute, _ask = "with_raw_response", "raw"


class AsyncRawView(_View):
    """`RawView` for an async client."""

    _attribute, _ask = "with_raw_response", "async_raw"


class StreamedView(_View):
    """A resource or group, its methods giving a response whose body is still to be read."""

    _attribute, _ask = "with_streaming_response", "streamed"


class AsyncStreamedView(_View):
    """`StreamedView` for an async client."""

    _attribute, _ask = "with_streaming_response", "async_streamed"


def view_as(kind: Callable[[], type[_ViewT]]) -> cached_property[_ViewT]:
    """The attribute of a resource for a view of it, whose class may stand further down."""

    def view_of(resource: object) -> _ViewT:
        return kind()(resource)

    return cached_property(view_of)


class Viewed(Generic[_P, _R_co, _A_co]):
    """A method in the views of a resource, looked up in the resource when it is used.

    For a method with overloads, checkers would see the first alone: its views are written out.

    Args:
        method: what it is in the sync class.
        async_method: what it is in the async class, for type checkers.
    """

    def __init__(
        self,
        method: Callable[Concatenate[Any, _P], _R_co],
        async_method: Callable[Concatenate[Any, _P], Awaitable[_A_co]],
    ) -> None:
        self._name = method.__name__

    @overload
    def __get__(self, view: RawView, owner: object) -> Callable[_P, LegacyAPIResponse[_R_co]]: ...
    @overload
    def __get__(
        self, view: AsyncRawView, owner: object
    ) -> Callable[_P, Coroutine[Any, Any, LegacyAPIResponse[_A_co]]]: ...
    @overload
    def __get__(
        self: Viewed[_P, HttpxBinaryResponseContent, _A_co], view: StreamedView, owner: object
    ) -> Callable[_P, ResponseContextManager[StreamedBinaryAPIResponse]]: ...
    @overload
    def __get__(
        self, view: StreamedView, owner: object
    ) -> Callable[_P, ResponseContextManager[APIResponse[_R_co]]]: ...
    @overload
    def __get__(
        self: Viewed[_P, _R_co, HttpxBinaryResponseContent], view: AsyncStreamedView, owner: object
    ) -> Callable[_P, AsyncResponseContextManager[AsyncStreamedBinaryAPIResponse]]: ...
    @overload
    def __get__(
        self, view: AsyncStreamedView, owner: object
    ) -> Callable[_P, AsyncResponseContextManager[AsyncAPIResponse[_A_co]]]: ...
    def __get__(self, view: Any, owner: object) -> Any:
        from .._call import views

        return getattr(views, view._ask)(getattr(view._resource, self._name))


class ViewedResource(Generic[_R_co, _A_co]):
    """For checkers, a resource of a group in a view: by its sync and its async class."""

    @overload
    def __get__(
        self: ViewedResource[HasViews[_T, Any], Any], view: RawView, owner: object
    ) -> _T: ...
    @overload
    def __get__(
        self: ViewedResource[Any, HasViews[_T, Any]], view: AsyncRawView, owner: object
    ) -> _T: ...
    @overload
    def __get__(
        self: ViewedResource[HasViews[Any, _T], Any], view: StreamedView, owner: object
    ) -> _T: ...
    @overload
    def __get__(
        self: ViewedResource[Any, HasViews[Any, _T]], view: AsyncStreamedView, owner: object
    ) -> _T: ...
    def __get__(self, view: Any, owner: object) -> Any: ...


class ViewedGroup(_View):
    """The resources of a group: for checkers, those that a class derived from this names.

    The others are there as well, and their methods raise: Gemini lacks them.
    """

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            return getattr(getattr(self._resource, name), self._attribute)

        def __dir__(self) -> list[str]:
            return [*super().__dir__(), *type(self).__mro__[1].__annotations__]
