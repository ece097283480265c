"""Run a program under which `import openai` gives this package.

`python -m gemini_openai.as_openai program.py …`, or `-m module …` in place of the program.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from . import install_as_openai

USAGE = "usage: python -m gemini_openai.as_openai [-m module | program.py] [argument ...]"


def main(arguments: list[str]) -> None:
    """Run the program or module that `arguments` begin with, as Python itself would."""
    by_module = arguments[:1] == ["-m"]
    program = arguments[int(by_module) :]
    if not program or (program[0].startswith("-") and not by_module):
        sys.exit(USAGE)
    install_as_openai()
    sys.argv[:] = program
    if by_module:
        runpy.run_module(program[0], run_name="__main__", alter_sys=True)
        return
    if not getattr(sys.flags, "safe_path", False):  # `python -P`
        sys.path[0] = str(Path(program[0]).resolve().parent)
    runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
