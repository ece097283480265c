"""The accounts and tokens of an emulated Google: issued, checked, expired and revoked.

The real google-auth gets them from the servers in `routes.tokens`. A test can revoke a token, or
let a refresh fail or wait.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..http.json_values import mapping, number, string

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from ..http.replies import Reply

_AUDIENCE = "https://oauth2.googleapis.com/token"  # in every assertion, wherever it is sent
_METADATA_MARGIN = 240  # seconds: the real server keeps a token until then before its end
_KINDS = (
    ("POST /token", "token"),
    ("POST /v1/token", "token-exchange"),
    (":generateAccessToken", "impersonation"),
    ("/token", "metadata"),
)


class Hold:
    """Token requests that wait until the end of a `with` block or `release()`."""

    def __init__(self, owner: GoogleAuth) -> None:
        self._owner = owner
        self._lock = threading.Lock()
        self._released = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def release(self) -> None:
        """Let the requests go on. Safe from any thread."""
        with self._lock:
            self._released = True
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            loop.call_soon_threadsafe(event.set)

    async def wait(self) -> None:
        """Wait for the release."""
        event = asyncio.Event()
        with self._lock:
            if self._released:
                return
            self._waiting.append((asyncio.get_running_loop(), event))
        await event.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._owner.end_hold(self)
        self.release()


@dataclass
class _Token:
    expires: float
    revoked: bool = False


class GoogleAuth:
    """The accounts and tokens of one emulator. Safe to use from any thread.

    Args:
        project: The project that the metadata server and the key files name.
        expires_in: Seconds until a new token expires.
        clock: Gives the time, in seconds since 1970, by which tokens expire.

    Attributes:
        calls: The token requests so far, by their kind: `token`, `token-exchange`, `metadata`,
            `impersonation`. A request is listed when it arrives, before it is answered.
    """

    def __init__(
        self,
        *,
        project: str = "emulated-project",
        expires_in: int = 3600,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.project = project
        self.expires_in = expires_in
        self.clock = clock
        self.calls: list[str] = []
        self._changed = threading.Condition()
        self._tokens: dict[str, _Token] = {}
        self._keys: dict[str, Any] = {}  # public keys, by the e-mail address of the account
        self._refresh_tokens: set[str] = set()
        self._failures: deque[Reply] = deque()
        self._hold: Hold | None = None
        self._cached: tuple[str, float] | None = None  # the metadata server's token and its end

    # --- what a test does ---

    def revoke(self, token: str | None = None) -> None:
        """Revoke a token, or all of them: requests with it get a 401 from now on."""
        with self._changed:
            for name, known in self._tokens.items():
                known.revoked = known.revoked or token in {None, name}

    def revoke_refresh_token(self, refresh_token: str) -> None:
        """Revoke a refresh token: using it gives `invalid_grant` from now on."""
        self._refresh_tokens.discard(refresh_token)

    def fail(self, *replies: Reply) -> None:
        """Answer the next token requests with these; google-auth tries a 503 three times."""
        with self._changed:
            self._failures.extend(replies)

    def hold(self) -> Hold:
        """Hold token requests from now on; for use in a `with` statement."""
        with self._changed:
            self._hold = hold = Hold(self)
        return hold

    def end_hold(self, hold: Hold) -> None:
        """Stop holding new token requests."""
        with self._changed:
            if self._hold is hold:
                self._hold = None

    def wait_for_calls(self, count: int, timeout: float = 5.0) -> None:
        """Wait until at least `count` token requests have arrived.

        Raises:
            TimeoutError: They did not arrive within `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.calls) >= count, timeout):
                raise TimeoutError(
                    f"Only {len(self.calls)} of {count} token requests arrived within {timeout:g} s"
                )

    # --- accounts ---

    def service_account(self, origin: str, name: str = "robot") -> dict[str, str]:
        """Create a service account; return the contents of its key file.

        Its tokens come from the emulator at `origin`. Needs the `cryptography` package, which
        google-auth brings.
        """
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        email = f"{name}@{self.project}.iam.gserviceaccount.com"
        self._keys[email] = key.public_key()
        return {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": f"key-of-{name}",
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "100000000000000000000",
            "token_uri": f"{origin}/token",
        }

    def person(self, refresh_token: str, quota_project: str | None = None) -> dict[str, str]:
        """Create a user's login, as `gcloud auth application-default login` writes it.

        google-auth takes no other server than `https://oauth2.googleapis.com/token` for these.
        """
        self._refresh_tokens.add(refresh_token)
        quota = {} if quota_project is None else {"quota_project_id": quota_project}
        return {
            "type": "authorized_user",
            "client_id": "an-app.apps.googleusercontent.com",
            "client_secret": "the-secret-of-an-app",
            "refresh_token": refresh_token,
            **quota,
        }

    def external_account(self, origin: str, subject_token_file: str) -> dict[str, Any]:
        """The configuration of a workload identity pool whose subject token is in a file."""
        return {
            "type": "external_account",
            "audience": "//iam.googleapis.com/projects/123/locations/global/"
            "workloadIdentityPools/pool/providers/provider",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": f"{origin}/v1/token",
            "credential_source": {"file": subject_token_file},
        }

    # --- tokens ---

    def issue(self, expires_in: float | None = None) -> str:
        """Issue a new token."""
        with self._changed:
            token = f"ya29.emulated-{len(self._tokens) + 1}"
            life = self.expires_in if expires_in is None else expires_in
            self._tokens[token] = _Token(self.clock() + life)
        return token

    def accepts(self, token: str) -> bool:
        """Whether the token was issued, has not expired and was not revoked."""
        known = self._tokens.get(token)
        return known is not None and not known.revoked and self.clock() < known.expires

    def metadata_token(self) -> dict[str, Any]:
        """The metadata server's token: the same one until shortly before it expires.

        `expires_in` is the time that is left of it, therefore. As with the real server, a revoked
        token is given out until then.
        """
        now = self.clock()
        if self._cached is None or self._cached[1] - now <= _METADATA_MARGIN:
            self._cached = (self.issue(), now + self.expires_in)
        token, expires = self._cached
        return {
            "access_token": token,
            "expires_in": max(0, int(expires - now)),
            "token_type": "Bearer",
        }

    # --- serving ---

    async def note_arrival(self, method: str, path: str) -> None:
        """Count a request if it is for a token, and wait while a test holds those."""
        asked = f"{method} {path}"
        kind = next((kind for end, kind in _KINDS if asked.endswith(end)), None)
        if kind is None:
            return
        with self._changed:
            self.calls.append(kind)
            hold = self._hold
            self._changed.notify_all()
        if hold is not None:
            await hold.wait()

    def next_failure(self) -> Reply | None:
        """Take the next failure that a test set up, if any."""
        with self._changed:
            return self._failures.popleft() if self._failures else None

    def check_assertion(self, assertion: str) -> str | None:
        """The error in a service account's assertion, in Google's words; `None` if it is good."""
        signed, _, signature = assertion.rpartition(".")
        try:
            claims = mapping(json.loads(_base64(signed.partition(".")[2])))
        except ValueError:
            return "Invalid JWT: malformed"
        key = self._keys.get(string(claims.get("iss")))
        if key is None:
            return "Invalid grant: account not found"
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            key.verify(_base64(signature), signed.encode(), PKCS1v15(), SHA256())
        except InvalidSignature:
            return "Invalid JWT Signature."
        now = self.clock()
        issued, expires = number(claims.get("iat")) or 0, number(claims.get("exp")) or 0
        if claims.get("aud") != _AUDIENCE or not issued - 300 <= now < expires <= issued + 3600:
            return "Invalid JWT: Token must be a short-lived token (60 minutes)"
        if not claims.get("scope"):
            return "Invalid OAuth scope or ID token audience provided."
        return None

    def knows_refresh_token(self, refresh_token: str) -> bool:
        """Whether the refresh token is still valid."""
        return refresh_token in self._refresh_tokens


def _base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
