"""A request for images to the form Gemini takes, and its answer to one as OpenAI would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from ..chat.camel_case import snake_case
from ..chat.requests import AdaptedRequest, with_wire_model
from ..notes import InvalidRequestError, Note
from ..parameters import adapt_parameters
from ..settings import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings import Settings

# What Google's page on the endpoint has for images in `extra_body.google`, by every name.
_OPTIONS = {
    "aspect_ratio": "aspect_ratio",
    "aspectRatio": "aspect_ratio",
    "generation_config": "generation_config",
    "generationConfig": "generation_config",
    "safety_settings": "safety_settings",
    "safetySettings": "safety_settings",
    "tools": "tools",
}
_NESTS = frozenset({"extra_body", "extraBody", "google"})


def adapt_image_request(body: dict[str, Any], settings: Settings = DEFAULT) -> AdaptedRequest:
    """Adapt the body of `POST /images/generations`.

    Raises:
        InvalidRequestError: an option of Gemini's is given twice with different values.
        UnsupportedParameterError: Gemini lacks a parameter, and the caller wants to be told so.
    """
    body, notes = with_wire_model(body, settings)
    notes = [*notes]
    if "gemini-options" not in settings.off and not {*_OPTIONS, *_NESTS}.isdisjoint(body):
        body = _with_options_in_place(body, notes)
    body, more = adapt_parameters(body, "images", settings)
    return AdaptedRequest(body, [*notes, *more])


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


def _with_options_in_place(body: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    """Options at the top level and in every nesting of `extra_body`, all in `extra_body.google`."""
    google: dict[str, Any] = {}
    extra: dict[str, Any] = {}  # what is not known there: the server will say
    out: dict[str, Any] = {}

    def take(values: Mapping[str, Any], at: str, other: dict[str, Any]) -> None:
        for key, value in values.items():
            if key in _NESTS and is_object(value):
                take(value, f"{at}{key}.", google if key == "google" else extra)
            elif key not in _OPTIONS:
                other[key] = value
            elif value is not None:
                _put(google, _OPTIONS[key], value, f"{at}{key}")

    take(body, "", out)
    if google:
        extra["google"] = google
    if extra:
        out["extra_body"] = extra
    if out == body:
        return body
    moved = sorted(body.keys() & {*_OPTIONS, *_NESTS})
    notes.append(
        Note("gemini-options", f"{', '.join(moved)} went into extra_body.google of the request")
    )
    return out


def _put(google: dict[str, Any], name: str, value: Any, at: str) -> None:
    if name in google and google[name] != value:
        raise InvalidRequestError(
            f"{name} is given twice: {google[name]!r}, and {value!r} as {at}. Keep one of them.",
            param=name,
            repair="gemini-options",
        )
    google[name] = value
