"""Re-export a type at the import path that `openai` has."""

from ..shared.metadata import Metadata as Metadata
