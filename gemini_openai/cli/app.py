"""The commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import OpenAIError, __version__

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
    """Show a streamed answer, a tool call answered, and a structured answer.

    With GOOGLE_API_KEY or GEMINI_API_KEY set it talks to Gemini, else to the emulator that the
    package carries, started for it on this machine.
    """
    from .demo import run_demo

    try:
        run_demo(model=model, emulator=emulator)
    except (OpenAIError, ImportError) as trouble:
        typer.echo(f"{type(trouble).__name__}: {trouble}", err=True)
        raise typer.Exit(1) from None
