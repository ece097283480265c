"""Hold the settings of a client as one value, which goes down to whatever makes a request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .._call.deadline import check_deadline
from .._constants import (
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_MAX_RETRIES,
    DEFAULT_RETRY_BUDGET,
)
from .._http.family import check_timeout
from .._primitives.given import NOT_GIVEN, is_given
from .._primitives.lazy import cached_property
from .._primitives.secrets import is_secret_header, is_secret_parameter, redacted
from .._primitives.urls import without_login
from .environment import checked_key, key_of_environment, resolve_api_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from .._google.vertex.urls import VertexOptions
    from .._primitives.given import NotGiven, Omit
    from .._telemetry.settings import Telemetry
    from .._types import TimeoutTypes
    from ..dialect import Policy, Settings as DialectSettings, Translator


@dataclass(frozen=True, repr=False)
class Settings:
    """The settings of a client, from its arguments and from the environment.

    A client with other settings is one with another value: `dataclasses.replace`. The two mappings
    are the client's own, and may be added to in place, as frameworks do with `openai`'s.

    Attributes:
        base_url: the root that the paths of all requests hang on, with a slash at its end.
        api_key: the key, or a function that gives one; None where Google credentials stand for it.
        headers: the caller's own headers for every request.
        query: the caller's own query parameters for every request.
        strict: whether an answer that does not fit its model is an error.
        vertex: the place on Vertex AI that `base_url` was made from, if it was.
        telemetry: what is recorded of calls; None if nothing is.
        remembered: what the dialect learns from one request for the next. Copies of a client share
            it: a signature may come back through another copy than it came with.
        others: see the arguments of `OpenAI`.
    """

    base_url: str
    api_key: str | Callable[[], str] | Callable[[], Awaitable[str] | str] | None = None
    timeout: TimeoutTypes | NotGiven = NOT_GIVEN
    deadline: float | None = None
    max_retries: int = DEFAULT_MAX_RETRIES
    retry_budget: float = DEFAULT_RETRY_BUDGET
    max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES
    headers: dict[str, str | Omit] = field(default_factory=dict[str, "str | Omit"])
    query: dict[str, object] = field(default_factory=dict[str, object])
    strict: bool = False
    unsupported: Policy = "warn"
    repairs: bool | Mapping[str, bool] = True
    model_map: Mapping[str, str] | None = None
    reasoning_efforts: Mapping[str, Mapping[str, str]] | None = None
    vertex: VertexOptions | None = None
    telemetry: Telemetry | None = None
    remembered: dict[str, Any] = field(
        default_factory=dict[str, Any], repr=False, compare=False, kw_only=True
    )

    def __repr__(self) -> str:
        return f"<Settings {redacted(self.base_url)}>"  # the others may hold secrets

    def __post_init__(self) -> None:
        if isinstance(self.api_key, str):
            object.__setattr__(self, "api_key", checked_key(self.api_key))
        if not (isinstance(self.max_retries, int) and self.max_retries >= 0):  # type: ignore[redundant-expr]
            raise TypeError(
                f"max_retries must be a whole number from 0 up, not {self.max_retries!r}; "
                "to try for as long as it takes, give a large one."
            )
        budget = self.retry_budget
        if not (isinstance(budget, (int, float)) and budget >= 0):  # type: ignore[redundant-expr]
            raise TypeError(f"retry_budget must be seconds, 0 or more, not {budget!r}.")
        most = self.max_response_bytes
        if not (most is None or (isinstance(most, int) and most > 0)):  # type: ignore[redundant-expr]
            raise ValueError(
                f"max_response_bytes must be a whole number above 0, or None for no limit, "
                f"not {most!r}."
            )
        if is_given(self.timeout):
            check_timeout(self.timeout)
        check_deadline(self.deadline)
        _ = self.dialect  # an unknown name is an error now, not at the first call

    @cached_property
    def dialect(self) -> DialectSettings:
        """What may be repaired, and how: what was chosen, and what the base URL asks for."""
        from .._google.vertex.urls import is_self_deployed, is_vertex_url
        from ..dialect import make_settings

        on_vertex = self.vertex is not None or is_vertex_url(self.base_url)
        return make_settings(
            unsupported=self.unsupported,
            repairs=self.repairs,
            model_map=self.model_map,
            efforts=self.reasoning_efforts,
            backend="vertex" if on_vertex else "developer",
            self_deployed=on_vertex and is_self_deployed(self.base_url),
        )

    @cached_property
    def translator(self) -> Translator:
        """The repairs of requests and answers, with what is remembered for them."""
        from ..dialect import Translator

        return Translator(self.dialect, self.remembered)

    def without_secrets(self) -> Settings:
        """What may lie in a pickle. A key becomes the word to look for one in the environment.

        A function that gives the key stays, by its name.
        """
        vertex = self.vertex
        if vertex is not None and vertex.server is not None:
            vertex = vertex._replace(server=without_login(vertex.server))
        had_key = isinstance(self.api_key, str) and self.api_key
        return replace(
            self,
            base_url=without_login(self.base_url),
            api_key=key_of_environment if had_key else self.api_key,
            headers={k: v for k, v in self.headers.items() if not is_secret_header(k)},
            query={k: v for k, v in self.query.items() if not is_secret_parameter(k)},
            vertex=vertex,
            remembered={},
        )

    def restored(self) -> Settings:
        """The value out of a pickle, with the key that the environment has by now, if it has."""
        if self.api_key is not key_of_environment:
            return self
        return replace(self, api_key=resolve_api_key(None, required=False) or key_of_environment)

    def __getstate__(self) -> dict[str, Any]:
        derived = {"dialect", "translator"}
        return {name: value for name, value in self.__dict__.items() if name not in derived}
