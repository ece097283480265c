"""Add the thoughts of a model to messages and deltas, as a typed attribute."""

from ..._models import BaseModel


class Reasoned(BaseModel):
    """A message or delta that may have `reasoning_content`.

    It is not a field, because `openai` has none: a dump must not have what the server did not send.
    """

    @property
    def reasoning_content(self) -> str | None:
        """A summary of the thoughts, if `include_thoughts` asked for it."""
        thoughts: str | None = (self.model_extra or {}).get("reasoning_content")
        return thoughts

    @reasoning_content.setter
    def reasoning_content(self, thoughts: str | None) -> None:
        if self.model_extra is not None:
            self.model_extra["reasoning_content"] = thoughts
