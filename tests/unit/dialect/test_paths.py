"""Paths, by which Google's errors name a part of a request."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.paths import follow, parse_path, paths_in, without
from gemini_openai.dialect.refusals.places import place_in_request


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tools[0].function", ("tools", 0, "function")),
        ("tools[0].function_declarations[12]", ("tools", 0, "function_declarations", 12)),
        ("contents[3].parts[0]", ("contents", 3, "parts", 0)),
        (
            "generation_config.response_schema.properties[city].items",
            ("generation_config", "response_schema", "properties", "city", "items"),
        ),
        ('properties["a.b"].type', ("properties", "a.b", "type")),
        ("[0].x", (0, "x")),
        ("", ()),
        (".x", None),
        ("a..b", None),
        ("a[", None),
        ("a[]", None),
        ("a]b", None),
    ],
)
def test_a_path_is_names_numbers_and_keys(text: str, path: Any) -> None:
    assert parse_path(text) == path


def test_names_are_followed_in_either_spelling() -> None:
    value = {"responseFormat": {"json_schema": [{"a": 1}]}}
    assert follow(value, ("response_format", "jsonSchema", 0, "a", "b")) == (
        "responseFormat",
        "json_schema",
        0,
        "a",
    )
    both = {"topK": 1, "top_k": 2}
    assert follow(both, ("top_k",)) == ("top_k",)
    assert follow(both, ("topK",)) == ("topK",)


def test_what_is_left_out_leaves_the_rest_as_it_is() -> None:
    kept, changed = {"b": 1}, {"c": 1, "d": 2}
    value = {"a": [kept, changed]}
    out = without(value, ("a", 1, "c"))
    assert out == {"a": [{"b": 1}, {"d": 2}]}
    assert out["a"][0] is kept
    assert changed == {"c": 1, "d": 2}


def test_the_paths_of_a_message_are_found_behind_the_name_of_the_request() -> None:
    message = (
        "* GenerateContentRequest.tools[0].function_declarations[1].parameters.properties[a b]"
        ".items: missing field.\n* Unknown name \"x\" at 'tools[2].function': Cannot find field. "
        "See https://ai.google.dev/gemini-api/docs and models/gemini-2.5-pro."
    )
    declared = ("tools", 0, "function_declarations", 1, "parameters", "properties", "a b", "items")
    assert list(paths_in(message)) == [
        ("GenerateContentRequest", *declared),
        ("tools", 2, "function"),
    ]


# --- where they lead ---

USER: Any = {"role": "user", "content": "go"}
SYSTEM: Any = {"role": "system", "content": "s"}
ANSWER: Any = {"role": "assistant", "content": "ok"}
RESULT: Any = {"role": "tool", "tool_call_id": "a", "content": "1"}


@pytest.mark.parametrize(
    ("messages", "path", "place"),
    [
        ([SYSTEM, USER, ANSWER], "contents[1]", 2),
        ([USER, SYSTEM, ANSWER], "contents[1].parts[0].text", 2),
        ([USER, ANSWER, RESULT, RESULT, USER], "contents[2].parts[1].function_response", 3),
        ([USER, ANSWER, RESULT, RESULT, USER], "contents[3]", 4),
        # Of two results it is not said which; two users may be one content or two.
        ([USER, ANSWER, RESULT, RESULT], "contents[2]", None),
        ([USER, USER, ANSWER], "contents[1]", None),
        ([USER, ANSWER, USER, USER], "contents[1]", 1),
        ([USER], "contents[1]", None),
    ],
)
def test_a_content_is_told_as_a_message_where_that_is_certain(
    messages: Any, path: str, place: int | None
) -> None:
    expected = None if place is None else ("messages", place)
    steps = parse_path(f"GenerateContentRequest.{path}")
    assert steps is not None
    assert place_in_request(steps, {"messages": messages}) == expected


def test_a_part_of_a_content_is_told_as_a_part_of_the_message_where_that_is_certain() -> None:
    parts = {"role": "user", "content": [{"type": "text", "text": "a"}] * 2}
    calls = {"role": "assistant", "content": [{"type": "text", "text": "b"}], "tool_calls": [{}]}
    body = {"messages": [SYSTEM, parts, calls]}
    inside = ("messages", 1, "content", 1, "cache_control")
    assert place_in_request(("contents", 0, "parts", 1, "cache_control"), body) == inside
    assert place_in_request(("contents", 0, "name"), body) == ("messages", 1, "name")
    assert place_in_request(("contents", 1, "parts", 0, "x"), body) == ("messages", 2)
    assert place_in_request(("contents", 0), {"messages": ["a"]}) is None


def test_a_declared_function_is_told_as_the_tool_it_comes_from() -> None:
    functions = [{"type": "function", "function": {"name": name}} for name in "fg"]
    body = {"tools": [functions[0], {"google_search": {}}, functions[1]]}
    path: Any = ("tools", 0, "function_declarations", 1, "name")
    assert place_in_request(path, body) == ("tools", 2, "function", "name")
    assert place_in_request((*path[:3], 2), body) is None
    assert place_in_request(("tools", 1), body) == ("tools", 1)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (
            ("generation_config", "response_schema", "properties", "a"),
            ("response_format", "json_schema", "schema", "properties", "a"),
        ),
        (("BatchEmbedContentsRequest", "requests", 30), ("input", 30)),
        (("stream_options", "x"), ("stream_options", "x")),
        (("nothing", "of", "ours"), None),
        ((), None),
    ],
)
def test_other_places_are_found_too(path: Any, place: Any) -> None:
    assert place_in_request(path, {"input": ["a"] * 40, "stream_options": {}}) == place
    if place == ("input", 30):
        assert place_in_request(path, {"input": "a"}) == ("input",)
