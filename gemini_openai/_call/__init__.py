"""The life of one call, from a request as data to its answer.

Belongs here: encoding, preparing, retrying, reading, and the effects that they yield.
Does not: I/O (but for `perform`), endpoints, settings that a caller chooses, Google's words.
"""
