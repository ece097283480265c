"""The Responses API, which Gemini lacks."""

from .responses import AsyncResponses as AsyncResponses, Responses as Responses
