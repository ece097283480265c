"""Give Gemini to code that insists on the genuine `openai`: it needs the extra `openai`."""

import openai
from pydantic import BaseModel

from gemini_openai.transport import openai_client


class City(BaseModel):
    """What is asked for."""

    name: str
    country: str


class Framework:
    """Stands in for a framework that looks at the class of a client, as many do."""

    def __init__(self, client: openai.OpenAI) -> None:
        if not isinstance(client, openai.OpenAI):
            raise TypeError("An openai.OpenAI is wanted.")
        self.client = client

    def extract(self, text: str) -> City:
        """Read a city out of a text."""
        answer = self.client.chat.completions.parse(
            model="gemini-flash-latest",
            messages=[{"role": "user", "content": text}],
            response_format=City,
        )
        return answer.choices[0].message.parsed

    def tell(self, text: str) -> None:
        """Print an answer as it comes."""
        stream = self.client.chat.completions.create(
            model="gemini-flash-latest",
            messages=[{"role": "user", "content": text}],
            stream=True,
        )
        for chunk in stream:
            print(chunk.choices[0].delta.content or "", end="", flush=True)
        print()


def main() -> None:
    """Hand a genuine client over, and see its own errors."""
    with openai_client(model_map={"gpt-4o": "gemini-flash-latest"}) as client:
        framework = Framework(client)
        print(framework.extract("I live in Lisbon, Portugal."))
        framework.tell("Say hello.")
        texts = [f"Text {number}" for number in range(150)]  # Gemini takes 100 at once
        answer = client.embeddings.create(model="gemini-embedding-001", input=texts)
        print(len(answer.data), "vectors")
        try:
            client.models.retrieve("gemini-2.5-flsh")
        except openai.NotFoundError as error:
            print("Not found:", error.message)


if __name__ == "__main__":
    main()
