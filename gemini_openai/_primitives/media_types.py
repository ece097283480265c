"""Recognise the media type of a file by its first bytes or its name."""

from __future__ import annotations

_SIGNATURES = (
    # How a file begins; no entry begins another.
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"FLV\x01", "video/x-flv"),
    (b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-wmv"),
)
_CONTAINERS = {
    # The first four bytes and the third four; between them is the size.
    (b"RIFF", b"WEBP"): "image/webp",
    (b"RIFF", b"WAVE"): "audio/wav",
    (b"RIFF", b"AVI "): "video/x-msvideo",
    (b"FORM", b"AIFF"): "audio/aiff",
    (b"FORM", b"AIFC"): "audio/aiff",
}
_BRANDS = {
    # What an ISO base media file says it is, after `ftyp`: https://mp4ra.org/registered-types/brands
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_SUFFIXES = {
    # Those that matter here: what `mimetypes` says depends on the machine.
    ".aac": "audio/aac",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".avi": "video/x-msvideo",
    ".flac": "audio/flac",
    ".flv": "video/x-flv",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".mpeg": "video/mpeg",
    ".mpg": "video/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".wmv": "video/x-ms-wmv",
}


def media_type_of_bytes(data: bytes) -> str | None:
    """The media type that the first bytes show; None where they show none that is known here."""
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if data[:1024].lstrip(b"\xef\xbb\xbf\t\r\n ").startswith(b"%PDF-"):
        return "application/pdf"
    if (data[:4], data[8:12]) in _CONTAINERS:
        return _CONTAINERS[data[:4], data[8:12]]
    if data[4:8] == b"ftyp":
        return _iso_media_type(data)
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in data[:64] else "video/x-matroska"
    return _frame_type(data[:2])


def media_type_of_name(name: str) -> str | None:
    """The media type that the end of a file name or of the path of a URL shows."""
    import mimetypes

    path = name.partition("?")[0].partition("#")[0]
    suffix = path[path.rfind(".") :].lower()
    return _SUFFIXES.get(suffix) or mimetypes.guess_type(path)[0]


def _iso_media_type(data: bytes) -> str:
    brand = data[8:12]
    also = data[16 : min(int.from_bytes(data[:4], "big"), 256)]  # the compatible brands
    if brand in (b"mif1", b"msf1"):
        if b"avif" in also:
            return "image/avif"
        return "image/heic" if b"heic" in also else "image/heif"
    if brand.startswith(b"3g"):
        return "video/3gpp"
    return _BRANDS.get(brand, "video/mp4")


def _frame_type(start: bytes) -> str | None:
    """The type of sound that begins with a frame: 11 or 12 bits set, and then the layer."""
    frame = int.from_bytes(start, "big")
    if frame & 0xFFF6 == 0xFFF0:
        return "audio/aac"
    return "audio/mpeg" if frame & 0xFFE6 == 0xFFE2 else None
