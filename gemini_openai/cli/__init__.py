"""The command line, `gemini-openai`."""

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
