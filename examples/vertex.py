"""Call Gemini on Vertex AI, with no key, project or token in the program.

    GOOGLE_APPLICATION_CREDENTIALS=key.json GOOGLE_CLOUD_PROJECT=my-project python vertex.py

On Cloud Run, GKE or Compute Engine neither variable is needed. `GOOGLE_VERTEX_BASE_URL`
selects another server, such as the emulator.
"""

from gemini_openai import APIStatusError, Client, GoogleCredentialsError, NotSupportedError

MODEL = "gemini-2.5-flash"
QUESTION = [{"role": "user", "content": "Why is the sky blue? One sentence."}]


def main(client: Client) -> None:
    """Ask in two locations, print thoughts, list models, and call a method that Vertex lacks."""
    print(f"project {client.project}")

    answer = client.chat.completions.create(model=MODEL, messages=QUESTION)
    print(answer.choices[0].message.content)

    # The same credentials, and the same token while it is valid, in another location.
    elsewhere = client.with_options(location="us-central1")
    stream = elsewhere.chat.completions.create(
        model=MODEL,
        messages=QUESTION,
        stream=True,
        extra_body={"google": {"thinking_config": {"include_thoughts": True}}},
    )
    for chunk in stream:
        for choice in chunk.choices:
            print(choice.delta.content or "", end="", flush=True)
    print()

    names = [model.id for model in client.models.list() if model.id.startswith("gemini-")]
    print(f"{len(names)} Gemini models in the catalogue, such as {names[0]}")

    try:
        client.files.list()
    except NotSupportedError as error:
        print(f"as expected: {error}")


if __name__ == "__main__":
    try:
        with Client(vertexai=True) as client:
            main(client)
    except GoogleCredentialsError as error:
        raise SystemExit(f"No working credentials: {error}") from None
    except APIStatusError as error:
        raise SystemExit(f"Vertex AI refused: {error}") from None
