"""Understand what the server refuses: read the error, learn from it, and say what helps.

Whether and when a request is sent again is decided above, in `_call`.
"""
