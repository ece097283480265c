"""Make base URLs of what people write, and find Google's own routes beside them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from ..._primitives.patterns import late_pattern
from ..._primitives.urls import same_origin

GEMINI_HOST = "generativelanguage.googleapis.com"
GEMINI_BASE_URL = f"https://{GEMINI_HOST}/v1beta/openai/"
_COMPATIBLE = "/v1beta/openai/"
_ROOT = late_pattern(r".*?/(?:v1[a-z0-9]*/openai|endpoints/[^/]+)/")


def is_developer_url(url: str) -> bool:
    """Whether a URL is of the Gemini Developer API, by its host."""
    return urlsplit(url).hostname == GEMINI_HOST


def normalise_base_url(url: str) -> str:
    """`url` with a slash at its end; on Google's own host, the OpenAI-compatible root.

    There the bare host, `/v1beta`, `/v1beta/openai` and a pasted `/v1beta/openai/chat/completions`
    mean the same, and a `?key=` is dropped: a key belongs in a header, and two are refused. Any
    other URL is taken as it is.
    """
    parts = urlsplit(url)
    if is_developer_url(url):
        version = parts.path.strip("/").partition("/")[0]
        root = f"/{version}/openai/" if version.startswith("v1") else _COMPATIBLE
        return urlunsplit((parts.scheme, parts.netloc, root, "", ""))
    return url if parts.path.endswith("/") else urlunsplit(parts._replace(path=parts.path + "/"))


def parted_at_root(url: str) -> tuple[str, str] | None:
    """A URL as its OpenAI-compatible root and the rest; None if it has none of Google's roots."""
    root = _ROOT.match(url)
    return None if root is None else (root[0], url[root.end() :])


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


class NativeRoots(NamedTuple):
    """Where Google's own routes are, beside the OpenAI-compatible ones; each ends with a slash."""

    api: str
    upload: str
    download: str


@lru_cache(maxsize=16)
def native_roots(base_url: str) -> NativeRoots | None:
    """The roots of Google's own protocol beside a base URL that ends in `/v1beta/openai/`.

    A proxy may have a path of its own before that. None for a base URL of another shape: what is
    there is OpenAI-like, and has OpenAI's own routes or none.
    """
    before, found, rest = base_url.rstrip("/").rpartition("/openai")
    root, _, version = before.rpartition("/")
    if not found or rest or not version.startswith(("v1beta", "v1alpha")):
        return None
    return NativeRoots(f"{before}/", f"{root}/upload/{version}/", f"{root}/download/{version}/")


def is_native(url: str, base_url: str) -> bool:
    """Whether an absolute URL is below one of the native roots, and not OpenAI-compatible."""
    roots = native_roots(base_url)
    return roots is not None and url.startswith(roots) and not url.startswith(base_url)


def redirect_target(url: str, location: str, *, native: bool = True) -> str | None:
    """Where a `url` leads that was answered with this `location`; None if that is no URL.

    Behind a proxy Google's servers name their own host, which only the proxy can reach: for a
    `native` route its address takes that place, as in google-genai for the URLs of uploads. On any
    other route it is the gateway that sends to Google's host, and means it.
    """
    ours = urlsplit(url)
    try:
        target = urlsplit(urljoin(url, location))
        if target.scheme not in {"http", "https"} or not target.hostname:
            return None
        _ = target.port  # raises for what is none
    except ValueError:
        return None
    if same_origin(url, location):
        target = target._replace(netloc=ours.netloc)  # with the login, if there is one
    if not native or target.hostname != GEMINI_HOST:
        return urlunsplit(target)
    before = ours.path.partition("/upload/v1")[0].partition("/download/v1")[0].partition("/v1")[0]
    return urlunsplit((ours.scheme, ours.netloc, before + target.path, target.query, ""))
