"""At openai's path."""

from .model import ModelDeleted as ModelDeleted
