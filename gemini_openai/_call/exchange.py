"""The life of a call: authorise, send, wait, retry, raise. A generator that does no I/O.

It yields what it wants done and is sent what came of it, or has the exception thrown into it; the
two functions in `_drivers` do the doing. So there is one definition for sync and async, and a test
can play the world by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from .._constants import SECRET_HEADERS
from .._exceptions import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    ClientClosedError,
    OpenAIError,
    status_error,
)
from .._primitives.json_types import is_object
from .._primitives.log import logger, redacted_headers, redacted_url
from ..dialect.errors import read_error
from ..dialect.routes.urls import follow, same_origin
from .retry import after_failure, after_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from types import ModuleType

    from .._exceptions import APIStatusError
    from .._types import Request, Response
    from .request import Outgoing
    from .retry import Decision, Policy


class Authorise(NamedTuple):
    """Give the headers that carry the credentials, within the time one attempt has.

    `rejected` are those that got a 401.
    """

    rejected: Mapping[str, str] | None = None
    timeout: Any = None


class Send(NamedTuple):
    """Send the request with these credentials, and give the response."""

    outgoing: Outgoing
    credentials: Mapping[str, str]


class Read(NamedTuple):
    """Read the body of this response, and close it."""

    response: Response


class Sleep(NamedTuple):
    """Wait for so many seconds."""

    seconds: float


class Answer(NamedTuple):
    """A response that is no refusal, and how many attempts had failed before it."""

    response: Response
    retries_taken: int


def exchange(
    outgoing: Outgoing,
    *,
    policy: Policy,
    family: ModuleType,
    amend: Callable[[object], Outgoing | None] = lambda body: None,
    remark: Callable[[int, str], str | None] = lambda status, message: None,
) -> Generator[Authorise | Send | Read | Sleep, Any, Answer]:
    """Yield effects until there is an answer to return or an error to raise.

    `amend` gives, for the body of a refusal, a request that does without what it complains of;
    `remark`, for its status and message, what may help the caller.

    Raises `APIStatusError`, `APIConnectionError` or `APITimeoutError` when there are no tries
    left, or no reason to use them.
    """
    attempt, waited, credentials = 0, 0.0, None
    renewed, hops = False, 0
    while True:
        if credentials is None:
            credentials = yield Authorise(timeout=outgoing.timeout)
        if logger.isEnabledFor(10):
            logger.debug(
                "request: %s %s headers=%s body=%s",
                outgoing.method,
                redacted_url(outgoing.url),
                redacted_headers(outgoing.headers_with(credentials)),
                _shown(outgoing.content),
            )
        error: APIError
        try:
            response: Response = yield Send(outgoing, credentials)
            redirect = outgoing.native and response.has_redirect_location and hops < _MAX_HOPS
            if redirect or not response.is_success:
                response = yield Read(response)
        except family.TimeoutException as cause:
            error = APITimeoutError(_request_of(cause, outgoing, family))
            _explain_timeout(error, cause, outgoing, attempt)
            error.__cause__ = cause
            decision = after_failure(attempt=attempt, waited=waited, policy=policy)
        except (family.HTTPError, family.InvalidURL, OSError, RuntimeError) as cause:
            error = _connection_error(cause, outgoing, _request_of(cause, outgoing, family))
            error.__cause__ = cause
            if isinstance(cause, _certain_failures(family)):
                raise error from cause
            decision = after_failure(attempt=attempt, waited=waited, policy=policy)
        else:
            if redirect:
                outgoing = _redirected(outgoing, response.headers["location"])
                hops += 1
                continue
            if response.is_success:
                if logger.isEnabledFor(20):
                    _log_response(outgoing, response)
                return Answer(response, attempt)
            _log_response(outgoing, response)
            if response.status_code == 401 and not renewed:
                renewed = True
                try:
                    fresh = yield Authorise(credentials, outgoing.timeout)
                except OpenAIError as trouble:
                    raise refusal_error(
                        response, body=parse_body(response), remark=f"not refreshed: {trouble}"
                    ) from None
                if fresh != credentials:
                    credentials = fresh
                    continue  # outside the retry budget: the request itself was never judged
            body = parse_body(response)
            if response.status_code == 400 and (amended := amend(body)) is not None:
                outgoing = amended
                continue  # outside the budget too: another request
            error, decision = _refusal(response, body, attempt, waited, policy, remark)
        if decision.wait is None:
            raise error
        logger.info(
            "trying again in %.2f s (attempt %d of %d failed: %s)",
            decision.wait,
            attempt + 1,
            policy.max_retries + 1,
            error,
        )
        yield Sleep(decision.wait)
        attempt += 1
        waited += decision.wait
        credentials = None


_MAX_HOPS = 5
_MOST_SHOWN = 4 << 20  # bytes; a log is no place for more


def _redirected(outgoing: Outgoing, location: str) -> Outgoing:
    """The request to where it was sent on to; without credentials, if that is another server."""
    url = follow(outgoing.url, location)
    if same_origin(url, outgoing.url):
        return outgoing._replace(url=url)
    bare = {**outgoing.headers, **dict.fromkeys(SECRET_HEADERS)}
    return outgoing._replace(url=url, headers=bare, native=False, follow_redirects=None)


def _refusal(
    response: Response,
    body: object,
    attempt: int,
    waited: float,
    policy: Policy,
    remark: Callable[[int, str], str | None],
) -> tuple[APIError, Decision]:
    report = read_error(body)
    decision = after_refusal(
        response.status_code,
        response.headers,
        report,
        attempt=attempt,
        waited=waited,
        policy=policy,
    )
    hint = decision.reason or remark(response.status_code, report.message or "")
    error = refusal_error(response, body=body, remark=hint)
    return error, decision


def refusal_error(response: Response, *, body: object, remark: str | None = None) -> APIStatusError:
    """The error for a response with a status of 400 or above, whose body has been read."""
    report = read_error(body)
    message = f"Error code: {response.status_code}"
    if report.message:
        message += f" - {report.message.strip()}"
    elif not body:
        message += " - the answer has no body"
    if remark:
        message += f" ({remark})"
    return error_of_status(message, response=response, body=body)


def error_of_status(message: str, *, response: Response, body: object) -> APIStatusError:
    """The error of the class that belongs to a status, and to what the body says of it."""
    return status_error(
        message,
        response=response,
        body=_as_openai_gives_it(body),
        bad_credentials=read_error(body).bad_credentials,
    )


def parse_body(response: Response) -> object:
    """The body of a refusal: JSON as Python objects, other text as it is, None if empty."""
    content = response.content
    if not content:
        return None
    try:
        return from_json(content)
    except ValueError:
        return response.text


def _as_openai_gives_it(body: object) -> object:
    # openai takes the `error` object out of a plain body; it leaves a list as it is.
    return body.get("error", body) if is_object(body) else body


def _certain_failures(family: ModuleType) -> tuple[type[Exception], ...]:
    """What would fail the same way again: a bad URL, a bad header, a closed client."""
    return family.InvalidURL, family.UnsupportedProtocol, family.LocalProtocolError, RuntimeError


def _connection_error(cause: Exception, outgoing: Outgoing, request: Request) -> APIError:
    what = str(cause) or type(cause).__name__
    if isinstance(cause, RuntimeError) and "client has been closed" in what:
        return ClientClosedError(request=request)
    where = f"{outgoing.method} {redacted_url(outgoing.url)}"
    return APIConnectionError(message=f"Connection error: {what} ({where})", request=request)


def _explain_timeout(error: APIError, cause: Exception, outgoing: Outgoing, attempt: int) -> None:
    phase = type(cause).__name__.removesuffix("Timeout").lower()
    limit = getattr(outgoing.timeout, phase, None)
    allowed = "" if limit is None else f", {limit:g} s allowed"
    hint = "; all connections are busy: raise the limits of http_client" if phase == "pool" else ""
    error.message = f"Request timed out. ({phase}{allowed}, attempt {attempt + 1}{hint})"
    error.args = (error.message,)


def _request_of(cause: Exception, outgoing: Outgoing, family: ModuleType) -> Request:
    request: Request | None = getattr(cause, "_request", None)
    if request is not None:
        return request
    try:
        made: Request = family.Request(outgoing.method, outgoing.url)
    except family.InvalidURL:
        made = family.Request(outgoing.method, "http://invalid.invalid/")
    return made


def _log_response(outgoing: Outgoing, response: Response) -> None:
    logger.info(
        "%s %s: %d %s",
        outgoing.method,
        redacted_url(outgoing.url),
        response.status_code,
        response.reason_phrase,
    )
    logger.debug("response headers: %s", redacted_headers(response.headers))


def _shown(content: object) -> object:
    if not isinstance(content, bytes):
        return content
    if len(content) > _MOST_SHOWN:
        return f"<{len(content)} bytes>"  # a piece of a file
    return content.decode("utf-8", "replace")
