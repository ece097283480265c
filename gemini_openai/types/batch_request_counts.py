"""Re-export a type at the import path that `openai` has."""

from .batch import BatchRequestCounts as BatchRequestCounts
