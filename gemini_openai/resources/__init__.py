"""Endpoints, at the module paths of `openai.resources`.

Here belong, for each: builders that make a `Call` of what a method was given, the sync and the
async class that send it, and the views that give the response itself. How a request travels
belongs to `_call`, what Gemini wants differently to `dialect`, work over many requests to `bulk`.
"""

from .._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .batches import AsyncBatches as AsyncBatches, Batches as Batches
    from .beta import AsyncBeta as AsyncBeta, Beta as Beta
    from .chat import AsyncChat as AsyncChat, Chat as Chat
    from .completions import AsyncCompletions as AsyncCompletions, Completions as Completions
    from .embeddings import AsyncEmbeddings as AsyncEmbeddings, Embeddings as Embeddings
    from .files import AsyncFiles as AsyncFiles, Files as Files
    from .images import AsyncImages as AsyncImages, Images as Images
    from .models import AsyncModels as AsyncModels, Models as Models
    from .moderations import AsyncModerations as AsyncModerations, Moderations as Moderations
    from .videos import AsyncVideos as AsyncVideos, Videos as Videos
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            ".batches": "AsyncBatches Batches",
            ".beta": "AsyncBeta Beta",
            ".chat": "AsyncChat Chat",
            ".completions": "AsyncCompletions Completions",
            ".embeddings": "AsyncEmbeddings Embeddings",
            ".files": "AsyncFiles Files",
            ".images": "AsyncImages Images",
            ".models": "AsyncModels Models",
            ".moderations": "AsyncModerations Moderations",
            ".videos": "AsyncVideos Videos",
        },
    )
