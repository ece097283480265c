"""Every kind of Google credentials, through real google-auth, to headers that Vertex takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import google.auth.aio.credentials
import google.auth.api_key
import google.auth.credentials
import google.oauth2.credentials
import pytest
from google.oauth2 import service_account

from gemini_openai._google.vertex.errors import GoogleCredentialsError
from gemini_openai._google.vertex.refreshing import GoogleCredentials

if TYPE_CHECKING:
    from datetime import datetime

    from vertex.vertex_world import Clock, Vertex

LIFE = 3600


def from_file(vertex: Vertex, monkeypatch: pytest.MonkeyPatch, contents: dict[str, Any]) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", vertex.write(contents))


def test_a_service_account_asks_for_the_cloud_platform_scope(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    import google.auth.jwt

    vertex.ask(GoogleCredentials())
    [request] = [r for r in vertex.emulator.requests if r.path == "/token"]
    assertion = request.body.decode().partition("assertion=")[2].partition("&")[0]
    claims = google.auth.jwt.decode(assertion, verify=False)
    assert claims["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    assert claims["exp"] == claims["iat"] + 3600


def test_scopes_are_added_to_given_credentials_that_have_none(vertex: Vertex, adc: str) -> None:
    bare = service_account.Credentials.from_service_account_file(adc)
    assert vertex.ask(GoogleCredentials(bare)) == 200
    assert bare.token is None  # ours is a copy with scopes


def test_given_credentials_with_a_token_are_used_as_they_are(vertex: Vertex, adc: str) -> None:
    token = vertex.google.issue()
    given = service_account.Credentials.from_service_account_file(adc, scopes=["some"])
    given.token = token
    assert GoogleCredentials(given).headers()["authorization"] == f"Bearer {token}"
    assert vertex.google.calls == []
    assert GoogleCredentials(given).find_project() == "emulated-project"


def test_a_persons_login_brings_its_quota_project(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_file(vertex, monkeypatch, vertex.google.person("1//refresh", "the-one-who-pays"))
    with vertex.to_google() as http:
        credentials = GoogleCredentials(http=lambda: http)
        headers = credentials.headers()
        assert headers["x-goog-user-project"] == "the-one-who-pays"
        assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token"]


def test_the_quota_project_may_come_from_the_environment(
    vertex: Vertex, adc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "of-the-environment")
    assert GoogleCredentials().headers()["x-goog-user-project"] == "of-the-environment"


def test_a_login_that_has_ended_says_to_log_in_again(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_file(vertex, monkeypatch, vertex.google.person("1//refresh", "payer"))
    vertex.google.revoke_refresh_token("1//refresh")
    with vertex.to_google() as http, pytest.raises(GoogleCredentialsError) as caught:
        GoogleCredentials(http=lambda: http).headers()
    assert "gcloud auth application-default login" in str(caught.value)
    assert "Token has been expired or revoked" in str(caught.value)


def test_impersonation_takes_two_token_calls(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = vertex.google.person("1//refresh")
    from_file(
        vertex,
        monkeypatch,
        {
            "type": "impersonated_service_account",
            "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/"
            "projects/-/serviceAccounts/deputy@p.iam.gserviceaccount.com:generateAccessToken",
            "source_credentials": source,
        },
    )
    with vertex.to_google() as http:
        assert vertex.ask(GoogleCredentials(http=lambda: http)) == 200
    assert vertex.google.calls == ["token", "impersonation"]


def test_workload_identity_federation_exchanges_the_token_in_a_file(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    subject = vertex.files / "subject-token"
    subject.write_text("a-token-of-another-cloud")
    from_file(
        vertex, monkeypatch, vertex.google.external_account(vertex.emulator.origin, str(subject))
    )
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")  # else google-auth asks an API for it
    credentials = GoogleCredentials()
    assert vertex.ask(credentials) == 200
    clock.advance(LIFE)
    assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token-exchange", "token-exchange"]


def test_a_missing_subject_token_is_named(vertex: Vertex, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = str(vertex.files / "subject-token")
    from_file(vertex, monkeypatch, vertex.google.external_account(vertex.emulator.origin, missing))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    with pytest.raises(GoogleCredentialsError, match="subject-token"):
        GoogleCredentials().headers()


# --- what cannot be refreshed ---


def test_a_token_alone_is_used_until_it_is_refused(vertex: Vertex) -> None:
    token = google.oauth2.credentials.Credentials(vertex.google.issue())
    credentials = GoogleCredentials(token)
    assert vertex.ask(credentials) == 200
    vertex.google.revoke()
    headers = credentials.headers()
    assert credentials.headers(headers) == headers  # so the 401 is the caller's to see
    assert vertex.ask(credentials) == 401
    assert vertex.google.calls == []


def test_a_token_alone_that_ran_out_says_so(vertex: Vertex, clock: Clock) -> None:
    token = google.oauth2.credentials.Credentials(vertex.google.issue(), expiry=clock.now)
    with pytest.raises(GoogleCredentialsError, match="nothing to renew it with"):
        GoogleCredentials(token).headers()


def test_a_refresh_handler_counts_as_a_way_to_refresh(vertex: Vertex, clock: Clock) -> None:
    from datetime import timedelta

    def broker(request: object, scopes: object) -> tuple[str, datetime]:
        return vertex.google.issue(), clock.now + timedelta(hours=1)

    given = google.oauth2.credentials.Credentials(None, refresh_handler=broker)
    credentials = GoogleCredentials(given)
    assert vertex.ask(credentials) == 200
    vertex.google.revoke()
    assert vertex.ask(credentials) == 200


def test_a_static_token_of_google_auths_async_half_is_used(vertex: Vertex) -> None:
    static = google.auth.aio.credentials.StaticCredentials(vertex.google.issue())
    assert vertex.ask(GoogleCredentials(static)) == 200


def test_anonymous_credentials_send_nothing() -> None:
    credentials = GoogleCredentials(google.auth.credentials.AnonymousCredentials())
    assert credentials.headers() == {}
    assert credentials.headers(rejected={}) == {}


def test_an_api_key_goes_into_its_own_header() -> None:
    credentials = GoogleCredentials(google.auth.api_key.Credentials("AIza"))
    assert credentials.headers() == {"x-goog-api-key": "AIza"}


# --- objects of the caller's own ---


class OwnCredentials:
    """The least that is accepted."""

    def __init__(self, vertex: Vertex) -> None:
        self.vertex = vertex
        self.token: str | None = None
        self.refreshes = 0

    def refresh(self, request: object) -> None:
        self.refreshes += 1
        self.token = self.vertex.google.issue()


def test_an_object_with_token_and_refresh_will_do(vertex: Vertex) -> None:
    own = OwnCredentials(vertex)
    credentials = GoogleCredentials(own)
    assert vertex.ask(credentials) == 200
    assert vertex.ask(credentials) == 200
    vertex.google.revoke()
    assert vertex.ask(credentials) == 200
    assert own.refreshes == 2


def test_the_project_that_such_an_object_is_billed_to_goes_with_its_token(vertex: Vertex) -> None:
    own: Any = OwnCredentials(vertex)
    own.quota_project_id = "billed"
    assert GoogleCredentials(own).headers()["x-goog-user-project"] == "billed"


def test_such_an_object_may_say_itself_that_it_has_expired(vertex: Vertex) -> None:
    own: Any = OwnCredentials(vertex)
    own.token, own.expired = "old", True
    assert GoogleCredentials(own).headers()["authorization"] != "Bearer old"
    assert own.refreshes == 1


@pytest.mark.parametrize("aware", [False, True])
def test_the_expiry_of_such_an_object_counts(vertex: Vertex, aware: bool) -> None:
    from datetime import datetime, timedelta, timezone

    own: Any = OwnCredentials(vertex)
    own.token = vertex.google.issue()
    now = datetime.now(timezone.utc) if aware else datetime.now(timezone.utc).replace(tzinfo=None)
    own.expiry = now + timedelta(minutes=1)
    credentials = GoogleCredentials(own)
    credentials.headers()
    assert own.refreshes == 0
    own.expiry = now - timedelta(minutes=1)
    credentials.headers()
    assert own.refreshes == 1


def test_the_expiry_holds_in_any_time_zone(vertex: Vertex, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime, timedelta, timezone

    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        own: Any = OwnCredentials(vertex)
        own.token = vertex.google.issue()
        own.expiry = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(minutes=1)
        GoogleCredentials(own).headers()
        assert own.refreshes == 0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_refresh_that_raises_anything_is_an_error_of_ours(vertex: Vertex) -> None:
    class Broken(OwnCredentials):
        def refresh(self, request: object) -> None:
            raise KeyError("broker_v1=AbCdEfGhIjKlMnOpQrStUvWxYz012345")

    with pytest.raises(GoogleCredentialsError, match="broker_v1") as caught:
        GoogleCredentials(Broken(vertex)).headers()
    assert "AbCdEfGh" not in str(caught.value)


def test_a_refresh_that_brings_no_token_is_an_error(vertex: Vertex) -> None:
    class Empty(OwnCredentials):
        def refresh(self, request: object) -> None:
            self.refreshes += 1

    with pytest.raises(GoogleCredentialsError, match="brought no access token"):
        GoogleCredentials(Empty(vertex)).headers()


@pytest.mark.parametrize("token", ["ya29.secret\n", "ya29.secrét"])
def test_a_token_that_is_no_header_is_refused_without_being_shown(
    vertex: Vertex, token: str
) -> None:
    own = OwnCredentials(vertex)
    own.token = token
    with pytest.raises(GoogleCredentialsError, match="no header can have") as caught:
        GoogleCredentials(own).headers()
    assert "secr" not in str(caught.value)
