"""What is passed on of a request and of an answer, and what is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from pydantic_core import from_json

from .._primitives.json_types import is_object
from .._primitives.secrets import MASK, is_secret_parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Only these: the token, cookies and what browsers and proxies add are not Google's matter.
_OF_REQUESTS = frozenset({"accept", "content-type", "idempotency-key", "user-agent"})
# Only these: what Google says of its connection (`alt-svc`, `set-cookie`, …) is not true here.
_OF_ANSWERS = frozenset(
    {
        "content-disposition",
        "content-type",
        "retry-after",
        "retry-after-ms",
        "server-timing",
        "x-request-id",
        "x-should-retry",
    }
)
_GOOGLE_SECRET = re.compile(rb"AIza[\w-]{30,}|AQ\.[\w-]{20,}|ya29\.[\w.-]{10,}")
_JSON = "application/json"


def request_headers(headers: Mapping[str, str], *, has_body: bool) -> dict[str, str]:
    """The headers for Gemini. A body is JSON unless it is a form, whatever a program calls it."""
    passed = {name: value for name, value in headers.items() if name in _OF_REQUESTS}
    if not passed.get("content-type", "").startswith("multipart/"):
        passed.pop("content-type", None)
        if has_body:
            passed["content-type"] = _JSON
    return passed


def request_query(query: str) -> str:
    """The query for Gemini, without what may be a key."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([pair for pair in pairs if not is_secret_parameter(pair[0])])


def answer_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers for the program that asked."""
    return [(name, value) for name, value in headers if name.lower() in _OF_ANSWERS]


def without_secrets(data: bytes, key: bytes, *, refused: bool) -> bytes:
    """`data` with the proxy's key masked; in a refusal, all that looks like one of Google's.

    Google names the key of a project that is suspended.
    """
    if key and key in data:
        data = data.replace(key, MASK.encode())
    return _GOOGLE_SECRET.sub(MASK.encode(), data) if refused else data


def model_of(body: bytes) -> str | None:
    """The model that a request names."""
    value = _object(body)
    model = value.get("model")
    return model if isinstance(model, str) else None


def tokens_of(data: bytes) -> tuple[int, int] | None:
    """How many tokens of the prompt and of the answer an answer counts, or an event of a stream."""
    if b'"usage"' not in data:
        return None
    usage = _object(data.removeprefix(b"data: ")).get("usage")
    if not is_object(usage):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, answer = (count if isinstance(count, int) else 0 for count in counts)
    return (prompt, answer) if prompt or answer else None


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = from_json(data)
    except ValueError:
        return {}
    return value if is_object(value) else {}
