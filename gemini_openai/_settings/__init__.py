"""Settings of a client, resolved from arguments and the environment into one frozen value.

Belongs here: resolving, checking, copying and pickling settings.
Does not: requests. What makes one is given the value, never the client.
"""
