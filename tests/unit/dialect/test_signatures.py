"""Thought signatures: remembered from answers, put back into histories that lost them."""

from __future__ import annotations

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chunk_streams import adapt, call as item, calls, chunk, context
from unit.dialect.histories import step

from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.requests.adapt import adapt_chat_request
from gemini_openai.dialect.chat.signatures import (
    PLACEHOLDER,
    Signature,
    SignatureMemory,
    learn_corrupted_signatures,
    restore_signatures,
    sign,
    signature_of,
)
from gemini_openai.dialect.refusals.errors import ErrorReport
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

RECORDED = Path(__file__).parents[2] / "recorded"
USER: dict[str, Any] = {"role": "user", "content": "go"}


def call(id: str = "a", name: str = "f", arguments: str = "{}", sig: str = "") -> dict[str, Any]:
    out = {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return sign(out, Signature("google", sig)) if sig else out


def result(id: str = "a") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "name": "f", "content": "1"}


def memory_of(*calls: dict[str, Any]) -> SignatureMemory:
    memory = SignatureMemory()
    memory.remember({"choices": [{"message": step(*calls)}]}, [USER])
    return memory


def signed(messages: Any, memory: SignatureMemory | None, model: str = "gemini-3-pro") -> list[Any]:
    """The signatures on every call after restoring, None where there is none."""
    before = copy.deepcopy(messages)
    out, _ = restore_signatures(messages, model, DEFAULT_SETTINGS, memory)
    assert messages == before
    found = [signature_of(item) for message in out for item in message.get("tool_calls") or ()]
    return [signature and signature.text for signature in found]


def test_a_history_rebuilt_by_hand_gets_its_signatures_back() -> None:
    """Many turns of a tool loop, each message made anew from id, type and function."""
    memory = SignatureMemory()
    history: list[Any] = [USER]
    for turn in range(20):
        answer = {"choices": [{"message": step(call(f"fc-{turn}", sig=f"sig-{turn}"))}]}
        memory.remember(answer, history)
        history += [step(call(f"fc-{turn}")), result(f"fc-{turn}")]
        assert signed(history, memory) == [f"sig-{i}" for i in range(turn + 1)]


def test_what_is_signed_is_given_back_as_it_is() -> None:
    history = [USER, step(call(sig="s")), result()]
    out, notes = restore_signatures(history, "gemini-3-pro", DEFAULT_SETTINGS, SignatureMemory())
    assert out is history
    assert not notes


def test_ids_made_anew_are_found_by_name_and_arguments() -> None:
    memory = memory_of(call("a", arguments='{"x": 1, "y": 2}', sig="s"))
    again = call("other", arguments='{"y":2,"x":1}')
    assert signed([USER, step(again), result("other")], memory) == ["s"]
    different = call("other", arguments='{"x":2,"y":2}')
    assert signed([USER, step(different), result("other")], memory) == [PLACEHOLDER]


def test_a_like_call_of_another_conversation_is_another_call() -> None:
    """A signature holds thoughts: those about one user are not for another one."""
    memory = memory_of(call("a", sig="s"))
    elsewhere = {"role": "user", "content": [{"type": "text", "text": "go away"}]}
    again = [step(call("other")), result("other")]
    assert signed([elsewhere, *again], memory) == [PLACEHOLDER]
    assert signed([USER, elsewhere, *again], memory) == [PLACEHOLDER]
    assert signed([elsewhere, USER, *again], memory) == ["s"]
    assert signed([USER, *again, elsewhere], memory) == ["s"]
    assert signed(again, memory) == [PLACEHOLDER]


def test_a_like_call_from_before_a_restart_does_not_borrow_a_signature() -> None:
    memory = memory_of(call("new", sig="s"))
    history = [USER, step(call("old")), result("old"), step(call("new")), result("new")]
    assert signed(history, memory) == [PLACEHOLDER, "s"]
    written = [*history[:3], step(call("new", sig="s")), result("new")]
    assert signed(written, memory) == [PLACEHOLDER, "s"]


def test_of_parallel_calls_only_the_signed_one_is_signed_again() -> None:
    memory = memory_of(call("a", sig="s"), call("b"))
    assert signed([USER, step(call("a"), call("b")), result("a"), result("b")], memory) == [
        "s",
        None,
    ]


