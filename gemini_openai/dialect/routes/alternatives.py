"""Say what Gemini has in place of a method of OpenAI's that it lacks."""

from __future__ import annotations

_NATIVE_IMAGES = (
    "Image models in Gemini's own API edit a picture by a description: "
    "generate_content in the google-genai package."
)
_ASSISTANT = (
    "Keep the messages in a list and send them with chat.completions.create, tools and all; "
    "the answer's tool_calls say which of your functions to run."
)
_VECTOR_STORE = (
    "Embed the texts with embeddings.create and search among the vectors yourself, or use the "
    "file search stores of the google-genai package."
)
_LIVE = "For live conversations use client.aio.live.connect of the google-genai package."
_REFERENCE_IMAGES = (
    "Give videos.create up to three reference images, as reference_images in extra_body."
)
_STORED = (
    "Gemini stores no completions: keep those you need, for example with completion.to_json()."
)
_OPENAIS_ACCOUNT = (
    "This concerns an OpenAI account; Google's are managed at https://aistudio.google.com."
)

ADVICE = {
    "audio": "Chat models take audio, and some answer with it: see chat.completions.create.",
    "audio.speech": (
        "Gemini's speech models answer generate_content of the google-genai package with "
        'response_modalities=["AUDIO"].'
    ),
    "audio.transcriptions": (
        "Put the recording into a message of chat.completions.create as an input_audio part, "
        "with the request to write down what is said."
    ),
    "audio.translations": (
        "Put the recording into a message of chat.completions.create as an input_audio part, "
        "with the request to translate what is said."
    ),
    "admin": _OPENAIS_ACCOUNT,
    "AsyncAzureOpenAI": "The client for Gemini is AsyncOpenAI(api_key=...).",
    "AsyncBedrockOpenAI": "The client for Gemini is AsyncOpenAI(api_key=...).",
    "AzureOpenAI": "The client for Gemini is OpenAI(api_key=...).",
    "BedrockOpenAI": "The client for Gemini is OpenAI(api_key=...).",
    "beta": "Of OpenAI's beta there is beta.chat.completions.",
    "beta.agents": _ASSISTANT,
    "beta.assistants": _ASSISTANT,
    "beta.chatkit": _ASSISTANT,
    "beta.realtime": _LIVE,
    "beta.responses": "Use chat.completions.create: messages= takes what input= did.",
    "beta.threads": _ASSISTANT,
    "beta.vector_stores": _VECTOR_STORE,
    "chat.completions": _STORED,
    "completions": 'Use chat.completions.create(messages=[{"role": "user", "content": prompt}]).',
    "containers": "Gemini runs code with the code_execution tool of the google-genai package.",
    "content_provenance_checks": "Google's mark in generated media is SynthID.",
    "conversations": _ASSISTANT,
    "decisions": "Use chat.completions.create, with the choices in a response_format.",
    "evals": "Vertex AI has an evaluation service, in the google-cloud-aiplatform package.",
    "fine_tuning": "Gemini models are tuned on Vertex AI, with client.tunings of google-genai.",
    "images": _NATIVE_IMAGES,
    "live": _LIVE,
    "models": "The models are Google's: they can only be listed and retrieved.",
    "moderations": (
        "Ask a model to judge the text with chat.completions.parse. Gemini's own filters show as "
        'finish_reason "content_filter".'
    ),
    "realtime": _LIVE,
    "responses": "Use chat.completions.create: messages= takes what input= did.",
    "safety": _OPENAIS_ACCOUNT,
    "skills": _ASSISTANT,
    "uploads": "files.create takes a file of up to 2 GB in one call.",
    "vector_stores": _VECTOR_STORE,
    "videos": "It has videos.create, retrieve, poll and download_content.",
    "videos.create_character": _REFERENCE_IMAGES,
    "videos.delete": "Google deletes its files by itself, 48 hours after they were made.",
    "videos.edit": "Describe the whole video again, to videos.create.",
    "videos.extend": "Give videos.create the id of the video, as extend_video_id in extra_body.",
    "videos.get_character": _REFERENCE_IMAGES,
    "videos.list": "Keep the ids that videos.create returns; videos.retrieve takes them.",
    "videos.remix": "Describe the whole video again, to videos.create.",
    "webhooks": "Gemini sends no webhooks: poll with batches.retrieve or videos.poll.",
}
"""By the first words of a method's path; the longest that fits counts."""


def advice_on(path: str) -> str:
    """What Gemini has in place of the method at `path` on a client, such as `responses.create`."""
    words = path.split(".")
    for length in range(len(words), 0, -1):
        if advice := ADVICE.get(".".join(words[:length])):
            return advice
    raise LookupError(f"no advice on {path}")
