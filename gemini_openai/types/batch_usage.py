"""Re-export a type at the import path that `openai` has."""

from .batch import (
    BatchUsage as BatchUsage,
    InputTokensDetails as InputTokensDetails,
    OutputTokensDetails as OutputTokensDetails,
)
