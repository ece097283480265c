"""Requests, replies, and the forms of their bodies: what any HTTP server of Google's has.

Belongs here: reading forms and pages, holding large bodies, Google's error bodies. Not: sockets,
what an answer says, and anything that outlives a request. Imports no other folder.
"""
