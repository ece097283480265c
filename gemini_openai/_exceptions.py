"""Errors, by the names they have in `openai`.

OpenAIError
├── APIError                          the server or the connection to it failed
│   ├── APIConnectionError            no whole answer arrived
│   │   ├── APITimeoutError           ... in time
│   │   ├── ClientClosedError         ... because the client had been closed; a RuntimeError too
│   │   └── IncompleteStreamError     a stream ended before its answer did
│   ├── APIResponseValidationError    a body that is no answer; one that does not fit, if strict
│   └── APIStatusError                the server answered with a refusal
│       ├── BadRequestError           400
│       ├── AuthenticationError       401, and 400 for a bad API key
│       ├── PermissionDeniedError     403
│       ├── NotFoundError             404
│       ├── ConflictError             409
│       ├── UnprocessableEntityError  422
│       ├── RateLimitError            429
│       └── InternalServerError       500 and above
├── NotSupportedError                 a method of OpenAI's that Gemini does not offer
├── InvalidRequestError               not sent: the server would have refused it (a ValueError too)
│   └── UnsupportedParameterError     ... for a parameter it lacks, with unsupported="error"
├── LengthFinishReasonError           an answer to parse was cut off by its token limit
└── ContentFilterFinishReasonError    ... or by a content filter
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from ._types import Request, Response
    from .dialect import ErrorReport
    from .types.chat import ChatCompletion, ChatCompletionChunk


class OpenAIError(Exception):
    """The root of every error this package raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Not by the constructors: subclasses of users have their own. And never with credentials.
        from ._http.family import without_secrets

        return _restore, (type(self), self.args, without_secrets(self.__dict__))


class NotSupportedError(OpenAIError):
    """A method of OpenAI's was called that Gemini does not offer.

    Attributes:
        feature: what was called, for example `"responses.create"`.
        advice: what to use instead.
    """

    feature: str
    advice: str

    def __init__(self, feature: str, advice: str) -> None:
        super().__init__(feature, advice)
        self.feature = feature
        self.advice = advice

    def __str__(self) -> str:
        return f"Gemini's OpenAI-compatible API does not offer {self.feature}. {self.advice}"


class APIError(OpenAIError):
    """A request failed.

    Attributes:
        message: what happened, in the server's words where it gave any.
        request: the HTTP request that failed.
        body: what the server sent: its JSON as Python objects, text if it was no JSON, else None.
        code: the number in the server's error object, as text (`"429"`), or OpenAI's error code.
        type: the kind of error as the server names it, for example `"RESOURCE_EXHAUSTED"`.
        param: the field of the request that caused the error, when the server names it.
        reason: the server's machine-readable reason, for example `"API_KEY_INVALID"`.
        details: the server's other objects about the error, as sent.
    """

    message: str
    request: Request
    body: object | None
    code: str | None
    type: str | None
    param: str | None
    reason: str | None
    details: list[Any]

    def __init__(self, message: str, request: Request, *, body: object | None) -> None:
        super().__init__(message)
        from .dialect import read_error

        report = read_error(body)
        self.message = message
        self.request = request
        self.body = body
        self.code = report.code
        self.type = report.type
        self.param = report.param
        self.reason = report.reason
        self.details = report.details


class APIConnectionError(APIError):
    """No whole answer arrived: refused, reset, unresolved, cut off. The cause is `__cause__`."""

    def __init__(self, *, message: str = "Connection error.", request: Request) -> None:
        super().__init__(message, request, body=None)


class APITimeoutError(APIConnectionError):
    """No answer within the time allowed (`timeout`, in seconds)."""

    def __init__(self, request: Request) -> None:
        super().__init__(message="Request timed out.", request=request)


class ClientClosedError(APIConnectionError, RuntimeError):
    """A call on a client that has been closed.

    A `RuntimeError` too: that is what openai, from its version 3 on, lets through.
    """

    def __init__(self, *, request: Request) -> None:
        super().__init__(
            message=(
                "Connection error: this client has been closed. Make a new one, "
                "or close it only when its last call is done."
            ),
            request=request,
        )


