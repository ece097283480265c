"""What Google asks clients to say of themselves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREDENTIALS = ("authorization", "x-goog-api-key")
_OAUTH = "ya29."  # how Google's access tokens begin; they are bearers everywhere


def client_headers(version: str) -> dict[str, str]:
    """`x-goog-api-client`, as Google's partner page asks integrators to send it."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {"x-goog-api-client": f"gemini-openai/{version} gl-python/{python}"}


def credentials_for(
    credentials: Mapping[str, str], given: Mapping[str, str | None], *, native: bool
) -> Mapping[str, str]:
    """The credentials in the form a route wants: never two, which Google refuses.

    The OpenAI-compatible routes take an API key as a bearer, the native ones in a header of its
    own, and access tokens as bearers. On these, what the caller put into `given` stands in for
    ours; see `credentials.one_credential` for the others.
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
