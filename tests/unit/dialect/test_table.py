"""The table of deviations: its documentation, its functions and tests, and each of its switches."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from chunk_streams import THOUGHTS, USAGE, adapt, call, calls, chunk, context
from dialect_page import PAGE, markdown_table
from unit.dialect.histories import step

from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.answers.json_in_text import json_in_text
from gemini_openai.dialect.chat.requests.adapt import adapt_chat_request
from gemini_openai.dialect.chat.requests.vertex_options import tier_headers
from gemini_openai.dialect.chat.signatures import (
    Signature,
    SignatureMemory,
    learn_corrupted_signatures,
    sign,
)
from gemini_openai.dialect.models import adapt_model, suggest_models
from gemini_openai.dialect.refusals.errors import ErrorReport
from gemini_openai.dialect.refusals.hints import Refusal, hint
from gemini_openai.dialect.refusals.unknown_names import drop_unknown_names
from gemini_openai.dialect.routes.batches import openai_batch
from gemini_openai.dialect.routes.embeddings import (
    adapt_embedding_request,
    adapt_embeddings,
    split_inputs,
)
from gemini_openai.dialect.routes.files import native_url
from gemini_openai.dialect.routes.headers import one_credential
from gemini_openai.dialect.routes.images import adapt_images
from gemini_openai.dialect.routes.urls import GEMINI_BASE_URL
from gemini_openai.dialect.routes.videos import openai_video
from gemini_openai.dialect.settings import Settings, make_settings
from gemini_openai.dialect.table import (
    REPAIRS,
    Repair,
    RepairName,
    repair_names,
)
from gemini_openai.dialect.translation.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
USER: dict[str, Any] = {"role": "user", "content": "go"}


def test_the_documentation_has_the_table() -> None:
    assert markdown_table() in PAGE.read_text("utf-8"), "run python tests/dialect_page.py"


def test_no_two_repairs_have_the_same_switch() -> None:
    names = repair_names()
    assert len(names) == len(set(names))


def test_type_checkers_know_the_name_of_every_row() -> None:
    assert get_args(RepairName) == tuple(row.name for row in REPAIRS)


@pytest.mark.parametrize("row", REPAIRS, ids=lambda row: row.name)
def test_a_row_names_a_function_and_a_test_that_there_are(row: Repair) -> None:
    module, _, function = row.where.rpartition(".")
    assert callable(getattr(import_module(f"gemini_openai.dialect.{module}"), function))
    file, _, name = row.test.partition("::")
    tree = ast.parse((HERE / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


# --- each switch, on and off ---


def asked(body: dict[str, Any], **settings: Any) -> Callable[[Settings], object]:
    """What is sent for a chat request."""

    def send(switches: Settings) -> object:
        whole = {"model": "gemini-3-pro-preview", "messages": [USER], **body}
        return adapt_chat_request(whole, switches._replace(**settings)).body

    return send


def said(*messages: Any, model: str = "gemini-2.5-flash") -> Callable[[Settings], object]:
    """What is sent for a history."""
    return asked({"messages": list(messages), "model": model})


def answered(body: dict[str, Any]) -> Callable[[Settings], object]:
    """What an app sees of a whole answer."""
    return lambda switches: adapt_completion(
        {"id": "x", **body}, context(settings=switches, off=switches.off)
    )


def streamed(
    *chunks: dict[str, Any], asked: dict[str, Any] | None = None
) -> Callable[[Settings], object]:
    """What an app sees of a stream."""
    return lambda switches: adapt(chunks, context(asked, settings=switches, off=switches.off))


def with_memory(switches: Settings) -> object:
    memory = SignatureMemory()
    memory.keep(sign(tool_call(), Signature("google", "s")))
    body = {"model": "gemini-2.5-pro", "messages": [USER, step(tool_call()), result()]}
    return adapt_chat_request(body, switches, memory).body


def tool_call(id: str = "a", arguments: str = "{}") -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}}


def result(id: str = "a", name: str = "f") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "content": "1", "name": name}


def choice(**fields: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": "hi"}
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": message, **fields}]}


OLD_CALL = {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}
SIGNED = {
    "model": "gemini-3-pro",
    "messages": [USER, step(sign(tool_call(), Signature("google", "s"))), result()],
}
CORRUPTED = ErrorReport("Corrupted thought signature.")


def function(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


def translated(body: dict[str, Any]) -> Callable[[Settings], object]:
    """What is sent, where an answer has to be read by it."""
    whole = {"model": "gemini-3-pro-preview", "messages": [USER], **body}
    return lambda switches: Translator(switches).translate("/chat/completions", whole).body


def called(name: str) -> Callable[[Settings], object]:
    """What an app that offers `f` sees of a call of a function."""
    made = {"id": "a", "type": "function", "function": {"name": name, "arguments": "{}"}}
    return lambda switches: adapt_completion(
        {"id": "x", **choice(message=step(made), finish_reason="tool_calls")},
        context({"tools": [NAMED]}, settings=switches, off=switches.off),
    )


NAMED = function("f")
CONSTANT = {"type": "object", "properties": {"a": {"const": 1}}}
FUNCTION = {"type": "function", "function": {"name": "f", "parameters": CONSTANT}}
COUNTED = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 9}
BOTH = [call("f", "{}", id="a", index=0), call("g", "{}", id="b", index=1)]
TEXTS = {"model": "m", "input": ["a"] * 101}
VECTORS = {"data": [{"embedding": [1.0]}], "object": "list"}
ERROR = b'{"error": {"message": "busy"}}'
NO_ID = {key: value for key, value in chunk({"content": "hi"}).items() if key != "id"}

CASES: dict[str, Callable[[Settings], object]] = {
    "model-names": asked({"model": "models/gemini-x"}),
    "parameters": asked({"seed": 7}),
    "unknown-names": lambda on: drop_unknown_names({"foo": 1}, [("foo",)], on),
    "gemini-options": asked({"include_thoughts": True}),
    "safety-settings": asked({"safety_settings": []}),
    "reasoning-effort": asked({"reasoning_effort": "max"}),
    "thinking-conflict": asked({"reasoning_effort": "low", "thinking_level": "low"}),
    "model-limits": asked({"n": 2, "model": "gemini-4-neon"}),
    "service-tier": lambda on: tier_headers(
        {"service_tier": "flex"}, on._replace(backend="vertex")
    ),
    "google-tools": asked(
        {"tools": [{"google_search": {}}], "model": "google/gemini-x"}, backend="vertex"
    ),
    "thought-tag": asked({"include_thoughts": True, "model": "google/gemini-x"}, backend="vertex"),
    "request-shapes": said({"role": "bot", "content": "a"}),
    "nulls": asked({"stop": None}),
    "legacy-functions": said(USER, OLD_CALL, {"role": "function", "name": "f", "content": "1"}),
    "developer-role": said({"role": "developer", "content": "s"}, USER),
    "empty-parts": said({"role": "system", "content": ""}, USER),
    "call-arguments": said(USER, step(tool_call(arguments="")), result()),
    "history-call-ids": said(USER, step(tool_call("")), result("")),
    "tool-result-order": said(USER, result(), step(tool_call())),
    "tool-result-names": said(USER, step(tool_call()), result(name="")),
    "text-beside-calls": asked(
        {
            "model": "google/gemini-3.6-flash",
            "messages": [USER, step(tool_call(), content="Wait."), result()],
        },
        backend="vertex",
    ),
    "system-only": said({"role": "system", "content": "s"}),
    "system-messages": said(*[{"role": "system", "content": "s"}] * 2, USER),
    "thought-signatures": with_memory,
    "signature-placeholder": said(USER, step(tool_call()), result(), model="gemini-3-pro"),
    "corrupted-signatures": lambda on: learn_corrupted_signatures(SIGNED, CORRUPTED, on),
    "json-beside-tools": asked(
        {"response_format": {"type": "json_object"}, "tools": [NAMED], "model": "gemini-2.5-pro"}
    ),
    "schemas": asked({"tools": [FUNCTION]}),
    "function-names": translated({"tools": [function("1st")]}),
    "camel-case": answered({**choice(), "systemFingerprint": ""}),
    "choices": answered({"choices": None}),
    "errors-in-answers": lambda on: Translator(on).translate("/models", None).read(ERROR, 5),
    "missing-fields": answered({"choices": [{"finish_reason": "stop", "index": 0}]}),
    "content-parts": answered(choice(message={"role": "assistant", "content": ["hi"]})),
    "finish-reasons": answered(choice(finish_reason="content_filter: SAFETY")),
    "tool-calls-finish": answered(choice(message=step(tool_call()))),
    "usage": answered({**choice(), "usage": COUNTED}),
    "thoughts": streamed(chunk({"content": "<thought>a</thought>b"}), asked=THOUGHTS),
    "tool-call-ids": answered(choice(message=step(tool_call("")))),
    "function-prefix": called("default_api.f"),
    "tool-call-arguments": answered(choice(message=step(call("f", None, id="a")))),
    "repeated-calls": answered(choice(message=step(tool_call(), tool_call()))),
    "created": answered({**choice(), "created": "5"}),
    "tool-call-deltas": streamed(calls(call("f", "{}", id="a"))),
    "one-call-a-delta": streamed(calls(*BOTH)),
    "usage-chunk": streamed({**chunk({"content": "hi"}), "usage": COUNTED}, asked=USAGE),
    "chunk-ids": streamed(NO_ID),
    "json-in-text": lambda on: list(json_in_text("```json\n{}\n```", on)),
    "embedding-tokens": lambda on: adapt_embedding_request({"input": [1, 2]}, on),
    "embedding-texts": lambda on: adapt_embedding_request({"input": ["a", ""]}, on),
    "embedding-format": lambda on: adapt_embedding_request({"input": "a"}, on),
    "embedding-batches": lambda on: split_inputs(TEXTS, on),
    "embedding-fields": lambda on: adapt_embeddings(VECTORS, {"input": "a"}, on),
    "embedding-count": lambda on: adapt_embeddings(VECTORS, {"input": ["a", "b"]}, on),
    "image-fields": lambda on: adapt_images({"data": []}, 5, on),
    "files": lambda on: native_url("/files", GEMINI_BASE_URL, on),
    "batches": lambda on: openai_batch({"id": "b", "status": "BATCH_STATE_RUNNING"}, on),
    "videos": lambda on: openai_video({"id": "a", "status": "processing"}, on),
    "model-list": lambda on: adapt_model({"id": "models/x"}, on),
    "model-suggestions": lambda on: suggest_models("models/gemini-y is not", ["gemini-x"], on),
    "hints": lambda on: hint(
        Refusal(
            ErrorReport("Request contains an invalid argument."), {"max_tokens": 0}, settings=on
        )
    ),
    "one-credential": lambda on: one_credential("/v1beta/openai/?key=k", {}, on),
}


def outcome(case: Callable[[Settings], object], settings: Settings) -> object:
    try:
        return case(settings)
    except ValueError as error:
        return error


@pytest.mark.parametrize("name", [row.name for row in REPAIRS])
def test_a_repair_is_made_unless_it_is_switched_off(name: str) -> None:
    case = CASES[name]
    on = outcome(case, make_settings())
    off = outcome(case, make_settings(repairs={name: False}))
    assert on != off
    assert not isinstance(off, ValueError)


@pytest.mark.parametrize("name", [row.name for row in REPAIRS])
def test_the_other_repairs_do_not_do_it_too(name: str) -> None:
    """What changes goes by this name alone: with all others off, it still changes."""
    others = {row.name: False for row in REPAIRS if row.name not in {name, *NEEDED.get(name, ())}}
    case = CASES[name]
    without = outcome(case, make_settings(repairs=False))
    assert outcome(case, make_settings(repairs=others)) != without


NEEDED = {
    # These look where the other has put what they look for.
    "safety-settings": ["gemini-options"],
    "thinking-conflict": ["gemini-options"],
    "thought-tag": ["gemini-options"],
}
