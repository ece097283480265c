"""Make the headers of Google's resumable uploads: https://ai.google.dev/api/files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CHUNK_BYTES = 8 << 20
"""Bytes in a chunk: what Google names as the granularity of its uploads."""


def start_headers(size: int | None, mime_type: str, file_name: str) -> dict[str, str]:
    """The headers that begin a resumable upload; `size` in bytes, None if it is not known."""
    headers = {
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-type": mime_type,
    }
    if size is not None:
        headers["x-goog-upload-header-content-length"] = str(size)
    if file_name.isascii() and file_name.isprintable():  # as a header must be
        headers["x-goog-upload-file-name"] = file_name
    return headers


def start_body(file_name: str) -> dict[str, Any]:
    """The metadata that begins an upload; Google takes names of up to 512 characters."""
    return {"file": {"displayName": file_name[:512]}}


def chunk_headers(offset: int, *, last: bool) -> dict[str, str]:
    """The headers of a chunk that begins at `offset`."""
    command = "upload, finalize" if last else "upload"
    return {"x-goog-upload-command": command, "x-goog-upload-offset": str(offset)}


QUERY_HEADERS = {"x-goog-upload-command": "query"}
"""Asks how much of an upload has arrived."""


def chunk_size(headers: Mapping[str, str]) -> int:
    """The bytes of each chunk but the last: a multiple of the granularity the server names."""
    named = headers.get("x-goog-upload-chunk-granularity", "")
    grain = int(named) if named.isdigit() and int(named) else CHUNK_BYTES
    return grain * max(1, CHUNK_BYTES // grain)
