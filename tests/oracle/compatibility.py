"""Generate `docs/compatibility.md` from the installed `openai`, this package and `differences`.

`PYTHONPATH=tests python -m oracle.compatibility` prints the page. It finds the names to compare by
inspecting both packages. A difference that no table explains raises a `KeyError`.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import openai
import openai.lib.streaming.chat
import openai.pagination
from oracle import differences as known
from oracle.surface import (
    LEAVES,
    METHODS,
    PATHS,
    THINGS,
    USED_BY_OTHERS,
    is_model,
    is_typed_dict,
    members,
    parameters,
    paths_below,
    public,
)

import gemini_openai
import gemini_openai.lib.streaming.chat
import gemini_openai.pagination
from gemini_openai.dialect.parameters import PARAMETERS
from gemini_openai.dialect.routes.alternatives import ADVICE, advice_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

State: TypeAlias = Literal["same", "different", "absent", "only here"]

PREAMBLE = f"""\
# Compatibility with `openai`

This page lists every name of `openai` {openai.__version__} for chat, embeddings, images, models,
batches, files and videos, and how this package compares.
`PYTHONPATH=tests python -m oracle.compatibility > docs/compatibility.md` generates it from both
packages and from the tables in [tests/oracle/differences.py](../tests/oracle/differences.py). The
tests in [tests/oracle](../tests/oracle) check these tables: they run the same calls through both
packages and compare.

- **same**: it has the same parameters, fields and methods.
- **different**: it exists; the row says what differs, and why.
- **absent**: it does not exist, or it raises an error; the row says why or what to use instead.
- **only here**: `openai` does not have it.

