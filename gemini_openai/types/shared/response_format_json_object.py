"""The response format for any JSON."""

from typing import Literal

from ..._models import BaseModel


class ResponseFormatJSONObject(BaseModel):
    type: Literal["json_object"]
