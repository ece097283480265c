"""`python -m gemini_openai.cli` as `gemini-openai`."""

from . import main

main()
