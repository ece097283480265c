"""Re-export a type at the import path that `openai` has."""

from .file_create_params import FilePurpose as FilePurpose
