"""A text or a prompt -> a deterministic vector or picture, as the other routes send them."""

from __future__ import annotations

import base64
import hashlib
import math
import struct
import zlib
from array import array
from typing import TYPE_CHECKING, Any

from . import refusals
from ._json import sequence, string
from .answers import tokens
from .catalogue import Catalogue, bare
from .errors import GoogleError, generic, unknown_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .quirks import Quirks

DIMENSIONS = 3072
"""The length of a `gemini-embedding-001` vector when the request does not say. [Google]"""
MAX_INPUTS = 100
EMBEDDING_FIELDS = frozenset({"input", "model", "encoding_format", "dimensions"})
"""All that the endpoint's own schema has; that others are refused as in chat is inferred."""

_SIDE = 8  # pixels
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def vector(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A unit vector for the text, in float32 precision; the same text gives the same vector.

    Fewer dimensions are the first ones of more, normalised anew.
    """
    numbers = struct.unpack(
        f"<{dimensions}i", hashlib.shake_256(text.encode()).digest(4 * dimensions)
    )
    length = math.hypot(*numbers)
    return array("f", [number / length for number in numbers]).tolist()


def embeddings(
    body: Mapping[str, Any], quirks: Quirks, models: Catalogue
) -> dict[str, Any] | GoogleError:
    """The answer of the embeddings route, or its refusal."""
    model = string(body.get("model"))
    strange: list[tuple[str | None, str]] = [(None, k) for k in body if k not in EMBEDDING_FIELDS]
    if strange and quirks.unknown_names_refused:
        return unknown_names(strange)
    if not models.embeds(model):
        return refusals.wrong_model_name(model) or refusals.not_found(model, "embedContent")
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


def images(
    body: Mapping[str, Any], quirks: Quirks, models: Catalogue, created: int
) -> dict[str, Any] | GoogleError:
    """The answer of the images route, or its refusal; what it does not know it ignores."""
    model, prompt = string(body.get("model")), string(body.get("prompt"))
    if not models.draws(model):
        return refusals.wrong_model_name(model) or refusals.not_found(model, "predict")
    count = body.get("n", 1)
    if not prompt or not isinstance(count, int) or count < 1:
        return generic()
    if body.get("response_format", "b64_json") != "b64_json":
        return generic()
    pictures = [png(f"{prompt} {number}") for number in range(count)]
    out: dict[str, Any] = {
        "data": [{"b64_json": base64.b64encode(picture).decode()} for picture in pictures]
    }
    return out if quirks.image_created_missing else {"created": created, **out}


def png(prompt: str) -> bytes:
    """An 8 by 8 picture in one colour, which the prompt decides."""
    colour = hashlib.sha256(prompt.encode()).digest()[:3]
    rows = (b"\x00" + colour * _SIDE) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return (
        _PNG_SIGNATURE
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", zlib.compress(rows))
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _packed(values: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def model_object(id: str, display_name: str, quirks: Quirks) -> dict[str, Any]:
    """One model as the list and the retrieval show it."""
    out: dict[str, Any] = {
        "id": f"models/{id}" if quirks.model_ids_prefixed else id,
        "object": "model",
        "owned_by": "google",
        "display_name": display_name,
    }
    return out if quirks.model_created_missing else {**out, "created": 0}


def model_list(quirks: Quirks, models: Catalogue) -> dict[str, Any]:
    """All models, in Google's order."""
    data = [model_object(id, name, quirks) for id, name in models.listed()]
    return {"object": "list", "data": data}


def model(name: str, quirks: Quirks, models: Catalogue) -> dict[str, Any] | GoogleError:
    """One model, under its bare name or with `models/`."""
    id = bare(name)
    if not models.knows(id):
        return GoogleError(
            404, f"Model is not found: models/{id} for api version v1main", "NOT_FOUND"
        )
    return model_object(id, dict(models.listed()).get(id, id), quirks)
