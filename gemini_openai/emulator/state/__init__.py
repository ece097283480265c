"""What an emulator remembers from one request to the next, and how it changes with time.

Belongs here: files, uploads, batches, videos, accounts and tokens, the scripted answers and the
requests that came. Not: paths and methods, nor the JSON that shows a thing on one of the routes.
Imports `answers` and `http`.
"""
