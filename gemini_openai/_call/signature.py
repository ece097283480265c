"""Check and show the keywords of a method that are declared once, in a `TypedDict`."""

from __future__ import annotations

from functools import wraps
from inspect import Parameter, iscoroutinefunction, signature
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .._primitives.given import is_given, omit

if TYPE_CHECKING:
    from collections.abc import Callable

MethodT = TypeVar("MethodT", bound="Callable[..., Any]")


def spell_out(declared: Any) -> Callable[[MethodT], MethodT]:
    """Give the decorated method the keys of the `TypedDict` `declared` as named parameters.

    The method takes them as `**params: Unpack[...]` and gets those the caller gave, without the
    omitted ones. A call with an unknown name, or without a required one, raises `TypeError` as
    Python itself would; that of an async method when it is awaited. `inspect.signature`, `help`,
    IPython, and frameworks that route keywords by signature see each parameter by its name.
    """

    def attach(method: MethodT) -> MethodT:
        shown = signature(method)
        named = [p for p in shown.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
        places = sum(p.kind is Parameter.POSITIONAL_OR_KEYWORD for p in named)
        known = frozenset(declared.__annotations__).union(p.name for p in named)
        required = frozenset(declared.__required_keys__)

        def check(args: tuple[Any, ...], params: dict[str, Any]) -> dict[str, Any]:
            if len(args) > places:
                return params  # Python's own error is about these
            present = {name: value for name, value in params.items() if is_given(value)}
            if params.keys() <= known and required <= present.keys():
                return present
            raise TypeError(f"{method.__qualname__}() {_mistake(params, present, known, required)}")

        @wraps(method)
        def checked(*args: Any, **params: Any) -> Any:
            return method(*args, **check(args, params))

        @wraps(method)
        async def checked_async(*args: Any, **params: Any) -> Any:
            return await method(*args, **check(args, params))

        spelled: Any = checked_async if iscoroutinefunction(method) else checked
        spelled.__signature__ = shown.replace(parameters=named + parameters_of(declared))
        return cast("MethodT", spelled)

    return attach


def parameters_of(*declared: Any) -> list[Parameter]:
    """The keys of `TypedDict`s as keyword-only parameters, the required ones first."""
    keys = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if name in keywords.__required_keys__ else omit,
            annotation=annotation,
        )
        for keywords in declared
        for name, annotation in keywords.__annotations__.items()
    ]
    return sorted(keys, key=lambda key: key.default is not Parameter.empty)


def checked_keywords(method: MethodT) -> MethodT:
    """Make a method that takes keywords only say of an unknown one which may be meant."""
    known = frozenset(cast("Any", method).__kwdefaults__)

    @wraps(method)
    def checked(self: object, *args: Any, **keywords: Any) -> Any:
        if not keywords.keys() <= known:
            from .keyword_hints import unexpected

            name = min(keywords.keys() - known)
            made = method.__name__ != "__init__"
            called = f"{type(self).__name__}{'.' + method.__name__ if made else ''}"
            raise TypeError(f"{called}() {unexpected(name, known)}")
        return method(self, *args, **keywords)

    checked.__signature__ = signature(method)  # type: ignore[attr-defined]  # `getfullargspec`
    return cast("MethodT", checked)


def _mistake(
    params: dict[str, Any], present: dict[str, Any], known: frozenset[str], required: frozenset[str]
) -> str:
    """What is wrong with the keywords of a call, in Python's words."""
    if unknown := params.keys() - known:
        from .keyword_hints import unexpected

        return unexpected(min(unknown), known)
    missing = sorted(required - present.keys())
    listed = " and ".join(map(repr, missing))
    plural = "s" if len(missing) > 1 else ""
    return f"missing {len(missing)} required keyword-only argument{plural}: {listed}"
