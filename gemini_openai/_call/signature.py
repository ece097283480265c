"""Check and show the keywords of a method that are declared once, in a `TypedDict`."""

from __future__ import annotations

from functools import cache, wraps
from inspect import Parameter, Signature, iscoroutinefunction, signature
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .._primitives.given import given_entries, omit

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import MappingProxyType

MethodT = TypeVar("MethodT", bound="Callable[..., Any]")


class LateKeywords:
    """The keys of a `TypedDict` that is loaded only where somebody looks at them.

    To load those of a chat completion, with what they hold, takes longer than to answer it.
    """

    def __init__(self, load: Callable[[], Any], *, required: str, optional: str) -> None:
        """Take the names of the keys, with spaces between them."""
        self.load = load
        self.required = frozenset(required.split())
        self.names = self.required.union(optional.split())


def spell_out(declared: Any) -> Callable[[MethodT], MethodT]:
    """Give the decorated method the keys of the `TypedDict` `declared` as named parameters.

    `declared` may be a `LateKeywords`, too. The method takes them as `**params: Unpack[...]` and
    gets those the caller gave, without the omitted ones. A call with an unknown name, or without a
    required one, raises `TypeError` as Python itself would; that of an async method when it is
    awaited. `inspect.signature`, `help`, IPython, and frameworks that route keywords by signature
    see each parameter by its name.
    """
    late = isinstance(declared, LateKeywords)
    required = declared.required if late else frozenset(declared.__required_keys__)
    names = declared.names if late else frozenset(declared.__annotations__)

    def attach(method: MethodT) -> MethodT:
        code = method.__code__
        places = code.co_argcount
        known = names.union(code.co_varnames[: places + code.co_kwonlyargcount])

        def check(args: tuple[Any, ...], params: dict[str, Any]) -> dict[str, Any]:
            if len(args) > places:
                return params  # Python's own error is about these
            present = given_entries(params)
            if params.keys() <= known and required <= present.keys():
                return present
            raise TypeError(f"{method.__qualname__}() {_mistake(params, present, known, required)}")

        @wraps(method)
        def checked(*args: Any, **params: Any) -> Any:
            return method(*args, **check(args, params))

        @wraps(method)
        async def checked_async(*args: Any, **params: Any) -> Any:
            return await method(*args, **check(args, params))

        def shown() -> Signature:
            own = signature(method)
            named = [p for p in own.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
            return own.replace(
                parameters=named + parameters_of(declared.load if late else declared)
            )

        spelled: Any = checked_async if iscoroutinefunction(method) else checked
        spelled.__signature__ = LateSignature(shown)
        return cast("MethodT", spelled)

    return attach


class LateSignature(Signature):
    """A signature that is made where somebody looks at it, which few programs do."""

    __slots__ = ("_made",)

    def __init__(self, make: Callable[[], Signature]) -> None:
        super().__init__()
        self._made = cache(make)

    @property
    def parameters(self) -> MappingProxyType[str, Parameter]:
        """The parameters, by their names."""
        return self._made().parameters

    @property
    def return_annotation(self) -> Any:
        """What the method says that it returns."""
        return self._made().return_annotation

    def replace(self, **changes: Any) -> Any:
        """A signature of the usual kind, with these changes."""
        return self._made().replace(**changes)

    __replace__ = replace

    def __reduce__(self) -> Any:
        return self._made().__reduce__()


def parameters_of(*declared: Any) -> list[Parameter]:
    """The keys of `TypedDict`s as keyword-only parameters, the required ones first.

    Each of `declared` is a `TypedDict`, or a function that loads it.
    """
    loaded = [each if hasattr(each, "__required_keys__") else each() for each in declared]
    keys = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if name in keywords.__required_keys__ else omit,
            annotation=annotation,
        )
        for keywords in loaded
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
