"""Efforts, levels and budgets by one rule, and what is learnt of them from refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai.dialect.chat.requests.efforts import (
    BUDGETS,
    EffortMemory,
    efforts_in,
    possible_effort,
)
from gemini_openai.dialect.chat.requests.thinking import adapt_gemini_options, learn_effort
from gemini_openai.dialect.refusals.errors import ErrorReport
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

if TYPE_CHECKING:
    from gemini_openai.dialect.notes import Amendment

HELLO: dict[str, Any] = {"messages": []}


def thinking(model: str, **options: Any) -> Any:
    """What is sent of how to think: the effort, or the config."""
    body = {**HELLO, "model": model, **options}
    out, notes = adapt_gemini_options(body, model, DEFAULT_SETTINGS)
    sent = out.get("reasoning_effort") or out.get("extra_body", {}).get("google", {}).get(
        "thinking_config"
    )
    return sent, [note.message for note in notes if note.warn]


@pytest.mark.parametrize(
    ("model", "level", "sent"),
    [
        ("gemini-3.8-flash", "minimal", {"thinking_level": "low"}),
        ("gemini-4-neon", "minimal", {"thinking_level": "low"}),
        ("gemini-4-neon", "xhigh", {"thinking_level": "high"}),
        ("gemini-flash-latest", "none", {"thinking_level": "low"}),
        ("gemini-3-flash-preview", "minimal", {"thinking_level": "minimal"}),
        ("gemini-3-pro-preview", "medium", {"thinking_level": "high"}),
        ("gemini-2.5-flash", "medium", {"thinking_budget": 8192}),
        ("gemini-2.5-pro", "minimal", {"thinking_budget": 1024}),
    ],
)
def test_a_level_is_brought_to_what_the_model_takes(model: str, level: str, sent: object) -> None:
    got, warnings = thinking(model, thinking_level=level)
    assert got == sent
    means_the_same = sent in ({"thinking_level": level}, {"thinking_budget": BUDGETS.get(level)})
    assert len(warnings) == (not means_the_same)


@pytest.mark.parametrize(
    ("model", "budget", "sent"),
    [
        ("gemini-4-argon", 0, {"thinking_level": "low"}),
        ("gemini-4-argon", "100", {"thinking_level": "low"}),
        ("gemini-4-argon", 100, {"thinking_level": "low"}),
        ("gemini-3-pro-preview", 0, {"thinking_level": "low"}),
        ("gemini-flash-latest", 0, {"thinking_level": "low"}),
        ("gemini-3.5-flash", 0, {"thinking_budget": 0}),
        ("gemini-2.0-flash", 0, None),
        ("gemini-2.0-flash", 512, None),
        ("gemma-3-27b-it", -1, None),
        ("gemini-4-argon", 8000, {"thinking_level": "medium"}),
        ("gemini-4-argon", 30_000, {"thinking_level": "high"}),
        ("gemini-4-argon", -1, None),
        ("gemini-3-flash-preview", 512, {"thinking_budget": 512}),
        ("gemini-2.5-pro", 0, {"thinking_budget": 128}),
        ("gemini-2.5-flash", 0, {"thinking_budget": 0}),
        ("gemini-2.5-flash", -1, {"thinking_budget": -1}),
        ("gemini-2.5-flash", 99_999, {"thinking_budget": 24_576}),
        ("gemini-2.5-flash-lite", 100, {"thinking_budget": 512}),
        ("gemini-2.5-flash", "low", {"thinking_budget": 1024}),
        ("gemini-3-flash-preview", "low", {"thinking_level": "low"}),
    ],
)
def test_a_budget_is_brought_to_what_the_model_takes(
    model: str, budget: object, sent: object
) -> None:
    got, warnings = thinking(model, thinking_budget=budget)
    assert got == sent
    unasked = sent is None and budget in (0, -1)
    means_the_same = unasked or budget in BUDGETS or sent == {"thinking_budget": budget}
    assert len(warnings) == (not means_the_same)


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("gemini-3.8-flash", "minimal", "low"),
        ("gemini-3.8-flash", "none", "low"),
        ("gemini-4-hydrogen", "none", "low"),
        ("gemini-5-flash", "minimal", "low"),
        ("gemini-3.5-flash", "none", "none"),
        ("gemini-2.5-pro", "none", "minimal"),
        ("gemma-3-27b-it", "low", "low"),
        ("gemini-4-neon", "deep", "deep"),
    ],
)
def test_an_effort_is_brought_to_what_the_model_takes(model: str, effort: str, sent: str) -> None:
    assert possible_effort(effort, model, DEFAULT_SETTINGS) == sent


def test_an_effort_and_thoughts_of_gemini_4_become_a_level_that_it_has() -> None:
    got, _ = thinking("gemini-4-neon", reasoning_effort="minimal", include_thoughts=True)
    assert got == {"include_thoughts": True, "thinking_level": "low"}


def test_the_callers_own_table_counts_for_levels_too() -> None:
    settings = make_settings(efforts={"gemini-4*": {"minimal": "minimal"}})
    body = {**HELLO, "model": "gemini-4-neon", "thinking_level": "minimal"}
    out, _ = adapt_gemini_options(body, "gemini-4-neon", settings)
    assert out["extra_body"]["google"]["thinking_config"] == {"thinking_level": "minimal"}


# --- what refusals teach ---

VALID = "Invalid reasoning_effort: minimal. Valid values are: high, low, medium, none"


@pytest.mark.parametrize(
    ("message", "model", "efforts"),
    [
        (VALID, "gemini-3-flash-preview", ("none", "low", "medium", "high")),
        (
            "Thinking level MINIMAL is not supported for this model.",
            "gemini-3-flash-preview",
            ("low", "medium", "high"),
        ),
        (
            "Budget 0 is invalid. This model only works in thinking mode.",
            "gemini-3.5-flash",
            ("minimal", "low", "medium", "high"),
        ),
        ("Request contains an invalid argument.", "gemini-3-flash-preview", ()),
        ("Invalid tool_choice: x. Valid values are: auto, none", "gemini-3-flash-preview", ()),
    ],
)
def test_a_refusal_tells_what_the_model_takes(
    message: str, model: str, efforts: tuple[str, ...]
) -> None:
    assert efforts_in(message, model, DEFAULT_SETTINGS) == efforts


def taught(body: dict[str, Any], memory: EffortMemory) -> Amendment:
    made = learn_effort(body, ErrorReport(VALID), DEFAULT_SETTINGS, memory)
    assert made is not None
    return made


def test_what_a_refusal_teaches_is_sent_and_holds_for_the_requests_that_follow() -> None:
    memory = EffortMemory()
    model = "gemini-3-flash-preview"
    body = {**HELLO, "model": model, "reasoning_effort": "minimal"}
    assert adapt_gemini_options(body, model, DEFAULT_SETTINGS, memory)[0] is body
    _, again, notes = taught(body, memory)
    assert again["reasoning_effort"] == "low"
    assert "does not take reasoning_effort='minimal'" in notes[0].message
    assert adapt_gemini_options(body, model, DEFAULT_SETTINGS, memory)[0] == again
    assert memory.of("models/" + model) == ("none", "low", "medium", "high")


def test_a_request_that_was_under_way_when_another_learnt_is_sent_again_too() -> None:
    memory = EffortMemory()
    body = {**HELLO, "model": "gemini-3-flash-preview", "reasoning_effort": "minimal"}
    assert taught(body, memory).body == taught(body, memory).body != body


def test_a_second_refusal_adds_to_what_the_first_taught() -> None:
    memory = EffortMemory()
    model = "gemini-3-flash-preview"
    body = asked = {**HELLO, "model": model, "reasoning_effort": "minimal"}
    for refused in ("MINIMAL", "LOW"):
        words = f"Thinking level {refused} is not supported for this model."
        made = learn_effort(body, ErrorReport(words), DEFAULT_SETTINGS, memory)
        assert made is not None
        body = made.body
    assert memory.of(model) == ("medium", "high")
    assert adapt_gemini_options(asked, model, DEFAULT_SETTINGS, memory)[0] == body
    assert body["reasoning_effort"] == "medium"


def test_a_budget_of_0_that_was_refused_becomes_the_lowest_level() -> None:
    memory = EffortMemory()
    config = {"google": {"thinking_config": {"thinking_budget": 0}}}
    body = {**HELLO, "model": "gemini-3.5-flash", "extra_body": config}
    words = "Budget 0 is invalid. This model only works in thinking mode."
    made = learn_effort(body, ErrorReport(words), DEFAULT_SETTINGS, memory)
    assert made is not None
    sent = made.body["extra_body"]["google"]["thinking_config"]
    assert sent == {"thinking_level": "minimal"}


def test_the_same_refusal_twice_teaches_nothing_more() -> None:
    memory = EffortMemory()
    body = {**HELLO, "model": "gemini-3-flash-preview", "reasoning_effort": "minimal"}
    again = taught(body, memory).body
    assert learn_effort(again, ErrorReport(VALID), DEFAULT_SETTINGS, memory) is None


def test_nothing_is_learnt_when_the_repair_is_off() -> None:
    memory = EffortMemory()
    body = {**HELLO, "model": "gemini-3-flash-preview", "reasoning_effort": "minimal"}
    off = make_settings(repairs={"reasoning-effort": False})
    assert learn_effort(body, ErrorReport(VALID), off, memory) is None
    assert len(memory) == 0


def test_what_is_remembered_is_bounded() -> None:
    memory = EffortMemory()
    for number in range(1000):
        memory.keep(f"gemini-{number}", ("low",))
    assert len(memory) == 256
    assert memory.of("gemini-999") == ("low",)


def test_what_a_model_said_again_is_not_the_first_to_be_forgotten() -> None:
    memory = EffortMemory()
    for number in (*range(256), 0, 256):
        memory.keep(f"gemini-{number}", ("low",))
    assert memory.of("gemini-0") == ("low",)
    assert memory.of("gemini-1") == ()