[dialect.md](dialect.md) lists how requests and answers are changed for Gemini. The async
versions, `with_raw_response`, `with_streaming_response`, and `beta.chat`, which is `chat`, compare
in the same way as the names listed here.
"""


class Row(NamedTuple):
    """A statement about a name, in Markdown; names with the same statement share one row."""

    name: str
    state: State
    why: str = ""
    names: int = 1


class Section(NamedTuple):
    """A title, an introduction and a table of rows. `unit` says what is counted."""

    title: str
    unit: str
    words: str
    rows: list[Row]


def page() -> str:
    """The whole of `docs/compatibility.md`."""
    sections = [
        *(top_level(), constructor(), client(), methods()),
        *wire_parameters(),
        *(behaviour(), errors(), types(), fields(), pages(), streams(), raw_responses()),
        private_names(),
    ]
    return "\n".join([PREAMBLE, overview(sections), *map(section_text, sections)])


def overview(sections: Iterable[Section]) -> str:
    """The number of names of each section in each state."""
    states: tuple[State, ...] = ("same", "different", "absent", "only here")
    out = ["| | same | different | absent | only here |", "|---|--:|--:|--:|--:|"]
    for section in sections:
        counts = [sum(row.names for row in section.rows if row.state == state) for state in states]
        link = section.title.lower().replace(" ", "-").replace("`", "").replace(".", "")
        shown = " | ".join(str(count or "") for count in counts)
        out.append(f"| [{section.title}](#{link}), {section.unit} | {shown} |")
    return "\n".join(out) + "\n"


def section_text(section: Section) -> str:
    """A section in Markdown; names with the same statement share one row."""
    together: dict[tuple[State, str], list[str]] = {}
    for row in section.rows:
        together.setdefault((row.state, row.why), []).append(row.name)
    lines = [f"## {section.title}", ""]
    if section.words:
        lines += [section.words, ""]
    lines += ["| | | |", "|---|---|---|"]
    for (state, why), names in together.items():
        cells = [text.replace("|", "\\|") for text in (", ".join(names), state, why)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def resolved(table: Mapping[Any, str]) -> dict[Any, str]:
    """A table of differences, with each `as above` replaced by the reason of the row before."""
    reasons: dict[Any, str] = {}
    last = ""
    for key, why in table.items():
        last = last if why == "as above" else why
        reasons[key] = last
    return reasons


def code(name: str) -> str:
    return f"`{name}`"


def first_sentence(thing: Any) -> str:
    text = " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())
    sentence, dot, _ = text.partition(". ")
    return sentence if dot else text.rstrip(".")


# --- the package and the client ---


PACKAGES = {"lib", "resources", "types"}


def top_level() -> Section:
    """The names of the package, errors aside, which have a section of their own."""
    rows = []
    for name in sorted({*openai.__all__, *public(openai), *known.NOT_AT_THE_ROOT}):
        theirs = getattr(openai, name)
        if inspect.ismodule(theirs) and name not in PACKAGES | known.NOT_AT_THE_ROOT.keys():
            continue  # a module that something happens to have imported
        if is_error(theirs) or known.NOT_AT_THE_ROOT.get(name, "").startswith("from __future__"):
            continue
        if name in known.NOT_AT_THE_ROOT:
            rows.append(Row(code(name), "absent", known.NOT_AT_THE_ROOT[name]))
        elif name in known.ANOTHER_AT_THE_ROOT:
            rows.append(Row(code(name), "different", known.ANOTHER_AT_THE_ROOT[name]))
        elif name in ADVICE and not any(path.startswith(f"{name}.") for path in known.SUPPORTED):
            rows.append(
                Row(code(name), "absent", "can be accessed; every call raises an error with advice")
            )
        else:
            rows.append(Row(code(name), "same", kind_at_root(name, theirs)))
    for name in [*only_at_our_root(), "emulator", "parts"]:
        ours = getattr(gemini_openai, name)
        if not is_error(ours):
            rows.append(Row(code(name), "only here", first_sentence(ours)))
    order: dict[State, int] = {"same": 0, "different": 1, "absent": 2, "only here": 3}
    rows.sort(key=lambda row: (order[row.state], row.why if row.state == "same" else ""))
    return Section("Top level", "names", "", rows)


def only_at_our_root() -> list[str]:
    given: list[str] = vars(gemini_openai)["__all__"]
    return sorted(name for name in given if not hasattr(openai, name))


def kind_at_root(name: str, thing: Any) -> str:
    if type(thing).__name__ == "APIRemovedInV1Proxy":
        return "names of openai 0.x, which raise an error with advice"
    if type(thing).__name__.endswith("Proxy"):
        return "resources of the package as a client"
    if inspect.ismodule(thing):
        return "modules"
    if isinstance(thing, type) and issubclass(thing, openai._base_client.BaseClient):
        return "clients"
    is_setting = name.islower() and not callable(thing) and name not in ("omit", "not_given")
    return "settings of the package as a client" if is_setting else "classes, functions, values"


def is_error(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Exception)


def constructor() -> Section:
    """The keywords of `OpenAI(...)`; those of this package are described by its docstring."""
    theirs, ours = (
        parameters(package.OpenAI.__init__).keys() - {"self"} for package in (openai, gemini_openai)
    )
    rows = [Row(code(name), "same") for name in sorted(theirs - known.CONSTRUCTOR.keys())]
    rows += [Row(code(name), "different", why) for name, why in known.CONSTRUCTOR.items()]
    said = argument_docs(gemini_openai.OpenAI.__doc__ or "")
    rows += [Row(code(name), "only here", said[name]) for name in sorted(ours - theirs)]
    words = "`copy` and `with_options` accept them too."
    return Section("Constructor", "keywords", words, rows)


def argument_docs(doc: str) -> dict[str, str]:
    """The first sentence of a docstring about each argument."""
    found: dict[str, str] = {}
    name = ""
    for line in inspect.cleandoc(doc).splitlines():
        indent = len(line) - len(line.lstrip())
        if indent == 4 and ": " in line:
            name, _, text = line.strip().partition(": ")
            found[name] = text
        elif indent > 4 and name:
            found[name] += f" {line.strip()}"
    return {name: text.split(". ")[0].rstrip(".") for name, text in found.items()}


def client() -> Section:
    """The attributes, properties and methods of a client, its resources aside."""
    theirs = openai.OpenAI(api_key="k")
    rows = []
    for name in sorted(public(theirs)):
        if isinstance(getattr(theirs, name), openai._resource.SyncAPIResource):
            continue
        state: State = "different" if name in known.CLIENT else "same"
        rows.append(Row(code(name), state, known.CLIENT.get(name, "")))
    rows += [Row(code(n), "only here", why) for n, why in known.ONLY_HERE.items() if "." not in n]
    return Section("Client", "attributes and methods", "", rows)


# --- resources ---


def methods() -> Section:
    """Every method of every resource: its parameters, and where its calls or answers differ."""
    calls = notes_by_method(known.DIFFERENT_REQUESTS, "sends another request")
    answers = notes_by_method(known.DIFFERENT_RESULTS, "returns another result")
    rows, absent = [], []
    for path in METHODS:
        if path.startswith("beta.chat."):
            continue
        if path not in known.SUPPORTED:
            absent.append(path)
            continue
        theirs, ours = (parameters(method_at(package, path)) for package in (openai, gemini_openai))
        notes = [*calls.get(path, ()), *answers.get(path, ())]
        if added := ours.keys() - theirs.keys() - known.OF_EVERY_METHOD.keys():
            shown = ", ".join(code(name) for name in ours if name in added)
            notes = [*notes, f"also accepts {shown}"]
        differs = path in calls or path in answers
        missing = theirs.keys() - ours.keys()
        if missing:
            raise KeyError(f"{path} does not take {missing}")
        name = f"{code(path)} ({len(theirs)} parameters)"
        rows.append(Row(name, "different" if differs else "same", "; ".join(notes)))
    rows += [Row(code(n), "only here", why) for n, why in known.ONLY_HERE.items() if "." in n]
    rows += [Row(name, "absent", advice, count) for name, advice, count in collapsed(absent)]
    also = ", ".join(f"{code(name)} ({why})" for name, why in known.OF_EVERY_METHOD.items())
    words = (
        "Absent methods, and everything below them, can be accessed, wrapped and replaced. A call "
        "raises `NotSupportedError`, with the advice given here. Every method that takes `timeout` "
        f"also accepts {also}."
    )
    return Section("Methods", "methods", words, rows)


def notes_by_method(table: Mapping[str, str], what: str) -> dict[str, list[str]]:
    cases: dict[str, dict[str, list[str]]] = {}
    for act, why in resolved(table).items():
        path, _, when = act.partition(" ")
        cases.setdefault(path.rstrip(","), {}).setdefault(why, []).append(when)
    return {
        method: [
            f"{what} ({', '.join(whens)}): {why}" if all(whens) else f"{what}: {why}"
            for why, whens in reasons.items()
        ]
        for method, reasons in cases.items()
    }


def method_at(package: Any, path: str) -> Any:
    method = package.OpenAI(api_key="k")
    for name in path.split("."):
        method = getattr(method, name)
    return method


def collapsed(paths: list[str]) -> list[tuple[str, str, int]]:
    """Absent methods, the advice on them and their number, grouped as `name.*`."""
    found: dict[str, list[str]] = {}
    for path in paths:
        words = path.split(".")
        for length in range(1, len(words)):
            start = ".".join(words[:length])
            below = [other for other in METHODS if other.startswith(f"{start}.")]
            if set(below) <= set(paths) and len({advice_on(other) for other in below}) == 1:
                found.setdefault(f"{start}.*", []).append(path)
                break
        else:
            found[path] = [path]
    rows = []
    for name, below in found.items():
        shown = code(name) + (f" ({len(below)})" if len(below) > 1 else "")
        rows.append((shown, advice_on(below[0]), len(below)))
    return rows


ENDPOINTS = {"chat": "chat.completions.create", "embeddings": "embeddings.create"}
ENDPOINTS |= {"images": "images.generate"}
BACKENDS = {"developer": "Developer API", "vertex": "Vertex AI"}


def wire_parameters() -> list[Section]:
    """The parameters of the three main methods: which reach Gemini, and which do not."""
    return [parameters_of(path, endpoint) for endpoint, path in ENDPOINTS.items()]


def parameters_of(path: str, endpoint: str) -> Section:
    """The parameters of one method, and what each backend does with them."""
    tables = {backend: table for (backend, name), table in PARAMETERS.items() if name == endpoint}
    rows = []
    for name in parameters(method_at(openai, path)):
        notes = [
            f"{BACKENDS[backend]}: {fate(row, name)}"
            for backend, table in tables.items()
            for row in table.values()
            if row.name.partition(".")[0] == name
        ]
        if (more := known.ALSO_TAKES.get((endpoint, name))) is not None:
            notes.append(more)
        rows.append(Row(code(name), "different" if notes else "same", ". ".join(notes)))
    rows.sort(key=lambda row: row.state == "different")
    words = (
        "All are accepted. Those that Gemini refuses are left out, with a warning if this may "
        'change the answer. `OpenAI(unsupported="error")` raises instead; `"drop"` does not warn.'
    )
    return Section(f"Parameters of {code(path)}", "parameters", words, rows)


def fate(row: Any, name: str) -> str:
    part = "" if row.name == name else f"{code(row.name)} "
    what = "left out" if row.refused else "sent, without effect"
    if row.takes:
        what += f" except for {', '.join(code(value) for value in sorted(row.takes))}"
    return f"{part}{what}" + ("" if "ignores it" in row.loss else f": {row.loss}")


def behaviour() -> Section:
    """The results that differ, although names and parameters are the same."""
    from oracle.test_parse_and_stream import WHERE_WE_PART

    rows = []
    for (body, kind), why in resolved(known.VERBS_OTHERWISE).items():
        rows.append(Row(f"{body} as {code(kind)}", "different", f"`client.get(…)`: {why}"))
    for act, why in resolved(known.OTHER_VERB_REQUESTS).items():
        rows.append(Row(act, "different", f"`client.post(…)`: {why}"))
    for (body, kind), why in resolved(known.PARSED_OTHERWISE).items():
        rows.append(Row(f"{body} as {code(kind)}", "different", f"`raw.parse(to=…)`: {why}"))
    for field, why in known.CHUNK_DIFFERENCES.items():
        rows.append(Row(code(field), "different", f"chunks of chat: {why}"))
    for field, why in known.STREAM_DIFFERENCES.items():
        rows.append(Row(code(field), "different", f"chunks of a stream: {why}"))
    for field, why in known.EVENT_DIFFERENCES.items():
        shown = "openai does not parse the first chunk" if why == "the same" else why
        rows.append(Row(code(field), "different", f"events of `stream()`: {shown}"))
    why = "an answer assembled by `stream()`: ours is the intended one"
    rows += [Row(row.id, "different", why) for row in WHERE_WE_PART]
    words = "Calls that a test makes through both packages and whose results differ by intention."
    return Section("Behaviour", "cases", words, rows)


# --- classes ---


def errors() -> Section:
    """The exception classes at the root, with their attributes."""
    rows = []
    for name in sorted(public(openai)):
        theirs = getattr(openai, name)
        if not is_error(theirs):
            continue
        if name in known.NOT_AT_THE_ROOT:
            rows.append(Row(code(name), "absent", known.NOT_AT_THE_ROOT[name]))
            continue
        missing = members(theirs) - members(getattr(gemini_openai, name))
        if missing:
            raise KeyError(f"{name} has no {missing}")
        own = sorted(members(theirs) - members(Exception))
        why = ", ".join(code(one) for one in own)
        rows.append(Row(code(name), "same", f"attributes: {why}" if why else ""))
    for name in only_at_our_root():
        ours = getattr(gemini_openai, name)
        if is_error(ours):
            rows.append(Row(code(name), "only here", first_sentence(ours)))
    words = "Bases, constructor and attributes."
    return Section("Errors", "classes", words, rows)


def types() -> Section:
    """The modules below `openai.types`, with the classes of each and their number of fields."""
    rows = []
    leaves = {path for path, *_ in LEAVES}
    for package in dict.fromkeys(path for path, *_ in THINGS if path not in leaves):
        names = [name for path, name, *_ in THINGS if path == package]
        shown = f"{len(names)} names re-exported" if len(names) > 1 else code(names[0])
        rows.append(Row(code(f"types.{package}".rstrip(".")), "same", shown))
    for path in PATHS:
        things = [thing for thing in LEAVES if thing[0] == path]
        if things:
            shown = ", ".join(f"{code(name)}{size(theirs)}" for _, name, _, theirs in things)
            rows.append(Row(code(f"types.{path}"), "same", shown))
    for start, why in resolved(known.NOT_MIRRORED).items():
        count = sum(f"{path}.".startswith(start) for path in paths_below(openai.types))
        name = start.rstrip(".") + ("" if start.endswith(".") or count == 1 else "*")
        shown = code(f"types.{name}") + (f" ({count})" if count > 1 else "")
        rows.append(Row(shown, "absent", why, count))
    words = (
        "Module by module, each class with its number of fields, keys or alternatives. "
        "Differences within a class are listed under [Fields](#fields)."
    )
    return Section("Types", "modules", words, rows)


def size(thing: Any) -> str:
    if is_model(thing):
        return f" ({len(thing.model_fields)})"
    return f" ({len(thing.__annotations__)})" if is_typed_dict(thing) else ""


def fields() -> Section:
    """The fields that have another type, or are not required."""
    rows = []
    for (path, name, *field), why in known.OTHER_TYPE.items():
        shown = code(".".join([path, name, *field]))
        rows.append(Row(shown, "different", f"another type: {why}"))
    for (path, name, field), why in resolved(known.OPTIONAL_HERE).items():
        shown = code(f"{path}.{name}.{field}")
        rows.append(Row(shown, "different", f"not required in an answer: {why}"))
    count = sum(
        len(theirs.model_fields if is_model(theirs) else theirs.__annotations__)
        for *_, theirs in LEAVES
        if is_model(theirs) or is_typed_dict(theirs)
    )
    rest = count - len({*known.OTHER_TYPE, *known.OPTIONAL_HERE})
    rows.insert(0, Row(f"the other {rest}", "same", "name, order, type, default", rest))
    return Section("Fields", "fields and keys of the types", "", rows)


def pages() -> Section:
    """The page classes, fields and methods."""
    rows = []
    for name in ("SyncPage", "AsyncPage", "SyncCursorPage", "AsyncCursorPage", "AsyncPaginator"):
        theirs: Any = getattr(openai.pagination, name, None) or getattr(openai._base_client, name)
        ours: Any = getattr(gemini_openai.pagination, name)
        rows.append(class_row(name, theirs, ours))
    return Section("Pages", "classes", "", rows)


def class_row(name: str, theirs: Any, ours: Any) -> Row:
    """A row for a class; raises `KeyError` if it lacks members of openai's."""
    plain = members(openai.BaseModel if is_model(theirs) else Exception)
    own = members(theirs) - plain
    missing = own - members(ours)
    if missing:
        raise KeyError(f"{name} has no {missing}")
    return Row(code(name), "same", ", ".join(code(one) for one in sorted(own)))


