"""Refuse requests for their credentials, each family of routes in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.errors import GoogleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.requests import Received

_GEMINI = "generativelanguage.googleapis.com"
_VERTEX = "aiplatform.googleapis.com"
_WRONG_KIND = "ACCESS_TOKEN_TYPE_UNSUPPORTED"
_TWO_CREDENTIALS = "Multiple authentication credentials received. Please pass only one."

API_KEY_INVALID = GoogleError(
    400,
    "API key not valid. Please pass a valid API key.",
    details=(
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": _GEMINI},
        },
        {
            "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
            "locale": "en-US",
            "message": "API key not valid. Please pass a valid API key.",
        },
    ),
)
_UNREGISTERED_CALLER = GoogleError(
    403,
    "Method doesn't allow unregistered callers (callers without established identity). Please use "
    "API Key or other form of API consumer identity to call this API.",
    "PERMISSION_DENIED",
)
_INVALID_CREDENTIALS = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_KEYS_NOT_SUPPORTED = (
    "API keys are not supported by this API. Expected OAuth2 access token or other "
    "authentication credentials that assert a principal. See "
    "https://cloud.google.com/docs/authentication"
)


def compatible(request: Received, bad_keys: frozenset[str]) -> GoogleError | None:
    """Refuse the API key of a request to the OpenAI-compatible routes.

    A key in `Authorization: Bearer` is what this endpoint wants; with `x-goog-api-key` or `?key=`
    beside it, it says there are two, and with `?key=` alone that there is none. That
    `x-goog-api-key` alone is taken is inferred from the native routes.
    """
    bearer = request.headers.get("authorization")
    others = [request.headers.get("x-goog-api-key"), *request.query.get("key", [])]
    given = [key for key in others if key]
    if bearer is not None and given:
        return GoogleError(400, _TWO_CREDENTIALS)
    if bearer is None and not request.headers.get("x-goog-api-key"):
        return GoogleError(400, "Missing or invalid Authorization header.")
    scheme, _, key = (f"Bearer {given[0]}" if bearer is None else bearer).partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return GoogleError(400, "Invalid Authorization header.")
    if key.strip() in bad_keys or key.strip().startswith("bad"):
        return API_KEY_INVALID
    return None


def native(
    request: Received, bad_keys: frozenset[str], is_token: Callable[[str], bool]
) -> GoogleError | None:
    """Refuse the API key of a request to Google's own routes, which want it in `x-goog-api-key`.

    `?key=` is taken too, and in `Authorization: Bearer` only a token of Google's is.
    """
    bearer = request.headers.get("authorization")
    given = [request.headers.get("x-goog-api-key"), *request.query.get("key", [])]
    keys = [key for key in given if key]
    if len(keys) + (bearer is not None) > 1:
        return GoogleError(400, _TWO_CREDENTIALS)
    if bearer is not None:
        good = _is_token(bearer, is_token)
        return None if good else _unauthenticated(_INVALID_CREDENTIALS, _WRONG_KIND, _GEMINI)
    if not keys:
        return _UNREGISTERED_CALLER
    return API_KEY_INVALID if keys[0] in bad_keys or keys[0].startswith("bad") else None


def vertex(request: Received, is_token: Callable[[str], bool]) -> GoogleError | None:
    """Refuse a request to Vertex that brings no token, or one that is not good any more.

    The reason for a token that has expired is the one for a token of the wrong kind, as it was
    recorded on the OpenAI-compatible route.
    """
    bearer = request.headers.get("authorization", "")
    if _is_token(bearer, is_token):
        return None
    version = "v1beta1" if request.path.startswith("/v1beta1/") else "v1"
    method = f"google.cloud.aiplatform.{version}.PredictionService.ChatCompletions"
    if not bearer and request.headers.get("x-goog-api-key") is not None:
        return _unauthenticated(_KEYS_NOT_SUPPORTED, "CREDENTIALS_MISSING", _VERTEX, method=method)
    return _unauthenticated(_INVALID_CREDENTIALS, _WRONG_KIND, _VERTEX, method=method)


def _is_token(bearer: str, is_token: Callable[[str], bool]) -> bool:
    scheme, _, token = bearer.partition(" ")
    return scheme.lower() == "bearer" and is_token(token.strip())


def _unauthenticated(message: str, reason: str, service: str, **metadata: str) -> GoogleError:
    return GoogleError(
        401,
        message,
        "UNAUTHENTICATED",
        (
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": reason,
                "domain": "googleapis.com",
                "metadata": {"service": service, **metadata},
            },
        ),
    )
