"""Take a call from its request to its answer: authorise, send, wait, retry, raise.

A generator of effects, without I/O: `effects.run` steps it, `perform` does what it asks for.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pydantic_core import from_json

from .._constants import MAX_ERROR_BYTES, QUOTA_PROJECT
from .._exceptions import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    ClientClosedError,
    InvalidRequestError,
    OpenAIError,
    other_answer,
    status_error,
)
from .._http.certificates import advice, is_refusal, reason
from .._http.family import family_of
from .._http.proxies import BY_WAY_OF
from .._primitives.json_types import BOM, is_object
from .._primitives.log import logger, redacted_headers, redacted_url
from .._primitives.secrets import is_secret_header, unfit_for_header, words_of
from .._primitives.urls import gains_https, leaves_https, same_origin
from ..dialect import AnswerError, redirect_target
from .deadline import AUTHORISING
from .effects import Wait
from .retry import after_failure, after_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from types import ModuleType

    from .._exceptions import APIStatusError
    from .._types import Request, Response
    from ..dialect import ErrorReport
    from .deadline import Deadline
    from .request import Outgoing
    from .retry import Decision, Policy


class Authorise(NamedTuple):
    """Give the headers that carry the credentials, within the time one attempt has.

    `rejected` are those that got a 401, `left` the seconds that the whole call has, if it has.
    """

    rejected: Mapping[str, str] | None = None
    timeout: Any = None
    left: float | None = None


class Send(NamedTuple):
    """Send the request with these credentials, and give the response."""

    outgoing: Outgoing
    credentials: Mapping[str, str]


class Read(NamedTuple):
    """Read the body of this response, and close it."""

    response: Response


class Answer(NamedTuple):
    """A response that is no refusal, and how many attempts had failed before it."""

    response: Response
    retries_taken: int


class Failure(NamedTuple):
    """An attempt that failed, and whether and when to make another."""

    error: APIError
    decision: Decision


Effect: TypeAlias = "Authorise | Send | Read | Wait"


def exchange(
    outgoing: Outgoing,
    *,
    policy: Policy,
    family: ModuleType,
    amend: Callable[[object], Outgoing | None] = lambda body: None,
    remark: Callable[[int, ErrorReport], str | None] = lambda status, report: None,
) -> Generator[Effect, Any, Answer]:
    """Yield effects until there is an answer to return or an error to raise.

    `amend` gives, for the body of a refusal, a request that does without what it complains of;
    `remark`, for its status and what it says, what may help the caller.

    Raises `APIStatusError`, `APIConnectionError` or `APITimeoutError` when there are no tries
    left, or no reason to use them; and `APITimeoutError` at the request's deadline.
    """
    call = _Call(outgoing, policy, family, amend, remark)
    while True:
        outcome = yield from call.attempt()
        if isinstance(outcome, Answer):
            return outcome
        error, decision = outcome
        if decision.wait is None:
            raise error
        call.check_wait(decision.wait, error)
        logger.info(
            "trying again in %.2f s (attempt %d of %d failed: %s)",
            decision.wait,
            call.failed + 1,
            policy.max_retries + 1,
            error,
        )
        yield Wait(decision.wait)
        call.failed += 1
        call.waited += decision.wait


def in_parts(
    parts: Sequence[Generator[Effect, Any, Answer]], join: Callable[[Sequence[bytes]], bytes]
) -> Generator[Effect, Any, Answer]:
    """The exchanges of one request that takes several, one after the other, and their one answer.

    It has the status and headers of the last; `join` makes its body of theirs. Raises what they
    raise, and `APIResponseValidationError` for bodies that cannot be joined.
    """
    answers: list[Answer] = []
    for part in parts:
        answers.append((yield from part))  # noqa: PERF401
    last = answers[-1].response
    try:
        content = join([answer.response.content for answer in answers])
    except AnswerError as cause:
        raise APIResponseValidationError(last, None, message=str(cause)) from None
    except ValueError as cause:
        raise other_answer(last, last.text, "the JSON it should be") from cause
    return joined_answer(answers, content)


def joined_answer(answers: Sequence[Answer], content: bytes) -> Answer:
    """The answer with this body, and with the status and the headers of the last of `answers`."""
    last = answers[-1].response
    response = family_of(last).Response(
        last.status_code,
        headers=[field for field in last.headers.multi_items() if field[0] not in _OF_ENCODING],
        content=content,
        request=last.request,
        extensions=last.extensions,
    )
    response.elapsed = sum((answer.response.elapsed for answer in answers), timedelta())
    return Answer(response, sum(answer.retries_taken for answer in answers))


_OF_ENCODING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(eq=False, repr=False)
class _Call:
    """A call under way: the request as it is by now, and what was tried."""

    outgoing: Outgoing
    policy: Policy
    family: ModuleType
    amend: Callable[[object], Outgoing | None]
    remark: Callable[[int, ErrorReport], str | None]
    failed: int = 0
    waited: float = 0.0
    renewed: bool = False

    def __post_init__(self) -> None:
        self.first = self.outgoing

    def attempt(self) -> Generator[Effect, Any, Answer | Failure]:
        """Send the request until something has come of it that counts as an attempt.

        Redirects do not, nor does a request with renewed credentials, nor one that was amended:
        the request itself has not been judged by then.
        """
        self.outgoing = self.first
        credentials = yield from self._authorised(None)
        while True:
            _log_request(self.outgoing, credentials)
            response = yield from self._sent(credentials)
            if isinstance(response, Exception):
                return self._without_answer(response)
            if self._leads_on(response, credentials):
                self.outgoing = _redirected(self.outgoing, response)
                continue
            if self.outgoing.history:
                history = [*self.outgoing.history, *response.history]
                setattr(response, "history", history)  # noqa: B010
            _log_response(self.outgoing, response)
            if response.is_success:
                return Answer(response, self.failed)
            if response.status_code == 401 and not (self.renewed or self.outgoing.foreign):
                self.renewed = True
                fresh = yield from self._renew(credentials, response)
                if fresh != credentials:
                    credentials = fresh
                    continue
            body = parse_body(response)
            if response.status_code == 400 and (amended := self.amend(body)) is not None:
                self.outgoing = self.first = amended
                continue
            return self._refused(response, body)

    def _sent(self, credentials: Mapping[str, str]) -> Generator[Effect, Any, Response | Exception]:
        """The response, which has been read if it is no answer; or why there is none.

        The reason is not being handled any more: what is raised for it must not refer to it, since
        it may tell a secret.
        """
        try:
            response: Response = yield from self._in_time(Send(self.outgoing, credentials))
            if not response.is_success:
                response = yield Read(response)
        except (self.family.HTTPError, self.family.InvalidURL, OSError, RuntimeError) as cause:
            failure: Exception = cause
            return failure
        return response

    def _leads_on(self, response: Response, credentials: Mapping[str, str]) -> bool:
        return (
            response.has_redirect_location
            and self.outgoing.follow_redirects
            # Google redirects no call with an API key, so somebody else does.
            and (self.outgoing.native or all(map(_may_be_led_on, credentials)))
        )

    def _renew(
        self, credentials: Mapping[str, str], response: Response
    ) -> Generator[Effect, Any, Mapping[str, str]]:
        try:
            fresh = yield from self._authorised(credentials)
        except OpenAIError as trouble:
            if is_deadline_error(trouble):
                raise
            raise refusal_error(
                response, body=parse_body(response), remark=f"not refreshed: {trouble}"
            ) from None
        return fresh

    def _authorised(
        self, rejected: Mapping[str, str] | None
    ) -> Generator[Effect, Any, Mapping[str, str]]:
        if self.outgoing.foreign:
            return {}
        asked = Authorise(rejected, self.outgoing.timeout)
        if (deadline := self.outgoing.deadline) is not None:
            timeout = deadline.bounded(getattr(asked.timeout, "read", asked.timeout))
            asked = Authorise(rejected, timeout, deadline.left())
        credentials: Mapping[str, str] = yield from self._in_time(asked, doing=AUTHORISING)
        return credentials

    def _in_time(self, effect: Effect, doing: str | None = None) -> Generator[Effect, Any, Any]:
        """Yield an effect. Raises `APITimeoutError` where the deadline has passed, or passes."""
        deadline = self.outgoing.deadline
        if deadline is None:
            return (yield effect)
        deadline.attempt = self.failed + 1
        if deadline.passed():
            raise deadline_error(deadline, _request_of(None, self.outgoing, self.family))
        deadline.doing = doing or deadline.doing
        try:
            outcome = yield effect
        except (self.family.TimeoutException, TimeoutError, APITimeoutError) as cause:
            if is_deadline_error(cause) or not deadline.passed():
                raise
            request = _request_of(cause, self.outgoing, self.family)
            raise deadline_error(deadline, request) from cause
        return outcome

    def check_wait(self, seconds: float, error: APIError) -> None:
        """Raise `APITimeoutError` at once if the deadline would pass in this wait."""
        deadline = self.outgoing.deadline
        if deadline is not None and seconds >= deadline.left():
            deadline.doing = f"waiting to retry, {seconds:.3g} s, after: {error}"
            raise deadline_error(deadline, error.request) from error

    def _without_answer(self, cause: Exception) -> Failure:
        """What a transport's exception means. Raises where it would fail the same way again."""
        request = _request_of(cause, self.outgoing, self.family)
        error: APIError
        if isinstance(cause, self.family.TimeoutException):
            error = APITimeoutError(request)
            _explain_timeout(error, cause, self.outgoing, self.failed)
        else:
            error = _connection_error(cause, self.outgoing, request, self.family)
        if words_of(cause) is not None:
            error.__cause__ = cause
        if isinstance(cause, _certain_failures(self.family)) or is_refusal(cause):
            raise error
        decision = after_failure(attempt=self.failed, waited=self.waited, policy=self.policy)
        return Failure(error, decision)

    def _refused(self, response: Response, body: object) -> Failure:
        from ..dialect import read_error

        report = read_error(body)
        decision = after_refusal(
            response.status_code,
            response.headers,
            report,
            attempt=self.failed,
            waited=self.waited,
            policy=self.policy,
        )
        hint = decision.reason or self.remark(response.status_code, report)
        return Failure(refusal_error(response, body=body, remark=hint), decision)


