"""Encode query parameters, nested ones in the brackets that `openai` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote_plus

from .._primitives.given import is_given


class Querystring:
    """`client.qs`: `encode_query`, by the name it has in `openai`."""

    def stringify(self, params: Mapping[str, object]) -> str:
        """See `encode_query`."""
        return encode_query(params)


def encode_query(params: Mapping[str, object]) -> str:
    """`a=1&b[c]=true&d[]=x`, percent-encoded; None and omitted values are left out."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(text)}"
        for key, value in params.items()
        for name, text in flat_pairs(key, value)
    )


def flat_pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """The value under its name; of a mapping or sequence each item, under a name in brackets."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            yield from flat_pairs(f"{name}[{key}]", item)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in cast("Sequence[object]", value):
            yield from flat_pairs(f"{name}[]", item)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None and is_given(value):
        yield name, str(value)
