"""At openai's path."""

from .image_gen_stream_event import ImageGenPartialImageEvent as ImageGenPartialImageEvent
