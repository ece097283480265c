"""Answer an embeddings request with vectors that depend on the texts alone."""

from __future__ import annotations

import base64
import hashlib
import math
import struct
from array import array
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, generic, unknown_names
from ..http.json_values import sequence, string
from . import refusals
from .answer import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .catalogue import Catalogue
    from .quirks import Quirks

DIMENSIONS = 3072
"""The length of a `gemini-embedding-001` vector unless the request has `dimensions`. [Google]"""
MAX_INPUTS = 100
EMBEDDING_FIELDS = frozenset({"input", "model", "encoding_format", "dimensions"})
"""The fields of the endpoint's schema. That others are refused, as in chat, is inferred."""


def vector(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A unit vector for the text, in float32 precision; the same text gives the same vector.

    With fewer dimensions it is the beginning of the longer vector, normalised again.
    """
    numbers = struct.unpack(
        f"<{dimensions}i", hashlib.shake_256(text.encode()).digest(4 * dimensions)
    )
    length = math.hypot(*numbers)
    return array("f", [number / length for number in numbers]).tolist()


def answer_embeddings(
    body: Mapping[str, Any], quirks: Quirks, models: Catalogue
) -> dict[str, Any] | GoogleError:
    """Answer a request to the embeddings route, or refuse it."""
    model = string(body.get("model"))
    unknown: list[tuple[str | None, str]] = [(None, k) for k in body if k not in EMBEDDING_FIELDS]
    if unknown and quirks.unknown_names_refused:
        return unknown_names(unknown)
    if refusal := refusals.refused_model(model, "embedContent", models):
        return refusal
    given = body.get("input")
    inputs = [given] if isinstance(given, str) else sequence(given)
    # Tokens are "not yet implemented", by the endpoint's own schema.
    if not inputs or not all(isinstance(text, str) for text in inputs):
        return generic()
    if len(inputs) > MAX_INPUTS:
        return GoogleError(
            400, "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch"
        )
    dimensions = body.get("dimensions", DIMENSIONS)
    if not isinstance(dimensions, int) or not 1 <= dimensions <= DIMENSIONS:
        return generic()
    in_base64 = body.get("encoding_format") == "base64"
    if in_base64 and quirks.base64_refused:
        return generic()
    texts: list[str] = [" ".join(inputs)] if quirks.embeddings_fused else inputs
    data: list[dict[str, Any]] = []
    for index, text in enumerate(texts):
        values = vector(text, dimensions)
        item: dict[str, Any] = {"object": "embedding"}
        if index or not quirks.embedding_index_missing:
            item["index"] = index
        item["embedding"] = _packed(values) if in_base64 else values
        data.append(item)
    out: dict[str, Any] = {"object": "list", "data": data, "model": model}
    if not quirks.embedding_usage_missing:
        count = sum(tokens(text) for text in texts)
        out["usage"] = {"prompt_tokens": count, "total_tokens": count}
    return out


def _packed(values: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
