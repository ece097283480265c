"""The faults of Google's servers that were really seen, as replies to script."""

from __future__ import annotations

import html
from typing import Any

from ..http.errors import GoogleError
from ..http.replies import Piece, Reply, Sse
from .credentials import API_KEY_INVALID

_QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more "
    "information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To "
    "monitor your current usage, head to: https://ai.dev/rate-limit. "
)
_METRIC = "generativelanguage.googleapis.com/generate_content_free_tier_requests"


def _reply(error: GoogleError) -> Reply:
    return Reply(error.code, body=error.body())


def quota_per_minute(retry_delay: str = "41s", *, model: str = "gemini-2.5-flash") -> Reply:
    """A 429 that ends after `retry_delay`, which is in the body and in no header."""
    return _quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "10", retry_delay, model)


def quota_per_day(retry_delay: str = "41s", *, model: str = "gemini-2.5-flash") -> Reply:
    """A 429 for the quota of the day, although the body suggests to retry after seconds."""
    return _quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250", retry_delay, model)


def _quota(quota_id: str, limit: str, retry_delay: str, model: str) -> Reply:
    seconds = retry_delay.removesuffix("s")
    message = (
        f"{_QUOTA}\n* Quota exceeded for metric: {_METRIC}, limit: {limit}, model: {model}\n"
        f"Please retry in {seconds}{'' if '.' in seconds else '.0'}s."
    )
    help_link = {
        "description": "Learn more about Gemini API quotas",
        "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
    }
    violation = {
        "quotaMetric": _METRIC,
        "quotaId": quota_id,
        "quotaDimensions": {"model": model, "location": "global"},
        "quotaValue": limit,
    }
    kind = "type.googleapis.com/google.rpc."
    error = GoogleError(
        429,
        message,
        "RESOURCE_EXHAUSTED",
        (
            {"@type": f"{kind}Help", "links": [help_link]},
            {"@type": f"{kind}QuotaFailure", "violations": [violation]},
            {"@type": f"{kind}RetryInfo", "retryDelay": retry_delay},
        ),
    )
    return Reply(429, body=error.body(), headers={"X-Gemini-Service-Tier": "standard"})


def quota_without_details() -> Reply:
    """A 429 that does not say when to retry."""
    message = "Resource has been exhausted (e.g. check quota)."
    return _reply(GoogleError(429, message, "RESOURCE_EXHAUSTED"))


def vertex_exhausted() -> Reply:
    """Vertex AI's 429: all customers share its capacity, and it does not say when to retry."""
    message = (
        "Resource exhausted. Please try again later. Please refer to "
        "https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details."
    )
    return _reply(GoogleError(429, message, "RESOURCE_EXHAUSTED"))


def vertex_forbidden(project: str = "p", location: str = "global") -> Reply:
    """Vertex AI's 403 for an account without `aiplatform.endpoints.predict`."""
    place = f"projects/{project}/locations/{location}/endpoints/openapi"
    message = (
        "Permission 'aiplatform.endpoints.predict' denied on resource "
        f"'//aiplatform.googleapis.com/{place}' (or it may not exist)."
    )
    return _reply(GoogleError(403, message, "PERMISSION_DENIED"))


def overloaded() -> Reply:
    """The 503 of a busy model."""
    return _reply(
        GoogleError(503, "The model is overloaded. Please try again later.", "UNAVAILABLE")
    )


def internal_error() -> Reply:
    """The 500 of an internal error."""
    message = "An internal error has occurred. Please retry or report in "
    link = "https://developers.generativeai.google/guide/troubleshooting"
    return _reply(GoogleError(500, message + link, "INTERNAL"))


def deadline_exceeded() -> Reply:
    """The 504 of a request that took too long."""
    message = "Deadline expired before operation could complete."
    return _reply(GoogleError(504, message, "DEADLINE_EXCEEDED"))


def bad_key() -> Reply:
    """The 400, not 401, for an API key that is not valid."""
    return _reply(API_KEY_INVALID)


def html_not_found(path: str = "/") -> Reply:
    """A 404 with an HTML page, as Google's front end sends it for an unknown path."""
    return _page(
        404,
        "Not Found",
        f"  <p>The requested URL <code>{html.escape(path)}</code> was not found on this "
        "server.  <ins>That&rsquo;s all we know.</ins>\n",
    )


def html_bad_gateway() -> Reply:
    """A 502 with an HTML page."""
    return _page(
        502,
        "Server Error",
        "  <p>The server encountered a temporary error and could not complete your request."
        "<p>Please try again in 30 seconds.  <ins>That&rsquo;s all we know.</ins>\n",
    )


def _page(status: int, title: str, last: str) -> Reply:
    return Reply(
        status,
        text=(
            "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
            f"  <title>Error {status} ({title})!!1</title>\n"
            f"  <p><b>{status}.</b> <ins>That&rsquo;s an error.</ins>\n{last}"
        ),
    )


def empty(status: int = 200) -> Reply:
    """An answer without a body."""
    return Reply(status, body=b"")


def error_in_stream(*before: Piece, as_event: bool = True) -> Sse:
    """A stream that ends with a 503 error after some pieces, and without `[DONE]`.

    The error is an event [seen behind a relay], or, with `as_event=False`, JSON text without
    `data:` [vercel/ai#5217].
    """
    message = "The model is overloaded. Please try again later."
    error = GoogleError(503, message, "UNAVAILABLE")
    last: dict[str, Any] | bytes = error.payload() if as_event else error.body(listed=False)
    return Sse([*before, last], done=False)


def malformed_json(text: str = '{"choices": [{"fini') -> Reply:
    """A 200 whose JSON is cut off."""
    return Reply(body=text.encode())
