"""A server that speaks Gemini's OpenAI-compatible dialect, faults included; there is no model.

Answers are made by rule and say so, or are scripted by a test. `Emulator` runs it in a thread,
`python -m gemini_openai.emulator` on its own. Nothing here imports the client. Imports go down:
`server` > `routes` > `state` > `answers` > `http`; each folder says what belongs in it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .answers import faults as faults
    from .answers.answer import Answer as Answer, Call as Call
    from .answers.quirks import Quirks as Quirks
    from .http.replies import Drop as Drop, Reply as Reply, Sse as Sse, Stall as Stall
    from .http.requests import Headers as Headers, Received as Received
    from .server.emulator import Emulator as Emulator
    from .state.google_auth import GoogleAuth as GoogleAuth
    from .state.jobs import Job as Job

_MODULES = {
    "Answer": "answers.answer",
    "Call": "answers.answer",
    "Drop": "http.replies",
    "Emulator": "server.emulator",
    "GoogleAuth": "state.google_auth",
    "Headers": "http.requests",
    "Job": "state.jobs",
    "Quirks": "answers.quirks",
    "Received": "http.requests",
    "Reply": "http.replies",
    "Sse": "http.replies",
    "Stall": "http.replies",
}

__all__ = [
    "Answer",
    "Call",
    "Drop",
    "Emulator",
    "GoogleAuth",
    "Headers",
    "Job",
    "Quirks",
    "Received",
    "Reply",
    "Sse",
    "Stall",
    "faults",
]


def __getattr__(name: str) -> object:
    if name == "faults":
        return import_module(f"{__name__}.answers.faults")
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__]
