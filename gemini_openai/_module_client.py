"""Make the package a client: `gemini_openai.api_key = ...`, then `gemini_openai.chat...`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._client import Client
from ._primitives.given import is_given

if TYPE_CHECKING:
    from . import resources
    from ._call.request import FinalRequestOptions
    from .bulk.resources import Batches, Embeddings
    from .resources._unsupported import Unsupported

__all__ = ["ModuleClient", "_load_client", "_reset_client"]

SETTINGS = (
    "api_key",
    "admin_api_key",
    "organization",
    "project",
    "webhook_secret",
    "base_url",
    "timeout",
    "max_retries",
    "default_headers",
    "default_query",
    "http_client",
)
"""The attributes of the package that are arguments of `Client`."""

ELSEWHERE = {"azure": "AzureOpenAI", "amazon-bedrock": "BedrockOpenAI"}


class ModuleClient(Client):
    """A client whose settings are the attributes of the package, read again for each request."""

    def __init__(self) -> None:
        self._seen = _attributes()
        super().__init__(**self._seen)

    def follow(self) -> None:
        """Take over what was set since. Raises as `Client` does when it cannot be used.

        Connections and what was learnt from answers outlive a change of other settings.
        """
        now = _attributes()
        if now == self._seen:
            return
        new = Client(**now)
        kept = replace(new._settings, remembered=self._settings.remembered)
        changes = {**new._attributes(), "_settings": kept, "_seen": now}
        if now.get("http_client") is self._seen.get("http_client"):
            del changes["_http"]
        self.__dict__.update(changes)

    def request(self, cast_to: Any, options: FinalRequestOptions, **how: Any) -> Any:
        """See `Client.request`."""
        self.follow()
        return super().request(cast_to, options, **how)


def _attributes() -> dict[str, Any]:
    """The settings as they are now; mappings copied, to notice when one is added to."""
    package = sys.modules[__package__ or ""]
    if (api_type := getattr(package, "api_type", None)) in ELSEWHERE:
        from .resources._unsupported import not_supported

        raise not_supported(ELSEWHERE[api_type])
    settings = {name: getattr(package, name) for name in SETTINGS}
    for name in ("default_headers", "default_query"):
        settings[name] = dict(settings[name] or {})
    return {name: value for name, value in settings.items() if is_given(value)}


_client: ModuleClient | None = None


def _load_client() -> ModuleClient:
    """The client of the package, made at the first use. Raises `OpenAIError` without a key."""
    global _client  # noqa: PLW0603
    if _client is None:
        _client = ModuleClient()
    else:
        _client.follow()
    return _client


def _reset_client() -> None:
    """Forget the client; the next use makes another. For tests."""
    global _client  # noqa: PLW0603
    _client = None


class _Proxy:
    """An attribute of the client of the package, looked up at each use."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def _target(self) -> Any:
        name: str = object.__getattribute__(self, "_name")
        return getattr(_load_client(), name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._target(), name)

    def __call__(self, *args: Any, **params: Any) -> Any:
        return self._target()(*args, **params)

    def __dir__(self) -> list[str]:
        return dir(self._target())

    def __repr__(self) -> str:
        return f"<gemini_openai.{object.__getattribute__(self, '_name')}>"


if TYPE_CHECKING:
    batches: Batches
    beta: resources.Beta
    chat: resources.Chat
    embeddings: Embeddings
    files: resources.Files
    images: resources.Images
    models: resources.Models
    videos: resources.Videos

    def __getattr__(name: str) -> Unsupported: ...  # the attributes of a client that Gemini lacks
else:

    def __getattr__(name: str) -> _Proxy:
        if name.startswith("_") or not hasattr(Client, name):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        proxy = globals()[name] = _Proxy(name)
        return proxy
