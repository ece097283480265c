"""What a client was told, from arguments and the environment to one frozen value.

Belongs here: resolving, checking, copying and pickling settings.
Does not: requests. What makes one is given the value, never the client.
"""
