"""An API key given in several places to one place: Google refuses a request with two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from ..settings import Settings

# Google's own path, which gateways that pass requests on have too. Others may want both.
_COMPATIBLE = re.compile(r"/v\d\w*/openai/")


def one_credential(
    url: str, headers: dict[str, str | None], settings: Settings
) -> tuple[str, dict[str, str | None]]:
    """`url` and `headers` with the key as `Authorization` alone, if they have it elsewhere too.

    The client's key is not in `headers` yet (their names are in lower case; None is not sent). A
    key in `x-goog-api-key`, or as `?key=`, counts before it, and an `authorization` that the caller
    wrote before all. With `authorization` None the caller chose another place: nothing is changed.
    """
    if "x-goog-api-key" not in headers and "key=" not in url:
        return url, headers
    authorization = headers.get("authorization", "")
    if (
        "one-credential" in settings.off
        or settings.backend != "developer"
        or authorization is None
        or not _COMPATIBLE.search(url)
    ):
        return url, headers
    bare_url, keys = _without_key(url)
    if key := headers.get("x-goog-api-key"):
        keys.insert(0, key)
    if not keys:
        return url, headers
    kept = {name: value for name, value in headers.items() if name != "x-goog-api-key"}
    return bare_url, {**kept, "authorization": authorization or f"Bearer {keys[0]}"}


def _without_key(url: str) -> tuple[str, list[str]]:
    """The URL without its `key` parameter, and what that was."""
    path, _, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    keys = [unquote_plus(value) for name, _, value in pairs if name == "key" and value]
    kept = "&".join("".join(pair) for pair in pairs if pair[0] != "key")
    return f"{path}?{kept}" if kept else path, keys
