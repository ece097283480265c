"""The response format for JSON that follows a schema."""

from typing import Literal

import pydantic

from ..._models import BaseModel


class JSONSchema(BaseModel):
    name: str
    description: str | None = None
    schema_: dict[str, object] | None = pydantic.Field(alias="schema", default=None)
    strict: bool | None = None


class ResponseFormatJSONSchema(BaseModel):
    json_schema: JSONSchema
    type: Literal["json_schema"]
