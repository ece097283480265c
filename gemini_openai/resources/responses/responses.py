"""The Responses API, which Gemini has not: for tracers."""

from .._unsupported import unsupported_classes

Responses, AsyncResponses = unsupported_classes(
    "responses",
    "Responses",
    """
        create parse stream retrieve cancel delete compact
    """,
)
