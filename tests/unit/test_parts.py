"""Media of every kind and from everywhere to parts of messages."""

from __future__ import annotations

import base64
import io
import pickle
import subprocess
import sys
import wave
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import PIL.Image
import pytest

import gemini_openai
from gemini_openai import InvalidRequestError, parts
from gemini_openai.types import FileObject

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UPLOAD = "https://generativelanguage.googleapis.com/v1beta/files/abc-123"
PDF = b"%PDF-1.7\n%%EOF"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41"
FLAC = b"fLaC\x00\x00\x00\x22"


def drawn(mode: str = "RGB", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    PIL.Image.new(mode, (2, 2)).save(out, kind)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setparams((1, 2, 8000, 0, "NONE", ""))
        written.writeframes(b"\x00\x00" * 8)
    return out.getvalue()


PNG, JPEG, WAV = drawn(), drawn(kind="JPEG"), sound()


def data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def as_image(media_type: str, data: bytes) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": data_url(media_type, data)}}


def as_audio(audio_format: str, data: bytes) -> dict[str, Any]:
    text = base64.b64encode(data).decode()
    return {"type": "input_audio", "input_audio": {"data": text, "format": audio_format}}


AS_FILE = {"type": "file", "file": {"file_id": UPLOAD}}


# --- from everywhere ---


def as_path(data: bytes, path: Path) -> Any:
    path.write_bytes(data)
    return path


def as_text_path(data: bytes, path: Path) -> Any:
    return str(as_path(data, path))


def as_open_file(data: bytes, path: Path) -> Any:
    return as_path(data, path).open("rb")


SOURCES: list[Callable[[bytes, Path], Any]] = [
    lambda data, path: data,
    lambda data, path: bytearray(data),
    lambda data, path: memoryview(data),
    lambda data, path: io.BytesIO(data),
    lambda data, path: data_url("image/png", data),
    as_path,
    as_text_path,
    as_open_file,
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_picture_may_come_from_anywhere(
    source: Callable[[bytes, Path], Any], tmp_path: Path
) -> None:
    given = source(PNG, tmp_path / "picture")  # no suffix: the bytes tell
    try:
        assert parts.image(given) == as_image("image/png", PNG)
    finally:
        if isinstance(given, io.IOBase):
            given.close()


@pytest.mark.parametrize(
    ("make", "data", "part"),
    [
        (parts.image, JPEG, as_image("image/jpeg", JPEG)),
        (parts.audio, WAV, as_audio("wav", WAV)),
        (parts.audio, b"ID3\x04", as_audio("mp3", b"ID3\x04")),
        (parts.audio, FLAC, as_image("audio/flac", FLAC)),
        (parts.pdf, PDF, as_image("application/pdf", PDF)),
        (parts.video, MP4, as_image("video/mp4", MP4)),
    ],
)
def test_each_kind_has_its_part_and_media_finds_it(
    make: Callable[[Any], Any], data: bytes, part: dict[str, Any]
) -> None:
    assert make(data) == part
    assert parts.media(data) == part


def test_where_the_bytes_do_not_tell_the_name_does_and_else_the_caller(tmp_path: Path) -> None:
    path = as_path(b"?", tmp_path / "talk.MP3")
    assert parts.audio(path) == as_audio("mp3", b"?")
    with path.open("rb") as opened:
        assert parts.audio(opened) == as_audio("mp3", b"?")
    assert parts.audio(b"?", mime_type="audio/wav") == as_audio("wav", b"?")
    assert parts.media(as_path(b"a", tmp_path / "a.txt")) == as_image("text/plain", b"a")


def test_the_bytes_are_believed_before_the_name_and_the_caller_before_both(tmp_path: Path) -> None:
    path = as_path(PNG, tmp_path / "picture.jpg")
    assert parts.image(path) == as_image("image/png", PNG)
    assert parts.image(path, mime_type="image/webp") == as_image("image/webp", PNG)
    assert parts.image(path, mime_type="image/jpg") == as_image("image/jpeg", PNG)


def test_a_file_is_read_from_where_it_stands() -> None:
    opened = io.BytesIO(b"before" + PNG)
    opened.seek(6)
    assert parts.image(opened) == as_image("image/png", PNG)


@pytest.mark.parametrize(
    ("url", "part"),
    [
        (data_url("image/png", PNG), as_image("image/png", PNG)),
        (data_url("image/png;name=a", PNG), as_image("image/png", PNG)),
        ("data:;base64," + base64.b64encode(PNG).decode(), as_image("image/png", PNG)),
        ("data:image/png;base64,_-8=", as_image("image/png", b"\xff\xef")),
        ("data:image/svg+xml,%3Csvg/%3E", as_image("image/svg+xml", b"<svg/>")),
    ],
)
def test_a_data_url_of_any_spelling_is_read(url: str, part: dict[str, Any]) -> None:
    assert parts.image(url) == part


def test_a_data_url_of_sound_becomes_input_audio() -> None:
    assert parts.audio(data_url("audio/mpeg", b"?")) == as_audio("mp3", b"?")


# --- images of Pillow's ---


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "F"])
def test_an_image_of_pillows_goes_as_png(mode: str) -> None:
    part: Any = parts.image(PIL.Image.new(mode, (3, 2)))
    url = part["image_url"]["url"]
    assert url.startswith("data:image/png;base64,")
    sent = PIL.Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    assert sent.size == (3, 2)
    assert sent.mode == ("RGB" if mode in {"CMYK", "YCbCr", "HSV", "F"} else mode)


