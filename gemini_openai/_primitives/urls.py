"""Put ids into paths, and compare URLs."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

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
    """Whether both URLs have the same scheme, host and port."""
    return urlsplit(one)[:2] == urlsplit(other)[:2]
