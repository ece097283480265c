"""Serve Google's token servers and the metadata server, for the real google-auth.

A service account's signature is checked, a refresh token must be known, and the metadata server's
token has less than its full time left.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs

from ..answers import credentials
from ..http.json_values import is_mapping, string
from ..http.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..http.requests import Received
    from ..state.google_auth import GoogleAuth

TokenHandler: TypeAlias = "Callable[[GoogleAuth, Received, Mapping[str, str]], Reply]"

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  # a type's name
_METADATA_HEADERS = {"Metadata-Flavor": "Google", "Server": "Metadata Server for VM"}
_VERTEX = re.compile(r"/v1(?:beta1)?/(?:projects|publishers)/.+")


def respond(google: GoogleAuth, request: Received) -> Reply | None:
    """The reply of a token or metadata server, or Vertex's refusal of a token; else None.

    To be called after `await google.note_arrival(method, path)`.
    """
    for method, pattern, handler in TOKEN_ROUTES:
        match = pattern.fullmatch(request.path)
        if match and method == request.method:
            return handler(google, request, match.groupdict())
    if _VERTEX.fullmatch(request.path) and (error := credentials.vertex(request, google.accepts)):
        return Reply(error.code, body=error.body())
    return None


def unavailable() -> Reply:
    """The 503 of a token server, after which google-auth tries again."""
    return Reply(503, json={"error": "temporarily_unavailable"})


def invalid_grant(description: str = "Token has been expired or revoked.") -> Reply:
    """The 400 of a token server for credentials that will never be good again."""
    return _oauth_error("invalid_grant", description)


def _token(google: GoogleAuth, request: Received, _: Mapping[str, str]) -> Reply:
    """`POST /token`, as `oauth2.googleapis.com` has it."""
    if failure := google.next_failure():
        return failure
    form = _form(request)
    grant = form.get("grant_type", "")
    if grant == JWT_GRANT:
        error = google.check_assertion(form.get("assertion", ""))
        if error is not None:
            return invalid_grant(error)
    elif grant == "refresh_token":
        if not google.knows_refresh_token(form.get("refresh_token", "")):
            return invalid_grant()
    else:
        return _oauth_error("unsupported_grant_type", f"Invalid grant_type: {grant}")
    return Reply(json=_bearer(google))


def _exchange(google: GoogleAuth, request: Received, _: Mapping[str, str]) -> Reply:
    """`POST /v1/token`, as `sts.googleapis.com` has it."""
    if failure := google.next_failure():
        return failure
    form = _form(request)
    if form.get("grant_type") != EXCHANGE_GRANT:
        return _oauth_error("unsupported_grant_type", "The grant type must be token-exchange.")
    if not form.get("subject_token", "").strip():
        return _oauth_error("invalid_request", "The subject token is missing.")
    return Reply(json={**_bearer(google), "issued_token_type": ACCESS_TOKEN_TYPE})


def _impersonation(google: GoogleAuth, request: Received, _: Mapping[str, str]) -> Reply:
    """`POST …:generateAccessToken`, as `iamcredentials.googleapis.com` has it."""
    if failure := google.next_failure():
        return failure
    if error := credentials.vertex(request, google.accepts):
        return Reply(error.code, body=error.body(listed=False))
    expires = time.gmtime(google.clock() + google.expires_in)
    return Reply(
        json={
            "accessToken": google.issue(),
            "expireTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", expires),
        }
    )


def _metadata(google: GoogleAuth, request: Received, path: Mapping[str, str]) -> Reply:
    """`GET /computeMetadata/v1/…`, as `metadata.google.internal` has it."""
    if request.headers.get("metadata-flavor") != "Google":
        return Reply(403, text="Missing Metadata-Flavor:Google header.", headers=_METADATA_HEADERS)
    # Once google-auth knows the account's e-mail address it uses that in place of `default`.
    account = f"machine@{google.project}.iam.gserviceaccount.com"
    what = path["what"].replace(f"/{account}/", "/default/")
    if what.endswith("/token") and (failure := google.next_failure()):
        return failure
    answers: dict[str, Callable[[], Any]] = {
        "project/project-id": lambda: google.project,
        "universe/universe-domain": lambda: "googleapis.com",
        "instance/service-accounts/default/": lambda: {
            "aliases": ["default"],
            "email": account,
            "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
        },
        "instance/service-accounts/default/token": google.metadata_token,
    }
    answer = answers.get(what, lambda: None)()
    if answer is None:
        return Reply(404, text="Not found", headers=_METADATA_HEADERS)
    if is_mapping(answer):
        return Reply(json=answer, headers=_METADATA_HEADERS)
    return Reply(text=string(answer), headers=_METADATA_HEADERS)


def _ping(google: GoogleAuth, request: Received, _: Mapping[str, str]) -> Reply:
    """`GET /`, by which google-auth finds out whether there is a metadata server."""
    return Reply(text="computeMetadata/\n", headers=_METADATA_HEADERS)


TOKEN_ROUTES: list[tuple[str, re.Pattern[str], TokenHandler]] = [
    ("POST", re.compile("/token"), _token),
    ("POST", re.compile("/v1/token"), _exchange),
    (
        "POST",
        re.compile("/v1/projects/-/serviceAccounts/(?P<email>[^/]+):generateAccessToken"),
        _impersonation,
    ),
    ("GET", re.compile("/computeMetadata/v1/(?P<what>.+)"), _metadata),
    ("GET", re.compile("/"), _ping),
]


def _form(request: Received) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def _bearer(google: GoogleAuth) -> dict[str, Any]:
    return {
        "access_token": google.issue(),
        "expires_in": google.expires_in,
        "token_type": "Bearer",
    }


def _oauth_error(error: str, description: str) -> Reply:
    return Reply(400, json={"error": error, "error_description": description})
