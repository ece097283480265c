"""Google's own protocols beside OpenAI's: uploads, and Vertex AI with its credentials.

Belongs here: what speaks to Google's other servers and routes.
Does not: how Gemini's answers and requests differ from OpenAI's, which is `dialect`.
"""
