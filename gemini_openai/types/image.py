"""At openai's path."""

from .images_response import Image as Image
