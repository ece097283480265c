"""Every error body that Google really sent, read."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from gemini_openai.dialect.refusals.errors import ErrorReport, read_error
from gemini_openai.dialect.refusals.no_answers import error_in_event

RECORDED = Path(__file__).parents[2] / "recorded"


def body(name: str) -> Any:
    text = (RECORDED / name).read_text()
    if name.endswith(".json"):
        return json.loads(text)
    return ast.literal_eval(text[text.index("[") :].strip())


EXPECTED: list[tuple[str, dict[str, Any]]] = [
    (
        "developer_api/error_400_unknown_name_store.json",
        {"code": "400", "type": "INVALID_ARGUMENT", "param": "store"},
    ),
    (
        "developer_api/error_400_unknown_name_frequency_penalty.json",
        {"code": "400", "param": "frequency_penalty"},
    ),
    (
        "developer_api/error_400_unknown_names_frequency_penalty_seed.json",
        {"code": "400", "param": "frequency_penalty"},
    ),
    (
        "developer_api/error_400_missing_thought_signature.json",
        {"code": "400", "type": "INVALID_ARGUMENT", "param": None, "details": []},
    ),
    ("developer_api/error_400_invalid_argument_generic.json", {"code": "400"}),
    ("developer_api/error_503_overloaded_list.json", {"code": "503", "type": "UNAVAILABLE"}),
    (
        "developer_api/error_404_model_not_found_openai_sdk_repr.txt",
        {"code": "404", "type": "NOT_FOUND"},
    ),
    (
        "developer_api/error_400_multiple_credentials_openai_sdk_repr.txt",
        {"code": "400", "bad_credentials": False},
    ),
    (
        "developer_api/error_400_unknown_metadata_store_openai_sdk_repr.txt",
        {"code": "400", "param": "metadata"},
    ),
    (
        "developer_api/error_400_parallel_tool_calls_openai_sdk_repr.txt",
        {"code": "400", "type": "INVALID_ARGUMENT"},
    ),
    (
        "developer_api/error_403_permission_denied_openai_sdk_repr.txt",
        {"code": "403", "type": "PERMISSION_DENIED"},
    ),
    (
        "developer_api/native_error_400_api_key_invalid.json",
        {"code": "400", "reason": "API_KEY_INVALID", "bad_credentials": True},
    ),
    (
        "developer_api/native_error_429_quota.json",
        {"code": "429", "retry_after": 48.939935699, "hopeless": None},
    ),
    (
        "vertex/err_401_access_token_expired_native.json",
        {"code": "401", "reason": "ACCESS_TOKEN_EXPIRED"},
    ),
    (
        "vertex/err_403_endpoints_predict_openapi_list.json",
        {"code": "403", "type": "PERMISSION_DENIED"},
    ),
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED, ids=[name for name, _ in EXPECTED])
def test_a_recorded_error_is_read(name: str, expected: dict[str, Any]) -> None:
    report = read_error(body(name))
    assert report.message
    assert {field: getattr(report, field) for field in expected} == expected


def test_every_recorded_error_is_in_the_table() -> None:
    files = {
        f"{path.parent.name}/{path.name}"
        for pattern in ("*/*error_*", "*/err_*")
        for path in RECORDED.glob(pattern)
        if "headers" not in path.name and "text_only" not in path.name
    }
    texts = {name for name in files if name.endswith(".txt") and "sdk_repr" not in name}
    assert files - texts == {name for name, _ in EXPECTED}


def test_openais_own_errors_are_read_too() -> None:
    error = {"message": "No.", "type": "insufficient_quota", "param": "n", "code": "quota"}
    report = read_error({"error": error})
    assert (report.message, report.type, report.param, report.code) == (
        "No.",
        "insufficient_quota",
        "n",
        "quota",
    )
    assert read_error(error) == report


def quota(quota_id: str, value: str = "250", message: str = "") -> Any:
    violation = {"quotaId": quota_id, "quotaValue": value}
    kind = "type.googleapis.com/google.rpc.QuotaFailure"
    return [
        {"error": {"message": message, "details": [{"@type": kind, "violations": [violation]}]}}
    ]


def test_a_daily_quota_is_hopeless_and_named() -> None:
    report = read_error(quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"))
    assert report.hopeless is not None
    assert "PerDay" in report.hopeless
    assert read_error(quota("GenerateRequestsPerMinutePerProject")).hopeless is None


def test_the_first_of_two_details_of_a_kind_is_the_one_that_is_named() -> None:
    first, second = quota("RequestsPerDay"), quota("TokensPerDay")
    first[0]["error"]["details"] += second[0]["error"]["details"]
    hopeless = read_error(first).hopeless
    assert hopeless is not None
    assert "RequestsPerDay" in hopeless
    assert "TokensPerDay" not in hopeless


def test_a_quota_of_nothing_and_a_spending_cap_are_hopeless() -> None:
    assert read_error(quota("PerMinute", "0")).hopeless
    assert read_error(
        [{"error": {"message": "* Quota exceeded for metric: m/x, limit: 0, model: y"}}]
    ).hopeless
    assert read_error(
        [{"error": {"message": "Your project has exceeded its monthly spending cap."}}]
    ).hopeless


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Please retry in 41.710991998s.", 41.710991998),
        ("please retry in 1m3.5s.", 63.5),
        ("Please retry in 250ms.", 0.25),
        ("Please retry in 2h0m5s", 7205.0),
        ("Please retry in a while.", None),
        ("Please retry in 1.2.3s.", None),
    ],
)
def test_the_wait_in_the_message_is_read(text: str, seconds: float | None) -> None:
    assert read_error([{"error": {"message": text}}]).retry_after == seconds


@pytest.mark.parametrize(
    ("duration", "seconds"), [("41s", 41.0), ("45.837906927s", 45.837906927), ("soon", None)]
)
def test_the_wait_in_the_details_is_read(duration: str, seconds: float | None) -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": duration}
    assert read_error({"error": {"details": [detail]}}).retry_after == seconds


@pytest.mark.parametrize(
    "message", ["API key expired. Please renew the API key.", "API Key not found. Please pass a…"]
)
def test_other_words_for_a_bad_key_are_known(message: str) -> None:
    assert read_error([{"error": {"message": message}}]).bad_credentials


@pytest.mark.parametrize("odd", [None, [], {}, 3, [[]], [None], {"error": None}, {"error": []}])
def test_odd_bodies_say_nothing(odd: Any) -> None:
    assert read_error(odd) == ErrorReport()


def test_odd_details_are_passed_over() -> None:
    def of(kind: str, **fields: Any) -> Any:
        return {
            "error": {"details": [{"@type": f"type.googleapis.com/google.rpc.{kind}", **fields}]}
        }

    daily = {"quotaId": "RequestsPerDay"}
    assert read_error(of("QuotaFailure", violations=["odd", {}, daily])).hopeless
    named = {"description": 'Unknown name "store"'}
    fields = ["odd", {"description": "odd"}, named]
    assert read_error(of("BadRequest", fieldViolations=fields)).param == "store"


def test_text_is_the_message_and_a_page_is_named() -> None:
    assert read_error("upstream timed out").message == "upstream timed out"
    page = read_error("<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title>").message
    assert page is not None
    assert "'Error 404 (Not Found)!!1'" in page


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"error": {"code": 503}}', {"code": 503}),
        (b'[{"error": {"code": 503}}]', [{"error": {"code": 503}}]),
        (b'{"choices": [{"delta": {"content": "\\"error\\""}}], "error": null}', None),
        (b'{"choices": [{"delta": {}}], "error": {"code": 502}}', {"code": 502}),
        (b'{"error"', None),
        (b'"error"', None),
    ],
)
def test_an_error_in_a_stream_is_told_from_an_answer(data: bytes, found: object) -> None:
    assert error_in_event(data) == found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"message": "boom"}', {"message": "boom"}),
        (b'{"error": {"message": "boom"}}', {"message": "boom"}),
        (b'"boom"', "boom"),
        (b"boom", "boom"),
    ],
)
def test_an_event_that_is_named_error_is_one(data: bytes, found: object) -> None:
    assert error_in_event(data, named=True) == found
    assert read_error(found).message == "boom"
