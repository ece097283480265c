"""Hold a response that is a file, and write files piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

    from .._types import Response


class HttpxBinaryResponseContent:
    """A file from the server, such as `files.content` returns.

    The whole file has been read already. The methods whose names begin with `a` are there for code
    that awaits them. To write a large file as it arrives, use `with_streaming_response`.

    Attributes:
        response: the response of the HTTP client in use, of httpx or httpx2.
    """

    response: Response

    def __init__(self, response: Response) -> None:
        self.response = response

    @property
    def content(self) -> bytes:
        """The file as bytes."""
        return self.response.content

    @property
    def text(self) -> str:
        """The file as text, in the encoding that the server states."""
        return self.response.text

    @property
    def encoding(self) -> str | None:
        """The encoding used for `text`."""
        return self.response.encoding

    @property
    def charset_encoding(self) -> str | None:
        """The encoding that the server states, or None."""
        return self.response.charset_encoding

    def json(self, **options: Any) -> Any:
        """Parse the file as JSON; `options` are those of `json.loads`."""
        return self.response.json(**options)

    def read(self) -> bytes:
        """Return the file as bytes, as `content` does."""
        return self.response.read()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Iterate over the file in pieces of `chunk_size` bytes."""
        return self.response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Iterate over the file as text, in pieces of `chunk_size` characters."""
        return self.response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """Iterate over the lines of the file, without the line ends."""
        return self.response.iter_lines()

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Iterate over the bytes as they were sent; raises an error once the body has been read."""
        return self.response.iter_raw(chunk_size)

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the file to the path `file`."""
        write_pieces(self.response.iter_bytes(), file)

    def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the file to the path `file`, in pieces of `chunk_size` bytes. An older name."""
        write_pieces(self.response.iter_bytes(chunk_size), file)

    def close(self) -> None:
        """Close the response, and its connection if the body was not read."""
        self.response.close()

    async def aread(self) -> bytes:
        """Return the file as bytes, as `content` does."""
        return await self.response.aread()

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Iterate in pieces of `chunk_size` bytes: `async for it in await file.aiter_bytes()`."""
        return self.response.aiter_bytes(chunk_size)

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """Iterate over the text in pieces of `chunk_size` characters; await it as `aiter_bytes`."""
        return self.response.aiter_text(chunk_size)

    async def aiter_lines(self) -> AsyncIterator[str]:
        """Iterate over the lines, without the line ends; await it as `aiter_bytes`."""
        return self.response.aiter_lines()

    async def aiter_raw(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the bytes as they were sent; raises an error once the body has been read."""
        return self.response.aiter_raw(chunk_size)

    async def astream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the file to the path `file`, without blocking the event loop."""
        await write_pieces_async(self.response.aiter_bytes(chunk_size), file)

    async def aclose(self) -> None:
        """Close the response, and its connection if the body was not read."""
        await self.response.aclose()


def is_file(cast_to: Any) -> bool:
    """Whether a request for `cast_to` gets a file, or text, as it is."""
    return (
        cast_to is str
        or cast_to is bytes
        or (isinstance(cast_to, type) and issubclass(cast_to, HttpxBinaryResponseContent))
    )


def write_pieces(pieces: Iterable[bytes], file: str | os.PathLike[str]) -> None:
    """Write the pieces to the path `file`, one after the other."""
    with Path(file).open("wb") as target:
        target.writelines(pieces)


async def write_pieces_async(pieces: AsyncIterable[bytes], file: str | os.PathLike[str]) -> None:
    """Write the pieces to the path `file`, without blocking the event loop."""
    import anyio

    async with await anyio.open_file(file, "wb") as target:
        async for piece in pieces:
            await target.write(piece)
