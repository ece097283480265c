"""The other endpoints, and URLs: where Gemini has what OpenAI has, and what it lacks.

One module serves one endpoint or one question about URLs and headers. `routes` may import from
`chat` (the rows of a batch are chats), never the other way.
"""
