"""`beta`: features that were new in OpenAI's API once, at their old paths.

Here belong the classes at the module paths of `openai.resources.beta`, for tracers that look for
them. No endpoint is written here: those that live on have moved out, the others only raise.
"""

from .beta import (
    AsyncBeta as AsyncBeta,
    AsyncBetaWithRawResponse as AsyncBetaWithRawResponse,
    AsyncBetaWithStreamingResponse as AsyncBetaWithStreamingResponse,
    Beta as Beta,
    BetaWithRawResponse as BetaWithRawResponse,
    BetaWithStreamingResponse as BetaWithStreamingResponse,
)
