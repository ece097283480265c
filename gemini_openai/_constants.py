"""Numbers and names that several modules share, with their reasons."""

from __future__ import annotations

DEFAULT_MAX_RETRIES = 2  # openai's
DEFAULT_RETRY_BUDGET = 120.0  # seconds: twice Google's one-minute quota window
DEFAULT_TIMEOUT_SECONDS = 600.0  # openai's: the longest answers take minutes
DEFAULT_CONNECT_SECONDS = 5.0
DEFAULT_MAX_CONNECTIONS = 1000  # openai's, and the next
DEFAULT_MAX_KEEPALIVE = 100
DEFAULT_MAX_RESPONSE_BYTES = 128 << 20  # several times the largest answer with pictures
MAX_PROXIED_BYTES = 100 << 20  # of a request: room for the pictures of a long conversation
MAX_ERROR_BYTES = 1 << 20  # of the body of a refusal

INITIAL_RETRY_DELAY = 0.5  # seconds; openai's, and the next two
MAX_RETRY_DELAY = 8.0
RETRY_JITTER = 0.25

VERTEX_SWITCHES = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")

RAW_RESPONSE_HEADER = "X-Stainless-Raw-Response"

SECRET_HEADERS = frozenset(
    {
        "api-key",
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "x-goog-api-key",
        "x-goog-iam-authorization-token",
    }
)
QUOTA_PROJECT = "x-goog-user-project"  # no secret, but for Google only
