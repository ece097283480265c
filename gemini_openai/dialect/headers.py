"""What Google asks clients to say of themselves."""

from __future__ import annotations

import sys


def client_headers(version: str) -> dict[str, str]:
    """`x-goog-api-client`, as Google's partner page asks integrators to send it."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {"x-goog-api-client": f"gemini-openai/{version} gl-python/{python}"}
