"""Make the headers that say to Google who asks: the client, and one credential."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from ..._primitives.patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings import Settings

_CREDENTIALS = ("authorization", "x-goog-api-key")
_OAUTH = "ya29."  # how Google's access tokens begin; they are bearers everywhere
# Google's own path, which gateways that pass requests on have too. Others may want both.
_COMPATIBLE = late_pattern(r"/v\d\w*/openai/")


def client_headers(version: str) -> dict[str, str]:
    """`x-goog-api-client`, as Google's partner page asks integrators to send it."""
    return {"x-goog-api-client": f"gemini-openai/{version} gl-python/{_PYTHON}"}


_PYTHON = ".".join(map(str, sys.version_info[:3]))


def credentials_for(
    credentials: Mapping[str, str], given: Mapping[str, str | None], *, native: bool
) -> Mapping[str, str]:
    """The credentials in the form a route wants: never two, which Google refuses.

    The OpenAI-compatible routes take an API key as a bearer, the native ones in a header of its
    own, and access tokens as bearers. On these, what the caller put into `given` stands in for
    ours; see `one_credential` for the others.
    """
    if not native:
        return credentials
    if given.get("authorization") or given.get("x-goog-api-key"):
        return {name: value for name, value in credentials.items() if name not in _CREDENTIALS}
    bearer = credentials.get("authorization", "")
    key = bearer.removeprefix("Bearer ")
    if key == bearer or key.startswith(_OAUTH):
        return credentials
    rest = {name: value for name, value in credentials.items() if name != "authorization"}
    return {**rest, "x-goog-api-key": key}


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
        not settings.on("one-credential")
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
