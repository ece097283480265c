"""Paths of any shape, and JSON of any shape to follow them in."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from gemini_openai.dialect.paths import follow, parse_path, paths_in, show_path, without

NAMES = st.from_regex(r"[A-Za-z_$@][A-Za-z0-9_$@-]{0,8}", fullmatch=True)
KEYS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_. -]{0,8}[A-Za-z0-9_]", fullmatch=True)
PATHS = st.tuples(NAMES, st.lists(NAMES | KEYS | st.integers(0, 999), max_size=6)).map(
    lambda path: (path[0], *path[1])
)
JSON: Any = st.recursive(
    st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(PATHS)
def test_a_path_that_is_shown_is_read_as_the_same(path: Any) -> None:
    assert parse_path(show_path(path)) == path


@given(st.text())
def test_any_text_is_a_path_or_is_none(text: str) -> None:
    path = parse_path(text)
    if path is not None:
        assert parse_path(show_path(path)) == path


@given(st.text(), PATHS, st.sampled_from([" ", "\n", "'", ": "]))
def test_any_text_may_be_searched_and_a_path_in_it_is_found(
    before: str, path: Any, end: str
) -> None:
    shown = f"{before}{end}{show_path(path)}{end}"
    found = list(paths_in(shown))
    plain = all(isinstance(step, int) or step.isidentifier() for step in path)
    if plain and len(path) > 1:
        assert path in found


@given(JSON, PATHS)
def test_what_is_followed_is_there_and_can_be_left_out(value: Any, path: Any) -> None:
    taken = follow(value, path)
    inside = value
    for step in taken:
        inside = inside[step]
    if taken and isinstance(taken[-1], str):
        out = without(value, taken)
        assert follow(out, taken[:-1]) == taken[:-1]
        assert follow(out, taken) != taken or out == value
        assert follow(value, taken) == taken
