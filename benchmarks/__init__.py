"""Compare the costs of this package with those of `openai` and of hand-written code."""
