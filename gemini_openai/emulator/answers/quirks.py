"""The table of what Gemini does differently from OpenAI, with a switch for each row."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _quirk(*, on: bool, what: str, source: str) -> Any:
    return field(default=on, metadata={"what": what, "source": source})


@dataclass(frozen=True)
class Quirks:
    """Which quirks are on. A field's metadata says what the quirk does and where it was seen.

    On by default is what Google's servers do today; the others were seen at other times or with
    some models only.
    """

    # Errors and refusals
    list_errors: bool = _quirk(
        on=True,
        what="An error body is a JSON array of one error, not an object.",
        source="recorded, seven bodies",
    )
    unknown_names_refused: bool = _quirk(
        on=True,
        what="A top-level name the endpoint does not know (`store`, `seed`, …) is a 400; "
        "off: it is ignored.",
        source="recorded: page-assist#418, ChatterUI#227, openhanako#394",
    )
    schemas_refused: bool = _quirk(
        on=True,
        what="`const`, `prefixItems`, `exclusiveMinimum`, `$ref` with siblings and their like "
        "are a 400 without a reason; off: every schema is taken.",
        source="Google's schema reference; a recorded probe of gemini-3.7-flash",
    )
    signatures_checked: bool = _quirk(
        on=True,
        what="Gemini 3 and later refuse a tool turn that comes back without its thought signature.",
        source="recorded: paws#103; Google's page on thought signatures",
    )
    foreign_signatures_refused: bool = _quirk(
        on=False,
        what="A thought signature that this server did not make is a 400; off: any base64 is "
        "taken.",
        source="pi#471, after a change of model; the native route",
    )
    null_parameters_refused: bool = _quirk(
        on=False,
        what="Every top-level `null` is a 400; off: that of `stop` only.",
        source="inferred from `stop` (mcp-agent#121 and three clients)",
    )
    null_message_fields_refused: bool = _quirk(
        on=False,
        what="A `null` in a message (`content`, `name`, …) is a 400.",
        source="reports conflict: mcp-agent#121, odysseus#837",
    )
    remote_images_refused: bool = _quirk(
        on=False,
        what="An image is taken as data or from Google's own hosts only; off: any URL will do.",
        source="reports conflict: baml#1548, one-api#2245",
    )
    tool_names_required: bool = _quirk(
        on=False,
        what="A tool message needs `name` even where its id belongs to a call of the history.",
        source="reports conflict: pydantic-ai#1879, hermes-agent#16482",
    )
    base64_refused: bool = _quirk(
        on=False,
        what="Embeddings with `encoding_format: base64` are a 400.",
        source="reports conflict; Google's cookbook shows it working",
    )
    model_limits: bool = _quirk(
        on=True,
        what="What the model does not take is a 400: an effort or a level it lacks, a budget out "
        "of range, tools beside a JSON format before Gemini 3; from 3.6 the role `function`; of "
        "Gemini 4 budgets, penalties, `n`, explicit caches and a last message of the assistant; "
        "on Vertex AI text beside calls. Off: each model takes everything.",
        source="the table of models, which has a source in each row; few of the words are recorded",
    )
    retired_models_refused: bool = _quirk(
        on=False,
        what="A model that Google serves no more, at the emulator's time, is a 404; off: it "
        "answers.",
        source="velo#158, ApplyPilot#6; the dates are Google's",
    )
    last_system_message_only: bool = _quirk(
        on=True,
        what="Of several system or developer messages the last one is obeyed; the others are "
        "ignored, with a 200.",
        source="autogen#6117, codecompanion.nvim#2522, pipecat#3362, until December 2025",
    )
    # Streams
    stop_after_tool_calls: bool = _quirk(
        on=True,
        what="A streamed answer with tool calls finishes with `stop`; off: `tool_calls`.",
        source="recorded, March 2025; python-genai#2868, August 2026",
    )
    role_in_every_delta: bool = _quirk(
        on=True,
        what='Every delta has `role: "assistant"`; off: the first only.',
        source="recorded, every stream",
    )
    usage_in_every_chunk: bool = _quirk(
        on=True,
        what="With `include_usage` every chunk has a running `usage` and no chunk has empty "
        "`choices`; off: one last chunk with `usage` and empty `choices`.",
        source="recorded, March 2025",
    )
    chunk_ids_missing: bool = _quirk(
        on=False,
        what="Chunks have no `id`.",
        source="recorded, five streams of March 2025",
    )
    finish_reason_camel_case: bool = _quirk(
        on=False,
        what="The last chunk has `finish_reason: null` and the reason in `finishReason`.",
        source="llmcord#84, December 2024",
    )
    empty_finish_reasons: bool = _quirk(
        on=False,
        what='Every chunk before the last has `finish_reason: ""`.',
        source="relays: LocalAI#5102",
    )
    # Tool calls
    tool_call_index_missing: bool = _quirk(
        on=True,
        what="Streamed tool calls have no `index`; off: they count from 0.",
        source="recorded, every stream with tool calls",
    )
    tool_call_index_null: bool = _quirk(
        on=False,
        what="Streamed tool calls have `index: null`.",
        source="openai-python#2806 and others",
    )
    tool_call_index_zero: bool = _quirk(
        on=False,
        what="Streamed tool calls all have `index: 0`.",
        source="hermes-agent#62937",
    )
    tool_call_index_swapped: bool = _quirk(
        on=False,
        what="Arguments come in fragments, and the opening deltas of the calls have each "
        "other's index.",
        source="Google's Vertex page on streamed function call arguments",
    )
    empty_tool_call_ids: bool = _quirk(
        on=False,
        what='The id of every tool call is `""`.',
        source="recorded, March and June 2025",
    )
    parallel_calls_in_own_chunks: bool = _quirk(
        on=False,
        what="Each parallel call comes in a chunk of its own; off: all in one delta.",
        source="reported for Gemini 3",
    )
    arguments_in_fragments: bool = _quirk(
        on=False,
        what="A call's arguments are cut up over several deltas, each with the call's id.",
        source="open-webui/computer#224; Vertex `stream_function_call_arguments`",
    )
    name_in_every_fragment: bool = _quirk(
        on=False,
        what="Arguments come in fragments, and each repeats the function's name.",
        source="Google's Vertex page on streamed function call arguments",
    )
    empty_arguments: bool = _quirk(
        on=False,
        what='The arguments of a call without parameters are `""`; off: `"{}"`.',
        source="reported for relays",
    )
    calls_repeated: bool = _quirk(
        on=False,
        what="Each call that comes whole comes again, with the same id and without its signature.",
        source="obsidian-gemini#230, on the native API",
    )
    signature_in_own_delta: bool = _quirk(
        on=False,
        what="The thought signature comes in a delta of its own, before the arguments.",
        source="open-webui/computer#224",
    )
    signature_on_message: bool = _quirk(
        on=False,
        what="The signature is on the message, twice, with `thought: true`; not on the call.",
        source="recorded, June 2025, gemini-2.5-pro-preview-05-06",
    )
    malformed_function_call: bool = _quirk(
        on=False,
        what="A request with tools is answered 200 with "
        "`function_call_filter: MALFORMED_FUNCTION_CALL` and nothing else.",
        source="fast-agent#184, agno#5628",
    )
    # Content
    thoughts_in_content: bool = _quirk(
        on=True,
        what="Thoughts asked for come inside `content`, as `<thought>…</thought>`; "
        "off: in `reasoning_content`.",
        source="recorded streams; midscene#2613",
    )
    thought_left_open: bool = _quirk(
        on=False,
        what="The closing `</thought>` never comes.",
        source="reported for answers cut off by length",
    )
    content_in_parts: bool = _quirk(
        on=False,
        what="`content` is a list of text parts.",
        source="recorded in 2024 on Vertex, gemini-1.5-flash: Google's forum 58484",
    )
    prompt_blocked: bool = _quirk(
        on=False,
        what="The answer is 200 with `content_filter: PROHIBITED_CONTENT` and no `message`.",
        source="measured by a gateway's author",
    )
    choices_null: bool = _quirk(
        on=False,
        what="The answer is 200 with `choices: null`.",
        source="litellm#10721, fast-agent#184",
    )
    json_fenced: bool = _quirk(
        on=False,
        what="JSON answers come inside Markdown fences.",
        source="nanobrowser#264, vercel/ai#11450",
    )
    # Usage
    thinking_in_total_only: bool = _quirk(
        on=True,
        what="Thinking tokens are in `total_tokens` only; off: in `completion_tokens` and in "
        "`completion_tokens_details.reasoning_tokens`.",
        source="recorded: 18 + 2 -> 1258",
    )
    thinking_eats_max_tokens: bool = _quirk(
        on=True,
        what="Thinking tokens count against `max_tokens`, so that a small limit ends in "
        "`length` with no content.",
        source="many reports; litellm#10721",
    )
    usage_missing: bool = _quirk(
        on=False,
        what="No chat answer has `usage`.",
        source="LibreChat#13006, vercel/ai#6738",
    )
    # Other routes
    model_ids_prefixed: bool = _quirk(
        on=True,
        what="Model ids begin with `models/`.",
        source="recorded, 53 models",
    )
    model_created_missing: bool = _quirk(
        on=True,
        what="Models have no `created`.",
        source="recorded, 53 models",
    )
    embedding_index_missing: bool = _quirk(
        on=True,
        what="The first embedding has no `index`.",
        source="recorded: pi-session-search#13",
    )
    embedding_usage_missing: bool = _quirk(
        on=True,
        what="An embeddings answer has no `usage`.",
        source="agentgateway#2451, chat2graph#203",
    )
    embeddings_fused: bool = _quirk(
        on=False,
        what="A list of inputs is answered with one vector.",
        source="reported for gemini-embedding-2",
    )
    image_created_missing: bool = _quirk(
        on=True,
        what="An images answer has no `created`.",
        source="a proxy adds it; no body was recorded",
    )
    # Files and batches
    batch_fields_missing: bool = _quirk(
        on=True,
        what="A batch has neither `request_counts` nor any time but `created_at`.",
        source="no body was recorded; Google's samples read id, status and output_file_id",
    )
    batch_times_in_strings: bool = _quirk(
        on=False,
        what="The times of a batch are strings, as `created` is inside its output.",
        source="inferred: proto's JSON has 64-bit numbers so",
    )
    batch_errors_outside_response: bool = _quirk(
        on=False,
        what="A failed row of a batch has `error` in place of `response`; off: the error is the "
        "body of its `response`.",
        source="no such row was recorded",
    )
    urls_name_google: bool = _quirk(
        on=False,
        what="Upload and download URLs name Google's host, as they do behind a proxy.",
        source="python-genai replaces the host of its upload URLs for this",
    )
    openai_files: bool = _quirk(
        on=False,
        what="OpenAI's own `/files` routes are served beside Google's; off: they are a 404.",
        source="not Gemini's: for programs that run under both packages",
    )


def all_quirks() -> tuple[Field[Any], ...]:
    """The rows of the table: name, default, and `what` and `source` in the metadata."""
    return fields(Quirks)


def switched(base: Quirks, on: Mapping[str, bool]) -> Quirks:
    """`base` with some quirks turned on or off.

    Raises:
        ValueError: There is no quirk of that name; the message suggests the nearest ones.
    """
    names = [row.name for row in all_quirks()]
    for name in on:
        if name not in names:
            near = get_close_matches(name, names, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else f"quirks: {', '.join(names)}"
            raise ValueError(f"The emulator has no quirk {name!r}; {hint}")
    return replace(base, **on)


def from_header(base: Quirks, header: str) -> Quirks:
    """`base` changed by a header such as `name, -name`: a name turns a quirk on, `-name` off.

    Raises:
        ValueError: There is no quirk of that name.
    """
    names = [name.strip() for name in header.split(",") if name.strip()]
    return switched(base, switches(names))


def switches(names: Iterable[str]) -> dict[str, bool]:
    """`["name", "-other"]` as `{"name": True, "other": False}`."""
    return {name.removeprefix("-"): not name.startswith("-") for name in names}


def markdown_table() -> str:
    """The table for the documentation."""
    rows = [
        f"| `{row.name}` | {'on' if row.default else 'off'} | {row.metadata['what']} "
        f"| {row.metadata['source']} |"
        for row in all_quirks()
    ]
    return "\n".join(["| quirk | default | what Gemini does | seen |", "|---|---|---|---|", *rows])
