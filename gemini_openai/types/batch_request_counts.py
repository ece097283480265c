"""At openai's path."""

from .batch import BatchRequestCounts as BatchRequestCounts
