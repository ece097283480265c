"""A model one may call."""

from typing import Literal

from .._models import BaseModel


class Model(BaseModel):
    """Gemini adds `display_name`."""

    id: str
    """With `models/` in front; calls take it with and without."""
    created: int = 0
    """0: Gemini does not say."""
    object: Literal["model"]
    owned_by: str
    shutdown_date: str | None = None


class ModelDeleted(BaseModel):
    id: str
    deleted: bool
    object: str
