"""Turn answers and errors of our own client into responses as OpenAI would have sent them."""

from __future__ import annotations

from contextlib import suppress
from time import time
from typing import TYPE_CHECKING, Any

from .._call.answer import repaired
from .._call.encode import encode_json
from .._call.retry import advice_to
from .._exceptions import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    InvalidRequestError,
    NotSupportedError,
    OpenAIError,
    UnsupportedParameterError,
)
from ..dialect import advice_on, read_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from .._types import Response
    from .requests import Incoming

_OF_BODY = frozenset({"content-encoding", "content-length", "content-type", "transfer-encoding"})
_OF_RETRIES = frozenset({"retry-after", "retry-after-ms", "x-should-retry"})
_JSON = {"content-type": "application/json"}
_NO_RETRY = {"x-should-retry": "false"}


def passed_on(response: Response, dropped: frozenset[str] = _OF_BODY) -> list[tuple[str, str]]:
    """The headers of a response that hold for another body, too."""
    fields: list[tuple[str, str]] = response.headers.multi_items()
    return [field for field in fields if field[0].lower() not in dropped]


def whole_response(response: Response, call: Incoming[Any], family: ModuleType) -> Any:
    """The response for an answer whose body has been read; raises what `parse` raises."""
    translation = call.options.translation
    is_json = call.target.is_endpoint or "json" in response.headers.get("content-type", "")
    content = response.content
    headers = [*passed_on(response, _OF_BODY - {"content-type"})]
    if is_json and translation is not None and not call.is_file:
        content = repaired(response, translation, is_object_wanted=call.target.is_endpoint)
        headers = [*passed_on(response), *_JSON.items()]
    return family.Response(
        response.status_code, headers=headers, content=content, extensions=response.extensions
    )


def error_response(
    error: OpenAIError, family: ModuleType, budget: float, *, unknown_path: str | None = None
) -> Any:
    """The response for what a call raised; `unknown_path` is its path, if Gemini has none such.

    Raises an error of the HTTP library where no response came: the client above has its own way
    with those.
    """
    if isinstance(error, APIStatusError):
        return _refusal(error, family, budget, unknown_path)
    if isinstance(error, APIResponseValidationError):
        return _response(family, 502, _body(error.message, "invalid_answer"), _NO_RETRY)
    if isinstance(error, APIConnectionError):
        raise wire_error(error, family)
    if isinstance(error, InvalidRequestError):
        code = "unsupported_parameter" if isinstance(error, UnsupportedParameterError) else None
        body = _body(str(error), "invalid_request_error", param=error.param, code=code)
        return _response(family, 400, body, _NO_RETRY)
    if isinstance(error, NotSupportedError):
        return _response(family, 400, _body(str(error), "invalid_request_error"), _NO_RETRY)
    # No key, or Google credentials that cannot be had.
    body = _body(str(error), "authentication_error", code="invalid_api_key")
    return _response(family, 401, body, _NO_RETRY)


def wire_error(error: APIConnectionError, family: ModuleType) -> Exception:
    """One of ours as an error of the HTTP library, of the class that it came from."""
    kind: Any = type(error.__cause__)
    if isinstance(error, APITimeoutError) and (error.deadline or not _is_of(family, kind)):
        kind = family.ReadTimeout
    elif not _is_of(family, kind):
        kind = family.ConnectError
    made: Exception = kind(error.message, request=error.request)
    made.__cause__ = error
    return made


def _is_of(family: ModuleType, kind: type[Any]) -> bool:
    return issubclass(kind, family.RequestError)


def error_body(error: APIError, message: str | None = None) -> dict[str, Any]:
    """The body that OpenAI has for an error, with what Google says beside."""
    more = {"reason": error.reason, "details": error.details or None}
    return _body(
        error.message if message is None else message,
        error.type,
        param=error.param,
        code=error.code,
        **{name: value for name, value in more.items() if value is not None},
    )


def _refusal(
    error: APIStatusError, family: ModuleType, budget: float, unknown_path: str | None
) -> Any:
    report = read_error(error.body)
    status = error.status_code
    if report.bad_credentials:
        status = 401
    elif status < 400:  # an error in an answer that does not say which
        status = 502
    advice, reason = advice_to(status, error.response.headers, report, budget=budget, now=time())
    message = error.message.removeprefix(f"Error code: {error.status_code} - ")
    if reason is not None and reason not in message:
        message = f"{message} ({reason})"
    if status == 404 and unknown_path is not None:
        message = _instead_of(unknown_path) or message
    body = error_body(error, message)
    # By these two, frameworks tell what no other try will mend.
    if report.bad_credentials:
        body["error"]["code"] = "invalid_api_key"
    elif report.hopeless:
        body["error"]["code"] = "insufficient_quota"
    headers = passed_on(error.response, _OF_BODY | _OF_RETRIES)
    return _response(family, status, body, {**dict(headers), **advice})


def _instead_of(path: str) -> str | None:
    """What Gemini has in place of a route of OpenAI's, in words."""
    with suppress(LookupError):
        return str(NotSupportedError(path, advice_on(path.strip("/").replace("/", "."))))
    return None


def _body(message: str, type: str | None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": type, "param": None, "code": None, **more}}


def _response(
    family: ModuleType, status: int, body: dict[str, Any], headers: Mapping[str, str]
) -> Any:
    return family.Response(status, headers={**headers, **_JSON}, content=encode_json(body))
