"""Keep the import path that the rate limiter had before `gemini_openai.bulk`."""

from ..bulk.rate_limit import Grant as Grant, RateLimiter as RateLimiter
