"""At openai's path."""

from ..shared.metadata import Metadata as Metadata
