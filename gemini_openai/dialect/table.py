"""List the differences between Gemini and OpenAI, and the repair for each."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from .schemas.rules import RULE_PREFIX, SCHEMA_RULES

_FACTS = "https://ai.google.dev/gemini-api/docs/openai"
_VERTEX = "https://cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview"
_GITHUB = "https://github.com/"

RepairName: TypeAlias = Literal[
    "model-names",
    "parameters",
    "unknown-names",
    "gemini-options",
    "safety-settings",
    "reasoning-effort",
    "thinking-conflict",
    "model-limits",
    "service-tier",
    "google-tools",
    "thought-tag",
    "request-shapes",
    "nulls",
    "legacy-functions",
    "developer-role",
    "empty-parts",
    "call-arguments",
    "history-call-ids",
    "tool-result-order",
    "tool-result-names",
    "text-beside-calls",
    "system-only",
    "system-messages",
    "thought-signatures",
    "signature-placeholder",
    "corrupted-signatures",
    "json-beside-tools",
    "schemas",
    "function-names",
    "camel-case",
    "choices",
    "errors-in-answers",
    "missing-fields",
    "content-parts",
    "finish-reasons",
    "tool-calls-finish",
    "usage",
    "thoughts",
    "tool-call-ids",
    "function-prefix",
    "tool-call-arguments",
    "repeated-calls",
    "created",
    "tool-call-deltas",
    "one-call-a-delta",
    "usage-chunk",
    "chunk-ids",
    "json-in-text",
    "embedding-tokens",
    "embedding-texts",
    "embedding-format",
    "embedding-batches",
    "embedding-fields",
    "embedding-count",
    "image-fields",
    "videos",
    "model-list",
    "model-suggestions",
    "hints",
    "one-credential",
    "files",
    "batches",
]
"""The names of the repairs, in the order of the table."""


class Repair(NamedTuple):
    """One deviation. `name` is the switch: `repairs={name: False}` turns its repair off.

    `since` says when it was seen. `where` is a function below `gemini_openai.dialect`, `test` a
    test below `tests/unit/dialect`.
    """

    name: RepairName
    gemini: str
    ours: str
    where: str
    since: str
    source: str
    test: str


REQUESTS = (
    Repair(
        "model-names",
        "Requires `publisher/model` on Vertex, and no `google/` prefix on the Developer API.",
        "Prefixes are added or removed, those of a whole resource name (`projects/...`) too; "
        "`model_map` replaces an app's own names. On the endpoint of a self-deployed model a name "
        "is sent unchanged.",
        "models.wire_model",
        "always",
        f"{_GITHUB}anvie/evonic/issues/114",
        "test_models.py::test_a_model_gets_the_name_its_backend_wants",
    ),
    Repair(
        "parameters",
        "Refuses parameters OpenAI has (`store`, `seed`, `logit_bias`, ...) on the Developer API, "
        "and ignores others on Vertex.",
        "Left out, with one warning for each that would have an effect, or as `unsupported` says.",
        "parameters.adapt_parameters",
        "February 2025, still so in September 2026",
        f"{_GITHUB}ed-donner/agents/issues/45",
        "test_parameters.py::test_a_refused_parameter_is_left_out_with_a_warning",
    ),
    Repair(
        "unknown-names",
        "Refuses unknown parameters and unknown keys of tools or messages: one 400 names them all.",
        "The names in the error are left out, and the request is sent once more.",
        "refusals.unknown_names.drop_unknown_names",
        "February 2025",
        f"{_GITHUB}Vali-98/ChatterUI/issues/227",
        "test_unknown_names.py::test_names_the_server_does_not_know_are_learnt_from_its_refusal",
    ),
    Repair(
        "gemini-options",
        "Accepts its own options only inside `extra_body.google` of the JSON.",
        "Options given as keywords, in camelCase or at any level of `extra_body` are moved there.",
        "options.with_options_in_place",
        "2025",
        f"{_GITHUB}NousResearch/hermes-agent/issues/59283",
        "test_thinking.py::test_every_way_to_write_an_option_ends_in_one_form",
    ),
    Repair(
        "safety-settings",
        "Refuses `safety_settings` on the Developer API, and accepts them on Vertex.",
        "An error says so before anything is sent.",
        "chat.requests.thinking.adapt_gemini_options",
        "2025",
        f"{_GITHUB}PublicAffairs/openai-gemini/issues/60",
        "test_thinking.py::test_safety_settings_are_an_error_on_the_developer_api",
    ),
    Repair(
        "reasoning-effort",
        "Refuses efforts, levels and budgets a model lacks: `none` on 2.5 Pro, `minimal` on 3 Pro, "
        "3.7, 3.8 and 4, a level on 2.5, a budget on 4, `xhigh` on all. What a model takes is not "
        "always what is documented.",
        "The nearest it has is sent, with a warning, from the table of models; `reasoning_efforts` "
        "overrides this. What a refusal says (`Valid values are: ...`) is remembered, and the "
        "request is sent once more.",
        "chat.requests.efforts.possible_effort",
        "2025, still so in November 2026",
        f"{_GITHUB}agentjido/req_llm/issues/971",
        "test_thinking.py::test_an_effort_a_model_cannot_do_becomes_the_nearest",
    ),
    Repair(
        "thinking-conflict",
        "Refuses `reasoning_effort` together with any `thinking_config`.",
        "With `include_thoughts`, the effort becomes a level or budget. With a budget or level, "
        "it is an error before anything is sent.",
        "chat.requests.thinking.adapt_gemini_options",
        "2025",
        _FACTS,
        "test_thinking.py::test_an_effort_beside_a_budget_is_an_error",
    ),
    Repair(
        "model-limits",
        "Gemini 4 refuses `n` above 1, penalties, `cached_content`, and a conversation that ends "
        "with the assistant. Without streaming it gives 32,768 tokens at most. Documented, and "
        "reported of Neon; unchecked on the OpenAI-compatible endpoint.",
        "The parameters are left out as `unsupported` says. A cache or a begun answer is an error "
        "before anything is sent. A larger `max_tokens` without streaming warns.",
        "chat.requests.model_limits.adapt_to_model",
        "October 2026",
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/start/get-started-with-gemini-4",
        "test_model_limits.py::test_gemini_4_is_not_sent_what_it_refuses",
    ),
    Repair(
        "service-tier",
        "Vertex ignores `service_tier` and takes the tier in a header. Documented of its native "
        "route; unchecked on the OpenAI-compatible one.",
        "`flex` and `priority` are sent in that header, too.",
        "chat.requests.vertex_options.tier_headers",
        "2026",
        f"{_GITHUB}BerriAI/litellm/issues/25379",
        "test_vertex_chat_options.py::test_a_tier_goes_into_the_header_that_vertex_reads",
    ),
    Repair(
        "google-tools",
        "Takes its own tools (search, code execution, URL context) on Vertex only, in "
        "`extra_body.google.tools`.",
        "On Vertex, those given in `tools` are moved there.",
        "chat.requests.vertex_options.with_tools_in_place",
        "2026",
        _VERTEX,
        "test_vertex_chat_options.py::test_googles_own_tools_go_where_vertex_takes_them",
    ),
    Repair(
        "thought-tag",
        "Puts thoughts unmarked into `content` on Vertex, unless the request names a tag for them.",
        "A request for thoughts names the tag.",
        "chat.requests.thinking.adapt_gemini_options",
        "2025",
        _VERTEX,
        "test_thinking.py::test_thoughts_on_vertex_are_asked_for_with_a_tag",
    ),
    Repair(
        "request-shapes",
        "Refuses requests whose shape OpenAI's form does not allow with words that do not say "
        "where: `messages` that is a dict or text, a role that does not exist, an image address "
        "that is a path, a flat tool, two functions of one name, a `response_format` that is a "
        "schema alone.",
        "An error names the place and what to give, before anything is sent. What is certain is "
        "put into OpenAI's form: tools, `tool_choice` and formats as for the Responses API, tools "
        "and `tool_choice` as for Anthropic, tools as for MCP, a schema alone, an image address "
        "with blanks around it, and, on the Developer API, an image address alone.",
        "chat.requests.message_shapes.with_checked_shapes",
        "2025",
        f"{_GITHUB}agno-agi/agno/issues/2241",
        "test_message_shapes.py::test_a_shape_that_cannot_be_sent_is_an_error_that_names_the_place",
    ),
    Repair(
        "nulls",
        "Refuses null for `stop` (`Value is not a string: null`) and for `content`; reports on "
        "other keys conflict.",
        "Parameters that are null are left out, and null keys of messages, parts, tools and tool "
        "calls: at OpenAI they ask for nothing. Nulls inside schemas stay.",
        "nulls.adapt_nulls",
        "April 2025",
        f"{_GITHUB}lastmile-ai/mcp-agent/issues/121",
        "test_nulls.py::test_a_parameter_that_is_null_is_not_sent",
    ),
    Repair(
        "legacy-functions",
        "Refuses the role `function` (Gemini 3.6 and later); on older models `function_call` in a "
        "history is not documented.",
        "They are sent as `tool_calls` and the role `tool`, with ids that stay the same throughout "
        "a conversation.",
        "chat.requests.call_history.with_tools_for_functions",
        "2026",
        f"{_GITHUB}blakeblackshear/frigate/pull/24013",
        "test_call_history.py::test_function_calls_of_the_older_form_become_tool_calls",
    ),
    Repair(
        "developer-role",
        "Documents no role `developer`.",
        "It is sent as `system`, which means the same.",
        "chat.requests.messages.repair_messages",
        "2025",
        f"{_GITHUB}microsoft/semantic-kernel/issues/13871",
        "test_messages.py::test_the_developer_role_becomes_system",
    ),
    Repair(
        "empty-parts",
        "Refuses empty text, without saying where.",
        "Empty parts and messages are left out; if nothing is left to answer, an error says so.",
        "chat.requests.messages.repair_messages",
        "2025",
        f"{_GITHUB}BerriAI/litellm/issues/26755",
        "test_messages.py::test_empty_parts_and_messages_are_left_out",
    ),
    Repair(
        "call-arguments",
        "Refuses calls in the history whose arguments are no JSON object.",
        "Arguments that are empty, null or missing become `{}`, and a dict its JSON text; for "
        "others an error names the call before anything is sent.",
        "chat.requests.call_history.with_object_arguments",
        "2025",
        f"{_GITHUB}langroid/langroid/pull/988",
        "test_call_history.py::test_arguments_become_the_text_of_an_object",
    ),
    Repair(
        "history-call-ids",
        "Used to send tool calls with an empty id, which stored histories still contain.",
        "Calls and their results get an id that stays the same throughout a conversation.",
        "chat.requests.messages.repair_messages",
        "2025",
        f"{_GITHUB}pydantic/pydantic-ai/issues/1879",
        "test_messages.py::test_calls_without_an_id_get_one_that_stays",
    ),
    Repair(
        "tool-result-order",
        "Refuses tool results that do not directly follow their calls, or are not as many.",
        "They are put in order by their ids. If the order is not certain, an error has the "
        "message's index.",
        "chat.requests.messages.repair_messages",
        "2025",
        f"{_GITHUB}microsoft/vscode/issues/299295",
        "test_messages.py::test_results_are_put_right_after_their_calls",
    ),
    Repair(
        "tool-result-names",
        "Some models require the function's name on a tool result.",
        "It is taken from the call with the same id.",
        "chat.requests.messages.repair_messages",
        "2025",
        f"{_GITHUB}pydantic/pydantic-ai/issues/1879",
        "test_messages.py::test_a_tool_result_gets_the_name_of_its_call",
    ),
    Repair(
        "text-beside-calls",
        "Refuses a message with both text and tool calls: Gemini 3.6 Flash and 3.5 Flash-Lite on "
        "Vertex, by two reports; unchecked on later models.",
        "The text is left out, with a warning, for models known to refuse it. Whether they would "
        "take it in a message of its own is not known.",
        "chat.requests.roles_and_texts.without_text_beside_calls",
        "July 2026",
        f"{_GITHUB}NousResearch/hermes-agent/issues/69231",
        "test_messages.py::test_text_beside_tool_calls_is_left_out_for_models_that_refuse_it",
    ),
    Repair(
        "system-only",
        "Refuses a prompt that has only system messages.",
        "The last message is sent with the role `user`.",
        "chat.requests.messages.repair_messages",
        "2025",
        f"{_GITHUB}567-labs/instructor/issues/2631",
        "test_messages.py::test_the_last_of_only_system_messages_is_sent_as_the_users",
    ),
    Repair(
        "system-messages",
        "Obeys only the last of several system messages, by three reports on Gemini 2.5 and 3 Pro, "
        "and says nothing; unchecked on later models. It has one instruction for a whole request.",
        "They become one in the place of the first, with a blank line between the texts.",
        "chat.requests.roles_and_texts.with_one_system_message",
        "March 2025, still so in December 2025",
        f"{_GITHUB}microsoft/autogen/issues/6117",
        "test_messages.py::test_several_system_messages_become_one",
    ),
    Repair(
        "thought-signatures",
        "Refuses tool calls that come back without their thought signature (Gemini 3 and later).",
        "Signatures are remembered. They are put back by the call's id, or by its function and "
        "arguments if the user's message before it is the same.",
        "chat.signatures.restore_signatures",
        "November 2025",
        "https://ai.google.dev/gemini-api/docs/thought-signatures",
        "test_signatures.py::test_a_history_rebuilt_by_hand_gets_its_signatures_back",
    ),
    Repair(
        "signature-placeholder",
        "Refuses calls made by another model, for the same reason.",
        "The first call of each step since the user's last message gets Google's documented "
        "placeholder, with a warning.",
        "chat.signatures.restore_signatures",
        "November 2025",
        "https://ai.google.dev/gemini-api/docs/thought-signatures",
        "test_signatures.py::test_a_history_from_elsewhere_gets_the_placeholder_in_the_current_turn",
    ),
    Repair(
        "corrupted-signatures",
        "Refuses a history with `Corrupted thought signature.`, mostly after a change of model, "
        "and does not say where.",
        "The request is sent once more without signatures, and with Google's placeholder on the "
        "calls of the current turn, with a warning.",
        "chat.signatures.learn_corrupted_signatures",
        "November 2025; reported for other routes to the same models",
        f"{_GITHUB}google-gemini/gemini-cli/issues/13467",
        "test_signatures.py::test_after_a_corrupted_signature_the_placeholder_is_sent",
    ),
    Repair(
        "json-beside-tools",
        "Refuses a JSON `response_format` beside tools, before Gemini 3, unless `tool_choice` is "
        "`none`. Of Google's own tools on Vertex AI that is known of the native endpoint only.",
        "The format is left out with a warning, or as `unsupported` says, and the system message "
        "asks for JSON that fits the schema; `parse()` reads it.",
        "chat.requests.json_beside_tools.with_format_in_words",
        "August 2024, still so in May 2026",
        f"{_GITHUB}openai/openai-agents-python/issues/656",
        "test_json_beside_tools.py::test_the_format_is_asked_for_in_words",
    ),
    Repair(
        "schemas",
        "Refuses parts of JSON Schema, usually without saying which.",
        "Schemas are rewritten by the rules below; each rule has its own switch.",
        "chat.requests.schemas.adapt_schemas",
        "2024",
        f"{_GITHUB}zed-industries/zed/issues/44875",
        "test_request_schemas.py::test_the_schemas_of_tools_and_formats_are_rewritten",
    ),
    Repair(
        "function-names",
        "Refuses names of functions that begin with a digit or a dash, which OpenAI accepts, "
        "and says only which in the list.",
        "They are sent under a similar name, in tools, `tool_choice` and the history. Answers "
        "have the app's own names.",
        "chat.function_names.with_wire_names",
        "June 2025",
        f"{_GITHUB}cline/cline/issues/7339",
        "test_function_names.py::test_a_name_that_gemini_refuses_is_sent_as_another",
    ),
)
ANSWERS = (
    Repair(
        "camel-case",
        "Writes `finishReason`, `totalTokens` and the like in batch results, and in streams of "
        "2024.",
        "The names become snake_case, as on the other routes.",
        "camel_case.snake_case",
        "December 2024; batches: September 2025",
        f"{_GITHUB}google-gemini/cookbook (Get_started_OpenAI_Compatibility.ipynb)",
        "test_answers.py::test_a_body_from_a_batch_reads_as_any_other",
    ),
    Repair(
        "choices",
        "Sends no `choices`, or null, when it blocked the prompt.",
        "The answer gets one choice, with `finish_reason` `content_filter` and an empty message, "
        "if its `object` says that it is a completion, or without one if it has nothing that "
        "completions have not.",
        "chat.answers.completions.adapt_completion",
        "January 2025",
        f"{_GITHUB}langroid/langroid/pull/705",
        "test_answers.py::test_an_answer_without_choices_has_one_that_was_withheld",
    ),
    Repair(
        "errors-in-answers",
        "May answer 200 with an error in the body, or with JSON of another kind: gateways and "
        "self-deployed models do, Google in the rows of batches.",
        "The error is raised, in the class of the status that it names, with the server's words. "
        "It is not retried. In a stream an error counts beside choices, too. JSON that the "
        "endpoint does not give is an `APIResponseValidationError`; in a stream such events pass, "
        "if chunks of an answer follow. Only OpenAI's own paths are read so.",
        "refusals.no_answers.refuse_no_answer",
        "reported for gateways; unchecked on Google's own servers",
        f"{_GITHUB}microsoft/vscode-copilot-release/issues/7955",
        "test_no_answers.py::test_an_error_is_told_from_an_answer",
    ),
    Repair(
        "missing-fields",
        "Omits `content` next to tool calls, `message` of a filtered answer, and a zero `index`.",
        "They are filled in, with None if there is no value.",
        "chat.answers.completions.adapt_completion",
        "2025",
        f"{_GITHUB}BerriAI/litellm/issues/10721",
        "test_answers.py::test_a_choice_without_a_message_has_an_empty_one",
    ),
    Repair(
        "content-parts",
        "Has sent `content` as a list of text parts.",
        "The texts are joined. A list with anything but text stays as it is.",
        "chat.answers.choices.with_text_content",
        "2024 on Vertex; unchecked on today's models",
        "https://discuss.ai.google.dev/t/58484",
        "test_answers.py::test_content_in_parts_is_text",
    ),
    Repair(
        "finish-reasons",
        "Adds values of its own: `content_filter: PROHIBITED_CONTENT`, "
        "`function_call_filter: MALFORMED_FUNCTION_CALL`; relays send an empty one.",
        "They become OpenAI's values; Google's stays in `gemini_finish_reason` of the choice. "
        "Of Google's only `STOP` is `stop`, and `MAX_TOKENS` and `CONTINUATION` are `length`. "
        "Words of other servers are read, too: `eos_token` and `end_turn` are `stop`, "
        "`model_length` is `length`, `tool_use` is `tool_calls`. All others, and words not known "
        "yet, are `content_filter`, because `stop` would say that the answer is whole. An empty "
        "one is null. "
        "`parse()` raises `ContentFilterFinishReasonError`, which says what Google's word means.",
        "chat.answers.finish_reasons.openai_finish_reason",
        "2025",
        f"{_GITHUB}agno-agi/agno/issues/5628",
        "test_finish_reasons.py::test_a_reason_with_a_suffix_is_the_one_before_it",
    ),
    Repair(
        "tool-calls-finish",
        "Ends a streamed answer that has tool calls with `stop`.",
        "The finish reason is `tool_calls`, as in whole answers.",
        "chat.answers.finish_reasons.with_finish_reason",
        "March 2025, still so in August 2026",
        f"{_GITHUB}googleapis/python-genai/issues/2868",
        "test_chunks.py::test_a_stream_with_tool_calls_ends_in_tool_calls",
    ),
    Repair(
        "usage",
        "Counts thinking in `total_tokens` only, or beside `completion_tokens` on Vertex. May "
        "leave out a count that is 0.",
        "It is part of `completion_tokens` and listed in its details; there are always three "
        "numbers, and they add up. In streams an empty count replaces none. Google's counts stay "
        "in `gemini_usage`.",
        "chat.answers.usage.openai_usage",
        "2025",
        f"{_GITHUB}openai/openai-python/issues/2544",
        "test_usage.py::test_thinking_is_found_in_the_total",
    ),
    Repair(
        "thoughts",
        "Writes thoughts into `content`, as `<thought>...</thought>`.",
        "They are moved to `reasoning_content`, in streams too.",
        "chat.answers.thoughts.ThoughtSplitter",
        "2025",
        f"{_GITHUB}web-infra-dev/midscene/issues/2613",
        "test_thoughts.py::test_thoughts_are_split_off_however_the_tags_are_cut",
    ),
    Repair(
        "tool-call-ids",
        "Used to send tool calls with an empty id; some relays give two calls the same id.",
        "Each call gets its own id, the same each time the same answer is read.",
        "chat.tool_calls.whole_calls",
        "March to June 2025",
        f"{_GITHUB}Arize-ai/phoenix/issues/11376",
        "test_answers.py::test_a_tool_call_without_an_id_gets_one",
    ),
    Repair(
        "function-prefix",
        "May call a function `f` as `default_api.f` or `default_api:f`, as its errors name it. "
        "Several clients report this, none of them of this endpoint for sure.",
        "The name is `f`, if the request offers `f` and not the longer name.",
        "chat.function_names.with_given_names",
        "2025; unchecked on today's models",
        "https://ai.google.dev/gemini-api/docs/thought-signatures",
        "test_function_names.py::test_a_prefix_that_no_offered_function_has_is_taken_off",
    ),
    Repair(
        "tool-call-arguments",
        "May leave out the arguments of a call without parameters, or send an empty text or null.",
        "They are `{}`, as JSON text: in streams when the choice ends. Arguments that are no text "
        "become text.",
        "chat.tool_calls.whole_calls",
        "2025; reported for relays and on Vertex",
        f"{_GITHUB}langroid/langroid/pull/988",
        "test_answers.py::test_a_call_without_arguments_has_empty_ones",
    ),
    Repair(
        "repeated-calls",
        "May send a tool call again with the same id, name and arguments, without its signature.",
        "It is one call, with what either of them had.",
        "chat.tool_calls.whole_calls",
        "December 2025, on the native API; unchecked on this one",
        f"{_GITHUB}allenhutchison/obsidian-gemini/pull/230",
        "test_answers.py::test_a_call_that_comes_twice_is_one",
    ),
    Repair(
        "created",
        "Writes `created` as text in batch results.",
        "It becomes a number.",
        "chat.answers.choices.with_number_created",
        "September 2025",
        f"{_GITHUB}google-gemini/cookbook (Get_started_OpenAI_Compatibility.ipynb)",
        "test_answers.py::test_a_body_from_a_batch_reads_as_any_other",
    ),
    Repair(
        "tool-call-deltas",
        "Streams tool calls without `index`, with null, with 0 for all, or with each other's, and "
        "may repeat the name in each fragment.",
        "Fragments are merged by id, name and completeness. Each call opens with id and name; its "
        "arguments follow. A name that comes twice in one delta, or once more without arguments, "
        "is two calls, as in a whole answer.",
        "chat.tool_calls.CallMerger",
        "December 2024, still so in 2026",
        f"{_GITHUB}openai/openai-python/issues/2806",
        "test_chunks.py::test_parallel_calls_have_an_index_of_their_own",
    ),
    Repair(
        "one-call-a-delta",
        "Puts parallel tool calls into one delta.",
        "Each delta has one call, because some frameworks read only the first.",
        "chat.answers.chunks.ChunkAdapter",
        "2025",
        "https://discuss.ai.google.dev/t/gemini-openai-compatibility-issue-with-tool-call-streaming/59886",
        "test_chunks.py::test_parallel_calls_come_one_to_a_delta",
    ),
    Repair(
        "usage-chunk",
        "With `include_usage`, sends a running count with every chunk and no final usage chunk.",
        "One last chunk has the count and empty `choices`, as in OpenAI's streams. The chunks "
        "before it have zeros, where OpenAI's have null: Google's examples print "
        "`chunk.usage.to_dict()` of each. So adding all is right, and so is taking the last; and a "
        "usage of zeros is false, for programs that ask `if chunk.usage`.",
        "chat.answers.chunks.ChunkAdapter",
        "March 2025",
        f"{_GITHUB}jackmpcollins/magentic (recorded streams)",
        "test_chunks.py::test_the_usage_comes_once_at_the_end",
    ),
    Repair(
        "chunk-ids",
        "Used to send chunks without an id; relays send whole answers without.",
        "All chunks of a stream get one id, and whole answers get one.",
        "chat.answers.chunks.ChunkAdapter",
        "until July 2025",
        f"{_GITHUB}jackmpcollins/magentic (recorded streams)",
        "test_chunks.py::test_chunks_without_an_id_get_one_for_the_stream",
    ),
    Repair(
        "json-in-text",
        "Puts JSON into a Markdown fence or into text, mostly when search or tools are used.",
        "`parse()` and `stream()` find it there; `content` stays unchanged.",
        "chat.answers.json_in_text.json_in_text",
        "2025",
        f"{_GITHUB}vercel/ai/issues/11450",
        "test_json_in_text.py::test_the_values_are_found_in_order",
    ),
)
OTHERS = (
    Repair(
        "embedding-tokens",
        "Does not accept token ids as input.",
        "An error says so before anything is sent.",
        "routes.embeddings.adapt_embedding_request",
        "always",
        "Google's discovery document of January 2025",
        "test_embeddings.py::test_token_ids_are_an_error",
    ),
    Repair(
        "embedding-texts",
        "Refuses all texts of a request for one that is empty, and inputs that are not text.",
        "An error names the first of them, as `input[230]`, before anything is sent.",
        "routes.embeddings.adapt_embedding_request",
        "2025",
        f"{_GITHUB}Azure-Samples/azure-search-openai-demo/issues/1134",
        "test_embeddings.py::test_an_input_that_is_no_text_is_an_error_that_names_its_place",
    ),
    Repair(
        "embedding-format",
        "Sometimes refuses `encoding_format: base64`.",
        "Floats are requested; the client converts them to base64 if asked.",
        "routes.embeddings.adapt_embedding_request",
        "2025; reports conflict",
        f"{_GITHUB}RooCodeInc/Roo-Code/issues/7761",
        "test_embeddings.py::test_floats_are_asked_for_on_the_wire",
    ),
    Repair(
        "embedding-batches",
        "Accepts at most 100 texts in one request.",
        "More texts are sent in several requests, and the answers are joined in order.",
        "routes.embeddings.split_inputs",
        "2025",
        f"{_GITHUB}StarTrail-org/LEANN/issues/214",
        "test_embeddings.py::test_more_than_100_texts_are_split_and_joined_in_order",
    ),
    Repair(
        "embedding-fields",
        "Omits the first `index` and `usage`.",
        "Every index is filled in; usage is 0 if the server sends none.",
        "routes.embeddings.adapt_embeddings",
        "July 2026",
        f"{_GITHUB}samfoy/pi-session-search/issues/13",
        "test_embeddings.py::test_a_missing_index_and_usage_are_filled",
    ),
    Repair(
        "embedding-count",
        "May return one vector for several texts (`gemini-embedding-2`).",
        "An error is raised unless there are as many vectors as texts.",
        "routes.embeddings.adapt_embeddings",
        "2026",
        f"{_GITHUB}lancedb/lancedb/issues/3618",
        "test_embeddings.py::test_fewer_vectors_than_texts_are_an_error",
    ),
    Repair(
        "image-fields",
        "Omits `created`.",
        "It is the time when the answer arrived.",
        "routes.images.adapt_images",
        "2025",
        _FACTS,
        "test_images.py::test_an_answer_with_images_has_the_time_it_came",
    ),
    Repair(
        "videos",
        "Says `processing` of a video that is not done. Says `completed` of one that its filters "
        "took, with reasons in place of a URL.",
        "The status is `in_progress`; of a filtered video it is `failed`, and its `error` has the "
        "reasons.",
        "routes.videos.openai_video",
        "2025; how this endpoint words a filtered video is not known: the native API's names are "
        "looked for",
        _FACTS,
        "test_videos.py::test_a_filtered_video_says_why",
    ),
    Repair(
        "model-list",
        "Lists ids that begin with `models/`, and no `created`.",
        "Ids have no prefix, as chat expects them; `created` is 0.",
        "models.adapt_model",
        "January 2026",
        f"{_GITHUB}langfuse/langfuse/issues/6295",
        "test_models.py::test_listed_ids_are_bare_and_created_is_there",
    ),
    Repair(
        "model-suggestions",
        "Answers an unknown or retired model only with the advice to list the models.",
        "The error names the successor of a retired model, a model to use for one of OpenAI's, or "
        "the most similar names.",
        "models.suggest_models",
        "always",
        f"{_GITHUB}FoundationAgents/OpenManus/issues/719",
        "test_models.py::test_an_unknown_model_gets_the_nearest_names",
    ),
    Repair(
        "hints",
        "Words many refusals in the terms of its own request (`contents[3]`, "
        "`function_declarations[12]`), or without a reason or a way out.",
        "The error names the place in the request as written (`messages[4]`, `tools[12], "
        "'get-weather'`), and says what to do where that is known. For a refusal without a reason "
        "it names what is unusual in the request.",
        "refusals.hints.hint",
        "June 2026",
        f"{_GITHUB}AAClause/nvda-OpenAI/issues/123",
        "test_hints.py::test_a_place_in_googles_request_is_told_as_one_of_the_callers",
    ),
    Repair(
        "one-credential",
        "Refuses a key in `x-goog-api-key` or `?key=` in addition to the one in `Authorization`.",
        "Only that key is sent, as `Authorization`.",
        "routes.headers.one_credential",
        "April 2026",
        f"{_GITHUB}NousResearch/hermes-agent/issues/7893",
        "test_credentials.py::test_a_key_given_twice_is_sent_once",
    ),
    Repair(
        "files",
        "Has no `/files` on the compatible routes; its own file routes use another protocol.",
        "`client.files` uses that protocol if `base_url` ends in `/v1beta/openai/`. Answers have "
        "OpenAI's fields and also Google's.",
        "routes.files.native_url",
        "always",
        f"{_GITHUB}sinas-platform/sinas/issues/128",
        "test_files.py::test_openais_paths_lead_to_googles_routes",
    ),
    Repair(
        "batches",
        "Writes the states and times of a batch in several forms, and sends few other fields.",
        "The status has OpenAI's values; times and counts are numbers.",
        "routes.batches.openai_batch",
        "September 2025",
        f"{_GITHUB}googleapis/js-genai/issues/1227",
        "test_batches.py::test_a_batch_of_googles_own_form_is_read",
    ),
)
REPAIRS = (*REQUESTS, *ANSWERS, *OTHERS)


def repair_names() -> tuple[str, ...]:
    """The names of all switches: the repairs, and the schema rules with the prefix `schema-`."""
    return (*(row.name for row in REPAIRS), *(RULE_PREFIX + rule.name for rule in SCHEMA_RULES))
