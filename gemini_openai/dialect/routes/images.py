"""Adapt requests for images, and read the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array
from ..._primitives.numbers import whole_number
from ..camel_case import snake_case
from ..models import with_wire_model
from ..notes import AdaptedRequest
from ..nulls import adapt_nulls
from ..options import with_options_in_place
from ..parameters import adapt_parameters
from ..settings import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from ..settings import Settings


def adapt_image_request(
    body: dict[str, Any], settings: Settings = DEFAULT_SETTINGS
) -> AdaptedRequest:
    """Adapt the body of `POST /images/generations`.

    Raises:
        InvalidRequestError: an option of Gemini's is given twice with different values.
        UnsupportedParameterError: Gemini lacks a parameter, and the policy is `"error"`.
    """
    body, notes = with_wire_model(body, settings)
    body, nulls = adapt_nulls(body, settings)
    body, moved = with_options_in_place(body, "images", settings)
    body, more = adapt_parameters(body, "images", settings)
    return AdaptedRequest(body, [*notes, *nulls, *moved, *more])


def adapt_images(
    value: dict[str, Any], created: int, settings: Settings = DEFAULT_SETTINGS
) -> dict[str, Any]:
    """`value` with a list of images, and `created` (Unix time in seconds) where it has none.

    `usage` stays out where the server gives none: OpenAI's own type has it optional.
    """
    if not settings.on("image-fields"):
        return value
    out: dict[str, Any] = dict(snake_case(value))
    if not is_array(out.get("data")):
        # Google's schema of early 2025 called the list `images`.
        images = out.pop("images", None)
        out["data"] = images if is_array(images) else []
    stamp = out.get("created")
    if not isinstance(stamp, int):
        said = whole_number(stamp)
        out["created"] = created if said is None else said
    return value if out == value and out["created"] is stamp else out
