"""A function, as an answer describes it."""

from ..._models import BaseModel
from .function_parameters import FunctionParameters


class FunctionDefinition(BaseModel):
    name: str
    description: str | None = None
    parameters: FunctionParameters | None = None
    strict: bool | None = None
