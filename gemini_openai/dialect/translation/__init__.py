"""Translate a request to any endpoint, and read its answer: `translator` has the way in.

Which endpoint has which repairs is decided here; the repairs are in the modules around.
"""
