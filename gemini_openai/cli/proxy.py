"""Serve until interrupted: `gemini-openai proxy`."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

from ..proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def run_proxy(
    account: Mapping[str, Any],
    *,
    model_map: Iterable[str],
    as_json: bool,
    log: bool,
    **settings: Any,
) -> None:
    """Print where it listens when it is ready; return on SIGINT or SIGTERM."""
    if log:
        _log_to_stderr()
    warnings.formatwarning = _one_line  # what was left out of a request, not where in this package
    stopped = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Proxy(model_map=_pairs(model_map), **account, **settings) as proxy:
            print(_as_json(proxy) if as_json else _as_lines(proxy), flush=True)
            # On Windows a wait without a timeout cannot be interrupted.
            while not stopped.wait(1.0):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_json(proxy: Proxy) -> str:
    token = {"token": proxy.token} if proxy.made_token else {}
    return json.dumps(
        {
            "base_url": proxy.base_url,
            "port": proxy.port,
            "pid": os.getpid(),
            "wants_token": proxy.token is not None,
            **token,
        }
    )


def _as_lines(proxy: Proxy) -> str:
    lines = [f"OPENAI_BASE_URL={proxy.base_url}"]
    if proxy.made_token:
        lines.append(f"OPENAI_API_KEY={proxy.token}")
    return "\n".join(lines)


def _pairs(given: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, model = (part.strip() for part in text.partition("="))
        if not (name and equals and model):
            raise ValueError(f"--model-map takes NAME=MODEL, not {text!r}.")
        pairs[name] = model
    return pairs


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger = logging.getLogger("gemini_openai.proxy")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _one_line(message: Warning | str, *_place: object, **_line: object) -> str:
    return f"{message}\n"
