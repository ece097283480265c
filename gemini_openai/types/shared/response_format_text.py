"""The response format for plain text."""

from typing import Literal

from ..._models import BaseModel


class ResponseFormatText(BaseModel):
    type: Literal["text"]
