"""Keep what a client works with, and show it on the wire."""

from __future__ import annotations

from .._constants import DEFAULT_MAX_RETRIES, DEFAULT_RETRY_BUDGET
from .._primitives.given import NOT_GIVEN, is_given
from .._primitives.lazy import cached_property
from .._version import __version__
from .environment import checked_key, may_use_vertex, resolve_api_key, resolve_base_url

TYPE_CHECKING = False  # `import typing` costs as much as the rest of what is loaded here
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Generic, TypeVar

    from typing_extensions import Self

    from .._call.query import Querystring
    from .._google.vertex.place import Vertex
    from .._http.pool import AsyncPool, SyncPool
    from .._primitives.given import NotGiven, Omit
    from .._types import URL, HttpClient, TimeoutTypes
    from ..dialect.settings import Policy, Settings
    from ..dialect.translation import Translator

    KeyT = TypeVar("KeyT")
    HttpT = TypeVar("HttpT")
    PoolT = TypeVar("PoolT", bound=SyncPool | AsyncPool)

    class _OfOneWorld(Generic[KeyT, HttpT, PoolT]): ...
else:

    class _OfOneWorld:
        def __class_getitem__(cls, parameters: object) -> type:
            return cls


_PLAIN_DIALECT = {
    "unsupported": "warn",
    "repairs": True,
    "model_map": None,
    "efforts": None,
}


