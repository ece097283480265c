"""The Responses API, which Gemini lacks: classes for tracers to patch."""

from .._unsupported import unsupported_classes

Responses, AsyncResponses = unsupported_classes(
    "responses", "create parse stream retrieve cancel delete compact"
)