class IncompleteStreamError(APIConnectionError):
    """A stream ended without `[DONE]` and without a finish reason: the answer is not whole.

    Attributes:
        chunks: every chunk that came before the end, in order.
        content: the text of the first choice, as far as it came.
    """

    chunks: list[ChatCompletionChunk]

    def __init__(
        self, *, message: str, request: Request, chunks: list[ChatCompletionChunk]
    ) -> None:
        super().__init__(message=message, request=request)
        self.chunks = chunks

    @property
    def content(self) -> str:
        """The text of the first choice, as far as it came."""
        return "".join(
            choice.delta.content or ""
            for chunk in self.chunks
            for choice in chunk.choices
            if choice.index == 0
        )


class APIResponseValidationError(APIError):
    """What came is no answer: a web page, text, or other JSON than the endpoint gives.

    With `_strict_response_validation=True` also an answer that does not fit its model.

    Attributes:
        chunks: where `body` is an event of a stream, every chunk that came before it, in order.
    """

    response: Response
    status_code: int
    chunks: list[ChatCompletionChunk]

    def __init__(
        self, response: Response, body: object | None, *, message: str | None = None
    ) -> None:
        super().__init__(
            message or "Data returned by API invalid for expected schema.",
            response.request,
            body=body,
        )
        self.response = response
        self.status_code = response.status_code
        self.chunks = []


class APIStatusError(APIError):
    """The server answered with a status of 400 or above, or with 200 and an error in the body.

    So does a stream that has an error in it, where that names such a status.

    Attributes:
        status_code: the status; with 200 the one that the error in the body names, if any.
        request_id: the server's name for the request.
    """

    response: Response
    status_code: int
    request_id: str | None

    def __init__(self, message: str, *, response: Response, body: object | None) -> None:
        super().__init__(message, response.request, body=body)
        self.response = response
        self.status_code = response.status_code
        self.request_id = response.headers.get("x-request-id")


class BadRequestError(APIStatusError):
    """400: the request is invalid; `message` and `param` say where."""

    status_code: Literal[400]  # pyright: ignore[reportIncompatibleVariableOverride]


class AuthenticationError(APIStatusError):
    """The key or token is wrong, expired or missing.

    `status_code` is 400 when the server says so of a bad API key, else 401.
    """

    status_code: Literal[401]  # pyright: ignore[reportIncompatibleVariableOverride]


class PermissionDeniedError(APIStatusError):
    """403: the credentials are valid but do not allow this."""

    status_code: Literal[403]  # pyright: ignore[reportIncompatibleVariableOverride]


class NotFoundError(APIStatusError):
    """404: no such model, file, batch or path."""

    status_code: Literal[404]  # pyright: ignore[reportIncompatibleVariableOverride]


class ConflictError(APIStatusError):
    """409: the request conflicts with the state of the resource."""

    status_code: Literal[409]  # pyright: ignore[reportIncompatibleVariableOverride]


class UnprocessableEntityError(APIStatusError):
    """422: the request is well-formed but cannot be processed."""

    status_code: Literal[422]  # pyright: ignore[reportIncompatibleVariableOverride]


class RateLimitError(APIStatusError):
    """429: a quota is used up; `details` names it, with its limit and when to retry."""

    status_code: Literal[429]  # pyright: ignore[reportIncompatibleVariableOverride]


class InternalServerError(APIStatusError):
    """500 and above: the server failed or is overloaded."""


class InvalidRequestError(OpenAIError, ValueError):
    """A request that the server would refuse and that cannot be repaired for sure; it is not sent.

    Attributes:
        param: the parameter at fault, for example `"messages[3]"`.
    """

    param: str

    def __init__(self, message: str, *, param: str) -> None:
        super().__init__(message)
        self.param = param


class UnsupportedParameterError(InvalidRequestError):
    """Parameters the backend lacks; `param` has their names. With `unsupported="error"` only."""


