"""Batches, and the lines of their output, in the words of OpenAI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gemini_openai.dialect.routes.batches import (
    CHAT_ENDPOINT,
    EMBEDDINGS_ENDPOINT,
    openai_batch,
    output_file_of,
    read_output_line,
)

RECORDED = Path(__file__).parents[2] / "recorded/developer_api"
USAGE = {"promptTokens": 1, "completionTokens": 2, "totalTokens": 3}
BODY: dict[str, Any] = {
    "usage": USAGE,
    "created": "1758000000",
    "object": "chat.completion",
    "model": "gemini-2.5-flash",
    "choices": [{"message": {"content": "Hi", "role": "assistant"}, "finishReason": "stop"}],
}


def line(**values: Any) -> bytes:
    return json.dumps(values).encode() + b"\n"


def test_a_batch_of_googles_own_form_is_read() -> None:
    running = json.loads((RECORDED / "native_batch_get_running.json").read_text("utf-8"))
    batch = openai_batch(running)
    assert (batch["id"], batch["status"]) == (running["name"], "in_progress")
    done = json.loads((RECORDED / "native_batch_get_succeeded.json").read_text("utf-8"))
    batch = openai_batch(done)
    assert batch["status"] == "completed"
    assert batch["created_at"] > 1_700_000_000
    total = int(done["metadata"]["batchStats"]["requestCount"])
    assert batch["request_counts"]["total"] == total
    assert batch["gemini_metadata"] == done["metadata"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("BATCH_STATE_PENDING", "validating"),
        ("BATCH_STATE_RUNNING", "in_progress"),
        ("JOB_STATE_SUCCEEDED", "completed"),
        ("BATCH_STATE_FAILED", "failed"),
        ("BATCH_STATE_CANCELLED", "cancelled"),
        ("BATCH_STATE_EXPIRED", "expired"),
        ("completed", "completed"),
        ("a-new-word", "a-new-word"),
    ],
)
def test_states_are_openais_statuses(word: str, status: str) -> None:
    assert openai_batch({"id": "b", "status": word})["status"] == status


def test_times_and_counts_are_numbers() -> None:
    batch = openai_batch(
        {
            "id": "b",
            "created_at": "1758000000",
            "completed_at": "2026-11-21T01:20:43Z",
            "request_counts": {"total": "3", "completed": 2},
            "metadata": {"state": "of mine"},
        }
    )
    assert (batch["created_at"], batch["completed_at"]) == (1758000000, 1795224043)
    assert batch["request_counts"] == {"total": 3, "completed": 2}
    assert batch["metadata"] == {"state": "of mine"}


def test_a_line_of_output_reads_as_any_answer() -> None:
    read = read_output_line(
        line(response={"body": BODY, "status_code": 200}, custom_id="a"), CHAT_ENDPOINT
    )
    assert (read.custom_id, read.status_code, read.error) == ("a", 200, None)
    assert read.body is not None
    choice = read.body["choices"][0]
    assert (choice["index"], choice["finish_reason"], choice["message"]["content"]) == (
        0,
        "stop",
        "Hi",
    )
    assert read.body["created"] == 1758000000
    assert read.body["usage"]["total_tokens"] == 3


def test_thoughts_are_told_apart_by_the_request() -> None:
    message = {"role": "assistant", "content": "<thought>hm</thought>Hi"}
    body = {**BODY, "choices": [{"message": message, "finishReason": "stop", "index": 0}]}
    request = {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}}
    wire = line(custom_id="a", response={"status_code": 200, "body": body})
    read = read_output_line(wire, CHAT_ENDPOINT, request=request)
    assert read.body is not None
    assert read.body["choices"][0]["message"]["content"] == "Hi"
    assert read.body["choices"][0]["message"]["reasoning_content"] == "hm"


def test_vectors_get_what_openais_have() -> None:
    body = {
        "model": "models/gemini-embedding-001",
        "data": [{"embedding": [1.0]}, {"embedding": [2.0], "index": 1}],
        "usage": {"promptTokens": 4},
    }
    wire = line(custom_id="a", response={"status_code": 200, "body": body})
    read = read_output_line(wire, EMBEDDINGS_ENDPOINT)
    assert read.body is not None
    assert read.body["model"] == "gemini-embedding-001"
    assert [item["index"] for item in read.body["data"]] == [0, 1]
    assert read.body["usage"] == {"prompt_tokens": 4, "total_tokens": 0}


@pytest.mark.parametrize(
    ("values", "status", "message"),
    [
        ({"response": {"status_code": 400, "body": {"error": {"message": "No."}}}}, 400, "No."),
        ({"error": {"code": 429, "message": "Enough."}}, 429, "Enough."),
        ({"error": "odd"}, 0, "odd"),
        ({"response": {"status_code": 500, "body": None}}, 500, "The line has no answer."),
        ({"response": {"status_code": 0, "body": {}}}, 0, "The line has no answer."),
        ({"response": {"status_code": 200, "body": {}}}, 200, "The line has no answer."),
        ({"response": {"status_code": 200, "body": {"error": {"message": "No."}}}}, 200, "No."),
        ({"response": {"body": {"id": "g", "error": "No."}}}, 200, "No."),
        (
            {"response": {"status_code": None, "body": {"detail": "No."}}},
            200,
            'The server\'s answer is not one of this endpoint: {"detail":"No."}',
        ),
        ({"response": {"body": [{"error": {"code": 429, "message": "No."}}]}}, 429, "No."),
        (
            {
                "response": {
                    "status_code": 500,
                    "body": [{"error": {"code": 429, "message": "No."}}],
                }
            },
            500,
            "No.",
        ),
        ({"error": {"code": 3, "message": "No."}}, 400, "No."),
        ({"error": {"code": 8, "message": "No."}}, 429, "No."),
        ({"error": {"code": 16, "message": "No."}}, 401, "No."),
        ({"error": {"code": 17, "message": "No."}}, 0, "No."),
        ({"response": {"body": "No."}}, 0, "No."),
        (
            {"response": {"status_code": 0, "body": BODY}},
            0,
            "The line has an answer, and yet its status is 0.",
        ),
        (
            {"response": {"status_code": 500, "body": BODY}},
            500,
            "The line has an answer, and yet its status is 500.",
        ),
        ({}, 200, "The line has no answer."),
    ],
)
def test_a_row_that_failed_has_an_error(values: dict[str, Any], status: int, message: str) -> None:
    read = read_output_line(line(custom_id="a", **values), CHAT_ENDPOINT)
    assert read.body is None
    assert read.error is not None
    assert read.error["message"] == message
    assert read.status_code == (status if status >= 400 else 0)


@pytest.mark.parametrize("status", [200, 200.0, "200", "OK", None])
def test_a_status_is_read_in_each_of_its_forms(status: object) -> None:
    wire = line(custom_id="a", response={"status_code": status, "body": BODY})
    read = read_output_line(wire, CHAT_ENDPOINT)
    assert (read.status_code, read.error) == (200, None)


def test_a_line_without_ids_gets_the_same_each_time_it_is_read() -> None:
    called = {"function": {"name": "f", "arguments": "{}"}, "type": "function"}
    choice = {"message": {"role": "assistant", "tool_calls": [called]}, "finishReason": "stop"}
    wires = [line(custom_id=id, response={"body": {**BODY, "choices": [choice]}}) for id in "aab"]
    first, again, other = (read_output_line(wire, CHAT_ENDPOINT).body for wire in wires)
    assert first is not None
    assert first["id"].startswith("chatcmpl-")
    assert first["choices"][0]["message"]["tool_calls"][0]["id"].startswith("call_")
    assert first == again
    assert other is not None
    assert other["id"] != first["id"]


def test_a_line_may_begin_with_a_byte_order_mark() -> None:
    wire = b"\xef\xbb\xbf" + line(custom_id="a", response={"body": BODY})
    assert read_output_line(wire, CHAT_ENDPOINT).body is not None


@pytest.mark.parametrize("data", [5, None, "x", {"a": 1}])
def test_what_is_no_list_of_vectors_is_an_error(data: object) -> None:
    wire = line(custom_id="a", response={"body": {"object": "list", "data": data}})
    read = read_output_line(wire, EMBEDDINGS_ENDPOINT)
    assert read.body is None
    assert read.error is not None
    assert "no vectors" in read.error["message"]


def test_a_row_with_status_0_is_none_whatever_is_in_it() -> None:
    wire = line(custom_id="a", response={"status_code": 0, "body": BODY})
    assert read_output_line(wire, CHAT_ENDPOINT).body is None
    read = read_output_line(line(custom_id="a", response={"status_code": None, "body": BODY}), "")
    assert (read.status_code, read.error) == (200, None)


@pytest.mark.parametrize("cut", [b'{"custom_id": "a", "resp', b"[]", b""])
def test_a_cut_line_is_an_error(cut: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_output_line(cut, CHAT_ENDPOINT)


@pytest.mark.parametrize("batch_id", ["batches/abc", "abc"])
def test_the_output_of_a_batch_has_the_id_of_the_batch(batch_id: str) -> None:
    assert output_file_of(batch_id) == "files/batch-abc"
