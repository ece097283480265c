"""Put Gemini's own options, in every form people write them, where the server looks for them.

On the wire they are `{"extra_body": {"google": {...}}}`, with that literal key `extra_body`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .._primitives.json_types import is_object
from .notes import AdaptedRequest, InvalidRequestError, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .parameters import Endpoint
    from .settings import Settings

_THINKING = ("thinking_budget", "thinking_level", "include_thoughts")
_OPTIONS: Mapping[Endpoint, Mapping[str, str]] = {
    "chat": {
        **dict.fromkeys(_THINKING, "thinking_config"),
        **dict.fromkeys(("cached_content", "media_resolution", "safety_settings"), "google"),
        **dict.fromkeys(("thought_tag_marker", "stream_function_call_arguments"), "google"),
    },
    "images": dict.fromkeys(
        ("aspect_ratio", "generation_config", "safety_settings", "tools"), "google"
    ),
}
"""By endpoint: each option, and the innermost object it belongs in."""


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


_NAMES: Mapping[Endpoint, Mapping[str, str]] = {
    endpoint: {
        spelled: name
        for name in (*options, *options.values(), "extra_body")
        for spelled in (name, _camel_case(name))
    }
    for endpoint, options in _OPTIONS.items()
}
"""By endpoint: the options and the objects they are in, by every name they go by."""


def with_options_in_place(
    body: dict[str, Any], endpoint: Endpoint, settings: Settings
) -> AdaptedRequest:
    """`body` with the options at its top level and in every nesting where the server looks.

    Raises:
        InvalidRequestError: an option is given twice with different values.
    """
    names = _NAMES[endpoint]
    if names.keys().isdisjoint(body) or not settings.on("gemini-options"):
        return AdaptedRequest(body)
    collected = _Collected(endpoint)
    collected.take(body, "body")
    out = collected.body()
    if out == body:
        return AdaptedRequest(body)
    moved = ", ".join(sorted(names.keys() & body.keys()))
    note = Note("gemini-options", f"{moved} went into extra_body.google of the request")
    return AdaptedRequest(out, [note])


def google_options(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Gemini's options in a body that has them in place; empty where there are none."""
    extra = body.get("extra_body")
    google = extra.get("google") if is_object(extra) else None
    return google if is_object(google) else {}


def with_google_options(body: dict[str, Any], google: Mapping[str, Any]) -> dict[str, Any]:
    """`body`, which has an `extra_body`, with `google` in it; without what is empty then."""
    extra: dict[str, Any] = dict(body["extra_body"])
    extra.pop("google", None)
    if google:
        extra["google"] = google
    out = {**body, "extra_body": extra}
    if not extra:
        del out["extra_body"]
    return out


class _Collected:
    """The options found so far, and where, to tell which two differ."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._options, self._names = _OPTIONS[endpoint], _NAMES[endpoint]
        self._in: dict[str, dict[str, Any]] = {"body": {}, "extra_body": {}, "google": {}}
        self._in["thinking_config"] = {}
        self._found_at: dict[str, str] = {}

    def take(self, values: Mapping[str, Any], within: str, path: str = "") -> None:
        """Collect what the object `within` has; what is not known stays there."""
        for key, value in values.items():
            name = self._names.get(key)
            if name is None:
                self._in[within][key] = value
            elif name in self._options:
                self._set(name, value, path + key)
            elif is_object(value):
                self.take(value, name, f"{path}{key}.")
            elif value is not None:
                self._in[within][key] = value

    def body(self) -> dict[str, Any]:
        """All that was collected, in the form the server takes."""
        for inner, outer in pairwise(("thinking_config", "google", "extra_body", "body")):
            if self._in[inner]:
                self._in[outer][inner] = self._in[inner]
        return self._in["body"]

    def _set(self, name: str, value: Any, at: str) -> None:
        target = self._in[self._options[name]]
        if value is None:
            return
        if name == "thinking_level" and isinstance(value, str):
            value = value.lower()
        if name in target and target[name] != value:
            raise InvalidRequestError(
                f"{name} is given twice: {target[name]!r} as {self._found_at[name]} and "
                f"{value!r} as {at}. Keep one of them.",
                param=name,
                repair="gemini-options",
            )
        target[name] = value
        self._found_at[name] = at
