"""Explain what goes wrong with Google credentials: what to do about it, and no secret."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..._exceptions import APIConnectionError, APITimeoutError, OpenAIError
from ..._primitives.patterns import late_pattern
from .transport import google_exception, transport_error

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from .transport import Transport

INSTALL = "pip install 'gemini-openai[vertex]'"
LOGIN = "gcloud auth application-default login"
_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  # where most tokens come from

# Tokens, assertions and secrets are base64, and so have long pieces of letters mixed with digits.
# Ids, addresses and the names of files have not.
_WORD = late_pattern(r"[A-Za-z0-9_+~-]{16,}=*")
_SECRET = late_pattern(r"(?=[^-_]*[0-9])(?=[^-_]*[A-Za-z])[^-_]{16,}")
_SHOWN = 300  # characters of what a server said
_REMEDIES = {
    "google.oauth2.credentials": f"Log in again: {LOGIN}",
    "google.oauth2.service_account": (
        "Check that the key still exists (gcloud iam service-accounts keys list) and that this "
        "machine's clock is right"
    ),
    "google.auth.compute_engine": "Check the service account attached to this machine",
    "google.auth.impersonated_credentials": (
        "Check that the source credentials are valid and may impersonate it "
        "(roles/iam.serviceAccountTokenCreator)"
    ),
    "google.auth.identity_pool": (
        "Check the subject token that the credentials file points to, and the identity pool"
    ),
}


class GoogleCredentialsError(OpenAIError):
    """There are no Google credentials that work: none found, or refused, or not renewable.

    Without a cause on purpose: google-auth's exceptions hold what was sent and received.
    """


class Failure(NamedTuple):
    """Why a refresh failed: each of those who wait for it raises an error of its own."""

    message: str
    kind: Literal["credentials", "connection", "timeout"] = "credentials"
    url: str = ""

    def error(self) -> OpenAIError:
        """The error to raise."""
        if self.kind == "credentials":
            return GoogleCredentialsError(self.message)
        from ..._http.family import default_family

        request = default_family().Request("POST", self.url or _TOKEN_URL)
        if self.kind == "connection":
            return APIConnectionError(message=self.message, request=request)
        error = APITimeoutError(request)
        error.message = self.message
        error.args = (self.message,)
        return error


def is_refusal(trouble: BaseException) -> bool:
    """Whether a token server said no, for good: `invalid_grant`, a login that has run out."""
    return (
        isinstance(trouble, google_exception("RefreshError"))
        and not _retryable(trouble)
        and not _has_transport_error(trouble)
    )


def explain(trouble: Exception, credentials: object | None, transport: Transport) -> Failure:
    """What to tell the caller of a failed refresh, or of credentials that were not found."""
    if isinstance(trouble, OpenAIError):
        return Failure(str(trouble))
    if isinstance(trouble, google_exception("DefaultCredentialsError")):
        return Failure(_not_found(trouble))
    who = describe(credentials) if credentials is not None else "Google credentials"
    where = f" from {transport.url}" if transport.url else ""
    said = scrubbed(_first_line(trouble), keep=transport.url)
    if transport.trouble is not None and _has_transport_error(trouble):
        what = "in time " if transport.trouble == "timeout" else ""
        message = f"No access token could be had {what}for {who}{where}: {said}"
        return Failure(message, transport.trouble, transport.url)
    if _retryable(trouble):
        return Failure(
            f"The token server failed, repeatedly, to give an access token for {who}{where}: "
            f"{said}",
            "connection",
            transport.url,
        )
    remedy = _remedy(credentials)
    return Failure(f"No access token for {who}{where}: {said.rstrip('.')}.{remedy and ' '}{remedy}")


def describe(credentials: object) -> str:
    """The kind of the credentials, whom they stand for, and where they were found."""
    name = type(credentials).__name__
    if type(credentials).__module__.startswith("google."):
        name = f"{type(credentials).__module__}.{name}"
    info: Mapping[str, str] | None = getattr(credentials, "get_cred_info", lambda: None)()
    if info is None:
        email = getattr(credentials, "service_account_email", None)
        return f"{name} {email}" if isinstance(email, str) else name
    parts = [info.get("credential_type") or name]
    if principal := info.get("principal"):
        parts.append(f"of {principal}")
    if source := info.get("credential_source"):
        parts.append(f"({source})")
    return " ".join(parts)


def scrubbed(text: str, *, keep: str = "") -> str:
    """`text` cut to a line, with everything in it that may be a secret masked, but for `keep`."""
    parts = text.split(keep) if keep else [text]
    masked = keep.join(_WORD.sub(_masked, part) for part in parts)
    return masked if len(masked) <= _SHOWN else f"{masked[:_SHOWN]}…"


def _masked(word: re.Match[str]) -> str:
    return "[…]" if _SECRET.search(word[0]) else word[0]


def _first_line(trouble: BaseException) -> str:
    # The first argument is google-auth's wording; those after it are whole answers of servers.
    said: object = next(iter(trouble.args), "")
    if isinstance(said, BaseException):  # metadata credentials wrap one error in another
        return _first_line(said)
    return str(said).strip().partition("\n")[0] or type(trouble).__name__


def _retryable(trouble: BaseException) -> bool:
    return getattr(trouble, "retryable", False) is True


def _has_transport_error(trouble: BaseException) -> bool:
    return any(isinstance(one, transport_error()) for one in (trouble, trouble.__cause__))


def _not_found(trouble: BaseException) -> str:
    said = _first_line(trouble)
    file = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    if file and file in said:
        return (
            f"The Google credentials that GOOGLE_APPLICATION_CREDENTIALS names cannot be used: "
            f"{scrubbed(said, keep=file)}"
        )
    looked = (
        "No Google credentials that can be used. Looked for the credentials argument, the file "
        f"that GOOGLE_APPLICATION_CREDENTIALS names ({file or 'not set'}), the "
        "login of gcloud, and the metadata server of Google Cloud"
    )
    if find_spec("requests") is None:
        looked += f" (needs the requests package: {INSTALL})"
    advice = f". On your own machine run: {LOGIN}"
    if os.environ.get("GOOGLE_API_KEY") or os.environ.get("GEMINI_API_KEY"):
        advice += (
            ". The API key in the environment is for the Gemini Developer API: "
            "leave vertexai out to use it"
        )
    return looked + advice


def _remedy(credentials: object | None) -> str:
    module = type(credentials).__module__
    return next((text for prefix, text in _REMEDIES.items() if module.startswith(prefix)), "")
