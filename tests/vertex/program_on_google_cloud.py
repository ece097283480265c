"""A program as it runs on Cloud Run: its only credentials are those of the metadata server.

It is a process of its own because google-auth reads the address of the metadata server when it is
imported. It asks Vertex at `argv[1]` whenever a line comes in: `project`, `ask`, or `advance N`,
which moves google-auth's clock on by so many seconds.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import google.auth._helpers
import httpx

from gemini_openai import APIStatusError, Client

passed = 0.0
start = datetime(2026, 11, 20, 12, 0, 0)  # as in `vertex_world.Clock`
google.auth._helpers.utcnow = lambda: start + timedelta(seconds=passed)


def ask() -> int:
    try:
        client.chat.completions.create(
            model="gemini-2.5-flash", messages=[{"role": "user", "content": "hi"}]
        )
    except APIStatusError as error:
        return error.status_code
    return 200


http_client = httpx.Client(trust_env=False)
with Client(vertexai=True, base_url=sys.argv[1], http_client=http_client, max_retries=0) as client:
    credentials = client._google
    assert credentials is not None
    credentials._clock = lambda: passed
    for line in sys.stdin:
        what, _, seconds = line.strip().partition(" ")
        if what == "project":
            print(client.project, flush=True)
        elif what == "advance":
            passed += float(seconds)
            print("advanced", flush=True)
        else:
            before = client.auth_headers
            status = ask()
            token = (before or client.auth_headers)["Authorization"].rpartition(" ")[2]
            print(status, token, flush=True)
            if credentials._refresh is not None:
                credentials._refresh.result(5)
