"""A generated image to a file, to bytes, and to an image of Pillow's."""

from __future__ import annotations

import base64
import os
import sys
from typing import TYPE_CHECKING

import PIL.Image
import pytest

from gemini_openai.types import Image

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
IMAGE = Image(b64_json=base64.b64encode(PICTURE).decode())


@pytest.mark.parametrize("kind", ["str", "path"])
def test_an_image_is_saved_as_it_came(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "cat.png"
    written = IMAGE.save(os.fspath(path) if kind == "str" else path)
    assert written == path
    assert path.read_bytes() == PICTURE == IMAGE.to_bytes()


def test_an_image_becomes_one_of_pillows() -> None:
    picture = IMAGE.to_pil()
    assert isinstance(picture, PIL.Image.Image)
    assert (picture.format, picture.size) == ("PNG", (1, 1))


def test_without_pillow_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        IMAGE.to_pil()


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (Image(url="https://g.example/cat.png"), "only the URL https://g.example/cat.png"),
        (Image(), "no data, and no URL"),
    ],
)
def test_an_image_that_is_not_here_is_not_saved(tmp_path: Path, image: Image, said: str) -> None:
    path = tmp_path / "cat.png"
    for use in (image.to_bytes, image.to_pil, lambda: image.save(path)):
        with pytest.raises(ValueError, match=f"{said}.*b64_json"):
            use()
    assert not path.exists()


def test_what_can_be_done_with_an_image_is_no_field_of_it() -> None:
    assert list(Image.model_fields) == ["b64_json", "revised_prompt", "url"]
    assert IMAGE.to_dict() == {"b64_json": IMAGE.b64_json}
