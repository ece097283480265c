"""Results of OpenAI's moderation. Gemini sends none; they exist for code that imports them."""

from typing import Annotated, Literal, TypeAlias

import pydantic

from ..._models import BaseModel


class ModerationInputModerationResultsResult(BaseModel):
    categories: dict[str, bool]
    category_applied_input_types: dict[str, list[Literal["text", "image"]]]
    category_scores: dict[str, float]
    flagged: bool
    model: str
    type: Literal["moderation_result"]


class ModerationInputModerationResults(BaseModel):
    model: str
    results: list[ModerationInputModerationResultsResult]
    type: Literal["moderation_results"]


class ModerationInputError(BaseModel):
    code: str
    message: str
    type: Literal["error"]


ModerationOutputModerationResultsResult = ModerationInputModerationResultsResult
ModerationOutputModerationResults = ModerationInputModerationResults
ModerationOutputError = ModerationInputError

ModerationInput: TypeAlias = Annotated[
    ModerationInputModerationResults | ModerationInputError,
    pydantic.Field(discriminator="type"),
]
ModerationOutput: TypeAlias = ModerationInput


class Moderation(BaseModel):
    input: ModerationInput
    output: ModerationOutput
