"""Vertex AI: where a client talks to there, and Google credentials that never go stale.

Belongs here: the place (project, location, endpoint), finding and refreshing credentials.
Does not: the dialect spoken there; google-auth itself is imported when it is first needed.
"""
