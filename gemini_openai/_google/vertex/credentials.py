"""Ask credentials of every kind the same: how good the token is, and which headers carry it."""

from __future__ import annotations

import inspect
from contextlib import suppress
from datetime import datetime, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..._primitives.fork import load_before_fork
from .errors import INSTALL, GoogleCredentialsError, describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .transport import Transport

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
# google-auth has types for a part of itself only, and a caller's object may have less than that.
Credentials: TypeAlias = Any
Headers: TypeAlias = "dict[str, str]"
State: TypeAlias = Literal["FRESH", "STALE", "INVALID"]


def load_google_auth() -> None:
    """Import what most credentials need now, and the rest when the process forks.

    `google.auth.default` imports it late, in the thread that refreshes. A process forked meanwhile
    would wait for the locks of those imports.
    """
    with suppress(ImportError):  # who looks for credentials is told
        import_module("google.oauth2.service_account")
        import_module("google.oauth2.credentials")
        load_before_fork(
            "google.auth.compute_engine",
            "google.auth.identity_pool",
            "google.auth.impersonated_credentials",
            "google.auth.transport.requests",
        )


def find_default(transport: Transport) -> tuple[Credentials, str | None]:
    """Application Default Credentials, and the project they or the environment name.

    Raises:
        GoogleCredentialsError: google-auth is not installed.
        google.auth.exceptions.DefaultCredentialsError: there are none, or their file is broken.
    """
    try:
        google_auth: Any = import_module("google.auth")
    except ImportError:
        raise GoogleCredentialsError(
            "Google credentials need the google-auth package, which is not installed. "
            f"Install it with: {INSTALL}"
        ) from None
    found: tuple[Credentials, str | None] = google_auth.default(scopes=SCOPES, request=transport)
    return found


def check(credentials: object) -> None:
    """Raise `TypeError` for what are no credentials."""
    if hasattr(credentials, "token"):
        return
    advice = (
        " A token on its own goes stale within the hour: give api_key a function that returns one."
        if isinstance(credentials, str)
        else ""
    )
    raise TypeError(
        "credentials must be those of google-auth, or an object with token and refresh(request), "
        f"not {type(credentials).__name__}.{advice}"
    )


def scoped(credentials: Credentials) -> Credentials:
    """The credentials with `SCOPES`, if they are of a kind that wants some and has none."""
    if getattr(credentials, "requires_scopes", False) is True:
        return credentials.with_scopes(SCOPES)
    return credentials


def token_state(credentials: Credentials) -> State:
    """How good the token is, by its own expiry: as new, good for minutes yet, or no good."""
    if credentials.token is None:
        # Anonymous credentials are the ones that are valid without.
        return "FRESH" if getattr(credentials, "valid", False) is True else "INVALID"
    if (state := getattr(credentials, "token_state", None)) is not None:
        name: State = state.name
        return name
    if getattr(credentials, "expired", False) is True:
        return "INVALID"
    expiry = getattr(credentials, "expiry", None)
    if isinstance(expiry, datetime):
        # google-auth's times are UTC without saying so.
        aware = expiry if expiry.tzinfo else expiry.replace(tzinfo=timezone.utc)
        if aware <= datetime.now(timezone.utc):
            return "INVALID"
    return "FRESH"


def headers_of(credentials: Credentials) -> Headers:
    """The headers that carry the present token, and the project to bill if one is set."""
    headers: Headers = {}
    apply = getattr(credentials, "apply", None)
    outcome: Any = apply(headers) if apply is not None else None
    if inspect.iscoroutine(outcome):
        outcome.close()  # google-auth's async half, whose tokens are static
    if not headers and credentials.token is not None:
        headers["authorization"] = f"Bearer {credentials.token}"
        if quota_project := getattr(credentials, "quota_project_id", None):
            headers["x-goog-user-project"] = quota_project
    for value in headers.values():
        if not (value.isascii() and value.isprintable()):
            # HTTP libraries quote such a value in their errors.
            raise GoogleCredentialsError(
                f"The token of {describe(credentials)} has characters that no header can have, "
                "a line break at its end perhaps. Strip it before you hand it over."
            )
    return {name.lower(): value for name, value in headers.items()}


def same(present: Headers, rejected: Mapping[str, str] | None) -> bool:
    """Whether the present headers are among those that were rejected."""
    return bool(present) and present.items() <= (rejected or {}).items()


def refreshed(
    credentials: Credentials, transport: Transport, rejected: Mapping[str, str] | None
) -> Headers:
    """The headers after a refresh, where one is due or the present ones were rejected.

    Credentials that hold nothing but a token are left as they are.

    Raises:
        GoogleCredentialsError: the token has run out and cannot be renewed.
        google.auth.exceptions.GoogleAuthError: the refresh failed.
    """
    state = token_state(credentials)
    if state == "FRESH" and not same(headers_of(credentials), rejected):
        return headers_of(credentials)
    if _renewable(credentials):
        # Not before_request(): it would look up regional access boundaries behind our back.
        credentials.refresh(transport)
    elif state == "INVALID":
        raise GoogleCredentialsError(
            f"The access token of {describe(credentials)} has run out, and there is nothing to "
            "renew it with. Give credentials that can be refreshed, or give api_key a function "
            "that returns a new token each time."
        )
    if credentials.token is None:
        raise GoogleCredentialsError(
            f"The refresh of {describe(credentials)} brought no access token."
        )
    return headers_of(credentials)


def _renewable(credentials: Credentials) -> bool:
    refresh = getattr(credentials, "refresh", None)
    if not callable(refresh) or inspect.iscoroutinefunction(refresh):
        return False
    # A person's credentials may be a token alone, which they say only when they are refreshed.
    return type(credentials).__module__ != "google.oauth2.credentials" or (
        credentials.refresh_token is not None or credentials.refresh_handler is not None
    )
