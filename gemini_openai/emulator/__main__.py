"""Run an emulator from the command line until it is interrupted."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from typing import TYPE_CHECKING

from .answers.quirks import all_quirks, switches

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the base URL on one line when the server is ready; return on SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="python -m gemini_openai.emulator",
        description="Serve Gemini's OpenAI-compatible dialect on this machine, without a model.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8080, help="port to listen on; 0 picks a free one"
    )
    parser.add_argument(
        "--log-level",
        default="warning",
        choices=["debug", "info", "warning", "error", "critical"],
        help="info writes one line per request to stderr",
    )
    parser.add_argument(
        "--quirk",
        action="append",
        default=[],
        metavar="NAME",
        help="turn a quirk on, or off with --quirk=-NAME; may be repeated. "
        f"Quirks: {', '.join(row.name for row in all_quirks())}",
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NAME",
        help="accept this name as a model too; may be repeated",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    stopped = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        stopped.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        from .server.emulator import Emulator

        quirks: list[str] = options.quirk
        models: list[str] = options.model
        emulator = Emulator(
            quirks=switches(quirks),
            models=models,
            keep=0,
            host=options.host,
            port=options.port,
        )
        emulator.start()
    except (ImportError, ValueError, OSError) as error:
        print(f"gemini_openai.emulator: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(emulator.base_url, flush=True)  # noqa: T201
    # On Windows a wait without a timeout cannot be interrupted.
    while not stopped.wait(1.0):
        pass
    emulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