class LengthFinishReasonError(OpenAIError):
    """The answer was cut off by its token limit and so cannot be parsed; see `completion`."""

    completion: ChatCompletion

    def __init__(self, *, completion: ChatCompletion) -> None:
        usage = f" (usage: {completion.usage})" if completion.usage else ""
        super().__init__(
            "The answer reached its token limit before it was complete, so it cannot be parsed"
            f"{usage}. Raise max_tokens, or lower reasoning_effort: thinking counts against it."
        )
        self.completion = completion


class ContentFilterFinishReasonError(OpenAIError):
    """The answer ended before it was whole, and so cannot be parsed; see `completion`.

    Google's word for the reason is in the message, with what it means: not each is a filter.
    """

    completion: ChatCompletion | None

    def __init__(self, *, completion: ChatCompletion | None = None) -> None:
        super().__init__(_why_withheld(completion))
        self.completion = completion


def _why_withheld(completion: ChatCompletion | None) -> str:
    from .dialect import RAW_FINISH_REASON, finish_meaning

    for choice in (completion and completion.choices) or ():
        reason = str(choice.finish_reason)
        word = getattr(choice, RAW_FINISH_REASON, None) or reason
        if not reason.startswith("content_filter") or word == "content_filter":
            continue
        meaning = finish_meaning(word) or (
            "what that means is not known, so it may not be whole. It is in `completion`"
        )
        return f"The answer ended with {word!r} and cannot be parsed: {meaning}."
    return "The answer was stopped by a content filter, so it cannot be parsed."


_CLASS_OF_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(
    message: str,
    *,
    response: Response,
    body: object | None,
    bad_credentials: bool = False,
    status: int | None = None,
) -> APIStatusError:
    """The error of the class that belongs to the response's status, or to `status` if given."""
    status = response.status_code if status is None else status
    fallback = InternalServerError if status >= 500 else APIStatusError
    error_class = _CLASS_OF_STATUS.get(401 if bad_credentials else status, fallback)
    error = error_class(message, response=response, body=body)
    error.status_code = status
    return error


def error_in_answer(
    response: Response, error: object, said: str | None = None, *, body: object
) -> APIStatusError:
    """The error for one that came with status 200, in the class of the status that it names.

    `said` is for one that has no message.
    """
    from .dialect import read_error

    report = read_error(error)
    said = report.message or said or "it does not say which"
    return status_error(
        f"The server answered {response.status_code}, but with an error: {said}",
        response=response,
        body=body,
        bad_credentials=report.bad_credentials,
        status=_status_in(report),
    )


def error_in_stream(response: Response, body: object) -> APIError:
    """The error for one that came behind the beginning of an answer; in its class, too."""
    from .dialect import read_error

    report = read_error(body)
    message = report.message or "The server reported an error in the middle of the stream."
    status, bad_key = _status_in(report), report.bad_credentials
    if status is None and not bad_key:
        return APIError(message, response.request, body=body)
    return status_error(
        message, response=response, body=body, bad_credentials=bad_key, status=status
    )


def _status_in(report: ErrorReport) -> int | None:
    code = int(report.code) if report.code and report.code.isdecimal() else 0
    return code if 400 <= code < 600 else None


def other_answer(response: Response, text: str, wanted: str) -> APIResponseValidationError:
    """The error for a body of another kind than the one that is `wanted`, in words.

    It names the content type, and what the `text` says: of a web page the title.
    """
    from ._primitives.log import redacted_url
    from .dialect import read_error

    content_type = response.headers.get("content-type", "of no content type")
    said = read_error(text[:_MOST_READ]).message or "it is empty"
    asked = f"{response.request.method} {redacted_url(response.request.url)}"
    return APIResponseValidationError(
        response,
        text,
        message=f"The answer to {asked} is {content_type} and not {wanted}: {said[:_MOST_SHOWN]}",
    )


_MOST_READ = 4000  # characters: enough for the title of a page
_MOST_SHOWN = 200


def _restore(
    cls: type[OpenAIError], args: tuple[Any, ...], state: Mapping[str, Any]
) -> OpenAIError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


# Tracebacks then show `gemini_openai.RateLimitError`: the name to import and to catch.
for _value in tuple(globals().values()):
    if isinstance(_value, type) and issubclass(_value, OpenAIError):
        _value.__module__ = "gemini_openai"
