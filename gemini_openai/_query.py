"""Query parameters to a query string, nested ones in the brackets `openai` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote_plus

from ._given import is_given


def encode_query(params: Mapping[str, object]) -> str:
    """`a=1&b[c]=true&d[]=x`, percent-encoded; None, omitted and empty values are left out."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(text)}"
        for key, value in params.items()
        for name, text in _flat(key, value)
        if text
    )


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            yield from _flat(f"{name}[{key}]", item)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in cast("Sequence[object]", value):
            yield from _flat(f"{name}[]", item)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None and is_given(value):
        yield name, str(value)
