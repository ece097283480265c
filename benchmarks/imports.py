"""Measure the cost of imports in new interpreters, minus the cost of a bare interpreter."""

from __future__ import annotations

import resource
import subprocess
import sys

from .measure import Row

CODE = {
    "`import X`": ("import gemini_openai", "import openai", None),
    "`from X import OpenAI`": (
        "from gemini_openai import OpenAI",
        "from openai import OpenAI",
        None,
    ),
    "… and a client made": (
        "from gemini_openai import OpenAI; OpenAI(api_key='k')",
        "from openai import OpenAI; OpenAI(api_key='k')",
        "import httpx; httpx.Client()",
    ),
    "… and ready to call": (
        "from gemini_openai import OpenAI; OpenAI(api_key='k').chat.completions.create",
        "from openai import OpenAI; OpenAI(api_key='k').chat.completions.create",
        "import httpx, pydantic_core; httpx.Client()",
    ),
}
CALL = """
import {http} as http
from {package} import OpenAI
body = b'{{"choices": [], "created": 1, "id": "x", "model": "m", "object": "chat.completion"}}'
headers = {{"content-type": "application/json"}}
answer = http.MockTransport(lambda request: http.Response(200, content=body, headers=headers))
client = OpenAI(api_key="k", http_client=http.Client(transport=answer))
client.chat.completions.create(model="m", messages=[])
"""
CODE["… and the first answer read"] = (
    CALL.format(http="httpx", package="gemini_openai"),
    CALL.format(http="httpx2", package="openai"),
    None,
)


def measure(rounds: int) -> list[Row]:
    """Milliseconds of CPU for each piece of code."""
    pieces = {"pass", *(code for codes in CODE.values() for code in codes if code)}
    best = dict.fromkeys(pieces, float("inf"))
    for _ in range(rounds):
        for code in pieces:
            best[code] = min(best[code], _cpu(code))
    bare = best["pass"]

    def over(code: str | None) -> float | None:
        return None if code is None else max(best[code] - bare, 0.1)

    return [
        Row(f"import: {what}", "ms", over(ours) or 0.1, over(theirs) or 0.1, over(floor))
        for what, (ours, theirs, floor) in CODE.items()
    ]


def _cpu(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1000
