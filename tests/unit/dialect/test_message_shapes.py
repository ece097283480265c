"""What `messages` may look like, and what an error says of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from unit.dialect.histories import USER, call, repaired, result, step

from gemini_openai.dialect.chat.requests.adapt import adapt_chat_request
from gemini_openai.dialect.chat.requests.message_shapes import check_messages
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

OFF = DEFAULT_SETTINGS._replace(off=frozenset({"request-shapes"}))
ADDRESS = "https://cats.example/1.png"


def part(**fields: Any) -> list[Any]:
    return [{"role": "user", "content": [{"type": "text", "text": "See:"}, fields]}]


def image(url: Any) -> list[Any]:
    return part(type="image_url", image_url={"url": url})


def audio(**fields: Any) -> list[Any]:
    return part(type="input_audio", input_audio=fields)


PART = "messages[0].content[1]"
BAD: list[tuple[Any, str, str]] = [
    ({"role": "user", "content": "hi"}, "messages", "is a dict; give a list of messages: [{"),
    ("hi", "messages", "is a text; give a list"),
    (None, "messages", "is None; give a list"),
    ([], "messages", "is empty; give a list"),
    (["hi"], "messages[0]", "is a text; give a dict"),
    ([USER, None], "messages[1]", "is None; give a dict"),
    ([{"content": "hi"}], "messages[0]", "has no role; use system, developer, user, assistant or"),
    ([{"role": "bot"}], "messages[0].role", "is 'bot': use system, developer, user, assistant or"),
    ([{"role": ["user"]}], "messages[0].role", "is ['user']: use"),
    ([{"role": "user", "content": 5}], "messages[0].content", "is a number; give text, or a list"),
    ([{"role": "user", "content": True}], "messages[0].content", "is True; give text"),
    ([{"role": "user", "content": {"text": "a"}}], "messages[0].content", "is a dict; give text"),
    ([USER, step(call("a")), result("a", 20)], "messages[2].content", "is a number; give text"),
    ([{"role": "user", "content": ["a", None]}], PART, "is None; give a dict"),
    (part(type="text", text=5), f"{PART}.text", "is a number, no text"),
    (image("cat.png"), f"{PART}.image_url.url", "begins with 'cat.png', and is no https, data or"),
    (
        image("iVBORw0KGgo" * 99),
        f"{PART}.image_url.url",
        "begins with 'iVBORw0KGgoiVBORw0KGgoiV', and",
    ),
    (image("files/abc"), f"{PART}.image_url.url", "begins with 'files/abc', and is no"),
    (image(5), f"{PART}.image_url.url", "is a number; give the address"),
    (part(type="image_url"), f"{PART}.image_url", "is None; give the address"),
    (part(type="image_url", image_url="cat.png"), f"{PART}.image_url", "begins with 'cat.png'"),
    (audio(data="AAAA"), f"{PART}.input_audio", "has no format; parts.audio('speech.wav')"),
    (audio(format="wav"), f"{PART}.input_audio", "has no data;"),
    (part(type="input_audio", input_audio="AAAA"), f"{PART}.input_audio", "has no data and no"),
    (
        [{"role": "assistant", "tool_calls": {"id": "a"}}],
        "messages[0].tool_calls",
        "is a dict; give a list of tool calls",
    ),
    ([{"role": "assistant", "tool_calls": ["a"]}], "messages[0].tool_calls[0]", "is a text"),
]


@pytest.mark.parametrize(("messages", "where", "what"), BAD, ids=lambda value: str(value)[:60])
def test_a_shape_that_cannot_be_sent_is_an_error_that_names_the_place(
    messages: Any, where: str, what: str
) -> None:
    body = {"model": "gemini-2.5-flash", "messages": messages}
    with pytest.raises(InvalidRequestError) as caught:
        adapt_chat_request(body)
    assert str(caught.value).startswith(f"{where} {what[:5]}")
    assert what in str(caught.value)
    assert len(str(caught.value)) < 200
    assert (caught.value.param, caught.value.repair) == (where, "request-shapes")


@pytest.mark.parametrize(
    ("url", "maker"), [("files/abc", "parts.file('files/...')"), ("cat", "parts.image('cat.png')")]
)
def test_an_address_that_is_none_gets_the_function_that_makes_one(url: str, maker: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        repaired(image(url))
    assert f"{maker} of gemini_openai" in str(caught.value)


@pytest.mark.parametrize("messages", ["hi", [], {"role": "user"}, None])
def test_messages_of_any_shape_go_out_if_the_check_is_off(messages: Any) -> None:
    check_messages(messages, OFF)
    body = {"model": "m", "messages": messages}
    assert adapt_chat_request(body, OFF._replace(off=OFF.off | {"nulls"})).body is body


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "model", "content": "hi"}, USER],
        [{"role": "USER", "content": "hi"}],
        image(ADDRESS),
        image("HTTP://cats.example/1.png"),
        image("data:image/png;base64,AAAA"),
        image("gs://bucket/cat.png"),
        audio(data="gs://bucket/talk", format="audio/mp3"),
        part(type="file", file={"file_id": "files/abc"}),
        part(type="of_the_future", of_the_future=5),
    ],
    ids=str,
)
def test_what_google_documents_is_sent_as_it_is(messages: list[Any]) -> None:
    out, notes = repaired(messages)
    assert (out, notes) == (messages, [])


def test_an_address_alone_becomes_an_object_where_only_that_is_documented() -> None:
    messages = part(type="image_url", image_url=ADDRESS)
    out, notes = repaired(messages)
    assert out == image(ADDRESS)
    assert notes == ["request-shapes"]
    body = {"model": "google/gemini-2.5-flash", "messages": messages}
    assert adapt_chat_request(body, DEFAULT_SETTINGS._replace(backend="vertex")).body is body


@pytest.mark.parametrize("address", [f"\n{ADDRESS}", f"{ADDRESS} ", f" {ADDRESS}\r\n"])
def test_an_address_is_sent_without_the_blanks_around_it(address: str) -> None:
    out, notes = repaired(image(address))
    assert out == image(ADDRESS)
    assert notes == ["request-shapes"]
    alone = part(type="image_url", image_url=address)
    assert repaired(alone)[0] == image(ADDRESS)
    body = {"model": "google/gemini-2.5-flash", "messages": alone}
    on_vertex = adapt_chat_request(body, DEFAULT_SETTINGS._replace(backend="vertex")).body
    assert on_vertex["messages"] == part(type="image_url", image_url=ADDRESS)
    detailed = part(type="image_url", image_url={"url": address, "detail": "low"})
    kept = part(type="image_url", image_url={"url": ADDRESS, "detail": "low"})
    assert repaired(detailed)[0] == kept


def test_text_among_parts_becomes_a_part() -> None:
    out, _ = repaired([{"role": "user", "content": ["See:", "", {"type": "text", "text": "a"}]}])
    texts = [{"type": "text", "text": text} for text in ("See:", "a")]
    assert out == [{"role": "user", "content": texts}]


def test_a_model_of_another_publisher_is_not_looked_at() -> None:
    body = {"model": "meta/llama", "messages": [{"role": "ipython", "content": None}], "stop": None}
    assert adapt_chat_request(body, DEFAULT_SETTINGS._replace(backend="vertex")).body is body
