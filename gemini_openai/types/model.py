"""A model that can be called."""

from typing import Literal

from .._models import BaseModel


class Model(BaseModel):
    """Gemini adds `display_name`."""

    id: str
    """Begins with `models/`; calls accept it with and without."""
    created: int = 0
    """0, because Gemini does not send it."""
    object: Literal["model"]
    owned_by: str
    shutdown_date: str | None = None


class ModelDeleted(BaseModel):
    id: str
    deleted: bool
    object: str
