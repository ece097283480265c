"""Send an image made in memory, and let the model describe it."""

import struct
import zlib

from gemini_openai import OpenAI, parts

MODEL = "gemini-flash-latest"
SIZE = 64  # pixels each way


def flag() -> bytes:
    """Roughly the flag of Japan, as a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    middle, radius = SIZE // 2, SIZE // 4
    rows = b""
    for y in range(SIZE):
        near = [(x - middle) ** 2 + (y - middle) ** 2 < radius**2 for x in range(SIZE)]
        rows += b"\x00" + b"".join(b"\xbc\x00\x2d" if red else b"\xff\xff\xff" for red in near)
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def main() -> None:
    """Ask what the image shows."""
    client = OpenAI()
    picture = flag()
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Whose flag is this? Answer in one word."},
                    parts.image(picture),
                ],
            }
        ],
    )
    print(f"{len(picture)} bytes of PNG: {completion.choices[0].message.content}")


if __name__ == "__main__":
    main()
