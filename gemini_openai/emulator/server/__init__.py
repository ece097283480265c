"""The running server: `Emulator`, its thread, its sockets, and the ASGI application on them.

Belongs here: connections, and how the bytes of a reply are sent, delayed or cut off. Not: what is
answered to which path. Imports all other folders, and no folder imports it.
"""
