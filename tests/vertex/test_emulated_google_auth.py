"""The emulator's token servers, metadata server and token check, as any HTTP client sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vertex.vertex_world import Clock, Vertex

RECORDED = Path(__file__).parents[1] / "recorded" / "vertex"


@pytest.fixture
def web(vertex: Vertex) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=vertex.emulator.origin, trust_env=False) as client:
        yield client


def refusal(vertex: Vertex, web: httpx.Client, **headers: str) -> Any:
    response = web.post(vertex.url, headers=headers, json={})
    assert response.status_code == 401
    [body] = response.json()
    return body["error"]


def test_a_token_that_ran_out_is_refused_as_recorded(
    vertex: Vertex, web: httpx.Client, clock: Clock
) -> None:
    recorded = (RECORDED / "err_401_chatcompletions_token_type_unsupported.txt").read_text()
    token = vertex.google.issue()
    clock.advance(3600)
    error = refusal(vertex, web, authorization=f"Bearer {token}")
    [detail] = error["details"]
    assert re.findall("reason=(.*)", recorded) == [detail["reason"]]
    assert re.findall("method=(.*)", recorded) == [detail["metadata"]["method"]]
    native = json.loads((RECORDED / "err_401_access_token_expired_native.json").read_text())
    for name in ("code", "message", "status"):
        assert error[name] == native["error"][name]
    assert detail.keys() == native["error"]["details"][0].keys()


def test_a_revoked_token_is_refused_and_the_others_are_not(
    vertex: Vertex, web: httpx.Client
) -> None:
    revoked, good = vertex.google.issue(), vertex.google.issue()
    vertex.google.revoke(revoked)
    refusal(vertex, web, authorization=f"Bearer {revoked}")
    question = {"model": "google/gemini-2.5-flash", "messages": [{"role": "user", "content": "hi"}]}
    answer = web.post(vertex.url, headers={"authorization": f"Bearer {good}"}, json=question)
    assert answer.status_code == 200


def test_an_api_key_is_refused_as_recorded(vertex: Vertex, web: httpx.Client) -> None:
    recorded = (RECORDED / "err_401_express_key_credentials_missing_native.txt").read_text()
    error = refusal(vertex, web, **{"x-goog-api-key": "AIza"})
    assert error["message"] in recorded
    assert error["details"][0]["reason"] == "CREDENTIALS_MISSING"


def test_the_metadata_server_wants_its_header(vertex: Vertex, web: httpx.Client) -> None:
    path = "/computeMetadata/v1/project/project-id"
    assert web.get(path).status_code == 403
    answer = web.get(path, headers={"Metadata-Flavor": "Google"})
    assert (answer.text, answer.headers["metadata-flavor"]) == ("emulated-project", "Google")
    missing = web.get("/computeMetadata/v1/nothing", headers={"Metadata-Flavor": "Google"})
    assert missing.status_code == 404


def test_the_metadata_server_keeps_a_token_until_four_minutes_before_its_end(
    vertex: Vertex, web: httpx.Client, clock: Clock
) -> None:
    def token() -> Any:
        return web.get(
            "/computeMetadata/v1/instance/service-accounts/default/token",
            headers={"Metadata-Flavor": "Google"},
        ).json()

    first = token()
    clock.advance(3000)
    assert token() == {**first, "expires_in": 600}
    clock.advance(360)
    assert token()["access_token"] != first["access_token"]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant"),
        (
            {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x.y.z"},
            "invalid_grant",
        ),
    ],
)
def test_a_grant_that_is_none_is_refused(
    vertex: Vertex, web: httpx.Client, form: dict[str, str], error: str
) -> None:
    answer = web.post("/token", data=form)
    assert answer.status_code == 400
    assert answer.json()["error"] == error


def test_an_assertion_signed_with_another_key_is_refused(
    vertex: Vertex, web: httpx.Client, clock: Clock
) -> None:
    import google.auth._helpers
    from google.oauth2 import service_account

    def assertion(**changed: str) -> str:
        info = {**vertex.google.service_account(vertex.emulator.origin, "a"), **changed}
        vertex.google.service_account(vertex.emulator.origin, "a")  # a new key for the account
        signer = service_account.Credentials.from_service_account_info(info, scopes=["s"])
        return google.auth._helpers.from_bytes(signer._make_authorization_grant_assertion())

    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion()}
    assert web.post("/token", data=form).json()["error_description"] == "Invalid JWT Signature."
    form["assertion"] = assertion(client_email="nobody@nowhere.iam.gserviceaccount.com")
    assert "account not found" in web.post("/token", data=form).json()["error_description"]


def test_an_old_assertion_is_refused(vertex: Vertex, web: httpx.Client, clock: Clock) -> None:
    import google.auth._helpers
    from google.oauth2 import service_account

    info = vertex.google.service_account(vertex.emulator.origin)
    signer = service_account.Credentials.from_service_account_info(info, scopes=["s"])
    assertion = google.auth._helpers.from_bytes(signer._make_authorization_grant_assertion())
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    assert web.post("/token", data=form).status_code == 200
    clock.advance(3601)
    assert "short-lived" in web.post("/token", data=form).json()["error_description"]


def test_waiting_for_calls_that_do_not_come_says_how_many_did(vertex: Vertex) -> None:
    with pytest.raises(TimeoutError, match=r"0 of 1 token requests arrived within 0\.01 s"):
        vertex.google.wait_for_calls(1, timeout=0.01)
