"""Whatever a server or a caller sends: `fuzz.invariants` holds."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from fuzz.__main__ import main, one_round
from fuzz.corpus import JUNK, KEYS, odd_stream, odd_value
from fuzz.invariants import CHECKS, STREAM_CHECKS
from hypothesis import given, settings, strategies as st

SEEDS = st.integers(0, 10**9)
DOCUMENTS = st.recursive(
    st.sampled_from(JUNK),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)
"""JSON of the keys that Google uses, with nothing where it should be."""
BYTES = st.lists(
    st.sampled_from([b"data: ", b"data:", b"\n", b"\r", b"\r\n", b"\n\n", b"{}", b"[DONE]", b": x"])
    | st.sampled_from([b'{"choices":[{"delta":{"content":"a"},"index":0}]}', b'{"error":{}}'])
    | st.binary(max_size=5),
    max_size=30,
).map(b"".join)


@pytest.mark.parametrize("check", CHECKS)
@settings(max_examples=60)
@given(value=DOCUMENTS)
def test_it_holds_for_any_json(check: str, value: Any) -> None:
    CHECKS[check](value)


@pytest.mark.parametrize("check", CHECKS)
@settings(max_examples=60)
@given(seed=SEEDS)
def test_it_holds_for_recorded_bodies_with_places_changed(check: str, seed: int) -> None:
    CHECKS[check](odd_value(Random(seed)))


@pytest.mark.parametrize("check", STREAM_CHECKS)
@settings(max_examples=60)
@given(data=BYTES, places=st.lists(st.integers(0, 1000), max_size=6))
def test_it_holds_for_any_bytes(check: str, data: bytes, places: list[int]) -> None:
    STREAM_CHECKS[check]((data, places))


@pytest.mark.parametrize("check", STREAM_CHECKS)
@settings(max_examples=60)
@given(seed=SEEDS)
def test_it_holds_for_recorded_streams_with_places_changed(check: str, seed: int) -> None:
    STREAM_CHECKS[check](odd_stream(Random(seed)))


def test_the_fuzzer_tells_what_it_found_and_the_seed_that_shows_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses_lists(value: Any) -> None:
        if isinstance(value, list):
            raise TypeError("a list")

    monkeypatch.setattr("fuzz.__main__.CHECKS", {"never lists": refuses_lists})
    monkeypatch.setattr("fuzz.__main__.STREAM_CHECKS", {})
    monkeypatch.setattr("sys.argv", ["fuzz", "--seed", "3", "--rounds", "100"])
    monkeypatch.setattr("logging.disable", lambda: None)
    assert main() == 1
    first, *_, last = capsys.readouterr().out.splitlines()
    assert "never lists: TypeError" in first
    assert "times never lists: TypeError" in last
    assert one_round(int(first.split()[1]))["never lists"][0].args == ("a list",)
