"""Run an ASGI application in a thread: what the emulator and the proxy have in common.

Belongs here: sockets that listen, the server's thread, its start and its end.
Does not: what an application answers.
"""
