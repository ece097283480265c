"""Name the clients for Bedrock, which programs import for `isinstance`; none can be made."""

from .._client import AsyncClient, Client
from ..resources._unsupported import UnsupportedClient

__all__ = ["AsyncBedrockOpenAI", "BedrockOpenAI"]


class BedrockOpenAI(UnsupportedClient, Client):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""


class AsyncBedrockOpenAI(UnsupportedClient, AsyncClient):
    """Raises `NotSupportedError` when built: this package talks to Gemini."""
