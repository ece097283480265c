"""Any JSON as the form of the answer."""

from typing import Literal

from ..._models import BaseModel


class ResponseFormatJSONObject(BaseModel):
    type: Literal["json_object"]
