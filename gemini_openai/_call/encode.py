"""Encode Python values as JSON bytes."""

from __future__ import annotations

import io
import json
import operator
import os
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, cast

import pydantic

from .._primitives.given import is_given, omit
from .._primitives.json_types import is_array, is_object


def encode_json(body: object) -> bytes:
    """JSON as UTF-8, of what `plain_json` gives.

    Raises `ValueError`, with the place, for NaN and the infinities, which JSON lacks.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError as trouble:
        for place, number in _numbers(body, "the body"):
            if not isfinite(number):
                raise ValueError(
                    f"Out of range float values are not JSON compliant: {place} is {number}. "
                    "Give a finite number, or leave it out."
                ) from trouble
        raise
    return text.encode("utf-8", "surrogatepass")


def _numbers(value: Any, place: str) -> Iterator[tuple[str, float]]:
    """The floats in a JSON value, each with its place."""
    if isinstance(value, float):
        yield place, value
    elif is_object(value) or is_array(value):
        for key, item in value.items() if is_object(value) else enumerate(value):
            yield from _numbers(item, f"{place}[{key!r}]")


def plain_json(value: Any, place: str = "the body") -> Any:
    """`value` made of dicts, lists and scalars only; the same object, if it is already.

    Results of this package become what they were on the wire, dates ISO 8601 text, other iterables
    lists, and omitted entries are left out.

    Raises `TypeError`, with the place, for what has no JSON form.
    """
    kind: Any = value.__class__
    if kind in _SCALARS:
        return value
    if kind is dict:
        new = None
        for key, item in value.items():
            if type(item) in _SCALARS:
                continue
            plain = plain_json(item, f"{place}[{key!r}]") if is_given(item) else omit
            if plain is not item or plain is omit:
                new = dict(value) if new is None else new
                new[key] = plain
        return value if new is None else {k: v for k, v in new.items() if v is not omit}
    if kind is list:
        items = [
            item if type(item) in _SCALARS else plain_json(item, f"{place}[{i}]")
            for i, item in enumerate(value)
            if is_given(item)
        ]
        same = len(items) == len(value) and all(map(operator.is_, items, value))
        return value if same else items
    return _plain(value, place)


_SCALARS = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any, place: str) -> Any:
    name: str = value.__class__.__name__
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, (str, int, float)):
        return value  # of a subclass, an enum for example
    if isinstance(value, Mapping):
        return plain_json({**value}, place)
    if (isoformat := getattr(value, "isoformat", None)) is not None:
        return isoformat()
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, io.IOBase)):
        return plain_json([*value], place)
    shown = str(cast("object", value))[:80]
    advice = (
        "To send a file in a message, send its bytes as a data: URL."
        if isinstance(value, (os.PathLike, bytes, bytearray, io.IOBase))
        else "Turn it into str, number, bool, None, list or dict first."
    )
    raise TypeError(
        f"Object of type {name} is not JSON serializable: {place} is {shown!r}. {advice}"
    )
