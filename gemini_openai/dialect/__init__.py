"""Everything that is Gemini and not OpenAI, as pure functions on plain JSON values.

What Gemini does otherwise, what is done about it, which function does it and which test shows it is
one table: `REPAIRS` in `table`, and `docs/dialect.md` as text. Requests come in through
`requests.adapt_chat_request` and `embeddings.adapt_embedding_request`; answers go out through
`answers.adapt_completion`, `chunks.ChunkAdapter`, `embeddings.join_embeddings`,
`images.adapt_images` and `models.adapt_model`; refusals through `errors.read_error`.
"""
