"""At openai's path."""

from .file_create_params import FilePurpose as FilePurpose
