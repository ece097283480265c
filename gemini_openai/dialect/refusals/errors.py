"""Read an error as Google words it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_array, is_object
from ..._primitives.numbers import LONGEST_WAIT, seconds
from ..._primitives.patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

BAD_KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED"})
_BAD_KEY_MESSAGE = late_pattern(r"(?i)^api key (not valid|expired|not found)")
_RETRY_IN_MESSAGE = late_pattern(r"(?i)please retry in ((?:\d+h)?(?:\d+m(?!s))?(?:[\d.]+m?s)?)")
_DURATION_PART = late_pattern(r"([\d.]+)(ms|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_QUOTA_IN_MESSAGE = late_pattern(r"Quota exceeded for metric: (\S+), limit: (\d+)")
_UNKNOWN_NAME = late_pattern(r'Unknown name "([^"]+)"')
_TITLE = late_pattern(r"(?is)<title>\s*(.*?)\s*</title>")


class ErrorReport(NamedTuple):
    """What an error body says."""

    message: str | None = None
    code: str | None = None
    type: str | None = None
    param: str | None = None
    reason: str | None = None
    details: list[Any] = []  # noqa: RUF012  # never written to
    retry_after: float | None = None
    """Seconds the server asks to wait, from `RetryInfo` or from the message."""
    hopeless: str | None = None
    """Why no wait within a call's time helps, in words for the message; None if one may."""
    bad_credentials: bool = False
    """Whether it is the API key that is wrong: Google says so with status 400."""


def read_error(body: object) -> ErrorReport:
    """Read an error body: Google's list of one, its plain object, OpenAI's, text, or nothing.

    Shapes: `[{"error": {code, message, status, details}}]` on the OpenAI-compatible routes, the
    same without the list on native ones, `{"error": {message, type, param, code}}` at OpenAI.
    """
    if isinstance(body, str):
        return ErrorReport(message=_message_of_text(body))
    error = unwrap_error(body)
    if error is None:
        return ErrorReport()
    details = [item for item in _list(error.get("details")) if is_object(item)]
    message = _text(error.get("message"))
    by_kind = {_kind(detail): detail for detail in reversed(details)}
    reason = _text(by_kind.get("ErrorInfo", {}).get("reason"))
    return ErrorReport(
        message=message,
        code=_text(error.get("code")),
        type=_text(error.get("status")) or _text(error.get("type")),
        param=_text(error.get("param")) or _field(by_kind.get("BadRequest", {})),
        reason=reason,
        details=details,
        retry_after=_retry_after(message or "", by_kind.get("RetryInfo", {})),
        hopeless=_why_hopeless(message or "", by_kind.get("QuotaFailure", {})),
        bad_credentials=reason in BAD_KEY_REASONS or bool(_BAD_KEY_MESSAGE.match(message or "")),
    )


def unwrap_error(body: object) -> Mapping[str, Any] | None:
    """The error object in a body, out of Google's list of one and the `error` key."""
    if is_array(body) and body:
        body = body[0]
    if not is_object(body):
        return None
    error = body.get("error", body)
    if isinstance(error, str):
        return {"message": error}
    return error if is_object(error) else None


def _message_of_text(body: str) -> str | None:
    text = body.strip()
    if not text.startswith("<"):
        return text[:1000] or None
    title = _TITLE.search(text)
    named = f" titled {title[1]!r}" if title else ""
    return f"the answer is a web page{named} and not JSON; is base_url right?"


def _retry_after(message: str, retry_info: Mapping[str, Any]) -> float | None:
    # The message has the finer figure ("41.710991998s" beside "41s").
    found = _RETRY_IN_MESSAGE.search(message)
    for text in (found[1] if found else None, retry_info.get("retryDelay")):
        if isinstance(text, str) and (seconds := _duration(text)) is not None:
            return seconds
    return None


def _duration(text: str) -> float | None:
    """A protobuf or Go duration in seconds: `"41s"`, `"45.837906927s"`, `"1m3s"`, `"250ms"`."""
    parts = _DURATION_PART.findall(text[:100])
    numbers = [seconds(number) for number, _ in parts]
    known = [number for number in numbers if number is not None]
    if not parts or len(known) < len(parts):
        return None
    total = sum(number * _SECONDS[unit] for number, (_, unit) in zip(known, parts, strict=True))
    return total if total <= LONGEST_WAIT else None


def _why_hopeless(message: str, quota_failure: Mapping[str, Any]) -> str | None:
    for violation in _list(quota_failure.get("violations")):
        if not is_object(violation):
            continue
        quota = _text(violation.get("quotaId")) or ""
        if "PerDay" in quota:
            return f"the daily quota {quota} is used up"
        if str(violation.get("quotaValue")) == "0":
            return f"the quota {quota} is 0 for this project and model"
    if any(limit == "0" for _, limit in _QUOTA_IN_MESSAGE.findall(message)):
        return "the quota is 0 for this project and model"
    if "monthly spending cap" in message:
        return "the monthly spending cap is reached"
    return None


def _field(bad_request: Mapping[str, Any]) -> str | None:
    """The first field at fault; for unknown top-level names only the description has it."""
    for violation in _list(bad_request.get("fieldViolations")):
        if not is_object(violation):
            continue
        if field := _text(violation.get("field")):
            return field
        named = _UNKNOWN_NAME.search(_text(violation.get("description")) or "")
        if named:
            return named[1]
    return None


def _kind(detail: Mapping[str, Any]) -> str:
    return str(detail.get("@type", "")).rpartition(".")[2]


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value)


def _list(value: object) -> list[Any]:
    return value if is_array(value) else []
