"""Plain text as the form of the answer."""

from typing import Literal

from ..._models import BaseModel


class ResponseFormatText(BaseModel):
    type: Literal["text"]
