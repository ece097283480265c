"""What the clients of `gemini_openai.transport` take, as types; their keys are the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping

    from .._types import URL, TimeoutTypes
    from ..dialect import Policy


class DialectOptions(TypedDict, total=False):
    """The options of `OpenAI` that concern the requests themselves; see there."""

    api_key: str | Callable[[], str] | Callable[[], Awaitable[str] | str]
    base_url: str | URL
    vertexai: bool
    project: str
    location: str
    credentials: object
    endpoint_id: str
    dedicated_host: str
    universe_domain: str
    deadline: float | None
    retry_budget: float
    max_response_bytes: int | None
    unsupported: Policy
    repairs: bool | Mapping[str, bool]
    model_map: Mapping[str, str]
    reasoning_efforts: Mapping[str, Mapping[str, str]]


class WireOptions(TypedDict, total=False):
    """The options of an HTTP client that are for connections.

    With `transport`, requests go through that one, and it has settings of its own.
    """

    limits: Any
    verify: ssl.SSLContext | bool
    cert: Any
    proxy: Any
    trust_env: bool
    transport: Any


class HttpClientOptions(DialectOptions, WireOptions, total=False):
    """What `http_client` takes beside `family`."""

    timeout: TimeoutTypes
    headers: Any
    event_hooks: Any


class OpenAIClientOptions(DialectOptions, WireOptions, total=False):
    """What `openai_client` takes: what is not of the dialect or the wire is `openai`'s."""

    timeout: Any
    max_retries: int
    organization: str
    default_headers: Mapping[str, str]
    default_query: Mapping[str, object]
