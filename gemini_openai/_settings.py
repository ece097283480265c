"""Constructor arguments to what a client works with, and what of it shows on the wire."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._constants import DEFAULT_MAX_RETRIES, DEFAULT_RETRY_BUDGET
from ._given import NOT_GIVEN, is_given
from ._options import resolve_api_key, resolve_base_url
from ._version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from ._given import NotGiven, Omit
    from ._pool import AsyncPool, SyncPool
    from ._types import URL, TimeoutTypes


KeyT = TypeVar("KeyT")
HttpT = TypeVar("HttpT")
PoolT = TypeVar("PoolT", bound="SyncPool | AsyncPool")


class BaseClient(Generic[KeyT, HttpT, PoolT]):
    """Settings, and how they show on the wire.

    Args:
        api_key: a Gemini API key, or a function that gives one and is asked before every attempt
            (for the async client, also a coroutine function). Without it `GOOGLE_API_KEY` and then
            `GEMINI_API_KEY` are read.
        base_url: another server than Gemini's, for example an emulator or a gateway. Google's own
            host may be given bare or with any of the paths people paste.
        timeout: seconds for one attempt, or an `httpx.Timeout` or `httpx2.Timeout`; None for no
            limit. 600 if not given, of which 5 to connect.
        max_retries: how often a request that failed in passing is tried again.
        retry_budget: seconds one call may spend waiting between attempts. A wait the server asks
            for is kept if it fits, and the error raised at once if it does not.
        default_headers: sent with every request; `omit` as a value leaves a default one out.
        default_query: sent with every request.
        http_client: an HTTP client of httpx or httpx2 to send with; `close` closes it too.
        _strict_response_validation: raise `APIResponseValidationError` for an answer that does not
            fit its model, where it would be kept as far as it goes.
        _enforce_credentials: with False, no key at all is no error.
        organization: OpenAI's, as are `project`, `webhook_secret`, `websocket_base_url`,
            `admin_api_key`, `workload_identity`, `provider` and `data_residency`: accepted and
            kept as attributes, without effect on Gemini.

    Raises:
        OpenAIError: there is no API key; the message says where it was looked for.
        TypeError: `http_client` or `max_retries` is of the wrong kind.
    """

    api_key: str
    max_retries: int
    retry_budget: float
    timeout_given: TimeoutTypes | NotGiven
    base_url_text: str
    _api_key_provider: Any
    _pool: PoolT

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
        timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        retry_budget: float = DEFAULT_RETRY_BUDGET,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: HttpT | None = None,
        _strict_response_validation: bool = False,
        _enforce_credentials: bool = True,
    ) -> None:
        self._use_key(resolve_api_key(api_key, required=_enforce_credentials))
        self._use_http_client(http_client)
        self._use_base_url(base_url)
        self.timeout_given = timeout
        self.max_retries = _checked_max_retries(max_retries)
        self.retry_budget = retry_budget
        self._custom_headers = dict(default_headers or {})
        self._custom_query = dict(default_query or {})
        self._strict_response_validation = _strict_response_validation
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
        timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
        http_client: HttpT | None = None,
        max_retries: int | NotGiven = NOT_GIVEN,
        retry_budget: float | NotGiven = NOT_GIVEN,
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
        if base_url is not None and is_given(base_url):
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
            if isinstance(value, cached_property)
        }
        return {name: value for name, value in self.__dict__.items() if name not in derived}

    def _use_key(self, key: KeyT | str) -> None:
        self._api_key_provider = None if isinstance(key, str) else key
        self.api_key = key if isinstance(key, str) else ""

    def _use_http_client(self, http: HttpT | None) -> None:
        raise NotImplementedError

    def _use_base_url(self, url: str | URL | NotGiven | None) -> None:
        self.base_url_text = resolve_base_url(
            str(url) if url is not None and is_given(url) else None
        )

    @property
    def base_url(self) -> URL:
        """The root that the paths of all requests hang on, with a slash at its end."""
        from ._http import default_family

        url: URL = default_family().URL(self.base_url_text)
        return url

    @base_url.setter
    def base_url(self, url: str | URL) -> None:
        self._use_base_url(url)

    @property
    def _base_url(self) -> URL:
        return self.base_url

    @property
    def timeout(self) -> TimeoutTypes:
        """The time allowed for one attempt: seconds, a `Timeout`, or None for no limit."""
        if is_given(self.timeout_given):
            return self.timeout_given
        from ._http import default_family, default_timeout

        timeout: TimeoutTypes = default_timeout(default_family())
        return timeout

    @timeout.setter
    def timeout(self, timeout: TimeoutTypes) -> None:
        self.timeout_given = timeout

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
    def auth_headers(self) -> dict[str, str]:
        """The header with the API key, as it was last known."""
        return {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}

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
        from .dialect.headers import client_headers

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
