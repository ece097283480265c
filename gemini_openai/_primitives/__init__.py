"""The ground: sentinels, lazy imports, the log, warnings, what a fork renews, small facts.

Belongs here: what any module may need and what itself needs nothing of the package.
Does not: anything that knows a request, a client, or Gemini.
"""
