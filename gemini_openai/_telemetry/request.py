"""Read off a request what is recorded of it: the operation, the model, its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from .values import field, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

OPERATIONS = {"/chat/completions": "chat", "/embeddings": "embeddings"}
"""The operations that are recorded, by the ends of their URLs."""

_PARAMETERS: Mapping[str, tuple[str, type | tuple[type, ...]]] = {
    "frequency_penalty": ("gen_ai.request.frequency_penalty", (int, float)),
    "max_tokens": ("gen_ai.request.max_tokens", int),
    "max_completion_tokens": ("gen_ai.request.max_tokens", int),
    "presence_penalty": ("gen_ai.request.presence_penalty", (int, float)),
    "seed": ("gen_ai.request.seed", int),
    "temperature": ("gen_ai.request.temperature", (int, float)),
    "top_p": ("gen_ai.request.top_p", (int, float)),
    "dimensions": ("gen_ai.embeddings.dimension.count", int),
}


class Observed(NamedTuple):
    """A request whose operation is recorded."""

    name: str
    url: str
    body: Mapping[str, Any]
    provider: str
    stream: bool


def operation_name(method: str, url: str) -> str | None:
    """The name of the operation that a request is; None for one that is not recorded."""
    path = url.partition("?")[0]
    for end, name in OPERATIONS.items():
        if path.endswith(end) and method.lower() == "post":
            return name
    return None


def request_attributes(observed: Observed) -> dict[str, Any]:
    """The attributes of a span that are known when it begins."""
    body = observed.body
    url = urlsplit(observed.url)
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": observed.name,
        "gen_ai.provider.name": observed.provider,
        "server.address": url.hostname or "",
        "server.port": url.port or {"http": 80}.get(url.scheme, 443),
    }
    if isinstance(model := body.get("model"), str) and model:
        attributes["gen_ai.request.model"] = model
    for name, (attribute, kinds) in _PARAMETERS.items():
        value = body.get(name)
        if isinstance(value, kinds) and not isinstance(value, bool):
            attributes[attribute] = value
    if isinstance(count := body.get("n"), int) and count != 1:
        attributes["gen_ai.request.choice.count"] = count
    if stop := body.get("stop"):
        texts = [stop] if isinstance(stop, str) else listed(stop)
        attributes["gen_ai.request.stop_sequences"] = [t for t in texts if isinstance(t, str)]
    if isinstance(form := body.get("encoding_format"), str):
        attributes["gen_ai.request.encoding_formats"] = [form]
    if observed.stream:
        attributes["gen_ai.request.stream"] = True
    kind = field(body.get("response_format"), "type")
    if isinstance(kind, str):
        attributes["gen_ai.output.type"] = "text" if kind == "text" else "json"
    return attributes
