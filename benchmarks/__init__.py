"""Costs of this package beside those of `openai` and of doing it by hand."""
