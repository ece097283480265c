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

from gemini_openai._google_auth import GoogleCredentials

QUESTION = {"model": "google/gemini-2.5-flash", "messages": [{"role": "user", "content": "hi"}]}

passed = 0.0
start = datetime(2026, 11, 20, 12, 0, 0)  # as in `vertex_world.Clock`
google.auth._helpers.utcnow = lambda: start + timedelta(seconds=passed)
credentials = GoogleCredentials(clock=lambda: passed)

with httpx.Client(trust_env=False) as http:
    for line in sys.stdin:
        what, _, seconds = line.strip().partition(" ")
        if what == "project":
            print(credentials.find_project(), flush=True)
        elif what == "advance":
            passed += float(seconds)
            print("advanced", flush=True)
        else:
            headers = credentials.headers()
            status = http.post(sys.argv[1], headers=headers, json=QUESTION).status_code
            if status == 401 and (fresh := credentials.headers(headers)) != headers:
                status = http.post(sys.argv[1], headers=fresh, json=QUESTION).status_code
            print(status, headers["authorization"].rpartition(" ")[2], flush=True)
            if credentials._flight is not None:
                credentials._flight.result(5)