def streams() -> Section:
    """Streams, the helper for streams of chat, and its events."""
    rows = [
        class_row(name, getattr(openai, name), getattr(gemini_openai, name))
        for name in ("Stream", "AsyncStream")
    ]
    theirs, ours = openai.lib.streaming.chat, gemini_openai.lib.streaming.chat
    for name in sorted(public(theirs)):
        thing: Any = getattr(theirs, name)
        if isinstance(thing, type):
            rows.append(class_row(name, thing, getattr(ours, name)))
        elif not inspect.ismodule(thing):
            rows.append(Row(code(name), "same", "an alias"))
    words = "`Stream` and `AsyncStream`, and `openai.lib.streaming.chat` with its events."
    return Section("Streams", "classes", words, rows)


ROOTS = ("openai", "gemini_openai")


def raw_responses() -> Section:
    """The response classes of the views, and their attributes."""
    rows = []
    for module, names in known.RESPONSE_CLASSES.items():
        theirs, ours = (importlib.import_module(f"{root}.{module}") for root in ROOTS)
        rows += [class_row(name, getattr(theirs, name), getattr(ours, name)) for name in names]
    words = "Differences in the results of `parse` are listed under [Behaviour](#behaviour)."
    return Section("Raw responses", "classes", words, rows)


def private_names() -> Section:
    """Private names that other packages use."""
    rows = []
    for module, names in USED_BY_OTHERS:
        for name in names.split():
            if any(part.startswith("_") for part in f"{module}.{name}".split(".")):
                thing: Any = importlib.import_module(f"gemini_openai.{module}")
                for part in name.split("."):
                    thing = getattr(thing, part)
                rows.append(Row(code(f"{module}.{name}"), "same"))
    rows = [*dict.fromkeys(rows)]
    words = (
        "Well-known packages import, wrap or replace these, so they exist at the same paths. Other "
        "names with an underscore do not."
    )
    return Section("Private names", "names", words, rows)


if __name__ == "__main__":
    sys.stdout.write(page())
