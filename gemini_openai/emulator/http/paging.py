"""Cut one page out of a list, as Google's query parameters ask for it or as OpenAI's do."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Item = TypeVar("Item")


def google_page(
    items: Sequence[Item],
    query: Mapping[str, list[str]],
    *,
    usual: int,
    most: int,
) -> tuple[list[Item], str | None] | None:
    """The page that `pageSize` and `pageToken` ask for, and the token of the next one.

    `None` if they are not valid. A page has at most `most` items, whatever is asked for.
    """
    try:
        size = int(query.get("pageSize", ["0"])[0]) or usual
        start = _position(query.get("pageToken", [""])[0])
    except (ValueError, binascii.Error):
        return None
    if size < 0:
        return None
    end = start + min(size, most)
    return [*items[start:end]], _token(end) if end < len(items) else None


def openai_page(
    items: Sequence[Item], query: Mapping[str, list[str]], id_of: Callable[[Item], str]
) -> tuple[list[Item], bool] | None:
    """The page that `limit` and `after` ask for, and whether more items follow.

    `None` if they are not valid.
    """
    limit = query.get("limit", ["20"])[0]
    after = query.get("after", [""])[0]
    ids = [id_of(item) for item in items]
    if not limit.isdigit() or (after and after not in ids):
        return None
    start = ids.index(after) + 1 if after else 0
    end = start + int(limit)
    return [*items[start:end]], end < len(items)


def _token(position: int) -> str:
    return base64.urlsafe_b64encode(f"page from {position}".encode()).decode().rstrip("=")


def _position(token: str) -> int:
    if not token:
        return 0
    text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    return int(text.removeprefix("page from "))
