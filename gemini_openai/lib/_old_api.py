"""Accept the names of openai before 1.0; calling one raises an error that says what to use."""

from __future__ import annotations

from .._exceptions import OpenAIError
from ..resources._unsupported import Unsupported

TODAY = {
    "Audio": "client.audio",
    "ChatCompletion": "client.chat.completions",
    "Completion": "client.chat.completions",
    "Customer": "",
    "Deployment": "client.models",
    "Edit": "client.chat.completions",
    "Embedding": "client.embeddings",
    "Engine": "client.models",
    "ErrorObject": "gemini_openai.APIError",
    "File": "client.files",
    "FineTune": "client.fine_tuning",
    "FineTuningJob": "client.fine_tuning",
    "Image": "client.images",
    "Model": "client.models",
    "Moderation": "client.moderations",
}
"""What replaced each name; empty where nothing did."""


class APIRemovedInV1(OpenAIError):
    """A name that openai removed in its version 1.0 was called."""

    def __init__(self, *, symbol: str) -> None:
        super().__init__(symbol)
        self.symbol = symbol

    def __str__(self) -> str:
        message = (
            f"gemini_openai.{self.symbol} is how openai was called before its version 1.0. "
            "Make a client, client = gemini_openai.OpenAI(), and call its methods"
        )
        today = TODAY[self.symbol.partition(".")[0]]
        return f"{message}: use {today} instead." if today else f"{message}."


def __getattr__(name: str) -> Unsupported:
    if name not in TODAY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = stand_in = Unsupported(name, lambda path: APIRemovedInV1(symbol=path))
    return stand_in
