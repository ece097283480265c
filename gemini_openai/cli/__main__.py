"""Run `gemini-openai` as `python -m gemini_openai.cli`."""

from . import main

main()
