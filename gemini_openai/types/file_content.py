"""Re-export a type at the import path that `openai` has."""

from .file_object import FileContent as FileContent
