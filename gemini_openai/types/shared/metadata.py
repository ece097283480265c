"""Notes on a request; OpenAI allows 16 pairs of text. Gemini accepts none in chat."""

from typing import TypeAlias

Metadata: TypeAlias = dict[str, str]
