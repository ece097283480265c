"""A server on this machine through which programs with OpenAI's API talk to Gemini.

Belongs here: who may ask, what is passed on of requests and answers, and what is logged of them.
Does not: what Gemini takes and answers; `transport` knows that.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .proxy import Proxy as Proxy

__all__ = ["Proxy"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = import_module(f"{__name__}.proxy").Proxy
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__]
