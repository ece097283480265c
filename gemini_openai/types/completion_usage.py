"""Token counts of one answer."""

from .._models import BaseModel


class CompletionTokensDetails(BaseModel):
    accepted_prediction_tokens: int | None = None
    audio_tokens: int | None = None
    reasoning_tokens: int | None = None
    """Tokens spent on thinking: sent by Vertex; elsewhere they follow from the total."""
    rejected_prediction_tokens: int | None = None
    text_tokens: int | None = None


class PromptTokensDetails(BaseModel):
    audio_tokens: int | None = None
    cache_write_tokens: int | None = None
    cached_tokens: int | None = None
    image_tokens: int | None = None
    text_tokens: int | None = None


class CompletionUsage(BaseModel):
    """The tokens used for an answer. Thinking is part of `completion_tokens`, as at OpenAI.

    Gemini counts it only in `total_tokens`; its own counts are in `gemini_usage`.

    False where nothing is counted, as in the chunks of a stream before its last: programs that were
    written for `openai` take a chunk with a usage for the last one, and read nothing else of it.
    """

    completion_tokens: int
    prompt_tokens: int
    total_tokens: int
    completion_tokens_details: CompletionTokensDetails | None = None
    prompt_tokens_details: PromptTokensDetails | None = None

    def __bool__(self) -> bool:
        return any((self.total_tokens, self.prompt_tokens, self.completion_tokens))
