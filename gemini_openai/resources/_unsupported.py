"""Refuse what Gemini lacks of OpenAI's API: every name is there, every call raises."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from .._primitives.lazy import cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from inspect import Signature

    from typing_extensions import Never

    from .._exceptions import NotSupportedError


class Unsupported:
    """What stands at a path that Gemini lacks, and below it. Calling it raises.

    Apps and tracers name such paths, test for them and put wrappers there without using them.
    """

    def __init__(self, path: str, refusal: Callable[[str], Exception] | None = None) -> None:
        self._path = path
        self._refusal = refusal

    def __getattr__(self, name: str) -> Unsupported:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        child = Unsupported(f"{self._path}.{name}", self._refusal)
        setattr(self, name, child)  # the same object each time, as with resources that exist
        return child

    def __call__(self, *args: object, **params: object) -> Never:
        """Raise what `refusal` makes of the path: a `NotSupportedError`, unless it was given."""
        raise (self._refusal or not_supported)(self._path)

    def __repr__(self) -> str:
        return f"<{self._path}: not supported by Gemini>"


def not_supported(path: str) -> NotSupportedError:
    """The error for a call of the method at `path` on a client, such as `"responses.create"`."""
    from .._exceptions import NotSupportedError
    from ..dialect import advice_on

    # A view of a method is missing because the method is.
    feature = ".".join(word for word in path.split(".") if not word.startswith("with_"))
    return NotSupportedError(feature, advice_on(feature))


def unsupported(path: str) -> cached_property[Unsupported]:
    """The attribute of a client or resource for a path Gemini lacks."""
    attribute: cached_property[Unsupported]
    attribute = cached_property(lambda owner: Unsupported(path))
    attribute.__doc__ = f"Not supported by Gemini: calling anything here raises ({path})."
    return attribute


class OpenAIOnly:
    """The parts of a client that only OpenAI's servers have."""

    admin = unsupported("admin")
    audio = unsupported("audio")
    completions = unsupported("completions")
    containers = unsupported("containers")
    content_provenance_checks = unsupported("content_provenance_checks")
    conversations = unsupported("conversations")
    decisions = unsupported("decisions")
    evals = unsupported("evals")
    fine_tuning = unsupported("fine_tuning")
    live = unsupported("live")
    moderations = unsupported("moderations")
    realtime = unsupported("realtime")
    responses = unsupported("responses")
    safety = unsupported("safety")
    skills = unsupported("skills")
    uploads = unsupported("uploads")
    vector_stores = unsupported("vector_stores")
    webhooks = unsupported("webhooks")


class UnsupportedClient:
    """A client that is there to be named, for `isinstance`. Base of its class, before the client's.

    Raises `NotSupportedError` when built.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        named = next(cls for cls in type(self).__mro__ if UnsupportedClient in cls.__bases__)
        raise not_supported(named.__name__)


def unsupported_classes(path: str, methods: str) -> tuple[type[Unsupported], type[Unsupported]]:
    """The resource class for `path` and its async twin, for tracers that replace their methods.

    Each of `methods` raises `NotSupportedError`: the async ones when awaited.
    """

    def make(name: str, method_at: Callable[[str], object]) -> type[Unsupported]:
        members = {method: method_at(f"{path}.{method}") for method in methods.split()}
        return type(name, (Unsupported,), members)

    name = path.rpartition(".")[2].title()
    return make(name, unsupported_method), make(f"Async{name}", unsupported_async_method)


def unsupported_method(
    path: str, params: Any = None, *, first: str | None = None
) -> Callable[..., Never]:
    """The method at `path` on a client, which raises `NotSupportedError`.

    With `params`, a `TypedDict` or a function that loads it, or `first` its signature is that of
    `openai`: a parameter called `first`, the keys of `params`, and those that every method takes.
    """

    def method(self: object, *args: object, **params: object) -> Never:
        raise not_supported(path)

    method.__name__ = path.rpartition(".")[2]
    method.__doc__ = f"Not supported by Gemini: calling it raises ({path})."
    if params or first:
        from inspect import Parameter, Signature

        from .._call.signature import LateSignature, parameters_of

        def shown() -> Signature:
            from .._types import RequestExtras

            names = ("self",) if first is None else ("self", first)
            named = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
            declared = (RequestExtras,) if params is None else (params, RequestExtras)
            return Signature(named + parameters_of(*declared))

        cast("Any", method).__signature__ = LateSignature(shown)
    return method


def unsupported_async_method(
    path: str, params: Any = None, *, first: str | None = None
) -> Callable[..., Coroutine[Any, Any, Never]]:
    """`unsupported_method` for an async client: it raises when awaited."""
    refuse = unsupported_method(path, params, first=first)

    @wraps(refuse)
    async def method(*args: object, **params: object) -> Never:
        refuse(*args, **params)

    return method
