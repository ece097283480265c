"""Give a response that has been read beside its answer."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from ._call.binary import HttpxBinaryResponseContent as HttpxBinaryResponseContent
from ._response import BaseAPIResponse

_R = TypeVar("_R")
_T = TypeVar("_T")


class LegacyAPIResponse(BaseAPIResponse[_R]):
    """A response beside its answer; from `with_raw_response`.

    The same for both clients: the body has been read (but for a stream), so `parse` is no
    coroutine. The name is `openai`'s, where newer methods give `APIResponse`.
    """

    @overload
    def parse(self, *, to: type[_T]) -> _T: ...
    @overload
    def parse(self) -> _R: ...
    def parse(self, *, to: Any = None) -> Any:
        """The answer as the method itself would have given it, or as `to`.

        `to` is a model, any type pydantic knows, `str`, `bytes`, `dict`, the HTTP library's
        `Response`, or `Stream[YourChunk]` (`AsyncStream[YourChunk]`) if the answer is a stream.
        Each is made once, and kept.
        """
        return self._parse(to)

    @property
    def content(self) -> bytes:
        """The body."""
        return self.http_response.content

    @property
    def text(self) -> str:
        """The body as text."""
        return self.http_response.text
