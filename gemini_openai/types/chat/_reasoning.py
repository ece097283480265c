"""What a model thought, as a typed attribute of what may carry it."""

from ..._models import BaseModel


class Reasoned(BaseModel):
    """A message or delta that may have `reasoning_content`.

    It is no field: `openai` has none, and what the server did not send is not to be in a dump.
    """

    @property
    def reasoning_content(self) -> str | None:
        """What the model thought, in summary, where `include_thoughts` asked for it."""
        thoughts: str | None = (self.model_extra or {}).get("reasoning_content")
        return thoughts

    @reasoning_content.setter
    def reasoning_content(self, thoughts: str | None) -> None:
        if self.model_extra is not None:
            self.model_extra["reasoning_content"] = thoughts
