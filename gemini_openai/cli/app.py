"""Define the commands and their options."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads annotations at run time
from typing import Annotated

import typer

from .. import OpenAIError, __version__
from .._constants import MAX_PROXIED_BYTES

app = typer.Typer(
    name="gemini-openai",
    help="The openai package for Gemini.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"gemini-openai {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """The openai package for Gemini."""


@app.command()
def demo(
    model: Annotated[
        str, typer.Option(help="The Gemini model to talk to.")
    ] = "gemini-flash-latest",
    emulator: Annotated[
        bool, typer.Option("--emulator", help="Use the emulator even if a key is set.")
    ] = False,
) -> None:
    """Show a streamed answer, a tool call, and a structured answer.

    If GOOGLE_API_KEY or GEMINI_API_KEY is set, the demo talks to Gemini. Otherwise it starts the
    package's emulator on this machine and talks to that.
    """
    from .demo import run_demo

    try:
        run_demo(model=model, emulator=emulator)
    except (OpenAIError, ImportError) as trouble:
        typer.echo(f"{type(trouble).__name__}: {trouble}", err=True)
        raise typer.Exit(1) from None


@app.command()
def embed(
    texts: Annotated[
        str,
        typer.Argument(
            help="A file with one text in each line, or JSON Lines (.jsonl) of strings or of "
            'objects with a "text"; - for standard input.'
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the vectors go: .jsonl or .npy.")
    ],
    model: Annotated[str, typer.Option(help="The embedding model.")] = "gemini-embedding-001",
    dimensions: Annotated[
        int | None, typer.Option(help="Floats in a vector; the model's default if not given.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests sent at once.")] = 4,
    rpm: Annotated[float | None, typer.Option(help="Maximum requests per minute.")] = None,
    tpm: Annotated[float | None, typer.Option(help="Maximum tokens per minute.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue after the last row of the output.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the output if it exists.")
    ] = False,
) -> None:
    """Embed every text of a file and write one vector for each, in order, as they arrive."""
    from .embed import Limits, embed_file

    try:
        written = embed_file(
            texts,
            output,
            model=model,
            dimensions=dimensions,
            limits=Limits(concurrency, rpm, tpm),
            resume=resume,
            force=force,
        )
    except (OpenAIError, ImportError, OSError, ValueError) as trouble:
        typer.echo(f"{type(trouble).__name__}: {trouble}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{written} vectors in {output}", err=True)


@app.command()
def batch(
    source: Annotated[
        Path, typer.Argument(help="Requests, one JSON object per line.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Where the answers go.", show_default=False)
    ],
    model: Annotated[str | None, typer.Option(help="The model for rows that name none.")] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            help="/v1/chat/completions or /v1/embeddings; found from the rows if not given."
        ),
    ] = None,
    concurrency: Annotated[int, typer.Option(help="Jobs open at once.", min=1)] = 4,
    poll_interval: Annotated[
        float, typer.Option(help="Seconds between polls of the jobs, at first.")
    ] = 5.0,
    begin_lost_jobs: Annotated[
        bool,
        typer.Option(
            "--begin-lost-jobs",
            help="When resuming after an error that asks for it: begin the jobs again for which "
            "it is unknown whether they have begun.",
        ),
    ] = False,
) -> None:
    """Answer a file of requests in batch jobs, at half the price, in the same order.

    A row is a request body, or has custom_id, url and body in the format of OpenAI's batches. After
    a crash, run the same command again to resume. The exit code is 1 if rows have no answer.
    """
    from .batch import run_batch

    try:
        failed = run_batch(
            source,
            output,
            model=model,
            endpoint=endpoint,
            concurrency=concurrency,
            poll_interval=poll_interval,
            begin_lost_jobs=begin_lost_jobs,
        )
    except (OpenAIError, ImportError, OSError, ValueError) as trouble:
        typer.echo(f"{type(trouble).__name__}: {trouble}", err=True)
        raise typer.Exit(1) from None
    if failed:
        raise typer.Exit(1)


@app.command()
def proxy(
    host: Annotated[
        str, typer.Option(help="Address to listen on; one that others can reach needs a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 finds a free one.")] = 8790,
    token: Annotated[
        str | None,
        typer.Option(
            help="What programs give as their API key; if not given, GEMINI_OPENAI_PROXY_TOKEN, or "
            "one made at random.",
            show_default=False,
        ),
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Want no key: every program here can ask.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print address and token as one line of JSON.")
    ] = False,
    log: Annotated[
        bool,
        typer.Option("--log", help="One line a request on standard error, without its content."),
    ] = False,
    max_body: Annotated[
        int, typer.Option(help="Bytes that a request may have.", min=1)
    ] = MAX_PROXIED_BYTES,
    cors_origin: Annotated[
        list[str] | None,
        typer.Option(help="Origin of a web page that may ask, or *; may be repeated."),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="Name of this machine that requests may be for; may be repeated."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Server to ask; Gemini if not given.", show_default=False)
    ] = None,
    vertexai: Annotated[
        bool, typer.Option("--vertexai", help="Ask Vertex AI, with Google credentials.")
    ] = False,
    project: Annotated[str | None, typer.Option(help="Project for Vertex AI.")] = None,
    location: Annotated[str | None, typer.Option(help="Location for Vertex AI.")] = None,
    model_map: Annotated[
        list[str] | None,
        typer.Option(
            help="A model to use for another, gpt-4o=gemini-flash-latest; may be repeated."
        ),
    ] = None,
    unsupported: Annotated[
        str, typer.Option(help="What to do about parameters that Gemini lacks: warn, drop, error.")
    ] = "warn",
) -> None:
    """Serve OpenAI's API on this machine with Gemini, for programs that take a base URL.

    The key for Gemini is read from GOOGLE_API_KEY or GEMINI_API_KEY and stays here. It runs until
    it is interrupted.
    """
    from .proxy import run_proxy

    options = {
        "base_url": base_url,
        "vertexai": vertexai or None,
        "project": project,
        "location": location,
    }
    try:
        run_proxy(
            {name: value for name, value in options.items() if value is not None},
            model_map=model_map or [],
            as_json=as_json,
            log=log,
            host=host,
            port=port,
            token=token,
            wants_token=not no_token,
            max_body=max_body,
            cors_origins=cors_origin or [],
            allowed_hosts=allow_host or [],
            unsupported=unsupported,
        )
    except (OpenAIError, ImportError, OSError, ValueError) as trouble:
        typer.echo(f"{type(trouble).__name__}: {trouble}", err=True)
        raise typer.Exit(1) from None
