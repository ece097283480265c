"""`import openai` gives this package: for programs that can be handed nothing.

Belongs here: what makes other code take this package for `openai`, and the command that runs a
program so. Does not: anything of the client, which is the same under either name.
"""

from ._install import install_as_openai as install_as_openai
