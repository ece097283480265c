"""A seed to an id in OpenAI's form; the same seed gives the same id."""

from __future__ import annotations

import os
from hashlib import sha256

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def call_id(*seed: object) -> str:
    """The id of a tool call: `call_` and 24 letters or digits."""
    return "call_" + _letters(seed, 24)


def chunk_id(*seed: object) -> str:
    """The id of a streamed answer: `chatcmpl-` and 29 letters or digits."""
    return "chatcmpl-" + _letters(seed, 29)


def random_seed() -> str:
    """A seed that nobody else has."""
    return os.urandom(16).hex()


def _letters(seed: tuple[object, ...], count: int) -> str:
    digest = sha256("\x1f".join(map(str, seed)).encode("utf-8", "surrogatepass")).digest()
    return "".join(_ALPHABET[byte % 62] for byte in digest[:count])
