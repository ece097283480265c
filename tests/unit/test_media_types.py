"""Media types, from first bytes and from names."""

from __future__ import annotations

import io

import PIL.Image
import pytest
from hypothesis import given, strategies as st

from gemini_openai._primitives.media_types import media_type_of_bytes, media_type_of_name


def pillow(kind: str) -> bytes:
    out = io.BytesIO()
    PIL.Image.new("RGB", (2, 2), "red").save(out, kind)
    return out.getvalue()


def iso(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + b"\x00\x00\x00\x00" + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + b"\x00\x00\x00\x08mdatheic"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (pillow("PNG"), "image/png"),
        (pillow("JPEG"), "image/jpeg"),
        (pillow("WEBP"), "image/webp"),
        (pillow("GIF"), "image/gif"),
        (pillow("TIFF"), "image/tiff"),
        (pillow("PDF"), "application/pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.7", "application/pdf"),
        (iso(b"heic", b"mif1"), "image/heic"),
        (iso(b"mif1", b"mif1", b"heic"), "image/heic"),
        (iso(b"mif1", b"mif1"), "image/heif"),
        (iso(b"mif1", b"avif"), "image/avif"),
        (iso(b"avif"), "image/avif"),
        (iso(b"isom", b"mp41"), "video/mp4"),
        (iso(b"mp42"), "video/mp4"),
        (iso(b"qt  "), "video/quicktime"),
        (iso(b"3gp5"), "video/3gpp"),
        (iso(b"M4A "), "audio/mp4"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", "video/x-msvideo"),
        (b"FORM\x00\x00\x00\x24AIFFCOMM", "audio/aiff"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf3\x40\xc0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\xff\xf9\x50\x80", "audio/aac"),
        (b"fLaC\x00\x00\x00\x22", "audio/flac"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "video/x-matroska"),
        (b"\x00\x00\x01\xba\x44", "video/mpeg"),
        (b"FLV\x01\x05", "video/x-flv"),
        (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9", "video/x-ms-wmv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # Pillow's PDF has the time in it
)
def test_the_first_bytes_tell(data: bytes, media_type: str) -> None:
    assert media_type_of_bytes(data) == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"hello",
        "hello".encode("utf-16"),  # its mark of order has most of a frame's bits
        "hello".encode("utf-16-be"),
        b"RIFF\x24\x00\x00\x00WEB",
        b'{"%PDF-": 1}',
        b"<svg/>",
    ],
)
def test_other_bytes_tell_nothing(data: bytes) -> None:
    assert media_type_of_bytes(data) is None


@given(st.binary(max_size=64))
def test_any_bytes_are_looked_at_without_an_error(data: bytes) -> None:
    found = media_type_of_bytes(data)
    assert found is None or "/" in found


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("cat.PNG", "image/png"),
        ("/a.b/cat", None),
        ("cat", None),
        ("", None),
        ("https://g.example/a/talk.mp3?token=x.png#end", "audio/mpeg"),
        ("gs://bucket/film.mov", "video/quicktime"),
        ("notes.txt", "text/plain"),
        ("notes.md", "text/markdown"),
    ],
)
def test_the_end_of_a_name_tells(name: str, media_type: str | None) -> None:
    assert media_type_of_name(name) == media_type
