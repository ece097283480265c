"""Ask for any JSON."""

from typing import Literal

from typing_extensions import Required, TypedDict


class ResponseFormatJSONObject(TypedDict, total=False):
    type: Required[Literal["json_object"]]