class BaseClient(_OfOneWorld["KeyT", "HttpT", "PoolT"]):
    """Settings, and how they show on the wire.

    Args:
        api_key: a Gemini API key, or a function that gives one and is asked before every attempt
            (for the async client, also a coroutine function). Without it `GOOGLE_API_KEY` and then
            `GEMINI_API_KEY` are read.
        base_url: another server than Gemini's, for example an emulator or a gateway. Google's own
            host may be given bare or with any of the paths people paste. A URL of Vertex AI's, by
            its host or with `/projects/…/locations/…/endpoints/…` in it, is talked to as Vertex is.
        vertexai: talk to Vertex AI, with Google credentials in place of a key. If not said, what
            `GOOGLE_GENAI_USE_VERTEXAI` says.
        project: on Vertex the Google Cloud project; else `GOOGLE_CLOUD_PROJECT`, or that of the
            credentials. Without Vertex it is OpenAI's `project`, and has no effect.
        location: on Vertex `global`, `us`, `eu` or a region; else `GOOGLE_CLOUD_LOCATION`, or
            `global`.
        credentials: google-auth credentials for Vertex. Without them, and without `api_key`,
            those of the environment are found at the first call. They are refreshed in time.
        endpoint_id: on Vertex, a self-deployed model's endpoint.
        dedicated_host: and that endpoint's own host, if it has one.
        universe_domain: another cloud than `googleapis.com`.
        timeout: seconds for one attempt, or an `httpx.Timeout` or `httpx2.Timeout`; None for no
            limit. 600 if not given, of which 5 to connect.
        max_retries: how often a request that failed in passing is tried again.
        retry_budget: seconds one call may spend waiting between attempts. A wait the server asks
            for is kept if it fits, and the error raised at once if it does not.
        default_headers: sent with every request; `omit` as a value leaves a default one out.
        default_query: sent with every request.
        http_client: an HTTP client of httpx or httpx2 to send with; `close` closes it too.
            Make it after a fork: a child that uses its parent's may get the parent's answers. The
            client's own connections are made anew in a child.
        unsupported: what becomes of parameters Gemini does not take: `"warn"` leaves them out
            with a warning for each, `"drop"` without, `"error"` raises `UnsupportedParameterError`.
        repairs: False for none of the repairs in docs/dialect.md, or their names with False for
            those not to make.
        model_map: names the app uses to the models to ask for: `{"gpt-4o": "gemini-pro-latest"}`.
        reasoning_efforts: what to send for a `reasoning_effort` that a model cannot do, by
            patterns of model names: `{"gemini-3*-pro*": {"minimal": "low"}}`.
        _strict_response_validation: raise `APIResponseValidationError` for an answer that does not
            fit its model, where it would be kept as far as it goes.
        _enforce_credentials: with False, no key at all is no error.
        organization: OpenAI's, as are `webhook_secret`, `websocket_base_url`, `admin_api_key`,
            `workload_identity`, `provider` and `data_residency`: accepted and kept as attributes,
            without effect on Gemini.

    Raises:
        OpenAIError: there is no API key, or on Vertex no project; the message says where it was
            looked for. Or the key has a character that no header can carry.
        TypeError: `http_client`, `credentials` or `max_retries` is of the wrong kind.
        ValueError: `unsupported` or `repairs` has a name that is not known, or arguments exclude
            each other.
    """

    max_retries: int
    retry_budget: float
    timeout_given: TimeoutTypes | NotGiven
    base_url_text: str
    _api_key: str
    _api_key_provider: Any
    _pool: PoolT
    _vertex: Vertex | None

    def __init__(
        self,
        *,
        api_key: KeyT | None = None,
        admin_api_key: str | None = None,
        workload_identity: object | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        provider: object | None = None,
        base_url: str | URL | NotGiven | None = NOT_GIVEN,
        data_residency: str | None = None,
        websocket_base_url: str | URL | None = None,
        vertexai: bool | None = None,
        location: str | None = None,
        credentials: object | None = None,
        endpoint_id: str | None = None,
        dedicated_host: str | None = None,
        universe_domain: str | None = None,
        timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        retry_budget: float = DEFAULT_RETRY_BUDGET,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: HttpT | None = None,
        unsupported: Policy = "warn",
        repairs: bool | Mapping[str, bool] = True,
        model_map: Mapping[str, str] | None = None,
        reasoning_efforts: Mapping[str, Mapping[str, str]] | None = None,
        _strict_response_validation: bool = False,
        _enforce_credentials: bool = True,
    ) -> None:
        self._use_http_client(http_client)
        self._vertex = None
        key = checked_key(api_key) if isinstance(api_key, str) else api_key
        vertex: dict[str, Any] = {
            "vertexai": vertexai,
            "location": location,
            "credentials": credentials,
            "endpoint_id": endpoint_id,
            "dedicated_host": dedicated_host,
            "universe_domain": universe_domain,
        }
        if may_use_vertex(vertex.values()):
            from .._google.vertex.place import find_vertex

            url = str(base_url) if base_url is not None and is_given(base_url) else None
            self._vertex = find_vertex(
                **vertex,
                project=project,
                api_key=key or None,  # what an unset variable gives is no key
                base_url=url,
                http=self._token_http_client(),
            )
        if self._vertex is None:
            self._use_key(resolve_api_key(key, required=_enforce_credentials))
            self._use_base_url(base_url)
        else:
            self._use_key("" if key is None else key)
            self._talk_to(self._vertex.options.base_url)
            project = self._vertex.options.project
        self.timeout_given = timeout
        self.max_retries = _checked_max_retries(max_retries)
        self.retry_budget = retry_budget
        self._custom_headers = dict(default_headers or {})
        self._custom_query = dict(default_query or {})
        self._strict_response_validation = _strict_response_validation
        self._dialect: dict[str, Any] = {
            "unsupported": unsupported,
            "repairs": repairs,
            "model_map": model_map,
            "efforts": reasoning_efforts,
        }
        # Copies share it: a signature may come back through another copy than it came with. A
        # client that takes over other settings (`ModuleClient`) keeps it.
        self._remembered: dict[str, Any] = self.__dict__.get("_remembered", {})
        if self._dialect != _PLAIN_DIALECT:
            self.dialect_settings  # noqa: B018  # an unknown name is told of now
        self.admin_api_key = admin_api_key
        self.workload_identity = workload_identity
        self.organization = organization
        self.project = project
        self.webhook_secret = webhook_secret
        self.provider = provider
        self.data_residency = data_residency
        self.websocket_base_url = websocket_base_url

    def copy(
        self,
        *,
        api_key: KeyT | None = None,
        admin_api_key: str | None = None,
        workload_identity: object | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        provider: object | NotGiven | None = NOT_GIVEN,
        base_url: str | URL | NotGiven | None = NOT_GIVEN,
        data_residency: str | None = None,
        websocket_base_url: str | URL | None = None,
        location: str | None = None,
        endpoint_id: str | None = None,
        timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
        http_client: HttpT | None = None,
        max_retries: int | NotGiven = NOT_GIVEN,
        retry_budget: float | NotGiven = NOT_GIVEN,
        unsupported: Policy | None = None,
        repairs: bool | Mapping[str, bool] | None = None,
        model_map: Mapping[str, str] | None = None,
        reasoning_efforts: Mapping[str, Mapping[str, str]] | None = None,
        default_headers: Mapping[str, str | Omit] | None = None,
        set_default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        set_default_query: Mapping[str, object] | None = None,
        _enforce_credentials: bool | None = None,
        _extra_kwargs: Mapping[str, Any] = {},
    ) -> Self:
        """This client with other settings, sharing its connections.

        `default_headers` and `default_query` are laid over the present ones, `set_default_headers`
        and `set_default_query` replace them. None leaves a setting as it is, but for `timeout`.
        """
        if default_headers is not None and set_default_headers is not None:
            raise ValueError("Give default_headers (added) or set_default_headers (instead).")
        if default_query is not None and set_default_query is not None:
            raise ValueError("Give default_query (added) or set_default_query (instead).")
        new = object.__new__(type(self))
        new.__dict__.update(self._settings())
        if api_key is not None:
            new._use_key(api_key)
        if http_client is not None:
            new._use_http_client(http_client)
        if self._vertex is not None:
            new._vertex = self._vertex.moved(
                location=location,
                endpoint_id=endpoint_id,
                project=project,
                base_url=str(base_url) if base_url is not None and is_given(base_url) else None,
                with_key=api_key is not None,
            )
            new._talk_to(new._vertex.options.base_url)
        elif location is not None or endpoint_id is not None:
            raise ValueError(
                "location and endpoint_id are for clients made with vertexai=True; "
                "give this one another base_url."
            )
        elif base_url is not None and is_given(base_url):
            new._use_base_url(base_url)
        if is_given(timeout):
            new.timeout_given = timeout
        if is_given(max_retries):
            new.max_retries = _checked_max_retries(max_retries)
        if is_given(retry_budget):
            new.retry_budget = retry_budget
        if default_headers is not None or set_default_headers is not None:
            base = {} if default_headers is None else self._custom_headers
            new._custom_headers = {**base, **(default_headers or set_default_headers or {})}
        if default_query is not None or set_default_query is not None:
            query = {} if default_query is None else self._custom_query
            new._custom_query = {**query, **(default_query or set_default_query or {})}
        dialect = {
            "unsupported": unsupported,
            "repairs": repairs,
            "model_map": model_map,
            "efforts": reasoning_efforts,
        }
        new._dialect = {**self._dialect, **{k: v for k, v in dialect.items() if v is not None}}
        if new._dialect != _PLAIN_DIALECT:
            new.dialect_settings  # noqa: B018
        kept = {
            "admin_api_key": admin_api_key,
            "workload_identity": workload_identity,
            "organization": organization,
            "project": project,
            "webhook_secret": webhook_secret,
            "provider": provider if is_given(provider) else None,
            "data_residency": data_residency,
            "websocket_base_url": websocket_base_url,
            **_extra_kwargs,
        }
        new.__dict__.update({name: value for name, value in kept.items() if value is not None})
        return new

    # The name that reads well before a call: client.with_options(timeout=5).chat…
    with_options = copy

    def _settings(self) -> dict[str, Any]:
        """The attributes but for what is derived from them, which a copy derives anew."""
        derived = {
            name
            for cls in type(self).__mro__
            for name, value in vars(cls).items()
            if type(value).__name__ == "cached_property"  # of functools too, in a subclass
        }
        return {name: value for name, value in self.__dict__.items() if name not in derived}

    def __getstate__(self) -> dict[str, Any]:
        from .pickling import state_of

        return state_of(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        from .pickling import restore

        restore(self, state)

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # In the same process the key may come along. An http_client of the caller's is shared:
        # it cannot be copied, and without it requests would take another way.
        new = self.copy(
            set_default_headers=self._custom_headers, set_default_query=self._custom_query
        )
        if self._pool.owned:
            new._use_http_client(None)
        memo[id(self)] = new
        return new

    def _use_key(self, key: KeyT | str) -> None:
        self._api_key_provider = None if isinstance(key, str) else key
        self.api_key = key if isinstance(key, str) else ""

    def _use_answer_of_provider(self, answer: object) -> str:
        """Keep the key that the function given as `api_key` has answered with, and return it."""
        key = self.api_key = checked_key(answer, "What the api_key function returned")
        return key  # another thread may have put another one in its place by now

    @property
    def api_key(self) -> str:
        """The key or token, as it was last known; empty when there is none."""
        return self._api_key

    @api_key.setter
    def api_key(self, key: str) -> None:
        self._api_key = checked_key(key)

    def _use_http_client(self, http: HttpT | None) -> None:
        raise NotImplementedError

    def _token_http_client(self) -> Callable[[], HttpClient] | None:
        """What Google's token servers are asked over; None for a client of its own."""
        return None

    def _key_headers(self, key: str | None = None) -> Mapping[str, str]:
        """The header that carries the key, as the backend wants it."""
        key = self.api_key if key is None else key
        if self.dialect_settings.backend == "developer":
            return {"authorization": f"Bearer {key}"}
        from ..dialect.routes.vertex import key_headers

        return key_headers(key)

    def _use_base_url(self, url: str | URL | NotGiven | None) -> None:
        text = str(url) if url is not None and is_given(url) else None
        if self._vertex is None:
            self._talk_to(resolve_base_url(text))
        else:
            self._vertex = self._vertex.moved(base_url=text)
            self._talk_to(self._vertex.options.base_url)

    def _talk_to(self, base_url: str) -> None:
        """Send to another root; what follows from it is derived anew at the next use."""
        self.base_url_text = base_url
        self.__dict__.pop("dialect_settings", None)
        self.__dict__.pop("translator", None)

    @property
    def base_url(self) -> URL:
        """The root that the paths of all requests hang on, with a slash at its end."""
        from .._http.family import default_family

        url: URL = default_family().URL(self.base_url_text)
        return url

    @base_url.setter
    def base_url(self, url: str | URL) -> None:
        self._use_base_url(url)

    @property
    def _version(self) -> str:
        return __version__

    @property
    def _base_url(self) -> URL:
        return self.base_url

    @property
    def timeout(self) -> TimeoutTypes:
        """The time allowed for one attempt: seconds, a `Timeout`, or None for no limit."""
        if is_given(self.timeout_given):
            return self.timeout_given
        from .._http.family import default_family, default_timeout

        timeout: TimeoutTypes = default_timeout(default_family())
        return timeout

    @timeout.setter
    def timeout(self, timeout: TimeoutTypes) -> None:
        self.timeout_given = timeout

    @cached_property
    def dialect_settings(self) -> Settings:
        """What may be repaired, and how: what was chosen, and what the base URL asks for."""
        from ..dialect.routes.vertex import is_self_deployed, is_vertex_url
        from ..dialect.settings import make_settings

        on_vertex = self._vertex is not None or is_vertex_url(self.base_url_text)
        return make_settings(
            **self._dialect,
            backend="vertex" if on_vertex else "developer",
            self_deployed=on_vertex and is_self_deployed(self.base_url_text),
        )

    @cached_property
    def translator(self) -> Translator:
        """The repairs of requests and answers, with what must be remembered for them."""
        from ..dialect.translation import Translator

        return Translator(self.dialect_settings, self._remembered)

    @cached_property
    def wire_headers(self) -> dict[str, str | None]:
        """The headers of every request but the credentials, in lower case; None is not sent."""
        headers: dict[str, str | None] = {
            "accept": "application/json",
            "content-type": "application/json",
            "user-agent": self.user_agent,
            **self.platform_headers(),
        }
        for name, value in self._custom_headers.items():
            headers[name.lower()] = value if is_given(value) else None
        return headers

    @property
    def default_headers(self) -> dict[str, str | Omit]:
        """The headers of every request, with the credentials, as `openai` shows them."""
        headers: dict[str, str | Omit] = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": self.user_agent,
            **self.platform_headers(),
            **self.auth_headers,
            **self._custom_headers,
        }
        return headers

    @property
    def default_query(self) -> dict[str, object]:
        """The query parameters of every request."""
        return self._custom_query

    @property
    def qs(self) -> Querystring:
        """How query parameters become a query string."""
        from .._call.query import Querystring

        return Querystring()

    @property
    def auth_headers(self) -> dict[str, str]:
        """The header with the API key or the token, as it was last known."""
        if self._vertex is not None and self._vertex.google is not None:
            known: Mapping[str, str] = self._vertex.google.known()
        else:
            known = self._key_headers() if self.api_key else {}
        return {name.title(): value for name, value in known.items()}

    @property
    def custom_auth(self) -> None:
        """None: credentials travel in headers here."""
        return None

    @property
    def user_agent(self) -> str:
        """This package and its version."""
        return f"gemini-openai/{__version__}"

    def platform_headers(self) -> dict[str, str]:
        """What this client says of itself beside its user agent."""
        from ..dialect.routes.headers import client_headers

        return client_headers(__version__)

    def is_closed(self) -> bool:
        """Whether `close` was called, here or on the HTTP client."""
        return self._pool.is_closed()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.base_url_text}>"


def _checked_max_retries(max_retries: int) -> int:
    if not (isinstance(max_retries, int) and max_retries >= 0):  # type: ignore[redundant-expr]
        raise TypeError(
            f"max_retries must be a whole number from 0 up, not {max_retries!r}; "
            "to try for as long as it takes, give a large one."
        )
    return max_retries
