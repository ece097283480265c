"""Everything that is Gemini and not OpenAI, as pure functions on plain JSON values."""
