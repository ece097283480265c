"""Vertex AI: where a client talks to there, and Google credentials that never go stale."""

from .errors import GoogleCredentialsError as GoogleCredentialsError
from .options import VertexOptions as VertexOptions
from .refreshing import GoogleCredentials as GoogleCredentials
