"""Re-export a type at the import path that `openai` has."""

from .images_response import Image as Image
