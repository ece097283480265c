"""The proxy with Google credentials: a program has the proxy's token, Google one of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from vertex.vertex_world import CHAT, QUESTION

from gemini_openai.proxy import Proxy

if TYPE_CHECKING:
    from vertex.vertex_world import Vertex


def test_google_credentials_stay_with_the_proxy(vertex: Vertex, adc: str) -> None:
    options = {"vertexai": True, "project": "p", "base_url": vertex.emulator.origin}
    with Proxy(**options) as proxy:  # type: ignore[arg-type]
        headers = {"authorization": f"Bearer {proxy.token}"}
        with httpx.Client(base_url=proxy.base_url, headers=headers) as http:
            assert http.post("/chat/completions", json=QUESTION).json()["choices"]
            answer = http.post("/chat/completions", json={**QUESTION, "stream": True})
            assert answer.text.endswith("data: [DONE]\n\n")
            assert "gemini-2.5-flash" in [m["id"] for m in http.get("/models").json()["data"]]
    calls = [request for request in vertex.emulator.requests if request.path == CHAT]
    tokens = {request.headers["authorization"] for request in calls}
    assert len(calls) == 2
    assert proxy.token not in repr(tokens)
    secret = json.loads(Path(adc).read_text(encoding="utf-8"))["private_key"]
    assert secret not in answer.text
    assert not any(token in answer.text + repr(answer.headers) for token in tokens)
