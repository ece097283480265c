"""At openai's path."""

from .file_object import FileContent as FileContent