def test_an_image_of_pillows_that_was_a_jpeg_stays_one() -> None:
    part: Any = parts.image(PIL.Image.open(io.BytesIO(JPEG)))
    assert part["image_url"]["url"].startswith("data:image/jpeg;base64,")
    turned: Any = parts.image(PIL.Image.open(io.BytesIO(JPEG)).rotate(90))
    assert turned["image_url"]["url"].startswith("data:image/png;base64,")


# --- what is elsewhere ---


@pytest.mark.parametrize("url", ["https://g.example/cat", "http://g.example/cat", "gs://b/cat.png"])
def test_an_address_of_a_picture_is_handed_on(url: str) -> None:
    part = {"type": "image_url", "image_url": {"url": url, "detail": "low"}}
    assert parts.image(url, detail="low") == part


@pytest.mark.parametrize(
    ("make", "url", "media_type"),
    [
        (parts.pdf, "https://g.example/download?id=7", "application/pdf"),
        (parts.audio, "gs://b/talk.mp3", "audio/mpeg"),
        (parts.video, "gs://b/film.mp4", "video/mp4"),
        (parts.media, "gs://b/film.mp4", "video/mp4"),
    ],
)
def test_an_address_of_anything_else_says_what_is_there(
    make: Callable[[Any], Any], url: str, media_type: str
) -> None:
    audio = {"data": url, "format": media_type}
    assert make(url) == {"type": "input_audio", "input_audio": audio}


def test_an_address_that_does_not_tell_needs_the_callers_word() -> None:
    with pytest.raises(ValueError, match=r"does not show the media type.*mime_type="):
        parts.video("gs://b/film")
    part: Any = parts.video("gs://b/film", mime_type="video/mp4")
    assert part["input_audio"] == {"data": "gs://b/film", "format": "video/mp4"}
    with pytest.raises(ValueError, match=r"audio/mpeg, but parts.video\(\) is for videos"):
        parts.video("gs://b/talk.mp3")


FILE: dict[str, Any] = {
    "id": "files/abc-123",
    "bytes": 1,
    "created_at": 0,
    "filename": "a.pdf",
    "object": "file",
    "purpose": "user_data",
    "status": "processed",
}


@pytest.mark.parametrize(
    "uploaded",
    [
        FileObject(**FILE),
        FileObject(**FILE, uri=UPLOAD),
        SimpleNamespace(name="files/abc-123", uri=UPLOAD),  # as google-genai has it
        UPLOAD,
    ],
)
@pytest.mark.parametrize("make", [parts.file, parts.image, parts.pdf, parts.media])
def test_an_uploaded_file_is_referred_to(make: Callable[[Any], Any], uploaded: Any) -> None:
    assert make(uploaded) == AS_FILE


def test_an_uploaded_file_goes_by_its_id_too_where_no_path_is_meant() -> None:
    assert parts.file("files/abc-123") == AS_FILE
    with pytest.raises(FileNotFoundError):
        parts.image("files/abc-123")


def test_the_address_an_upload_has_at_another_server_is_kept() -> None:
    uri = "http://127.0.0.1:8642/v1beta/files/abc"
    assert parts.file(FileObject(**FILE, uri=uri)) == {"type": "file", "file": {"file_id": uri}}


@pytest.mark.parametrize("wrong", ["cat.png", "https://g.example/cat.png", b"bytes", 7])
def test_what_was_not_uploaded_is_no_file_to_refer_to(wrong: Any) -> None:
    kind = ValueError if isinstance(wrong, str) else TypeError
    with pytest.raises(kind, match=r"client\.files\.create.*parts\.media"):
        parts.file(wrong)


def test_no_detail_can_be_asked_for_of_an_uploaded_file() -> None:
    with pytest.raises(ValueError, match="detail"):
        parts.image(UPLOAD, detail="high")


