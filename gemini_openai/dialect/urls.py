"""What people write as the base URL to the one that the routes hang on."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

GEMINI_HOST = "generativelanguage.googleapis.com"
GEMINI_BASE_URL = f"https://{GEMINI_HOST}/v1beta/openai/"
_COMPATIBLE = "/v1beta/openai/"


def normalise_base_url(url: str) -> str:
    """`url` with a slash at its end; on Google's own host, the OpenAI-compatible root.

    There the bare host, `/v1beta`, `/v1beta/openai` and a pasted `/v1beta/openai/chat/completions`
    mean the same, and a `?key=` is dropped: a key belongs in a header, and two are refused. Any
    other URL is taken as it is.
    """
    parts = urlsplit(url)
    if parts.hostname == GEMINI_HOST:
        version = parts.path.strip("/").partition("/")[0]
        root = f"/{version}/openai/" if version.startswith("v1") else _COMPATIBLE
        return urlunsplit((parts.scheme, parts.netloc, root, "", ""))
    return url if parts.path.endswith("/") else urlunsplit(parts._replace(path=parts.path + "/"))


def compatible_root(url: str) -> str:
    """The OpenAI-compatible root below a root of the whole API, as `GOOGLE_GEMINI_BASE_URL` has it.

    Google's own SDK appends the API version to that variable, so a bare host or `/v1beta` there
    stands for the root; anything longer is taken as it is.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if path in {"", "/v1beta"}:
        return normalise_base_url(urlunsplit(parts._replace(path=_COMPATIBLE)))
    return normalise_base_url(url)
