"""JSON found in a text that is not all JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from gemini_openai.dialect.chat.answers.json_in_text import json_in_text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('```json\n{"a": 1}\n```', ['{"a": 1}', '{"a": 1}']),
        ("```\n[1, 2]\n```", ["[1, 2]", "[1, 2]"]),
        ('```json\r\n  "red"\r\n```', ['"red"']),
        ("```json\n5", ["5"]),
        ('Here it is:\n\n```JSON\n{"a": 1}\n```\nEnjoy!', ['{"a": 1}', '{"a": 1}']),
        ('```json\n{"code": "```py\\n```"}\n```', ['{"code": "```py\\n```"}'] * 2),
        ('{"a": 1}\n\nHope this helps!', ['{"a": 1}']),
        ('Sure: {"a": {"b": []}} and {"c": 2}.', ['{"a": {"b": []}}', '{"c": 2}']),
        ('As {name} said in [the book]: {"a": 1}', ['{"a": 1}']),
        ('[1] says {"a": 1}', ["[1]", '{"a": 1}']),
        ("true, and 5", []),
        ("", []),
    ],
)
def test_the_values_are_found_in_order(text: str, found: list[str]) -> None:
    assert list(json_in_text(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"a": 1}, {"a": 2}',
        '{"items": [{"a": 1}, {"a": 2},]} {"a": 3}',
        '[{"a": 1}, ',
        '```json\n{"items": [{"a": 1}, ',
    ],
)
def test_a_part_of_a_broken_value_is_not_taken_for_a_value(text: str) -> None:
    assert list(json_in_text(text)) == []


def test_absurd_depth_is_no_value_and_no_error() -> None:
    assert list(json_in_text("[" * 100_000)) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.text(alphabet="ab `.\n"),
)
def test_a_value_in_a_fence_is_always_found_first(value: object, prose: str) -> None:
    written = json.dumps(value, indent=2)
    text = f"{prose.replace('```', '')}\n```json\n{written}\n```\n{prose}"
    assert next(json_in_text(text)) == written
