"""Translate OpenAI's `/files` into Google's own protocol for files, and its answers back.

The OpenAI-compatible endpoint has no files; Google's own has them beside it, for 48 hours:
https://ai.google.dev/api/files.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..._primitives.json_types import is_array, is_object
from ..._primitives.numbers import whole_number
from ..notes import InvalidRequestError, Note
from ..settings import DEFAULT_SETTINGS
from .urls import native_roots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

    from ..settings import Settings

MAX_FILE_BYTES = 2 << 30
"""The largest file: `maxSize` of `media.upload` in Google's discovery document."""

FILE_HOURS = 48
"""How long Google keeps a file: https://ai.google.dev/gemini-api/docs/files."""

BATCH_OUTPUT = "files/batch-"
"""How the id of a batch's output begins; the rest is that of the batch."""

_MAX_PAGE = 100  # files; Google gives no more at once
_STATUS = {"PROCESSING": "uploaded", "ACTIVE": "processed", "FAILED": "error"}
_CONTENT = "/content"
_BATCH_PURPOSES = ("batch", "batch_output")


def native_url(path: str, base_url: str, settings: Settings = DEFAULT_SETTINGS) -> str | None:
    """Where Google has what is at one of OpenAI's paths: `/files`, `/files/{id}` or its content.

    An id may come with or without the `files/` that Google puts before it. None where the server
    behind `base_url` is to be asked in OpenAI's own way.
    """
    roots = native_roots(base_url)
    if roots is None or not settings.on("files"):
        return None
    name = path.removeprefix("/").removeprefix("files").removeprefix("/")
    if not name:
        return f"{roots.api}files"
    is_content = name.endswith(_CONTENT)
    id = name.removesuffix(_CONTENT).removeprefix("files/")
    return f"{roots.api}files/{id}:download?alt=media" if is_content else f"{roots.api}files/{id}"


def native_query(params: Mapping[str, object]) -> dict[str, object]:
    """The query of a list: `limit` and `after` as `pageSize` and `pageToken`.

    Raises `InvalidRequestError` for an `after` that is a file: Google's cursors are opaque.
    """
    query = dict(params)
    for name in ("purpose", "order"):
        query.pop(name, None)
    limit, after = query.pop("limit", None), query.pop("after", None)
    if str(after or "").startswith("files/"):
        raise InvalidRequestError(
            f"after={after!r} is a file, but Google's pages begin at a page token and not after "
            "a file. Iterate over files.list(), or give the next_page_token of a page.",
            param="after",
            repair="files",
        )
    if after is not None:
        query["pageToken"] = after
    query.setdefault("pageSize", min(limit, _MAX_PAGE) if isinstance(limit, int) else _MAX_PAGE)
    return query


def list_notes(params: Mapping[str, object]) -> list[Note]:
    """What a list cannot do that was asked for."""
    if params.get("order") is None:
        return []
    message = "Google lists files in its own order: `order` has no effect."
    return [Note("files", message, changes_answer=True, warn=True)]


def has_file_shape(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is a file in Google's form, a list of them, or an upload's answer."""
    if not is_object(value) or "id" in value or "data" in value:
        return False
    return not value or any(key in value for key in ("name", "file", "files", "nextPageToken"))


def openai_answer(value: dict[str, Any], path: str, purpose: str | None) -> dict[str, Any]:
    """Google's answer to a request to `path` as OpenAI's; `purpose` is that of the list asked for.

    A deleted file answers with an empty object, and so does an empty list.
    """
    listed = path.rstrip("/").endswith("/files")
    if is_object(file := value.get("file")):
        return openai_file(file)
    if not listed and not value:
        id = unquote(path.rpartition("files/")[2])
        return {"id": f"files/{id}", "object": "file", "deleted": True}
    if not listed:
        return openai_file(value)
    found = value.get("files")
    files = [openai_file(file) for file in found if is_object(file)] if is_array(found) else []
    if purpose is not None:
        files = [file for file in files if _suits(file["purpose"], purpose)]
    page: dict[str, Any] = {"object": "list", "data": files, "has_more": False}
    if token := value.get("nextPageToken"):
        page |= {"has_more": True, "next_page_token": token}
    return page


def openai_file(file: dict[str, Any]) -> dict[str, Any]:
    """Google's `File` with OpenAI's fields beside its own.

    Google keeps no purpose: it is read off what the file is.
    """
    status = _STATUS.get(str(file.get("state", "")), "processed")
    error = file.get("error")
    out = {
        **file,
        "id": file.get("name"),
        "object": "file",
        "bytes": whole_number(file.get("sizeBytes")) or 0,
        "created_at": unix_time(file.get("createTime")) or 0,
        "expires_at": unix_time(file.get("expirationTime")),
        "filename": file.get("displayName") or str(file.get("name", "")).rpartition("/")[2],
        "purpose": _purpose(file),
        "status": status,
    }
    if is_object(error):
        out["status_details"] = error.get("message")
    return out


def unix_time(value: object) -> int | None:
    """Seconds since 1970 from a time as Google writes them, RFC 3339 in UTC; else None."""
    try:
        moment = datetime.fromisoformat(str(value)[:19]).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    return int(moment.timestamp())


def remark_on(path: str) -> str | None:
    """What helps when Google refuses a request for a file; its own words say little."""
    name = path.rpartition("files/")[2]
    if path.endswith(_CONTENT):
        return (
            "Google lets you download files that it generated, such as the output of a batch, but "
            "not files that were uploaded: keep your own copy. Files are deleted after "
            f"{FILE_HOURS} hours"
        )
    if f"files/{name}".startswith(BATCH_OUTPUT):
        return "Google does not describe the output of a batch, but its content can be downloaded"
    return None


def _purpose(file: Mapping[str, Any]) -> str:
    if str(file.get("name", "")).startswith(BATCH_OUTPUT):
        return "batch_output"
    return "batch" if "jsonl" in str(file.get("mimeType", "")) else "user_data"


def _suits(purpose: str, wanted: str) -> bool:
    """Whether a file may be of the purpose that is looked for; those for users are one here."""
    return purpose == wanted if wanted in _BATCH_PURPOSES else purpose not in _BATCH_PURPOSES