@pytest.mark.parametrize("namespace", ["google", "vertex"])
def test_a_signature_goes_back_where_it_came_from(namespace: str) -> None:
    memory = memory_of(sign(call(), Signature(namespace, "s")))
    out, notes = restore_signatures(
        [USER, step(call()), result()], "gemini-3", DEFAULT_SETTINGS, memory
    )
    assert out[1]["tool_calls"][0]["extra_content"] == {namespace: {"thought_signature": "s"}}
    assert [(note.repair, note.warn) for note in notes] == [("thought-signatures", False)]


def test_a_history_from_elsewhere_gets_the_placeholder_in_the_current_turn() -> None:
    history = [
        USER,
        step(call("old")),
        result("old"),
        USER,
        step(call("a"), call("b")),
        result("a"),
        result("b"),
        step(call("c")),
        result("c"),
    ]
    assert signed(history, SignatureMemory()) == [None, PLACEHOLDER, None, PLACEHOLDER]
    _, notes = restore_signatures(history, "gemini-3-pro", DEFAULT_SETTINGS, None)
    assert [(note.repair, note.warn) for note in notes] == [("signature-placeholder", True)]


@pytest.mark.parametrize("model", ["gemini-2.5-pro", "gemma-3-27b-it"])
def test_models_that_do_not_check_get_no_placeholder(model: str) -> None:
    assert signed([USER, step(call()), result()], None, model) == [None]


def test_models_that_do_not_check_get_their_own_signatures_back() -> None:
    memory = memory_of(call(sig="s"))
    assert signed([USER, step(call()), result()], memory, "gemini-2.5-pro") == ["s"]


def test_other_extra_content_stays_beside_a_signature() -> None:
    extra = {"google": {"x": 1}, "other": 2}
    out = sign({**call(), "extra_content": extra}, Signature("google", "s"))
    assert out["extra_content"] == {"google": {"x": 1, "thought_signature": "s"}, "other": 2}
    assert extra == {"google": {"x": 1}, "other": 2}


def test_a_signature_on_the_call_itself_counts() -> None:
    assert signature_of({**call(), "thought_signature": "s"}) == ("google", "s")


def test_the_oldest_signatures_are_forgotten() -> None:
    memory = SignatureMemory(size=2)
    for name in "abc":
        memory.keep(call(name, name, sig=name))
    assert len(memory) == 4
    assert memory.find(call("a", "a"), "") is None
    assert memory.find(call("c", "c")) == ("google", "c")
    memory.find(call("b", "b"))
    memory.keep(call("d", "d", sig="d"))
    assert memory.find(call("b", "b")) is not None


def test_the_placeholder_is_not_remembered() -> None:
    memory = SignatureMemory()
    memory.keep(call(sig=PLACEHOLDER))
    memory.keep(call())
    memory.remember({"choices": None})
    assert len(memory) == 0


def test_several_threads_may_use_one_memory() -> None:
    memory = SignatureMemory(size=50)

    def work(thread: int) -> None:
        for i in range(500):
            memory.keep(call(f"{thread}-{i}", sig=f"s{i}"))
            memory.find(call(f"{thread}-{i - 5}"), "")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(memory) == 100


def test_what_is_no_call_has_no_signature_and_is_no_trouble() -> None:
    assert signature_of(None) is None
    assert signature_of("call") is None
    assert SignatureMemory().find({"function": {"name": "f"}}) is None
    history = [USER, {"role": "assistant", "content": "Fine."}]
    assert restore_signatures(history, "gemini-3-pro-preview", DEFAULT_SETTINGS, None) == (
        history,
        (),
    )


def test_arguments_that_are_no_json_are_compared_as_they_stand() -> None:
    memory = SignatureMemory()
    memory.keep(call("a", arguments="{'x': 1}", sig="s"))
    assert memory.find(call("b", arguments="{'x': 1}"), "") == ("google", "s")
    assert memory.find(call("b", arguments="{'x':  1}"), "") is None


# --- through the whole dialect ---


