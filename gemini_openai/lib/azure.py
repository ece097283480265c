"""Name the clients for Azure, which programs import for `isinstance`; none can be made."""

from .._client import AsyncClient, Client
from ..resources._unsupported import UnsupportedClient

__all__ = ["AsyncAzureOpenAI", "AzureOpenAI"]


class AzureOpenAI(UnsupportedClient, Client):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""


class AsyncAzureOpenAI(UnsupportedClient, AsyncClient):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""
