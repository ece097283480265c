"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from gemini_openai._primitives.patterns import late_pattern


def test_a_late_pattern_does_what_a_compiled_one_does() -> None:
    late, compiled = late_pattern(r"(b+)c?", re.IGNORECASE), re.compile(r"(b+)c?", re.IGNORECASE)
    text = "abBc and bc"
    for _ in range(2):
        assert late.findall(text) == compiled.findall(text)
        assert late.sub("x", text) == compiled.sub("x", text)
        found = late.search(text)
        assert found is not None
        assert found.groups() == ("bB",)
    assert (late.pattern, late.flags) == (compiled.pattern, compiled.flags)


def test_it_is_compiled_at_first_use_and_once_for_each_method(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[str] = []
    original = re.compile

    def counted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return original(pattern, flags)

    monkeypatch.setattr(re, "compile", counted)
    late = late_pattern("a|b")
    assert not compiled
    for _ in range(3):
        assert late.match("b")
    assert compiled == ["a|b"]


def test_a_pattern_that_is_none_fails_at_first_use() -> None:
    with pytest.raises(re.error):
        late_pattern("(").match("")
