"""The endpoints: which handler a method and a path belong to, and what each handler does.

Belongs here: reading a request's parameters, asking `answers` or changing `state`, and the JSON
that shows what is stored. Not: sockets, ASGI, threads. Imports `state`, `answers` and `http`.
"""
