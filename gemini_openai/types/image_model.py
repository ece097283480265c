"""At openai's path."""

from .image_generate_params import ImageModel as ImageModel
