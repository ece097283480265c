"""At openai's path."""

from ..shared.reasoning_effort import ReasoningEffort

ChatCompletionReasoningEffort = ReasoningEffort
