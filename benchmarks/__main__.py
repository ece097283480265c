"""Run all benchmarks and print a table with ratios: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version

from . import calls, imports
from .measure import Row, table


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds; the best of each counts")
    rounds = parser.parse_args().rounds

    rows: list[Row] = [*imports.measure(rounds), *calls.measure(rounds)]
    versions = ", ".join(f"{name} {version(name)}" for name in ("openai", "httpx", "pydantic"))
    print(f"CPU time, best of {rounds} rounds. Python {platform.python_version()}, {versions}.\n")
    print(table(rows))


if __name__ == "__main__":
    main()
