"""Name the clients for Azure, which programs import for `isinstance`; none can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._client import AsyncClient, Client
from ..resources._unsupported import not_supported

if TYPE_CHECKING:
    from typing import Any

__all__ = ["AsyncAzureOpenAI", "AzureOpenAI"]


class AzureOpenAI(Client):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        raise not_supported("AzureOpenAI")


class AsyncAzureOpenAI(AsyncClient):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        raise not_supported("AsyncAzureOpenAI")
