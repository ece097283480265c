"""Read JSON that is broken in a single text or number, so that the rest of it is not lost."""

from __future__ import annotations

import json

_MOST_DIGITS = 300  # a float has no more; Python itself reads 4300


def mended_json(data: bytes) -> bytes | None:
    """`data` as JSON that every reader takes; None where it is none, or nested too deeply.

    What is no UTF-8, and half a surrogate pair, becomes U+FFFD; a number of hundreds of digits
    becomes text.
    """
    try:
        value = json.loads(data.decode("utf-8", "replace"), parse_int=_number)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return None
    # Only UTF-16 has a place for half a pair.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.encode()


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits
