"""Re-export a type at the import path that `openai` has."""

from .model import ModelDeleted as ModelDeleted
