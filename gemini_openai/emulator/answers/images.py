"""Answer an images request with pictures that depend on the prompt alone."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, generic
from ..http.json_values import string
from . import refusals
from .media import png

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .catalogue import Catalogue
    from .quirks import Quirks


def answer_images(
    body: Mapping[str, Any], quirks: Quirks, models: Catalogue, created: int
) -> dict[str, Any] | GoogleError:
    """Answer a request to the images route, or refuse it; unknown fields are ignored."""
    model, prompt = string(body.get("model")), string(body.get("prompt"))
    if refusal := refusals.refused_model(model, "predict", models):
        return refusal
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
