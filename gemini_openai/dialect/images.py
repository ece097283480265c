"""A generated-images answer as Gemini sends it to one as OpenAI would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._json import is_array
from .camel_case import snake_case
from .settings import DEFAULT

if TYPE_CHECKING:
    from .settings import Settings


def adapt_images(
    value: dict[str, Any], created: int, settings: Settings = DEFAULT
) -> dict[str, Any]:
    """`value` with a list of images, and `created` (Unix time in seconds) where it has none.

    `usage` stays out where the server gives none: OpenAI's own type has it optional.
    """
    if "image-fields" in settings.off:
        return value
    out: dict[str, Any] = dict(snake_case(value))
    if not is_array(out.get("data")):
        # Google's schema of early 2025 called the list `images`.
        images = out.pop("images", None)
        out["data"] = images if is_array(images) else []
    stamp = out.get("created")
    if not isinstance(stamp, int):
        out["created"] = int(stamp) if isinstance(stamp, str) and stamp.isdigit() else created
    return value if out == value else out
