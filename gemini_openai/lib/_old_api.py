"""The names of openai before 1.0: they can be imported, and a call says what to write today."""

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
"""What took the place of each name."""


class APIRemovedInV1(OpenAIError):
    """Something of openai before 1.0 was called, which is no more."""

    def __init__(self, *, symbol: str) -> None:
        super().__init__(symbol)
        self.symbol = symbol

    def __str__(self) -> str:
        message = (
            f"gemini_openai.{self.symbol} is how openai was called before its version 1.0. "
            "Make a client, client = gemini_openai.OpenAI(), and call its methods"
        )
        today = TODAY[self.symbol.partition(".")[0]]
        return f"{message}; this one's place has {today}." if today else f"{message}."

    def __reduce__(self) -> tuple[object, ...]:
        return _removed, (self.symbol,)


def _removed(symbol: str) -> APIRemovedInV1:
    return APIRemovedInV1(symbol=symbol)


Audio = Unsupported("Audio", _removed)
ChatCompletion = Unsupported("ChatCompletion", _removed)
Completion = Unsupported("Completion", _removed)
Customer = Unsupported("Customer", _removed)
Deployment = Unsupported("Deployment", _removed)
Edit = Unsupported("Edit", _removed)
Embedding = Unsupported("Embedding", _removed)
Engine = Unsupported("Engine", _removed)
ErrorObject = Unsupported("ErrorObject", _removed)
File = Unsupported("File", _removed)
FineTune = Unsupported("FineTune", _removed)
FineTuningJob = Unsupported("FineTuningJob", _removed)
Image = Unsupported("Image", _removed)
Model = Unsupported("Model", _removed)
Moderation = Unsupported("Moderation", _removed)
