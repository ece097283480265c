"""Put ids into paths, and compare URLs."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

_SAFE = "/!$&'()*+,;=:@"  # RFC 3986 lets all these stand in a path


def path_id(name: str, value: str) -> str:
    """`value` for a path, its slashes kept.

    The id of a batch is `batches/...`, and Google's own samples ask for it as it is:
    https://ai.google.dev/gemini-api/docs/openai#batch.

    Raises `ValueError` when it is empty or would lead to another path; `name` is the parameter.
    """
    if not value:
        raise ValueError(
            f"Expected a non-empty value for `{name}` but received {value!r}. "
            "Give the `id` of what create() returned or list() shows."
        )
    path = str(value)
    if any(part in {".", ".."} for part in path.split("/")):
        raise ValueError(f"`{name}` is {value!r}, and '.' and '..' would lead to another path.")
    return quote(path, safe=_SAFE)


def same_origin(one: str, other: str) -> bool:
    """Whether both URLs have the same scheme, host and port; a login in them does not count."""
    try:
        return _origin(one) == _origin(other)
    except ValueError:
        return False  # no URL


def leaves_https(url: str, target: str) -> bool:
    """Whether what went to `url` by https would go to `target` by http."""
    return url.startswith("https:") and target.startswith("http:")


def gains_https(url: str, target: str) -> bool:
    """Whether `target` is the same host by https, both at their usual ports."""
    try:
        scheme, host, port = _origin(url)
        return (scheme, port) == ("http", 80) and _origin(target) == ("https", host, 443)
    except ValueError:
        return False  # no URL


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


_PORTS = {"http": 80, "https": 443}


def without_login(url: str) -> str:
    """The URL without `user:password@`."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
