"""The parts of OpenAI's API that Gemini has not: every name is there, every call raises."""

from __future__ import annotations

from .._primitives.lazy import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from .._exceptions import NotSupportedError

__all__ = ["OpenAIOnly", "Unsupported", "not_supported", "unsupported", "unsupported_classes"]


class Unsupported:
    """What stands at a path that Gemini has not, and below it. Calling it raises.

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

    def __call__(self, *args: object, **params: object) -> NoReturn:
        """Raise what `refusal` makes of the path: a `NotSupportedError`, unless it was given."""
        raise (self._refusal or not_supported)(self._path)

    def __repr__(self) -> str:
        return f"<{self._path}: not supported by Gemini>"


def not_supported(path: str) -> NotSupportedError:
    """The error for a call of the method at `path` on a client, such as `"responses.create"`."""
    from .._exceptions import NotSupportedError
    from ..dialect.routes.alternatives import advice_on

    # A view of a method is missing because the method is.
    feature = ".".join(word for word in path.split(".") if not word.startswith("with_"))
    return NotSupportedError(feature, advice_on(feature))


def unsupported(path: str) -> cached_property[Unsupported]:
    """The attribute of a client or resource for a path Gemini has not."""
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


def unsupported_classes(
    path: str, name: str, methods: str
) -> tuple[type[Unsupported], type[Unsupported]]:
    """The resource class `name` and its async twin, for tracers that replace their methods.

    Each of `methods` raises `NotSupportedError`: the async ones when awaited.
    """

    def make(name: str, definition: Any) -> type[Unsupported]:
        members = {method: definition(f"{path}.{method}", method) for method in methods.split()}
        return type(name, (Unsupported,), members)

    return make(name, _method), make(f"Async{name}", _async_method)


def _method(path: str, name: str) -> Any:
    def method(self: Unsupported, *args: Any, **params: Any) -> NoReturn:
        Unsupported(path)()

    method.__name__ = name
    return method


def _async_method(path: str, name: str) -> Any:
    async def method(self: Unsupported, *args: Any, **params: Any) -> NoReturn:
        Unsupported(path)()

    method.__name__ = name
    return method
