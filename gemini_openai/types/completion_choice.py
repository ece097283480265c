"""Re-export a type at the import path that `openai` has."""

from .completion import CompletionChoice as CompletionChoice, Logprobs as Logprobs
