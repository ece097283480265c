"""Re-export a type at the import path that `openai` has."""

from ..shared.reasoning_effort import ReasoningEffort

ChatCompletionReasoningEffort = ReasoningEffort
