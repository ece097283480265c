"""Parameters declared once, in a `TypedDict`, to methods that show and check them."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, TypeVar

from .._primitives.given import is_given, omit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MethodT = TypeVar("MethodT", bound="Callable[..., Any]")


def spell_out(params: Any) -> Callable[[MethodT], MethodT]:
    """Show the keys of the `TypedDict` `params` as named parameters of the decorated method.

    The method takes them as `**params: Unpack[...]`; `inspect.signature`, `help`, IPython, and
    frameworks that route keywords by signature then see each by its name.
    """

    def attach(method: MethodT) -> MethodT:
        shown = signature(method)
        named = [p for p in shown.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
        keys = [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if name in params.__required_keys__ else omit,
                annotation=annotation,
            )
            for name, annotation in params.__annotations__.items()
        ]
        keys.sort(key=lambda key: key.default is not Parameter.empty)
        method.__signature__ = shown.replace(parameters=named + keys)  # type: ignore[attr-defined]
        return method

    return attach


def given(method: str, params: Mapping[str, Any], declared: Any) -> dict[str, Any]:
    """The parameters the caller gave, without the omitted ones.

    Raises `TypeError`, as Python itself would, for a name that `declared` has not, or a required
    one that is missing.
    """
    if unknown := params.keys() - declared.__annotations__.keys():
        raise TypeError(f"{method}() got an unexpected keyword argument {min(unknown)!r}")
    present = {name: value for name, value in params.items() if is_given(value)}
    if missing := sorted(declared.__required_keys__ - present.keys()):
        listed = " and ".join(map(repr, missing))
        plural = "s" if len(missing) > 1 else ""
        raise TypeError(
            f"{method}() missing {len(missing)} required keyword-only argument{plural}: {listed}"
        )
    return present


def split_extras(present: dict[str, Any]) -> dict[str, Any]:
    """Take `extra_headers`, `extra_query`, `extra_body` and `timeout` out of the parameters."""
    extras = ("extra_headers", "extra_query", "extra_body", "timeout")
    return {name: present.pop(name) for name in extras if name in present}
