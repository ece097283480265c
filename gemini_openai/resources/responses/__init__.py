"""The Responses API, which Gemini has not."""

from .responses import AsyncResponses as AsyncResponses, Responses as Responses