# --- what is wrong ---


@pytest.mark.parametrize("wrong", [None, 7, ["cat.png"], {"url": "x"}, object()])
@pytest.mark.parametrize("make", [parts.image, parts.audio, parts.video, parts.pdf, parts.media])
def test_what_is_no_medium_is_a_type_error_that_says_what_is_taken(
    make: Callable[[Any], Any], wrong: Any
) -> None:
    with pytest.raises(TypeError, match=f"takes a path, bytes.*of type {type(wrong).__name__}"):
        make(wrong)


@pytest.mark.parametrize(
    ("make", "data", "said"),
    [
        (parts.image, PDF, r"14 bytes: by its first bytes, it is application/pdf, .* for images"),
        (parts.audio, MP4, r"video/mp4, but parts.audio\(\) is for audio"),
        (parts.video, WAV, r"audio/wav, but parts.video\(\) is for videos"),
        (parts.pdf, PNG, r"image/png, but parts.pdf\(\) is for PDFs"),
        (parts.pdf, b"hello", r"this is not a PDF: it begins with b'hello'"),
        (parts.image, data_url("text/plain", b"a"), r"as the URL says, it is text/plain"),
    ],
)
def test_another_kind_of_medium_is_an_error_that_says_which(
    make: Callable[[Any], Any], data: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        make(data)


def test_what_cannot_be_told_is_an_error_that_says_how_to_say_it() -> None:
    with pytest.raises(ValueError, match=r"first bytes, b'\?\?\?'.*mime_type="):
        parts.media(b"???")


@pytest.mark.parametrize("nothing", [b"", io.BytesIO(), "data:image/png;base64,"])
def test_nothing_is_no_medium(nothing: Any) -> None:
    with pytest.raises(ValueError, match="it is empty"):
        parts.image(nothing)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cat.png: it is empty"):
        parts.image(as_path(b"", tmp_path / "cat.png"))


def test_a_missing_file_is_named_and_the_other_ways_too(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    with pytest.raises(FileNotFoundError, match="takes a path, bytes") as caught:
        parts.image(path)
    assert caught.value.filename == str(path)


@pytest.mark.parametrize("text", ["iVBORw0KGgo" * 400, "a\x00b"])
def test_text_that_can_be_no_path_is_taken_for_base64(text: str) -> None:
    with pytest.raises(ValueError, match="b64decode"):
        parts.image(text)


def test_a_directory_is_the_error_it_always_is(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=tmp_path.name):
        parts.image(tmp_path)


def test_a_file_opened_as_text_is_an_error_that_says_how_to_open_it() -> None:
    with pytest.raises(TypeError, match="reads str, not bytes. Open it with 'rb'"):
        parts.image(io.StringIO("x"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "said"),
    [("data:image/png;base64", "no comma"), ("data:image/png;base64,a", "is not base64")],
)
def test_a_broken_data_url_is_an_error(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parts.image(url)


def large(path: Path, size: int) -> Path:
    """A file that says it is large, and takes no room."""
    with path.open("wb") as opened:
        opened.truncate(size)
    return path


@pytest.mark.parametrize(
    ("name", "megabytes", "limit"), [("film.mp4", 76, "100 MB"), ("book.pdf", 51, "50 MB")]
)
def test_a_file_that_is_too_large_is_not_even_read(
    tmp_path: Path, name: str, megabytes: int, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = large(tmp_path / name, megabytes * 2**20)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("it was read"))
    with pytest.raises(InvalidRequestError, match=rf"{limit}.*client\.files\.create") as caught:
        parts.media(path)
    assert f"{name} has {megabytes}.0 MB" in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert caught.value.param == "messages"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_bytes_that_are_too_large_are_an_error_too() -> None:
    with pytest.raises(InvalidRequestError, match="76.0 MB"):
        parts.video(MP4 + bytes(76 * 2**20 - len(MP4)))


# --- as a module ---


@pytest.mark.process
def test_the_module_is_an_attribute_of_the_package_and_loads_little() -> None:
    program = (
        "import sys, gemini_openai\n"
        "assert 'gemini_openai.parts' not in sys.modules\n"
        "gemini_openai.parts.image(b'\\x89PNG\\r\\n\\x1a\\n')\n"
        "heavy = {'PIL', 'httpx', 'pydantic', 'anyio', 'asyncio'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert gemini_openai.parts is parts


def test_what_the_module_gives_is_listed() -> None:
    made = {name for name in vars(parts) if name in parts.__all__}
    assert made == {"audio", "file", "image", "media", "pdf", "video"}
    assert all(getattr(parts, name).__doc__ for name in parts.__all__)
