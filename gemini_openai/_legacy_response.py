"""Give access to a response, with its body already read, and to its answer."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from ._call.binary import HttpxBinaryResponseContent as HttpxBinaryResponseContent
from ._response import BaseAPIResponse

_R = TypeVar("_R")
_T = TypeVar("_T")


class LegacyAPIResponse(BaseAPIResponse[_R]):
    """A response and its answer, from `with_raw_response`.

    It is the same for both clients: the body has been read (except for a stream), so `parse` is
    not a coroutine. `openai` named the class before it had `APIResponse`.
    """

    @overload
    def parse(self, *, to: type[_T]) -> _T: ...
    @overload
    def parse(self) -> _R: ...
    def parse(self, *, to: Any = None) -> Any:
        """The answer as the method itself would return it, or as `to`.

        `to` is a model, any type pydantic knows, `str`, `bytes`, `dict`, the HTTP library's
        `Response`, or `Stream[YourChunk]` (`AsyncStream[YourChunk]`) if the answer is a stream.
        Each type is parsed once.
        """
        return self._parse(to)

    @property
    def content(self) -> bytes:
        """The body of the response as bytes."""
        return self.http_response.content

    @property
    def text(self) -> str:
        """The body of the response as text."""
        return self.http_response.text
