"""Check a client's choices, and keep them as the dialect's functions use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .table import RepairName

Backend: TypeAlias = Literal["developer", "vertex"]
Policy: TypeAlias = Literal["warn", "drop", "error"]

BACKENDS = ("developer", "vertex")
POLICIES = ("warn", "drop", "error")


class Settings(NamedTuple):
    """What may be repaired, and how. Make one with `make_settings`, which checks it.

    `off` has the names of repairs not to make, `asked_for` of those to make that are off by
    default. `model_map` gives the model to ask for instead of another. `efforts` gives, for a
    pattern of model names, what to send for a `reasoning_effort`. `self_deployed` is for an
    endpoint of one model on Vertex, whose name has no publisher.
    """

    backend: Backend = "developer"
    unsupported: Policy = "warn"
    off: frozenset[str] = frozenset()
    asked_for: frozenset[str] = frozenset()
    model_map: Mapping[str, str] = {}
    efforts: Mapping[str, Mapping[str, str]] = {}
    self_deployed: bool = False

    def on(self, repair: RepairName) -> bool:
        """Whether a repair is to be made."""
        return repair not in self.off


DEFAULT_SETTINGS = Settings()


def make_settings(
    *,
    backend: Backend = "developer",
    unsupported: Policy = "warn",
    repairs: bool | Mapping[str, bool] = True,
    model_map: Mapping[str, str] | None = None,
    efforts: Mapping[str, Mapping[str, str]] | None = None,
    self_deployed: bool = False,
) -> Settings:
    """Check a client's choices.

    Args:
        backend: the Gemini Developer API, or Vertex AI.
        unsupported: what becomes of parameters Gemini does not take: `"drop"` leaves them out,
            `"warn"` too and says so, `"error"` refuses the request.
        repairs: False for none, or names of repairs with False not to have one, and with True to
            have one that is off by default.
        model_map: names an app uses to the models to ask for.
        efforts: patterns of model names (`gemini-3*-pro*`) to what to send for an effort, before
            the built-in table: `{"gemini-3*-pro*": {"minimal": "low"}}`.
        self_deployed: on Vertex, an endpoint of one model that a user deployed.

    Raises:
        ValueError: a name is not known; the message lists those that are.
    """
    _check("backend", backend, BACKENDS)
    _check("unsupported", unsupported, POLICIES)
    off, on = switches(repairs)
    return Settings(
        backend, unsupported, off, on, dict(model_map or {}), dict(efforts or {}), self_deployed
    )


def switches(repairs: bool | Mapping[str, bool]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of repairs switched off, and on. Raises `ValueError` for an unknown name."""
    if repairs is True:
        return frozenset(), frozenset()
    from .table import repair_names

    known = repair_names()
    if repairs is False:
        return frozenset(known), frozenset()
    for name in repairs:
        _check("repairs", name, known)
    on = frozenset(name for name, wanted in repairs.items() if wanted)
    return frozenset(repairs) - on, on


def _check(what: str, given: str, known: tuple[str, ...]) -> None:
    if given in known:
        return
    from difflib import get_close_matches

    near = get_close_matches(given, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"{what}: {given!r} is unknown. {hint}Known names: {', '.join(known)}.")