def test_the_signature_of_a_recorded_kind_survives_an_app_that_drops_it() -> None:
    path = RECORDED / "developer_api/chat_nonstream_tool_call.json"
    answer = json.loads(path.read_text("utf-8"))
    made = answer["choices"][0]["message"]["tool_calls"][0]
    answer["choices"][0]["message"]["tool_calls"] = [sign(made, Signature("google", "c2ln"))]
    memory = SignatureMemory()
    adapt_completion(answer, context(memory=memory))
    plain = {key: made[key] for key in ("id", "type", "function")}
    body = {
        "model": "gemini-3-pro-preview",
        "messages": [USER, step(plain), {**result(made["id"]), "name": None}],
    }
    sent = adapt_chat_request(body, DEFAULT_SETTINGS, memory)
    assert signature_of(sent.body["messages"][1]["tool_calls"][0]) == ("google", "c2ln")
    assert sent.body["messages"][2]["name"] == "get_weather"


@pytest.mark.parametrize(
    "stream",
    [
        [
            calls(
                item("f", '{"x": 1}', id="a", extra_content={"google": {"thought_signature": "s"}})
            )
        ],
        [
            calls(item("f", "", id="a", extra_content={"google": {"thought_signature": "s"}})),
            calls(item(None, '{"x"')),
            calls(item(None, ": 1}")),
        ],
        [
            calls(item("f", '{"x": 1}', id="a")),
            calls({"extra_content": {"google": {"thought_signature": "s"}}}),
        ],
    ],
    ids=["whole", "before the arguments", "in a delta of its own"],
)
def test_a_streamed_signature_is_remembered(stream: list[Any]) -> None:
    memory = SignatureMemory()
    adapt([*stream, chunk({}, finish_reason="stop")], context(memory=memory))
    assert memory.find(call("a")) == ("google", "s")
    assert memory.find(call("b", arguments='{"x":1}'), "") == ("google", "s")


CORRUPTED = ErrorReport("Corrupted thought signature.")


def sent_again(messages: list[Any], report: ErrorReport, model: str = "gemini-3-pro") -> Any:
    """The messages to send after a refusal, None if that is no use."""
    body = {"model": model, "messages": messages}
    before = copy.deepcopy(body)
    made = learn_corrupted_signatures(body, report, DEFAULT_SETTINGS)
    assert body == before
    if made is None:
        return None
    assert [(note.repair, note.warn) for note in made.notes] == [("corrupted-signatures", True)]
    return made.body["messages"]


def test_after_a_corrupted_signature_the_placeholder_is_sent() -> None:
    """On the first call of each step of the current turn; no other signature is required."""
    said = {"role": "assistant", "content": "Fine.", **sign({}, Signature("google", "t"))}
    history = [USER, step(call("a", sig="s")), result("a"), said, USER]
    history += [step(call("b", sig="s"), call("c", sig="s")), result("b"), result("c")]
    again = sent_again(history, CORRUPTED)
    assert again[1] == step(call("a"))
    assert again[3] == {"role": "assistant", "content": "Fine."}
    assert again[5] == step(call("b", sig=PLACEHOLDER), call("c"))
    assert sent_again(again, CORRUPTED) is None


@pytest.mark.parametrize(
    "words",
    [
        "Invalid thought signature.",
        "Unable to submit request because Thought signature is not valid",
    ],
)
def test_a_corrupted_signature_is_told_in_several_ways(words: str) -> None:
    again = sent_again([USER, step(call(sig="s")), result()], ErrorReport(words))
    assert again[1] == step(call(sig=PLACEHOLDER))


def test_a_model_that_needs_no_signature_gets_none_after_a_corrupted_one() -> None:
    own = {**call(sig="s"), "thought_signature": "s"}
    own["extra_content"]["other"] = {"kept": True}
    again = sent_again([USER, step(own), result()], CORRUPTED, "gemini-2.5-pro")
    assert again[1] == step({**call(), "extra_content": {"other": {"kept": True}}})


@pytest.mark.parametrize(
    "words",
    [
        None,
        "Function call is missing a thought_signature in functionCall parts.",
        "Request contains an invalid argument.",
    ],
)
def test_another_refusal_says_nothing_of_signatures(words: str | None) -> None:
    assert sent_again([USER, step(call(sig="s")), result()], ErrorReport(words)) is None
