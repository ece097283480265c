"""What is known of Google's models, and which of them a name is taken for."""

from __future__ import annotations

from datetime import date

import pytest

from gemini_openai.dialect.model_table import (
    ALIASES,
    MODEL_TABLE,
    ModelFacts,
    bare_model,
    facts_of,
    latest_successor,
)

ORDER = ("minimal", "low", "medium", "high")


@pytest.mark.parametrize("row", MODEL_TABLE, ids=[row.name for row in MODEL_TABLE])
def test_every_row_is_whole(row: ModelFacts) -> None:
    assert row.source.startswith("https://")
    assert list(row.levels) == [level for level in ORDER if level in row.levels]
    assert row.default_level is None or row.default_level in row.levels
    assert not row.can_stop_thinking or row.levels
    assert row.thinking_budget is None or "thinking_budget" not in row.refuses
    assert row.successor is None or facts_of(row.successor).name == row.successor
    assert latest_successor(row.name) != row.name
    assert facts_of(row.name) is row


def test_no_name_is_there_twice() -> None:
    names = [*(row.name for row in MODEL_TABLE), *ALIASES]
    assert len(names) == len(set(names))
    assert all(facts_of(stands_for).name == stands_for for stands_for in ALIASES.values())


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash"),
        ("gemini-2.5-flash-lite-preview-09-2025", "gemini-2.5-flash-lite"),
        ("gemini-2.5-flash-image-preview", "gemini-2.5-flash-image"),
        ("gemini-2.5-computer-use-preview-10-2025", "gemini-2.5-flash"),
        ("gemini-2.0-flash-001", "gemini-2.0-flash"),
        ("gemini-1.5-flash-8b", "gemini-1.5-flash"),
        ("gemini-3-flash", "gemini-3-flash-preview"),
        ("gemini-3.9-flash", "gemini-3.8-flash"),
        ("gemini-3.9-flash-lite", "gemini-3.5-flash-lite"),
        ("gemini-4.2-pro", "gemini-3.1-pro-preview"),
        ("gemini-4-xenon", "gemini-4-argon"),
        ("gemini-5-xenon", "gemini-4-argon"),
        ("gemini-flash-latest", "gemini-3.8-flash"),
        ("gemini-embedding-3", "gemini-embedding-2"),
        ("imagen-4.0-ultra-generate-001", "imagen-4.0-generate-001"),
        ("gemini-2.0-flash-live-001", "gemini-3.8-live"),
        ("gemma-3-27b-it", "gemma-4"),
        ("gemini-robotics-er-1.6-preview", "gemini-robotics-er-1.5-preview"),
    ],
)
def test_an_unknown_name_is_taken_for_the_newest_of_its_family_up_to_its_version(
    name: str, row: str
) -> None:
    assert facts_of(name).name == row


def test_the_versions_of_models_for_robots_are_not_those_of_flash() -> None:
    facts = facts_of("gemini-robotics-er-1.5-preview")
    assert facts.shutdown is None
    assert facts.levels == ORDER
    assert facts.output_tokens == 65_536
    assert latest_successor("gemini-robotics-er-1.5-preview") is None


@pytest.mark.parametrize("name", ["gpt-4o", "meta/llama-4", "claude-5", "", "/", "gemini"])
def test_a_model_of_no_family_of_googles_is_of_no_known_kind(name: str) -> None:
    facts = facts_of(name)
    assert facts.kind == "other"
    assert facts.levels == ()
    assert facts.successor is None


@pytest.mark.parametrize(
    "name",
    [
        "gemini-2.5-flash",
        "models/gemini-2.5-flash",
        "google/gemini-2.5-flash",
        "publishers/google/models/gemini-2.5-flash",
        "projects/p/locations/global/publishers/google/models/gemini-2.5-flash",
        "gemini-2.5-flash@default",
    ],
)
def test_a_name_is_known_with_every_prefix_it_is_pasted_with(name: str) -> None:
    assert bare_model(name) == "gemini-2.5-flash"
    assert facts_of(name).name == "gemini-2.5-flash"


def test_a_successor_that_was_replaced_itself_is_not_named() -> None:
    assert facts_of("gemini-2.0-flash").successor == "gemini-2.5-flash"
    assert latest_successor("gemini-2.0-flash-001") == "gemini-3.6-flash"
    assert latest_successor("gemini-3.8-flash") is None
    shut = {row.name for row in MODEL_TABLE if row.shutdown and row.shutdown < date(2026, 11, 28)}
    assert not {latest_successor(name) for name in shut} & (shut | {None})
