"""Cut one page out of a list, as Google's query parameters ask for it or as OpenAI's do."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import GoogleError, generic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Item = TypeVar("Item")
_LARGEST_PAGE = 100


def google_list(
    name: str,
    items: Sequence[Item],
    show: Callable[[Item], dict[str, Any]],
    query: Mapping[str, list[str]],
    *,
    usual: int = 10,
) -> dict[str, Any] | GoogleError:
    """The page that `pageSize` and `pageToken` ask for, as `{name: […], "nextPageToken": …}`.

    A page has at most 100 items, whatever is asked for, and `usual` ones by default.
    """
    try:
        size = int(query.get("pageSize", ["0"])[0]) or usual
        start = _position(query.get("pageToken", [""])[0])
    except (ValueError, binascii.Error):
        return generic()
    if size < 0:
        return generic()
    end = start + min(size, _LARGEST_PAGE)
    shown = [show(item) for item in items[start:end]]
    body: dict[str, Any] = {name: shown} if shown else {}
    return {**body, "nextPageToken": _token(end)} if end < len(items) else body


def openai_list(
    items: Sequence[Item],
    show: Callable[[Item], dict[str, Any]],
    query: Mapping[str, list[str]],
    id_of: Callable[[Item], str],
) -> dict[str, Any] | GoogleError:
    """The page that `limit` and `after` ask for, as OpenAI's list object."""
    limit = query.get("limit", ["20"])[0]
    after = query.get("after", [""])[0]
    ids = [id_of(item) for item in items]
    if not limit.isdigit() or (after and after not in ids):
        return generic()
    start = ids.index(after) + 1 if after else 0
    end = start + int(limit)
    body: dict[str, Any] = {"object": "list", "data": [show(item) for item in items[start:end]]}
    if shown := ids[start:end]:
        body |= {"first_id": shown[0], "last_id": shown[-1]}
    return {**body, "has_more": end < len(items)}


def _token(position: int) -> str:
    return base64.urlsafe_b64encode(f"page from {position}".encode()).decode().rstrip("=")


def _position(token: str) -> int:
    if not token:
        return 0
    text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    return int(text.removeprefix("page from "))
