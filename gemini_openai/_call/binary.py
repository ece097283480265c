"""Hold a response that is a file, and write files piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

    from .._types import Response


class HttpxBinaryResponseContent:
    """A file from the server, such as `files.content` gives.

    It has been read already, so that the methods with an `a` before their names are for code
    written for them; to write a large file as it comes, use `with_streaming_response`.

    Attributes:
        response: the response of the HTTP client in use, of httpx or httpx2.
    """

    response: Response

    def __init__(self, response: Response) -> None:
        self.response = response

    @property
    def content(self) -> bytes:
        """The file."""
        return self.response.content

    @property
    def text(self) -> str:
        """The file as text, by the encoding the server names."""
        return self.response.text

    @property
    def encoding(self) -> str | None:
        """The encoding of `text`."""
        return self.response.encoding

    @property
    def charset_encoding(self) -> str | None:
        """The encoding the server names, if it does."""
        return self.response.charset_encoding

    def json(self, **options: Any) -> Any:
        """The file as JSON; `options` are those of `json.loads`."""
        return self.response.json(**options)

    def read(self) -> bytes:
        """The file."""
        return self.response.read()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The file in pieces of `chunk_size` bytes."""
        return self.response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The file as text, in pieces of `chunk_size` characters."""
        return self.response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """The file line by line, without the line ends."""
        return self.response.iter_lines()

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes as they were sent; of a body that has been read, only the error."""
        return self.response.iter_raw(chunk_size)

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the file to the path `file`."""
        write_pieces(self.response.iter_bytes(), file)

    def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """`write_to_file`, by openai's older name, in pieces of `chunk_size` bytes."""
        write_pieces(self.response.iter_bytes(chunk_size), file)

    def close(self) -> None:
        """Give up the connection of a body that was not read."""
        self.response.close()

    async def aread(self) -> bytes:
        """The file."""
        return await self.response.aread()

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The file in pieces of `chunk_size` bytes: `async for piece in await it.aiter_bytes()`."""
        return self.response.aiter_bytes(chunk_size)

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """The file as text, in pieces of `chunk_size` characters; awaited as `aiter_bytes` is."""
        return self.response.aiter_text(chunk_size)

    async def aiter_lines(self) -> AsyncIterator[str]:
        """The file line by line, without the line ends; awaited as `aiter_bytes` is."""
        return self.response.aiter_lines()

    async def aiter_raw(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The bytes as they were sent; of a body that has been read, only the error."""
        return self.response.aiter_raw(chunk_size)

    async def astream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """`write_to_file` without holding up the event loop, in pieces of `chunk_size` bytes."""
        await write_pieces_async(self.response.aiter_bytes(chunk_size), file)

    async def aclose(self) -> None:
        """Give up the connection of a body that was not read."""
        await self.response.aclose()


def write_pieces(pieces: Iterable[bytes], file: str | os.PathLike[str]) -> None:
    """Write the pieces to the path `file`, one after the other."""
    with Path(file).open("wb") as target:
        target.writelines(pieces)


async def write_pieces_async(pieces: AsyncIterable[bytes], file: str | os.PathLike[str]) -> None:
    """Write the pieces to the path `file`, without holding up the event loop."""
    import anyio

    async with await anyio.open_file(file, "wb") as target:
        async for piece in pieces:
            await target.write(piece)
