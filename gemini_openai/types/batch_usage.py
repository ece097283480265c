"""At openai's path."""

from .batch import (
    BatchUsage as BatchUsage,
    InputTokensDetails as InputTokensDetails,
    OutputTokensDetails as OutputTokensDetails,
)
