"""The command line, `gemini-openai`, a user of the package like any other.

Belongs here: commands, their options, and what they print.
Does not: anything a program could want without a terminal.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Without the extra `cli`, say how to install it and exit with 1."""
    try:
        from .app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"typer", "rich", "click"}:
            raise
        sys.exit(
            f"The command line needs {missing.name}, which is not installed. "
            "Install it with: pip install 'gemini-openai[cli]'"
        )
    app()
