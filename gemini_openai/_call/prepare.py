"""Make what goes over the wire of a client's settings and a request."""

from __future__ import annotations

from collections.abc import Iterable
from random import random
from time import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from .._constants import CREDENTIAL_HEADERS
from .._exceptions import (
    ClientClosedError,
    InvalidRequestError,
    NotSupportedError,
    UnsupportedParameterError,
)
from .._http.family import as_timeout, default_timeout, family_of, own_timeout
from .._primitives.given import is_given
from .._primitives.log import logger
from .._primitives.warnings import warn_user
from ..dialect import notes
from ..dialect.routes.credentials import one_credential
from ..dialect.routes.urls import is_native, same_origin
from ..dialect.routes.vertex import is_api_key
from ..dialect.routes.vertex_routes import RENEWAL_HINT
from .exchange import exchange
from .multipart import form_parts
from .query import encode_query
from .request import Outgoing, encode_json, plain_json
from .retry import Policy
from .views import VIEW_HEADER, asked_view

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from .._base_client import BaseClient
    from .._types import AsyncHttpClient, Headers, HttpClient
    from ..dialect.translation import Translation
    from .exchange import Answer, Authorise, Read, Send, Sleep
    from .request import FinalRequestOptions


def begin(
    client: BaseClient[Any, Any, Any],
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    *,
    stream: bool,
) -> Generator[Authorise | Send | Read | Sleep, Any, Answer]:
    """The exchange that a request begins; nothing is sent before it is driven."""
    family = family_of(http)
    translation = options.translation = translate(client, options)
    outgoing = prepare(client, options, http, stream=stream)
    if client.is_closed():
        raise ClientClosedError(request=family.Request(outgoing.method, outgoing.url))
    policy = Policy(
        max_retries=options.get_max_retries(client.max_retries),
        budget=client.retry_budget,
        now=time,
        dice=random,
    )

    def amend(error_body: object) -> Outgoing | None:
        if not translation.relearn(error_body):
            return None
        _tell(client, translation.notes)
        return outgoing._replace(content=encode_json(translation.body))

    def remark(status: int, message: str) -> str | None:
        if status == 401 and _sends_fixed_token(client, outgoing.url):
            return RENEWAL_HINT
        return translation.remark(message)

    return exchange(outgoing, policy=policy, family=family, amend=amend, remark=remark)


def translate(client: BaseClient[Any, Any, Any], options: FinalRequestOptions) -> Translation:
    """The request's body as the server takes it, and what its answer is to be read by.

    Raises `TypeError` for what has no JSON form, and `InvalidRequestError`.
    """
    is_json = options.files is None and options.content is None
    body = plain_json(_body(options)) if is_json else None
    try:
        translation = client.translator.translate(
            options.url.partition("?")[0],
            body,
            base_url=client.base_url_text,
            project=client.project,
            query=options.params,
        )
    except notes.AbsentError as absent:
        raise NotSupportedError(f"{absent.feature} on Vertex AI", absent.advice) from None
    except notes.UnsupportedParameterError as trouble:
        raise UnsupportedParameterError(str(trouble), param=trouble.param) from None
    except notes.InvalidRequestError as trouble:
        message = f"{trouble} (Not sent; repairs={{{trouble.repair!r}: False}} sends it as it is.)"
        raise InvalidRequestError(message, param=trouble.param) from None
    _tell(client, translation.notes)
    return translation


def _tell(client: BaseClient[Any, Any, Any], told: Sequence[notes.Note]) -> None:
    """Log what was done to a request; warn of what the caller should know, once for each."""
    for note in told:
        logger.debug("%s: %s", note.repair, note.message)
        if note.warn and note.message not in client.translator.warned:
            client.translator.warned.add(note.message)
            warn_user(note.message)


