"""A client's settings and a request to what goes over the wire, and the response to a result."""

from __future__ import annotations

from random import random
from time import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from pydantic_core import from_json

from ._decode import decode, is_model
from ._exceptions import APIConnectionError, APIResponseValidationError
from ._exchange import exchange
from ._given import is_given
from ._http import as_timeout, default_timeout, family_of, own_timeout
from ._logging import logger
from ._query import encode_query
from ._request import Outgoing, encode_json
from ._retry import Policy
from ._streaming import Stream, extract_stream_chunk_type, stream_class
from .dialect._json import is_array

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ._base_client import BaseClient
    from ._exchange import Answer, Authorise, Read, Send, Sleep
    from ._request import FinalRequestOptions
    from ._types import AsyncHttpClient, HttpClient, Response


def begin(
    client: BaseClient[Any, Any, Any],
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    *,
    stream: bool,
) -> Generator[Authorise | Send | Read | Sleep, Any, Answer]:
    """The exchange that a request begins; nothing is sent before it is driven."""
    family = family_of(http)
    outgoing = prepare(client, options, http, stream=stream)
    if client.is_closed():
        raise APIConnectionError(
            message=(
                "Connection error: this client has been closed. Make a new one, "
                "or close it only when its last call is done."
            ),
            request=family.Request(outgoing.method, outgoing.url),
        )
    policy = Policy(
        max_retries=options.get_max_retries(client.max_retries),
        budget=client.retry_budget,
        now=time,
        dice=random,
    )
    return exchange(outgoing, policy=policy, family=family)


def prepare(
    client: BaseClient[Any, Any, Any],
    options: FinalRequestOptions,
    http: HttpClient | AsyncHttpClient,
    *,
    stream: bool,
) -> Outgoing:
    """The request ready for the wire but for its credentials. Raises `TypeError` for a bad body."""
    url, foreign = _url(client, options)
    headers: dict[str, str | None] = dict(client.wire_headers)
    content, data = options.content, None
    if options.files is not None:
        data = _form(options)
        headers.pop("content-type", None)  # the boundary is the HTTP client's to choose
    elif content is None and (body := _body(options)) is not None:
        content = encode_json(body)
    if content is None and options.files is None:
        headers.pop("content-type", None)
    if options.idempotency_key is not None:
        headers["idempotency-key"] = options.idempotency_key
    if foreign:
        headers["authorization"] = None  # our credentials are for our server
    if is_given(options.headers):
        for name, value in options.headers.items():
            headers[name.lower()] = value if is_given(value) else None
    return Outgoing(
        method=options.method.upper(),
        url=url,
        headers=headers,
        content=content,
        data=data,
        files=options.files,
        timeout=_timeout(client, options, http),
        stream=stream,
        follow_redirects=options.follow_redirects,
    )


def result(
    client: BaseClient[Any, Any, Any],
    cast_to: Any,
    options: FinalRequestOptions,
    answer: Answer,
    *,
    stream: bool,
    stream_cls: Any,
) -> Any:
    """What the caller gets for a response: a stream, or the body as `cast_to`."""
    response = answer.response
    if stream:
        stream_cls = stream_cls or Stream[cast_to]
        return stream_class(stream_cls)(
            cast_to=extract_stream_chunk_type(stream_cls),
            response=response,
            client=client,
            options=options,
        )
    parsed = parse(cast_to, response, strict=client._strict_response_validation)
    return options.post_parser(parsed) if is_given(options.post_parser) else parsed


def parse(cast_to: Any, response: Response, *, strict: bool = False) -> Any:
    """The body of a response as `cast_to`: a model, a type, `str`, `bytes`, `dict`, or None.

    Raises `APIResponseValidationError` when JSON was announced and did not come, and with `strict`
    also when it does not fit.
    """
    if cast_to is type(None):
        return None
    if cast_to is str:
        return response.text
    if cast_to is bytes:
        return response.content
    family = family_of(response)
    if isinstance(cast_to, type) and issubclass(cast_to, family.Response):
        return response
    content = response.content
    try:
        if strict:
            return _strictly(cast_to, response)
        parsed = from_json(content) if cast_to in (object, dict, Any) else decode(content, cast_to)
    except ValueError as cause:
        if not strict and "json" not in response.headers.get("content-type", ""):
            logger.warning(
                "%s answered with %s, not JSON; it is returned as text",
                response.request.url.host,
                response.headers.get("content-type", "no content type"),
            )
            return response.text
        raise APIResponseValidationError(
            response,
            response.text,
            message=f"The answer is not the JSON it should be: {cause}",
        ) from cause
    if (request_id := response.headers.get("x-request-id")) and is_model(type(parsed)):
        parsed._request_id = request_id
    return parsed


def _strictly(cast_to: Any, response: Response) -> Any:
    from pydantic import ValidationError

    from ._decode import adapter

    body = from_json(response.content)
    try:
        return adapter(cast_to).validate_python(body)
    except ValidationError as cause:
        raise APIResponseValidationError(
            response, body, message=f"The answer does not fit {cast_to}: {cause}"
        ) from cause


def _url(client: BaseClient[Any, Any, Any], options: FinalRequestOptions) -> tuple[str, bool]:
    """The absolute URL, and whether it belongs to another server than ours."""
    base, url = client.base_url_text, options.url
    foreign = False
    if url.startswith(("http://", "https://")):
        foreign = urlsplit(url)[:2] != urlsplit(base)[:2]
    else:
        url = base + url.lstrip("/")
    params: Mapping[str, object] = options.params
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


def _form(options: FinalRequestOptions) -> dict[str, str | list[str]]:
    """The fields of a multipart form beside its files, all text."""
    body: dict[str, Any] = _body(options) or {}
    return {name: _form_value(value) for name, value in body.items()}


def _form_value(value: Any) -> str | list[str]:
    if is_array(value):
        return [str(item) for item in value]
    return value if isinstance(value, str) else encode_json(value).decode()


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
