"""Measure what imports, the first call and a further client cost in new interpreters."""

from __future__ import annotations

import resource
import subprocess
import sys

from .measure import Row
from .server import canned_server

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
client.chat.completions.create(model="m", messages=[{{"role": "user", "content": "Hello"}}])
"""
CODE["… and the first answer read"] = (
    CALL.format(http="httpx", package="gemini_openai"),
    CALL.format(http="httpx2", package="openai"),
    None,
)
FURTHER = 20
AFTERWARDS = f"""
import sys
from time import process_time
from {{package}} import OpenAI
client = OpenAI(api_key="k", base_url=sys.argv[1])
times = [process_time()]
client.chat.completions.create(model="m", messages=[{{{{"role": "user", "content": "Hello"}}}}])
times.append(process_time())
for _ in range({FURTHER}):
    OpenAI(api_key="k")
times.append(process_time())
print(1e3 * (times[1] - times[0]), 1e6 * (times[2] - times[1]) / {FURTHER})
"""


def measure(rounds: int) -> list[Row]:
    """CPU time of each piece of code, minus that of a bare interpreter, and of what follows."""
    pieces = {"pass", *(code for codes in CODE.values() for code in codes if code)}
    best = dict.fromkeys(pieces, float("inf"))
    for _ in range(rounds):
        for code in pieces:
            best[code] = min(best[code], _cpu(code))
    bare = best["pass"]

    def over(code: str | None) -> float | None:
        return None if code is None else max(best[code] - bare, 0.1)

    rows = [
        Row(f"import: {what}", "ms", over(ours) or 0.1, over(theirs) or 0.1, over(floor))
        for what, (ours, theirs, floor) in CODE.items()
    ]
    with canned_server() as url:
        ours, theirs = (_afterwards(name, url, rounds) for name in ("gemini_openai", "openai"))
    what = ("the first call, over a socket", "ms"), ("a further client", "µs")
    return [
        *rows,
        *(Row(*named, *both, None) for named, *both in zip(what, ours, theirs, strict=True)),
    ]


def _afterwards(package: str, url: str, rounds: int) -> list[float]:
    """The least milliseconds of a process's first call, and microseconds of a further client."""
    command = [sys.executable, "-c", AFTERWARDS.format(package=package), url]
    told = [
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        for _ in range(rounds)
    ]
    return [min(map(float, times)) for times in zip(*told, strict=True)]


def _cpu(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1000
