"""Events do not depend on how the bytes are cut, nor on how lines end."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from gemini_openai._call.sse import EventFrames, ServerSentEvent, read_event

texts = st.text(
    st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1, max_size=12
)
newlines = st.sampled_from([b"\n", b"\r\n", b"\r"])


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[ServerSentEvent]]:
    """Bytes of a stream, and the events in it."""
    end = draw(newlines)
    written, expected = [draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))], []
    for _ in range(draw(st.integers(0, 5))):
        lines: list[bytes] = []
        if draw(st.booleans()):
            lines.append(b": " + draw(texts).encode())
        name = draw(st.none() | st.sampled_from(["error", "message"]))
        if name:
            lines.append(b"event: " + name.encode())
        data = draw(st.lists(texts, max_size=3))
        lines += [draw(st.sampled_from([b"data: ", b"data:"])) + d.encode() for d in data]
        if not lines:
            continue
        written.append(end.join(lines) + end + end)
        # One space after the colon belongs to the framing.
        seen = [line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:")]
        if seen:
            expected.append(ServerSentEvent(b"\n".join(seen), name))
    return b"".join(written), expected


def decode(blocks: list[bytes]) -> list[ServerSentEvent]:
    frames = EventFrames()
    found = [frame for block in blocks for frame in frames.feed(block)] + frames.flush()
    return [event for event in map(read_event, found) if event is not None]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(streams(), st.lists(st.integers(0, 10_000), max_size=12))
def test_events_do_not_depend_on_the_cuts(
    stream: tuple[bytes, list[ServerSentEvent]], places: list[int]
) -> None:
    data, expected = stream
    assert decode(cut(data, places)) == expected


@given(streams())
def test_events_come_whole_byte_by_byte(stream: tuple[bytes, list[ServerSentEvent]]) -> None:
    data, expected = stream
    assert decode([data[i : i + 1] for i in range(len(data))]) == expected


@given(st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=6))
def test_any_bytes_at_all_are_read_the_same_however_cut(data: bytes, places: list[int]) -> None:
    assert decode(cut(data, places)) == decode([data])
