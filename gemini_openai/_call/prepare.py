"""Make what goes over the wire of a request and the settings of a client."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import replace
from random import random
from time import time
from typing import TYPE_CHECKING, Any, cast

from .. import dialect
from .._constants import QUOTA_PROJECT
from .._exceptions import (
    ClientClosedError,
    InvalidRequestError,
    NotSupportedError,
    UnsupportedParameterError,
)
from .._google.vertex.urls import is_api_key
from .._http.family import as_timeout, default_timeout, family_of, own_timeout
from .._primitives.given import is_given
from .._primitives.log import logger
from .._primitives.secrets import is_secret_header
from .._primitives.urls import same_origin
from .._primitives.warnings import warn_user
from .deadline import start_deadline
from .encode import encode_json, plain_json
from .exchange import exchange, in_parts
from .multipart import form_parts
from .query import encode_query
from .request import VIEW_HEADER, Outgoing, view_of
from .retry import Policy

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from .._settings.settings import Settings
    from .._types import AsyncHttpClient, Headers, HttpClient
    from ..dialect import Credential, ErrorReport, Note, Translation, Translator
    from .exchange import Answer, Effect
    from .request import FinalRequestOptions


def begin(
    settings: Settings,
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    *,
    headers: Mapping[str, str | None],
    query: Mapping[str, object],
    stream: bool,
    closed: bool,
    is_file: bool = False,
) -> Generator[Effect, Any, Answer]:
    """Begin the exchange for a request; nothing is sent before it is driven.

    `headers` and `query` are the client's for every request, `closed` says that it may make none,
    `is_file` that the answer may have any size. What the server takes in several requests only is
    sent so, and has one answer.
    """
    deadline = start_deadline(options.deadline, settings.deadline)
    translation = options.translation = translate(settings, options)
    outgoing = prepare(settings, options, http, headers=headers, query=query, stream=stream)
    outgoing = outgoing._replace(deadline=deadline, most=None if is_file else outgoing.most)
    if closed:
        raise ClientClosedError(request=family_of(http).Request(outgoing.method, outgoing.url))
    if not (bodies := translation.parts()):
        return _exchange(settings, options, http, outgoing)
    parts: list[Generator[Effect, Any, Answer]] = []
    first = options.first_input
    for body in bodies:
        part = replace(options, json_data=body, extra_json=None, first_input=first)
        first += len(body["input"])
        part.translation = translate(settings, part)
        content = encode_json(part.translation.body)
        whole = outgoing._replace(content=content, stream=False)
        parts.append(_exchange(settings, part, http, whole))
    return in_parts(parts, translation.joined)


def _exchange(
    settings: Settings,
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    outgoing: Outgoing,
) -> Generator[Effect, Any, Answer]:
    """The exchange for what has been translated and made ready."""
    translation = cast("Translation", options.translation)
    policy = Policy(
        max_retries=options.get_max_retries(settings.max_retries),
        budget=settings.retry_budget,
        now=time,
        random=random,
    )

    def amend(error_body: object) -> Outgoing | None:
        with public_errors():
            if not translation.relearn(error_body):
                return None
        _report(settings.translator, translation.notes)
        return outgoing._replace(content=encode_json(translation.body))

    def remark(status: int, report: ErrorReport) -> str | None:
        return translation.remark(status, report, _doubtful_credential(settings, outgoing.url))

    family = family_of(http)
    return exchange(outgoing, policy=policy, family=family, amend=amend, remark=remark)


def translate(settings: Settings, options: FinalRequestOptions) -> Translation:
    """Adapt the body of a request to what the server takes; gives what its answer is read by.

    Raises `TypeError` for what has no JSON form, and `InvalidRequestError`.
    """
    is_json = options.files is None and options.content is None
    body = plain_json(_body(options)) if is_json else None
    with public_errors():
        translation = settings.translator.translate(
            options.url.partition("?")[0],
            body,
            base_url=settings.base_url,
            project=settings.vertex.project if settings.vertex is not None else None,
            query=options.params,
            method=options.method.lower(),
            first_input=options.first_input,
        )
    _report(settings.translator, translation.notes)
    return translation


@contextmanager
def public_errors() -> Generator[None, None, None]:
    """Raise what the dialect raises before sending as the error that callers know."""
    try:
        yield
    except dialect.AbsentError as absent:
        raise NotSupportedError(absent.feature, absent.advice) from None
    except dialect.UnsupportedParameterError as trouble:
        raise UnsupportedParameterError(str(trouble), param=trouble.param) from None
    except dialect.InvalidRequestError as trouble:
        message = f"{trouble} (Not sent; repairs={{{trouble.repair!r}: False}} sends it as it is.)"
        raise InvalidRequestError(message, param=trouble.param) from None


def _report(translator: Translator, made: Sequence[Note]) -> None:
    """Log what was done to a request; warn of what the caller should know, once for each."""
    for note in made:
        logger.debug("%s: %s", note.repair, note.message)
        if note.warn:
            warn_once(translator, note.message)


def warn_once(translator: Translator, message: str) -> None:
    """Warn the caller, unless the client has said so before."""
    if message not in translator.remembered.warned:
        translator.remembered.warned.add(message)
        warn_user(message)


def prepare(
    settings: Settings,
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    *,
    headers: Mapping[str, str | None],
    query: Mapping[str, object],
    stream: bool,
) -> Outgoing:
    """Make the request ready for the wire but for its credentials.

    Raises `TypeError` for a bad body.
    """
    url, foreign = _url(settings.base_url, query, options)
    native = not url.startswith(settings.base_url) and dialect.is_native(url, settings.base_url)
    ours = dict(headers)
    asked: Headers = options.headers if is_given(options.headers) else {}
    own = {name.lower(): value if is_given(value) else None for name, value in asked.items()}
    default_view = view_of(ours.pop(VIEW_HEADER, None))
    options.view = options.view or default_view
    content, parts = _resendable(options.content), None
    if options.files is not None or _is_form(own.get("content-type")):
        parts = form_parts(_body(options), options.files or {})
        own.pop("content-type", None)  # the boundary is the HTTP client's to choose
    elif content is None and options.translation is not None:
        body = options.translation.body
        content = None if body is None else encode_json(body)
    if content is None:
        ours.pop("content-type", None)
    if options.idempotency_key is not None:
        ours["idempotency-key"] = options.idempotency_key
    if foreign:
        # What the client has for every request is for its own server.
        ours = {k: v for k, v in ours.items() if not is_secret_header(k) and k != QUOTA_PROJECT}
    ours.update(options.translation.headers if options.translation else {})
    ours.update(own)
    if not foreign:
        url, ours = _with_one_credential(settings, url, ours)
    follow = options.follow_redirects
    if follow is None:
        follow = native or http.follow_redirects
    return Outgoing(
        method=options.method.upper(),
        url=url,
        headers=ours,
        content=content,
        files=parts,
        timeout=_timeout(settings, options, http),
        stream=stream or options.view == "open",
        follow_redirects=follow,
        native=native,
        foreign=foreign,
        most=settings.max_response_bytes,
    )


def _doubtful_credential(settings: Settings, url: str) -> Credential | None:
    """What the key given as text is, if `url` gets it and it may be why a request is refused."""
    key = settings.api_key
    if not isinstance(key, str) or not key or not same_origin(url, settings.base_url):
        return None
    if settings.dialect.backend == "vertex":
        return None if is_api_key(key) else "access token"
    return "OpenAI key" if key.startswith("sk-") else None


def _with_one_credential(
    settings: Settings, url: str, headers: dict[str, str | None]
) -> tuple[str, dict[str, str | None]]:
    new_url, new_headers = dialect.one_credential(url, headers, settings.dialect)
    if new_headers is not headers:
        logger.debug("one-credential: the API key is sent in Authorization alone")
    return new_url, new_headers


def _url(base: str, query: Mapping[str, object], options: FinalRequestOptions) -> tuple[str, bool]:
    """The absolute URL, and whether it belongs to another server than ours."""
    url, params, foreign = options.url, options.params, False
    if options.translation is not None and options.translation.url is not None:
        url = options.translation.url
    elif url.startswith(("http://", "https://")):
        foreign = not same_origin(url, base)
    else:
        url = base + url.lstrip("/")
    if options.translation is not None and options.translation.query is not None:
        params = options.translation.query
    if encoded := encode_query({**({} if foreign else query), **params}):
        url += ("&" if "?" in url else "?") + encoded
    return url, foreign


def _body(options: FinalRequestOptions) -> Any:
    body, extra = options.json_data, options.extra_json
    if extra is None:
        return body
    if body is None:
        return extra
    if not isinstance(body, dict):
        raise RuntimeError(
            "extra_body can be laid over a JSON object only, "
            f"and the body is a {type(body).__name__}."
        )
    return {**cast("dict[str, Any]", body), **extra}


def _resendable(content: Any) -> Any:
    """Content that can be sent twice, and by either kind of client.

    An open file or a generator would be at its end when a failed request is sent again; and an
    async client takes no iterables.
    """
    if isinstance(content, bytearray):
        return bytes(content)
    if hasattr(content, "read"):
        return content.read()
    if isinstance(content, Iterable) and not isinstance(content, (str, bytes)):
        return b"".join(cast("Iterable[bytes]", content))
    return content


def _is_form(content_type: str | None) -> bool:
    return content_type is not None and content_type.lower().strip() == "multipart/form-data"


def _timeout(
    settings: Settings, options: FinalRequestOptions, http: HttpClient | AsyncHttpClient
) -> Any:
    family = family_of(http)
    for timeout in (options.timeout, settings.timeout):
        if is_given(timeout):
            return as_timeout(timeout, family)
    return own_timeout(http) or default_timeout(family)
