"""Provide what any module may need: sentinels, lazy imports, the log, warnings, fork handling.

Belongs here: what needs nothing of the package itself.
Does not: anything that knows a request, a client, or Gemini.
"""