_MOST_REDIRECTS = 20  # as in the HTTP families
_MOST_SHOWN = 4 << 20  # bytes; a log is no place for more


def _may_be_led_on(name: str) -> bool:
    return name == "authorization" or not is_secret_header(name)


def _redirected(outgoing: Outgoing, response: Response) -> Outgoing:
    """The request to where it was sent on to; without credentials, if that is another server.

    The HTTP families take all headers along to any server but `Authorization`, so they are never
    left to follow a redirect.

    Raises `APIConnectionError` when that is no URL, when the content of a request by https would go
    on by http, and when there is no end of it.
    """
    url = redirect_target(outgoing.url, response.headers["location"], native=outgoing.native)
    status = response.status_code
    outgoing = outgoing._replace(history=(*outgoing.history, response))
    if _becomes_get(outgoing.method, status):
        headers = {**outgoing.headers, "content-type": None}
        outgoing = outgoing._replace(method="GET", content=None, files=None, headers=headers)
    endless = len(outgoing.history) > _MOST_REDIRECTS
    stays = url is not None and (same_origin(url, outgoing.url) or gains_https(outgoing.url, url))
    if url is not None and stays and not endless:
        return outgoing._replace(url=url)
    has_body = outgoing.content is not None or outgoing.files is not None
    trouble = None
    if endless:
        trouble = f"{_MOST_REDIRECTS} times, and then with status {status} again."
    elif url is None:
        trouble = "to what is no URL. Is base_url right?"
    elif has_body and leaves_https(outgoing.url, url):
        trouble = (
            "from https to http, where others could read what is sent. Give base_url as the "
            "address that answers by https itself."
        )
    if url is None or trouble:
        raise APIConnectionError(
            message=f"Connection error: {_where(outgoing)} was redirected {trouble}",
            request=response.request,
        )
    bare = {
        name: value
        for name, value in outgoing.headers.items()
        if not is_secret_header(name) and name not in {QUOTA_PROJECT, "host"}
    }
    return outgoing._replace(url=url, headers=bare, native=False, foreign=True)


