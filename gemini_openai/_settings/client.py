"""Give a client its settings: from arguments, by copies, as attributes, in pickles."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from .._call.signature import checked_keywords
from .._constants import (
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_MAX_RETRIES,
    DEFAULT_RETRY_BUDGET,
)
from .._google.vertex.options import VertexArguments, resolve_vertex, uses_vertex
from .._primitives.given import NOT_GIVEN, is_given
from .._primitives.secrets import is_secret_header, redacted
from .._telemetry.settings import resolve_telemetry
from .._version import __version__
from .environment import checked_key, resolve_api_key, resolve_base_url
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from .._call.query import Querystring
    from .._google.vertex.refreshing import GoogleCredentials
    from .._http.shared_client import HttpClientPerLoop, SharedHttpClient
    from .._primitives.given import NotGiven, Omit
    from .._telemetry.settings import Telemetry
    from .._types import URL, HttpClient, TimeoutTypes
    from ..dialect import Policy

KeyT = TypeVar("KeyT")
HttpT = TypeVar("HttpT")
SharedT = TypeVar("SharedT", bound="SharedHttpClient | HttpClientPerLoop")

_SECRETS = dict.fromkeys(("admin_api_key", "webhook_secret", "workload_identity"))


def _setting(name: str) -> Any:
    """An attribute of a client that is a field of its settings, and may be set."""

    def get(client: ConfiguredClient[Any, Any, Any]) -> Any:
        return getattr(client._settings, name)

    def change(client: ConfiguredClient[Any, Any, Any], value: Any) -> None:
        client._settings = replace(client._settings, **{name: value})

    return property(get, change)


class ConfiguredClient(Generic[KeyT, HttpT, SharedT]):
    """The half of a client that has settings, and shows what of them is in every request.

    See `OpenAI` for the arguments.
    """

    _is_async: ClassVar[bool]
    _settings: Settings
    _http: SharedT
    _google: GoogleCredentials | None
    _key_from_provider: str

    custom_auth: None = None
    """`openai`'s; credentials travel in headers here."""

    _version: ClassVar[str] = __version__

    deadline: float | None = _setting("deadline")
    max_retries: int = _setting("max_retries")
    retry_budget: float = _setting("retry_budget")
    max_response_bytes: int | None = _setting("max_response_bytes")
    _custom_headers: dict[str, str | Omit] = _setting("headers")
    _custom_query: dict[str, object] = _setting("query")
    _strict_response_validation: bool = _setting("strict")
    _remembered: dict[str, Any] = _setting("remembered")

    @checked_keywords
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
        deadline: float | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        retry_budget: float = DEFAULT_RETRY_BUDGET,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: HttpT | None = None,
        unsupported: Policy = "warn",
        repairs: bool | Mapping[str, bool] = True,
        model_map: Mapping[str, str] | None = None,
        reasoning_efforts: Mapping[str, Mapping[str, str]] | None = None,
        telemetry: bool | Telemetry | None = None,
        _strict_response_validation: bool = False,
        _enforce_credentials: bool = True,
    ) -> None:
        self._http = self._share_http_client(http_client)
        self._google, self._key_from_provider = None, ""
        key: Any = checked_key(api_key) if isinstance(api_key, str) else api_key
        url, vertex = _text(base_url), None
        given = VertexArguments(location, credentials, endpoint_id, dedicated_host, universe_domain)
        if uses_vertex(vertexai, given, os.environ, base_url=url, has_key=bool(key)):
            from .._google.vertex.refreshing import GoogleCredentials

            google = GoogleCredentials(credentials, project=project, http=self._token_http_client())
            key = key or None  # what an unset variable gives is no key
            vertex = resolve_vertex(
                project,
                given,
                os.environ,
                api_key=key,
                base_url=url,
                by_environment=vertexai is None,
                find_project=google.find_project,
            )
            self._google, project = None if key else google, vertex.project
        else:
            # Who sends a credential of their own may have no key.
            own = key == "" and any(map(is_secret_header, default_headers or {}))
            key = resolve_api_key(key, required=_enforce_credentials and not own)
        self._settings = Settings(
            base_url=resolve_base_url(url) if vertex is None else vertex.base_url,
            api_key=key,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry_budget=retry_budget,
            max_response_bytes=max_response_bytes,
            headers=dict(default_headers or {}),
            query=dict(default_query or {}),
            strict=_strict_response_validation,
            unsupported=unsupported,
            repairs=repairs,
            model_map=model_map,
            reasoning_efforts=reasoning_efforts,
            vertex=vertex,
            telemetry=resolve_telemetry(telemetry, os.environ),
        )
        # OpenAI's own, without effect here.
        self.admin_api_key = admin_api_key
        self.workload_identity = workload_identity
        self.organization = organization
        self.project = project
        self.webhook_secret = webhook_secret
        self.provider = provider
        self.data_residency = data_residency
        self.websocket_base_url = websocket_base_url
        self._load_for_calls()

    @checked_keywords
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
        deadline: float | NotGiven | None = NOT_GIVEN,
        http_client: HttpT | None = None,
        max_retries: int | NotGiven = NOT_GIVEN,
        retry_budget: float | NotGiven = NOT_GIVEN,
        max_response_bytes: int | NotGiven | None = NOT_GIVEN,
        unsupported: Policy | None = None,
        repairs: bool | Mapping[str, bool] | None = None,
        model_map: Mapping[str, str] | None = None,
        reasoning_efforts: Mapping[str, Mapping[str, str]] | None = None,
        telemetry: bool | Telemetry | None = None,
        default_headers: Mapping[str, str | Omit] | None = None,
        set_default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        set_default_query: Mapping[str, object] | None = None,
        _enforce_credentials: bool | None = None,
        _extra_kwargs: Mapping[str, Any] = {},
    ) -> Self:
        """Make a client with other settings that shares the connections of this one.

        `default_headers` and `default_query` are laid over the present ones, `set_default_headers`
        and `set_default_query` replace them. None leaves a setting as it is, but for `timeout`,
        `deadline` and `max_response_bytes`: there it means none.
        """
        was = self._settings
        if isinstance(api_key, str):
            checked_key(api_key, empty=False)
        changes: dict[str, Any] = _present(
            api_key=api_key,
            unsupported=unsupported,
            repairs=repairs,
            model_map=model_map,
            reasoning_efforts=reasoning_efforts,
        )
        if telemetry is not None:
            changes["telemetry"] = resolve_telemetry(telemetry, os.environ)
        # For these None says something.
        numbers = {
            "timeout": timeout,
            "deadline": deadline,
            "max_retries": max_retries,
            "retry_budget": retry_budget,
            "max_response_bytes": max_response_bytes,
        }
        changes |= {name: value for name, value in numbers.items() if is_given(value)}
        changes["headers"] = _laid_over(
            "default_headers", was.headers, default_headers, set_default_headers
        )
        changes["query"] = _laid_over("default_query", was.query, default_query, set_default_query)
        if was.vertex is None and (location is not None or endpoint_id is not None):
            raise ValueError(
                "location and endpoint_id are for clients made with vertexai=True; "
                "give this one another base_url."
            )
        changes |= self._moved(
            _text(base_url), project=project, location=location, endpoint_id=endpoint_id
        )
        new = type(self).__new__(type(self))
        new.__dict__.update(self._attributes())
        new._settings = replace(was, **changes)
        if api_key is not None:
            new._google, new._key_from_provider = None, ""
        if http_client is not None:
            new._http = self._share_http_client(http_client)
        new.__dict__.update(
            _present(
                admin_api_key=admin_api_key,
                workload_identity=workload_identity,
                organization=organization,
                project=project,
                webhook_secret=webhook_secret,
                provider=provider,
                data_residency=data_residency,
                websocket_base_url=websocket_base_url,
                **_extra_kwargs,
            )
        )
        if base_url is not None:
            new._load_for_calls()
        return new

    # The name that reads well before a call: client.with_options(timeout=5).chat…
    with_options = copy

    def _moved(self, base_url: str | None, **place: str | None) -> dict[str, Any]:
        """The settings to change for another base URL, or another place on Vertex AI."""
        if self._settings.vertex is not None:
            from ..dialect import is_developer_url

            if base_url is not None and is_developer_url(base_url):
                raise ValueError(
                    "This client is for Vertex AI, and the base URL is of the Gemini Developer "
                    "API: make another client, OpenAI(api_key=...)."
                )
            vertex = self._settings.vertex.moved(base_url=base_url, **place)
            return {"vertex": vertex, "base_url": vertex.base_url}
        return {} if base_url is None else {"base_url": resolve_base_url(base_url)}

    def _attributes(self) -> dict[str, Any]:
        """The attributes, those of a subclass included, but for what is computed when asked for."""
        cls = type(self)
        return {
            name: value
            for name, value in vars(self).items()
            if type(getattr(cls, name, None)).__name__ != "cached_property"
        }

    def __getstate__(self) -> dict[str, Any]:
        if not self._http.owned:
            raise TypeError(
                f"This {type(self).__name__} was given an http_client, which cannot be pickled. "
                "Pickle a client without, and on the other side give it one: "
                "client.with_options(http_client=...)."
            )
        state = {**self._attributes(), "_settings": self._settings.without_secrets(), **_SECRETS}
        for name in ("_http", "_google", "_key_from_provider"):
            state.pop(name, None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._http, self._google, self._key_from_provider = self._share_http_client(None), None, ""
        settings = self._settings = self._settings.restored()
        if settings.vertex is not None and settings.api_key is None:
            from .._google.vertex.refreshing import GoogleCredentials

            # Credentials are secrets: here those of this environment are found.
            self._google = GoogleCredentials(
                project=settings.vertex.project, http=self._token_http_client()
            )
        self._load_for_calls()

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Within one process the copy keeps the key. An http_client that was given is shared: it
        # cannot be copied, and without it requests would take another way.
        new = self.copy()
        if self._http.owned:
            new._http = self._share_http_client(None)
        memo[id(self)] = new
        return new

    def _load_for_calls(self) -> None:
        """Load now what calls need later: called when a client was made."""

    def _share_http_client(self, http: HttpT | SharedT | None) -> SharedT:
        raise NotImplementedError

    def _token_http_client(self) -> Callable[[], HttpClient] | None:
        """What Google's token servers are asked over; None for a client of its own."""
        return None

    @property
    def api_key(self) -> str:
        """The key; of a function that gives one, what it gave last. Empty if there is none."""
        key = self._settings.api_key
        return key if isinstance(key, str) else self._key_from_provider

    @api_key.setter
    def api_key(self, key: Any) -> None:
        if isinstance(key, str):
            checked_key(key, empty=False)
        self._settings = replace(self._settings, api_key=key)

    @property
    def base_url(self) -> URL:
        """The root that the paths of all requests hang on, with a slash at its end."""
        from .._http.family import default_family

        url: URL = default_family().URL(self._settings.base_url)
        return url

    @base_url.setter
    def base_url(self, url: str | URL) -> None:
        self._settings = replace(self._settings, **self._moved(_text(url)))
        self._load_for_calls()

    _base_url = base_url

    @property
    def timeout(self) -> TimeoutTypes:
        """The time for each phase of an attempt: seconds, a `Timeout`, or None for no limit.

        The phases: waiting for a connection, connecting, each write, each read. `deadline` is for
        a whole call.
        """
        if is_given(self._settings.timeout):
            return self._settings.timeout
        from .._http.family import default_family, default_timeout

        timeout: TimeoutTypes = default_timeout(default_family())
        return timeout

    @timeout.setter
    def timeout(self, timeout: TimeoutTypes) -> None:
        self._settings = replace(self._settings, timeout=timeout)

    @property
    def default_headers(self) -> dict[str, str | Omit]:
        """The headers of every request, with the credentials, as `openai` shows them."""
        return {**self._uncredited_headers(), **self.auth_headers, **self._custom_headers}

    def _uncredited_headers(self) -> dict[str, str | Omit]:
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": self.user_agent,
            **self.platform_headers(),
        }

    def _headers_to_send(self) -> dict[str, str | None]:
        """The headers of every request in lower case, None for one that is not to be sent.

        The credentials are not among them, for each attempt asks for those anew; but what a
        subclass puts into its `default_headers` in their place is.
        """
        headers: Mapping[str, str | Omit]
        if type(self).default_headers is ConfiguredClient.default_headers:
            headers = {**self._uncredited_headers(), **self._custom_headers}
        else:
            known = self.auth_headers
            headers = {k: v for k, v in self.default_headers.items() if known.get(k) != v}
        return {name.lower(): v if is_given(v) else None for name, v in headers.items()}

    @property
    def auth_headers(self) -> dict[str, str]:
        """The header with the API key or the token, as it was last known."""
        known: Mapping[str, str] = {}
        if self._google is not None:
            known = self._google.known()
        elif self.api_key:
            known = self._key_headers(self.api_key)
        return {name.title(): value for name, value in known.items()}

    def _credentials(self, key: str) -> Mapping[str, str]:
        """The header that carries `key`, or those that a subclass has in its place."""
        if type(self).auth_headers is ConfiguredClient.auth_headers:
            return self._key_headers(key) if key else {}
        return {name.lower(): value for name, value in self.auth_headers.items()}

    def _key_headers(self, key: str) -> Mapping[str, str]:
        """The header that carries a key, as the backend wants it."""
        if self._settings.dialect.backend == "developer":
            return {"authorization": f"Bearer {key}"}
        from .._google.vertex.urls import key_headers

        return key_headers(key)

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
    def user_agent(self) -> str:
        """This package and its version."""
        return f"gemini-openai/{__version__}"

    def platform_headers(self) -> dict[str, str]:
        """What this client says of itself beside its user agent."""
        from ..dialect import client_headers

        return client_headers(__version__)

    def is_closed(self) -> bool:
        """Whether `close` was called, here or on the HTTP client."""
        return self._http.is_closed()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {redacted(self._settings.base_url)}>"


def _text(url: str | URL | NotGiven | None) -> str | None:
    return str(url) if url is not None and is_given(url) else None


def _present(**arguments: Any) -> dict[str, Any]:
    return {k: value for k, value in arguments.items() if value is not None and is_given(value)}


def _laid_over(name: str, present: Any, added: Any, instead: Any) -> dict[str, Any]:
    if added is not None and instead is not None:
        raise ValueError(f"Give {name} (added) or set_{name} (instead), not both.")
    return dict(instead) if instead is not None else {**present, **(added or {})}
