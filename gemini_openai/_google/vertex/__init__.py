"""Vertex AI: where a client talks to there, and Google credentials that never go stale.

Belongs here: the place (project, location, endpoint), finding and refreshing credentials.
Does not: the dialect spoken there; google-auth itself is imported when it is first needed.
"""

from .errors import GoogleCredentialsError as GoogleCredentialsError
from .options import VertexOptions as VertexOptions
from .refreshing import GoogleCredentials as GoogleCredentials
