"""At openai's path."""

from .image_edit_stream_event import ImageEditPartialImageEvent as ImageEditPartialImageEvent
