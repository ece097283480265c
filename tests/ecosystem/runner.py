"""Does cases inside an environment: `python -m ecosystem.runner frameworks.NAME WAY`.

Each line on stdin is the name of a case. Each line on stdout is what came of one, as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import inspect
import json
import os
import sys
import time
import traceback
from typing import Any

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to look for or connect to anything but this machine."""
    host = None
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    if isinstance(host, bytes):
        host = host.decode()
    if host and host not in LOOPBACK:
        raise OSError(f"{event} of {host}: only this machine is reached here")


def chain(raised: BaseException) -> list[dict[str, Any]]:
    """An error and those that it came from, as a traceback shows them."""
    errors = [raised]
    for error in errors:
        errors += [e for e in (error.__cause__, error.__context__) if e and e not in errors]
    return [
        {
            "classes": [kind.__name__ for kind in type(error).__mro__ if kind is not object],
            "message": str(error)[:2000],
            "status": getattr(error, "status_code", None),
        }
        for error in errors
    ]


class Doer:
    """Makes what a way says, and does cases with it, in one event loop."""

    def __init__(self, subject: str, way: str) -> None:
        if way == "alias":
            import gemini_openai

            gemini_openai.install_as_openai()
            way = "plain"  # the same program
        module = importlib.import_module(f"ecosystem.{subject}")
        if subject.startswith("tracers."):
            from ecosystem.tracing import Traced

            module = Traced(module)
        self.module = module
        self.make = getattr(module, way)
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)

    def do(self, case: str) -> dict[str, Any]:
        from ecosystem import task

        task.ran.clear()
        value, error, begun = None, [], time.monotonic()
        try:
            value = self.value(case)
        except (Exception, asyncio.CancelledError) as raised:  # noqa: BLE001  # what is looked at
            error = chain(raised)
            traceback.print_exc()
        seconds = time.monotonic() - begun
        return {"value": value, "ran": task.ran, "error": error, "seconds": seconds}

    def value(self, case: str) -> Any:
        made = self.make()
        things = made if isinstance(made, tuple) else (made,)  # the embedder is the last
        # A refusal is told in the same way whatever is asked.
        name = case if hasattr(self.module, case) else "answer"
        value = getattr(self.module, name)(things[-1] if case == "embeddings" else things[0])
        if inspect.isawaitable(value):
            value = self.loop.run_until_complete(value)
        if case == "embeddings":
            return [beginning(vector) for vector in value]
        return value.model_dump() if hasattr(value, "model_dump") else value


def beginning(vector: Any) -> list[float]:
    """The length of a vector, and its first numbers."""
    return [0] if vector is None else [len(vector), *map(float, vector[:4])]


def main() -> None:
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a framework prints is no reply
    sys.addaudithook(only_loopback)

    def say(what: dict[str, Any]) -> None:
        print(json.dumps(what, default=str), file=reply, flush=True)

    try:
        doer = Doer(*sys.argv[1:])
    except BaseException as error:  # noqa: BLE001  # nothing can be done in this way
        traceback.print_exc()
        say({"error": chain(error)})
        return
    say({"error": []})
    for line in sys.stdin:
        say(doer.do(line.strip()))


if __name__ == "__main__":
    main()
    sys.stderr.flush()
    os._exit(0)  # whatever threads a framework left running