def _becomes_get(method: str, status: int) -> bool:
    """Whether a redirect with this status asks for another method, as browsers read it."""
    return method != "HEAD" and (status in {302, 303} or (status == 301 and method == "POST"))


def refusal_error(response: Response, *, body: object, remark: str | None = None) -> APIStatusError:
    """The error for a response with a status of 400 or above, whose body has been read."""
    said = _said(response, body)
    message = f"Error code: {response.status_code}" + (f" - {said}" if said else "")
    if len(response.content) >= MAX_ERROR_BYTES:
        message += f" (the body has more than {MAX_ERROR_BYTES} bytes, and was not read further)"
    if remark:
        message += f" ({remark})"
    return error_of_status(message, response=response, body=body)


def _said(response: Response, body: object) -> str:
    """The server's words; where it has none, those for its status, and where the request went."""
    from ..dialect import read_error

    report = read_error(body)
    if words := (report.message or "").strip():
        return words
    request: Request | None = getattr(response, "_request", None)
    route = f"{request.method} {request.url.path}" if request is not None else ""
    words = ", ".join(filter(None, (report.type or response.reason_phrase, route)))
    return ": ".join(filter(None, (words, "the answer has no body" if body is None else "")))


def error_of_status(message: str, *, response: Response, body: object) -> APIStatusError:
    """The error of the class that belongs to a status, and to what the body says of it."""
    from ..dialect import read_error

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
        return from_json(content.removeprefix(BOM))
    except ValueError:
        return response.text


def _as_openai_gives_it(body: object) -> object:
    # openai takes the `error` object out of a plain body; it leaves a list as it is.
    return body.get("error", body) if is_object(body) else body


