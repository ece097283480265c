"""Requests for images, and answers with them."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.routes.images import adapt_image_request, adapt_images
from gemini_openai.dialect.settings import make_settings
from gemini_openai.types import ImagesResponse

NOW = 1769093697
CAT: dict[str, Any] = {"model": "gemini-2.5-flash-image", "prompt": "A cat"}
WIDE = {**CAT, "extra_body": {"google": {"aspect_ratio": "16:9"}}}


@pytest.mark.parametrize(
    "written",
    [
        {"aspect_ratio": "16:9"},
        {"aspectRatio": "16:9"},
        {"google": {"aspect_ratio": "16:9"}},
        {"extra_body": {"aspect_ratio": "16:9"}},
        {"extra_body": {"google": {"aspect_ratio": "16:9"}}},
        {"extra_body": {"extra_body": {"google": {"aspectRatio": "16:9"}}}},
        {"aspect_ratio": "16:9", "extra_body": {"google": {"aspect_ratio": "16:9"}}},
        {"aspect_ratio": "16:9", "tools": None},
    ],
)
def test_every_way_to_write_an_image_option_ends_in_one_form(written: dict[str, Any]) -> None:
    assert adapt_image_request({**CAT, **written}).body == WIDE


def test_all_image_options_have_their_place_beside_what_else_is_there() -> None:
    config = {"responseModalities": ["IMAGE"]}
    written = {
        **CAT,
        "n": 2,
        "generation_config": config,
        "safety_settings": [],
        "tools": [{"google_search": {}}],
        "extra_body": {"google": {"new_option": 1}, "other": 2},
    }
    adapted = adapt_image_request(written)
    assert adapted.body == {
        **CAT,
        "n": 2,
        "extra_body": {
            "other": 2,
            "google": {
                "generation_config": config,
                "safety_settings": [],
                "tools": [{"google_search": {}}],
                "new_option": 1,
            },
        },
    }
    assert [note.repair for note in adapted.notes] == ["gemini-options"]


@pytest.mark.parametrize("body", [CAT, WIDE])
def test_an_image_request_that_needs_nothing_stays_the_same_object(body: dict[str, Any]) -> None:
    adapted = adapt_image_request(body)
    assert adapted.body is body
    assert not adapted.notes


def test_an_image_option_given_twice_is_an_error() -> None:
    with pytest.raises(
        InvalidRequestError, match=r"'16:9' as aspect_ratio and '1:1' as google\.aspectRatio"
    ) as e:
        adapt_image_request({**CAT, "aspect_ratio": "16:9", "google": {"aspectRatio": "1:1"}})
    assert e.value.param == "aspect_ratio"


def test_image_options_stay_where_they_are_without_that_repair() -> None:
    body = {**CAT, "aspect_ratio": "16:9"}
    settings = make_settings(repairs={"gemini-options": False})
    assert adapt_image_request(body, settings).body is body


def test_an_answer_with_images_has_the_time_it_came() -> None:
    came = {"data": [{"b64_json": "aGk="}]}
    out = adapt_images(came, NOW)
    assert out == {"data": [{"b64_json": "aGk="}], "created": NOW}
    assert came == {"data": [{"b64_json": "aGk="}]}
    assert ImagesResponse.model_validate(out).usage is None
    assert adapt_images(out, NOW + 1) is out


@pytest.mark.parametrize(
    ("came", "images"),
    [
        ({"images": [{"b64Json": "aGk="}]}, [{"b64_json": "aGk="}]),
        ({"data": None}, []),
        ({}, []),
    ],
)
def test_there_is_always_a_list_of_images(came: dict[str, Any], images: list[Any]) -> None:
    assert adapt_images({**came, "created": "5"}, NOW) == {"data": images, "created": 5}
