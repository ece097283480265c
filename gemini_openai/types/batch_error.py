"""At openai's path."""

from .batch import BatchError as BatchError
