"""Thoughts out of content: by the flag where there is one, by the tags where not."""

from __future__ import annotations

import pytest

from gemini_openai.dialect.chat.answers.thoughts import ThoughtSplitter, is_flagged

Pieces = list[tuple[str, bool]]


def split(pieces: Pieces, tag: str = "thought", *, asked_for: bool = False) -> tuple[str, str]:
    """The thoughts and the answer in pieces of text, each with its flag."""
    splitter = ThoughtSplitter(tag, asked_for=asked_for)
    found = [out for text, flag in pieces for out in splitter.feed(text, flagged=flag)]
    found += splitter.end()
    assert all(piece.text for piece in found)
    thoughts = "".join(piece.text for piece in found if piece.is_thought)
    return thoughts, "".join(piece.text for piece in found if not piece.is_thought)


@pytest.mark.parametrize(
    "pieces",
    [
        [("<thought>Hmm, ", True), ("two?", True), ("</thought>Two.", False)],
        [("<thought>Hmm, two?</thought>", True), ("Two.", False)],
        [("<tho", True), ("ught>Hmm, two?</tho", True), ("ught>T", False), ("wo.", False)],
        [("<thought>Hmm, two?", True), ("</th", False), ("", False), ("ought>Two.", False)],
        [("<thought>Hmm, two?", True), ("Two.", False)],
        [("<thought>Hmm, two?</thought>Two.", True)],
        [("<thought>", True), ("Hmm, two?", True), ("</thought>", False), ("Two.", False)],
    ],
    ids=str,
)
def test_thoughts_are_split_off_however_the_tags_are_cut(pieces: Pieces) -> None:
    assert split(pieces) == ("Hmm, two?", "Two.")


def test_tags_alone_separate_where_thoughts_were_asked_for() -> None:
    text = "<think>Hmm</thi, two?</think>Two. </think>"
    for size in range(1, len(text)):
        pieces = [(text[i : i + size], False) for i in range(0, len(text), size)]
        assert split(pieces, "think", asked_for=True) == ("Hmm</thi, two?", "Two. </think>")


def test_a_tag_that_nobody_asked_for_is_text() -> None:
    assert split([("<thought>is a tag", False)]) == ("", "<thought>is a tag")
    assert split([("The <thought>", False), (" tag", True)], asked_for=True) == (
        "",
        "The <thought> tag",
    )


def test_a_flag_without_a_tag_says_nothing_of_the_text() -> None:
    """Recorded in June 2025: `thought: true` beside a signature, on an answer."""
    assert split([("The current time is Noon.", True)]) == ("", "The current time is Noon.")


def test_thoughts_cut_off_by_length_are_thoughts() -> None:
    assert split([("<thought>Hm", True), ("m</tho", True)]) == ("Hmm</tho", "")
    assert split([("<thought>Hmm</th", False)], asked_for=True) == ("Hmm</th", "")


def test_what_looked_like_a_tag_is_given_back_at_the_end() -> None:
    assert split([("<thou", False)], asked_for=True) == ("", "<thou")
    assert split([("<thought>a", True), ("</tho", False)]) == ("a", "</tho")
    assert split([("<thought>a</", True), ("b", False)]) == ("a</", "b")


def test_thoughts_may_begin_again_with_the_flag() -> None:
    pieces = [
        ("<thought>a", True),
        ("</thought>b", False),
        ("<thought>c", True),
        ("</thought>d", False),
    ]
    assert split(pieces) == ("ac", "bd")


def test_only_the_answer_is_past() -> None:
    splitter = ThoughtSplitter("thought", asked_for=True)
    seen = [splitter.is_past]
    for text in ("<thought>", "a", "</tho", "ught>b"):
        splitter.feed(text, flagged=False)
        seen.append(splitter.is_past)
    assert seen == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("message", "flagged"),
    [
        ({"extra_content": {"google": {"thought": True}}}, True),
        ({"extra_content": {"vertex": {"thought": True}}}, True),
        ({"extra_content": {"google": {"thought_signature": "s"}}}, False),
        ({"extra_content": None}, False),
        ({}, False),
    ],
)
def test_the_flag_is_found_in_either_namespace(message: dict[str, object], flagged: bool) -> None:
    assert is_flagged(message) is flagged
