"""Generate an image from a description, and save it."""

import base64
import tempfile
from pathlib import Path

from gemini_openai import OpenAI

MODEL = "gemini-2.5-flash-image"


def main() -> None:
    """Generate one image."""
    client = OpenAI()
    answer = client.images.generate(
        model=MODEL, prompt="A lighthouse at dawn, in watercolour.", n=1, response_format="b64_json"
    )
    picture = base64.b64decode(answer.data[0].b64_json)
    path = Path(tempfile.gettempdir()) / "lighthouse.png"
    path.write_bytes(picture)
    print(f"{path.name}: {picture[1:4].decode()}, {len(picture)} bytes")


if __name__ == "__main__":
    main()
