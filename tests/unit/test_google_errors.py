"""What is shown of trouble with Google credentials, and what is masked."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import google.auth.exceptions
import pytest

from gemini_openai import APIConnectionError, APITimeoutError, OpenAIError
from gemini_openai._google.vertex.errors import (
    Failure,
    GoogleCredentialsError,
    describe,
    explain,
    is_refusal,
    scrubbed,
)
from gemini_openai._google.vertex.transport import Transport

SECRETS = [
    "ya29.a0AfB_byC-1234567890abcdefghijklmnopqrstuv",
    "1//0gAbCdEfGhIjKlMnOpQrStUvWxYz0123456789-L9Ir",
    "GOCSPX-AbCdEfGhIjKlMnOp1234",
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ4QHkifQ12345678.c2lnbmF0dXJlMTIzNDU2Nzg5",
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_masked_wherever_they_stand(secret: str) -> None:
    for text in (secret, f"assertion={secret}", f"bad token '{secret}'.", f"x: {secret}, y"):
        shown = scrubbed(text)
        assert "[…]" in shown
        assert not any(len(part) > 12 and part in shown for part in secret.split("."))


@pytest.mark.parametrize(
    "text",
    [
        "invalid_grant: Token has been expired or revoked.",
        "a-rather-long-service-account-name@my-project-1234.iam.gserviceaccount.com",
        "File '/var/run/secrets/tokens/gcp-ksa-token/some_long_file_name' was not found.",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/x@y",
        "Unable to acquire impersonated credentials",
        "request 123e4567-e89b-12d3-a456-426614174000 failed",
    ],
)
def test_what_helps_is_left(text: str) -> None:
    assert scrubbed(text) == text


def test_long_words_of_a_server_are_cut() -> None:
    assert len(scrubbed("very " * 1000)) < 400


def test_whole_answers_in_googles_exceptions_are_not_shown() -> None:
    trouble = google.auth.exceptions.RefreshError(
        "invalid_grant: no.\nand more", {"access_token": "plain-secret"}
    )
    assert is_refusal(trouble)
    failure = explain(trouble, None, Transport(None))
    assert failure.message == "No access token for Google credentials: invalid_grant: no."


def test_a_connection_error_within_a_refresh_error_is_no_refusal() -> None:
    inner = google.auth.exceptions.TransportError("no route", "the whole response")
    trouble = google.auth.exceptions.RefreshError(inner)
    trouble.__cause__ = inner
    assert not is_refusal(trouble)
    assert not is_refusal(google.auth.exceptions.RefreshError("busy", retryable=True))
    assert not is_refusal(ValueError("something else"))
    transport = Transport(None)
    for word, kind in (("timeout", "timeout"), ("connection", "connection")):
        transport.trouble, transport.url = word, "http://metadata.google.internal/x"
        failure = explain(trouble, None, transport)
        assert (failure.kind, failure.url) == (kind, "http://metadata.google.internal/x")
        assert failure.message.endswith(": no route")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("credentials", GoogleCredentialsError),
        ("connection", APIConnectionError),
        ("timeout", APITimeoutError),
    ],
)
def test_each_kind_of_failure_is_an_error_that_can_be_copied_and_pickled(
    kind: Any, error: type[OpenAIError]
) -> None:
    raised = Failure("what happened", kind, "https://sts.googleapis.com/v1/token").error()
    assert type(raised) is error
    assert str(raised) == "what happened"
    for twin in (copy.copy(raised), pickle.loads(pickle.dumps(raised))):
        assert (type(twin), str(twin)) == (error, "what happened")


def test_an_object_of_the_callers_own_is_called_by_its_class() -> None:
    class Broker:
        token = None

    assert describe(Broker()) == "Broker"
