"""At openai's path."""

from .file_object import FileDeleted as FileDeleted
