"""Learn from a refusal which names the server does not know, and do without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from ..._primitives.patterns import late_pattern
from ..notes import AdaptedRequest, Amendment, Note, UnsupportedParameterError
from ..parameters import backend_name
from ..paths import Path, follow, parse_path, show_path, without
from .places import function_places, place_in_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..settings import Settings
    from .errors import ErrorReport

_UNKNOWN = late_pattern(r"Unknown name \"([^\"]+)\"(?: at '([^']*)')?")


def learn_unknown_names(
    body: dict[str, Any], report: ErrorReport, settings: Settings
) -> Amendment | None:
    """`body` without the names that a refusal says the server does not know.

    Raises:
        UnsupportedParameterError: the policy is `"error"`.
    """
    names = unknown_names(report)
    if not names:
        return None
    without_names, notes = drop_unknown_names(body, names, settings)
    if without_names is body:
        return None
    return Amendment(f"unknown names: {', '.join(map(show_path, names))}", without_names, notes)


def unknown_names(report: ErrorReport) -> tuple[Path, ...]:
    """The paths of the names that the server does not know, as Google has them.

    It reports all of them at once: one refusal is enough.
    """
    texts = [report.message]
    for detail in report.details:
        violations = detail.get("fieldViolations")
        rows = [row for row in violations if is_object(row)] if is_array(violations) else []
        texts += [row.get("description") for row in rows]
    found: dict[Path, None] = {}
    for text in texts:
        for name, place in _UNKNOWN.findall(text if isinstance(text, str) else ""):
            if (parent := parse_path(place)) is not None:
                found.setdefault((*parent, name))
    return tuple(found)


def drop_unknown_names(
    body: dict[str, Any], names: Iterable[Path], settings: Settings
) -> AdaptedRequest:
    """`body` without the names that `unknown_names` found, to be sent once more.

    The same object if it has none of them, or if a request is nothing without one, as a tool is
    without `google_search`: then sending it again would not help.

    Raises:
        UnsupportedParameterError: the policy is `"error"`.
    """
    if not settings.on("unknown-names"):
        return AdaptedRequest(body)
    found = {place: None for name in names if (place := _place_of(name, body)) is not None}
    if not found or any(_is_needed(path, body) for path in found):
        return AdaptedRequest(body)
    shown = [show_path(path) for path in found]
    if settings.unsupported == "error":
        raise UnsupportedParameterError(
            f"{backend_name(settings)} does not know {', '.join(shown)}. Leave it out, "
            'or set unsupported="warn" or "drop" to have it left out.',
            param=", ".join(shown),
            repair="unknown-names",
        )
    out = body
    for path in found:
        out = without(out, path)
    notes = [
        Note(
            "unknown-names",
            f"{backend_name(settings)} does not know {name}; it was left out and the request "
            "sent again. The answer may depend on it.",
            changes_answer=True,
            warn=settings.unsupported == "warn",
        )
        for name in shown
    ]
    return AdaptedRequest(out, notes)


def _place_of(name: Path, body: dict[str, Any]) -> Path | None:
    """Where `body` has the name at the end of a path of Google's; None if it is not certain."""
    place = place_in_request(name, body)
    # Some paths lead only near to what they name: to a message, or to a text.
    if place is None or place[-1:] != name[-1:]:
        return None
    taken = follow(body, place)
    return taken if len(taken) == len(place) else None


def _is_needed(path: Path, body: dict[str, Any]) -> bool:
    """Whether what is left without the name at `path` would be another thing, or nothing."""
    match path:
        case (str(name),):
            return name in _NEEDED
        case ("tools", int(place), _):
            return place not in function_places(body["tools"])
        case ("messages", int(), name):
            return name in ("role", "content", "tool_calls")
        case ("messages", int(place), "content", int(part), name):
            return name in ("type", body["messages"][place]["content"][part].get("type"))
        case _:
            return False


_NEEDED = frozenset({"model", "messages", "input", "prompt"})
