"""Free notes on a request: up to 16 pairs of text at OpenAI. Gemini takes none in chat."""

from typing import TypeAlias

Metadata: TypeAlias = dict[str, str]
