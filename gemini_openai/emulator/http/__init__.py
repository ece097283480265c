"""Requests, replies, and the formats of their bodies.

Belongs here: JSON, forms, pages of lists, large bodies, Google's error format. Not: sockets, what
a reply says, and anything that is kept after a request. Imports no other folder.
"""