def _certain_failures(family: ModuleType) -> tuple[type[Exception], ...]:
    """What would fail the same way again: a bad URL, a bad header, a closed client."""
    return family.InvalidURL, family.UnsupportedProtocol, family.LocalProtocolError, RuntimeError


def _connection_error(
    cause: Exception, outgoing: Outgoing, request: Request, family: ModuleType
) -> APIError:
    what = words_of(cause)
    if isinstance(cause, RuntimeError) and "client has been closed" in str(cause):
        return ClientClosedError(request=request)
    if what is None:
        what = "a header of the request or of the answer is malformed"
        if isinstance(cause, family.InvalidURL):
            what = "Invalid URL"
    elif not str(cause):
        what = reason(cause)
    message = f"Connection error: {what} ({_where(outgoing)})"
    return APIConnectionError(message=f"{message} {advice(cause)}".rstrip(), request=request)


def _where(outgoing: Outgoing) -> str:
    return f"{outgoing.method} {redacted_url(outgoing.url)}"


def _explain_timeout(error: APIError, cause: Exception, outgoing: Outgoing, attempt: int) -> None:
    phase = type(cause).__name__.removesuffix("Timeout").lower()
    limit = getattr(outgoing.timeout, phase, None)
    allowed = "" if limit is None else f", {limit:g} s allowed"
    hint = "; all connections are busy: raise the limits of http_client" if phase == "pool" else ""
    if way := str(cause).partition(BY_WAY_OF)[2]:
        hint += BY_WAY_OF + way
    error.message = f"Request timed out. ({phase}{allowed}, attempt {attempt + 1}{hint})"
    error.args = (error.message,)


def deadline_error(deadline: Deadline, request: Request) -> APITimeoutError:
    """The error for a call whose deadline has passed, or would pass in the next wait."""
    error = APITimeoutError(request)
    error.deadline = deadline.seconds
    error.message = (
        f"Request timed out. (the deadline of {deadline.seconds:g} s for the whole call, after "
        f"{deadline.took():.3g} s, attempt {deadline.attempt}, {deadline.doing})"
    )
    error.args = (error.message,)
    return error


def is_deadline_error(error: BaseException) -> bool:
    """Whether it is the deadline that passed: then nothing is tried again."""
    return isinstance(error, APITimeoutError) and error.deadline is not None


def _request_of(cause: Exception | None, outgoing: Outgoing, family: ModuleType) -> Request:
    request: Request | None = getattr(cause, "_request", None)
    if request is not None:
        return request
    try:
        made: Request = family.Request(outgoing.method, outgoing.url)
    except family.InvalidURL:
        made = family.Request(outgoing.method, "http://invalid.invalid/")
    return made


def sent_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request without blanks and line ends around their values.

    Raises `InvalidRequestError` for one that cannot be sent, `TypeError` for one that is no text.
    """
    return {
        name: _fit(place, name, value) for place, (name, value) in enumerate(headers.items(), 1)
    }


def _fit(place: int, name: str, value: object) -> str:
    """The value of a header without what is around it; what cannot be sent is refused.

    In words of ours: those of the layers below show the value.
    """
    if isinstance(value, str) and value.isascii() and value.isprintable() and _is_name(name):
        return value.strip()
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        raise TypeError(f"The value of the header {name!r} is {type(value).__name__}, and no text.")
    text = text.strip()
    if not _is_name(name):
        where, unfit = f"the name of header {place}", _NO_HEADER_NAME.search(name)
        found = unfit and (unfit.start() + 1, f"U+{ord(unfit[0]):04X}")
    else:
        where, found = f"the value of the header {name!r}", unfit_for_header(text)
        if found is None:
            return text
    what = f"character {found[0]} is {found[1]}" if found else "it is empty"
    raise InvalidRequestError(
        f"Not sent: in {where} {what}, and a header takes printable ASCII only. See extra_headers "
        "and default_headers.",
        param="extra_headers",
    )


@lru_cache(maxsize=256)
def _is_name(name: str) -> bool:
    return bool(name) and not _NO_HEADER_NAME.search(name)


_NO_HEADER_NAME = re.compile(r"[^\w!#$%&'*+.^`|~-]", re.ASCII)


def _log_request(outgoing: Outgoing, credentials: Mapping[str, str]) -> None:
    if not logger.isEnabledFor(logging.DEBUG):
        return
    logger.debug(
        "request: %s %s headers=%s body=%s",
        outgoing.method,
        redacted_url(outgoing.url),
        redacted_headers(sent_headers(outgoing.headers_with(credentials))),
        _shown(outgoing.content),
    )


def _log_response(outgoing: Outgoing, response: Response) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
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
