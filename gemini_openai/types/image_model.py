"""Re-export a type at the import path that `openai` has."""

from .image_generate_params import ImageModel as ImageModel
