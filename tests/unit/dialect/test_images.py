"""Answers with images."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.images import adapt_images
from gemini_openai.types import ImagesResponse

NOW = 1769093697


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
