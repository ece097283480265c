"""Name the clients for Bedrock, which programs import for `isinstance`; none can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._client import AsyncClient, Client
from ..resources._unsupported import not_supported

if TYPE_CHECKING:
    from typing import Any

__all__ = ["AsyncBedrockOpenAI", "BedrockOpenAI"]


class BedrockOpenAI(Client):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        raise not_supported("BedrockOpenAI")


class AsyncBedrockOpenAI(AsyncClient):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        raise not_supported("AsyncBedrockOpenAI")