def prepare(
    client: BaseClient[Any, Any, Any],
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    *,
    stream: bool,
) -> Outgoing:
    """The request ready for the wire but for its credentials. Raises `TypeError` for a bad body."""
    url, foreign = _url(client, options)
    native = not url.startswith(client.base_url_text) and is_native(url, client.base_url_text)
    headers: dict[str, str | None] = dict(client.wire_headers)
    asked: Headers = options.headers if is_given(options.headers) else {}
    own = {name.lower(): value if is_given(value) else None for name, value in asked.items()}
    content, parts = _whole(options.content, http), None
    if options.files is not None or _is_form(own.get("content-type")):
        parts = form_parts(_body(options), options.files or {})
        headers.pop("content-type", None)  # the boundary is the HTTP client's to choose
        own.pop("content-type", None)
    elif content is None and options.translation is not None:
        body = options.translation.body
        content = None if body is None else encode_json(body)
    if content is None and parts is None:
        headers.pop("content-type", None)
    if options.idempotency_key is not None:
        headers["idempotency-key"] = options.idempotency_key
    if foreign:
        headers.update(dict.fromkeys(CREDENTIAL_HEADERS))  # our credentials are for our server
    headers.update(options.translation.headers if options.translation else {})
    headers.update(own)
    headers.pop(VIEW_HEADER, None)  # for us; openai sends it to the server too
    if not foreign:
        url, headers = _with_one_credential(client, url, headers)
    return Outgoing(
        method=options.method.upper(),
        url=url,
        headers=headers,
        content=content,
        files=parts,
        timeout=_timeout(client, options, http),
        stream=stream or asked_view(client, options) == "stream",
        # The HTTP families would take `x-goog-api-key` along to any host: the exchange follows.
        follow_redirects=False if native else options.follow_redirects,
        native=native,
    )


def _sends_fixed_token(client: BaseClient[Any, Any, Any], url: str) -> bool:
    """Whether `url` is on Vertex AI and gets an access token that nobody renews."""
    renewed = client._api_key_provider is not None or (
        client._vertex is not None and client._vertex.google is not None
    )
    return (
        client.dialect_settings.backend == "vertex"
        and not renewed
        and client.api_key != ""
        and not is_api_key(client.api_key)
        and same_origin(url, client.base_url_text)
    )


def _with_one_credential(
    client: BaseClient[Any, Any, Any], url: str, headers: dict[str, str | None]
) -> tuple[str, dict[str, str | None]]:
    new_url, new_headers = one_credential(url, headers, client.dialect_settings)
    if new_headers is not headers:
        logger.debug("one-credential: the API key is sent in Authorization alone")
    return new_url, new_headers


def _url(client: BaseClient[Any, Any, Any], options: FinalRequestOptions) -> tuple[str, bool]:
    """The absolute URL, and whether it belongs to another server than ours."""
    base, url = client.base_url_text, options.url
    foreign = False
    if options.translation is not None and options.translation.url is not None:
        url = options.translation.url
    elif url.startswith(("http://", "https://")):
        foreign = urlsplit(url)[:2] != urlsplit(base)[:2]
    else:
        url = base + url.lstrip("/")
    params: Mapping[str, object] = options.params
    if options.translation is not None and options.translation.query is not None:
        params = options.translation.query
    if client.default_query:
        params = {**client.default_query, **params}
    if params and (query := encode_query(params)):
        url += ("&" if "?" in url else "?") + query
    return url, foreign


def _body(options: FinalRequestOptions) -> Any:
    body, extra = options.json_data, options.extra_json
    if extra is None:
        return body
    if body is None:
        return extra
    if not isinstance(body, dict):
        raise TypeError(
            "extra_body can be laid over a JSON object only, "
            f"and the body is a {type(body).__name__}."
        )
    return {**cast("dict[str, Any]", body), **extra}


def _whole(content: Any, http: HttpClient | AsyncHttpClient) -> Any:
    """Content that can be sent twice, and by either kind of client.

    An open file would be at its end when a failed request is sent again; and an async client
    takes no iterables.
    """
    if isinstance(content, bytearray):
        return bytes(content)
    if hasattr(content, "read"):
        return content.read()
    if isinstance(content, Iterable) and not isinstance(content, (str, bytes)):
        blocks = cast("Iterable[bytes]", content)
        return b"".join(blocks) if hasattr(http, "aclose") else blocks
    return content


def _is_form(content_type: str | None) -> bool:
    return content_type is not None and content_type.lower().strip() == "multipart/form-data"


def _timeout(
    client: BaseClient[Any, Any, Any],
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
) -> Any:
    family = family_of(http)
    if is_given(options.timeout):
        return as_timeout(options.timeout, family)
    if is_given(client.timeout_given):
        return as_timeout(client.timeout_given, family)
    return own_timeout(http) or default_timeout(family)
