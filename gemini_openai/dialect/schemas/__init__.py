"""Rewrite a JSON Schema into one that Gemini takes: a schema in; a schema and the changes out.

The rules are a table, `rules`, and each has a switch. Nothing of requests, settings or endpoints
belongs here, and nothing outside of this folder is imported.
"""
