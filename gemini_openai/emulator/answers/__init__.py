"""What Gemini and Vertex AI say to a request, decided from the request and the quirks alone.

Belongs here: the rules that stand for a model, refusals, faults, and the JSON of both dialects.
Not: paths and methods, and anything remembered from an earlier request. Imports `http`.
"""
