"""Make tools of Python functions and types: schemas from signatures, type hints and docstrings."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from operator import is_
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, cast, get_origin
from weakref import WeakKeyDictionary

import pydantic
from pydantic_core import to_jsonable_python
from typing_extensions import NotRequired, TypedDict, get_type_hints, is_typeddict

from ._docstrings import read_docstring
from ._names import schema_name
from ._pydantic import (
    drop_infinities,
    is_basemodel_type,
    to_strict_json_schema,
    why_no_schema,
)
from ._tools import PydanticFunctionTool, pydantic_function_tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..types.chat.chat_completion_tool_param import (
        ChatCompletionFunctionToolParam,
        ChatCompletionToolUnionParam,
    )

    Described = tuple[dict[str, Any], pydantic.TypeAdapter[Any]]

_TAKES = "Give a function, a pydantic model, a dataclass, a TypedDict, or a dict."

# Apps give the same functions with every request. Only of functions: methods are made anew each
# time they are looked up. Each has beside it what it was made from.
_known: WeakKeyDictionary[FunctionType, tuple[list[Any], Described]] = WeakKeyDictionary()


class PythonFunctionTool(dict[str, Any]):
    """The `function` of a tool made from a Python function, a dataclass or a `TypedDict`.

    Attributes:
        python: what it was made from.
    """

    def __init__(
        self, definition: dict[str, Any], python: Any, adapter: pydantic.TypeAdapter[Any]
    ) -> None:
        super().__init__(definition)
        self.python = python
        self.adapter = adapter

    @functools.cached_property
    def adapter(self) -> pydantic.TypeAdapter[Any]:
        """What reads the arguments of its calls: a dict of them for a function."""
        if isinstance(self.python, type) or get_origin(self.python) is not None:
            return pydantic.TypeAdapter(self.python)
        return _described(self.python)[1]

    def __getstate__(self) -> dict[str, Any]:
        return {"python": self.python}  # an adapter can be neither copied nor pickled


def as_tools(tools: Any) -> list[ChatCompletionToolUnionParam]:
    """Tools as they are sent, each function or type among them made into one.

    What is no list is returned as it is; an error says so before it is sent. Raises `TypeError` for
    what no tool can be made of; the message has its place.
    """
    if _is_python(tools):
        raise TypeError("tools is a function or a class. Give a list of them: tools=[...].")
    listed: Any = tools
    if not isinstance(tools, (str, Mapping)) and isinstance(tools, Iterable):
        given: list[Any] = [*tools]
        listed = [_tool_of(t, f"tools[{i}]") if _is_python(t) else t for i, t in enumerate(given)]
    out: list[ChatCompletionToolUnionParam] = listed
    return out


def function_tool(
    function: Callable[..., Any], *, name: str | None = None, description: str | None = None
) -> ChatCompletionFunctionToolParam:
    """A tool for `tools=` that is a Python function, sync or async.

    Its parameters come from the signature and the type hints; what has a default is optional.
    The description is the docstring up to its first section. Parameters are described by
    `Annotated[..., Field(description=...)]`, `Annotated[..., "text"]` or the docstring (styles:
    Google, NumPy, reST). `*args`, `**kwargs` and what a `functools.partial` fixes are left out.

    Calls are parsed into a `dict` of arguments of the hinted types: `function(**arguments)`.

    Raises `TypeError`, naming the function and the parameter, for one without a type hint or a
    default, one that is positional only, and one whose type has no JSON form.
    """
    shown, adapter = _described(function)
    made = deepcopy(shown)
    made["name"] = name or made["name"]
    made["description"] = made["description"] if description is None else description
    if not made["description"]:
        del made["description"]
    return _tool(made, function, adapter)


def tool_function(tool: Any) -> dict[str, Any]:
    """The `function` of a tool; of one that is written flat, the tool itself."""
    function: dict[str, Any] = tool.get("function") or tool
    return function


def arguments_of(function: dict[str, Any], arguments: str) -> Any:
    """The arguments of a call, read as the tool's `function` says; None if it says nothing.

    Raises `pydantic.ValidationError` for arguments that do not fit, `ValueError` for no JSON.
    """
    arguments = arguments or "{}"
    if isinstance(function, PydanticFunctionTool):
        return cast("Any", function).model.model_validate_json(arguments)
    if isinstance(function, PythonFunctionTool):
        return function.adapter.validate_json(arguments)
    return json.loads(arguments) if function.get("strict") else None


def is_read(function: dict[str, Any]) -> bool:
    """Whether the arguments of calls of a tool with this `function` are parsed."""
    return isinstance(function, (PydanticFunctionTool, PythonFunctionTool)) or bool(
        function.get("strict")
    )


def _is_python(thing: Any) -> bool:
    """Whether a tool has to be made of something; a dict that can be called is one already."""
    return callable(thing) and not isinstance(thing, Mapping)


def _tool_of(thing: Any, where: str) -> ChatCompletionFunctionToolParam:
    try:
        if is_basemodel_type(thing):
            return pydantic_function_tool(thing)
        if isinstance(thing, type) or get_origin(thing) is not None:
            return _type_tool(thing)
        return function_tool(thing)
    except TypeError as error:
        raise TypeError(f"{where}: {error}") from error.__cause__


def _type_tool(typ: Any) -> ChatCompletionFunctionToolParam:
    """A tool whose calls are parsed into a dataclass or a `TypedDict`."""
    origin: Any = get_origin(typ) or typ
    if not (is_typeddict(origin) or hasattr(origin, "__dataclass_fields__")):
        raise TypeError(f"{typ!r} is no tool. {_TAKES}")
    try:
        adapter = pydantic.TypeAdapter(typ)
        schema = to_strict_json_schema(adapter)
    except (pydantic.errors.PydanticUserError, NameError) as cause:
        raise TypeError(f"{typ!r} is no tool: {why_no_schema(cause)}") from cause
    function: dict[str, Any] = {"name": schema_name(typ), "strict": True, "parameters": schema}
    # A dataclass without a docstring gets one that repeats its fields.
    if origin.__doc__ and not origin.__doc__.startswith(f"{origin.__name__}("):
        function["description"] = inspect.cleandoc(origin.__doc__)
    return _tool(function, typ, adapter)


def _tool(
    function: dict[str, Any], python: Any, adapter: pydantic.TypeAdapter[Any]
) -> ChatCompletionFunctionToolParam:
    made: Any = PythonFunctionTool(function, python, adapter)
    return {"type": "function", "function": made}


def _described(function: Any) -> Described:
    """The name, description and parameters of a function, and what reads its arguments."""
    if not isinstance(function, FunctionType):
        return _describe(function)
    sources = list(_sources(function))
    known = _known.get(function)
    if known is None or len(known[0]) != len(sources) or not all(map(is_, known[0], sources)):
        known = _known[function] = sources, _describe(function)
    return known[1]


def _sources(function: Any) -> Iterator[Any]:
    """What the description of a function is made from, which a program may change."""
    while isinstance(function, FunctionType):
        yield from (function.__name__, function.__doc__, function.__code__)
        yield from (function.__dict__.get("__signature__"), function.__defaults__)
        for named in (function.__kwdefaults__, function.__annotations__):
            for name, value in (named or {}).items():
                yield from (name, value)
        function = function.__dict__.get("__wrapped__")


def _describe(function: Any) -> Described:
    called, fixed = function, frozenset[str]()
    if isinstance(function, functools.partial):
        called, fixed = function.func, frozenset(function.keywords)
    is_object = not inspect.isroutine(called)
    method = type(called).__call__ if is_object else called
    definition = inspect.unwrap(getattr(method, "__func__", method))
    name = str((type(called) if is_object else definition).__name__)
    if name == "<lambda>":
        raise TypeError("a lambda has no name, by which the model could call it. Define it by def.")
    doc = read_docstring(definition.__doc__ or (type(called).__doc__ if is_object else None))
    fields: dict[str, Any] = {}
    for parameter in _parameters(function, fixed, name):
        hint = _hint(parameter, definition, name)
        fields[parameter.name] = _field(parameter, hint, doc.parameters.get(parameter.name))
    adapter = _adapter(name, fields)
    schema = adapter.json_schema()
    drop_infinities(schema)
    schema.pop("title", None)
    for key, shown in schema.get("properties", {}).items():
        if shown.get("title") == key.title().replace("_", " ").strip():
            del shown["title"]
    return {"name": name, "description": doc.description, "parameters": schema}, adapter


def _parameters(function: Any, fixed: frozenset[str], name: str) -> list[inspect.Parameter]:
    """The parameters that a call by names can give."""
    try:
        every = list(inspect.signature(function).parameters.values())
    except ValueError as cause:
        raise TypeError(f"{name}() has no signature that can be read. {_TAKES}") from cause
    named = [
        one
        for one in every
        if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD) and one.name not in fixed
    ]
    if every and not named and not fixed:
        raise TypeError(
            f"{name}() takes *args or **kwargs only, which does not say what the model should "
            "give. If a decorator hides the parameters, let it use functools.wraps."
        )
    return named


def _hint(parameter: inspect.Parameter, definition: Any, name: str) -> Any:
    where = f"parameter {parameter.name!r} of {name}()"
    if parameter.kind is parameter.POSITIONAL_ONLY:
        raise TypeError(
            f"{where} is positional only, and the model gives arguments by their names. "
            "Remove the / from the signature."
        )
    if parameter.annotation is parameter.empty:
        if parameter.name in ("self", "cls") and parameter.default is parameter.empty:
            raise TypeError(f"{name} is not bound to an object. Give the method of an object.")
        if parameter.default is parameter.empty:
            raise TypeError(
                f"{where} has no type hint, and the model has to be told its type. "
                f"Write {parameter.name}: str, for example."
            )
        default: object = parameter.default
        return Any if default is None else type(default)
    hints = SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    spaces = getattr(definition, "__globals__", None)
    try:
        return get_type_hints(hints, globalns=spaces, include_extras=True)[parameter.name]
    except (NameError, AttributeError, SyntaxError) as cause:
        raise TypeError(
            f"the type hint of {where} cannot be read: {cause}. Define what it names at the top "
            "level of the module."
        ) from cause


def _field(parameter: inspect.Parameter, hint: Any, documented: str | None) -> Any:
    """The hint with what is said of the parameter, and with its default for the model to see."""
    described = documented
    for note in getattr(hint, "__metadata__", ()):
        if isinstance(note, pydantic.fields.FieldInfo) and note.description:
            described = note.description
            break
        text = note if isinstance(note, str) else getattr(note, "documentation", None)
        described = text if isinstance(text, str) else described
    if described:
        hint = Annotated[hint, pydantic.Field(description=described)]
    if parameter.default is parameter.empty:
        return hint
    try:
        default = to_jsonable_python(parameter.default)
    except ValueError:  # it has no JSON form
        default = None
    if default is not None:
        hint = Annotated[hint, pydantic.Field(json_schema_extra={"default": default})]
    return NotRequired[hint]


def _adapter(name: str, fields: dict[str, Any]) -> pydantic.TypeAdapter[Any]:
    try:
        adapter = _made(name, fields)
        adapter.json_schema()
    except (pydantic.errors.PydanticUserError, NameError) as cause:
        for parameter, hint in fields.items():
            try:
                _made(name, {parameter: hint}).json_schema()
            except (pydantic.errors.PydanticUserError, NameError) as trouble:
                raise TypeError(
                    f"the type of parameter {parameter!r} of {name}() has no JSON form: "
                    f"{why_no_schema(trouble)}"
                ) from trouble
        raise TypeError(f"{name}() has no JSON Schema: {why_no_schema(cause)}") from cause
    return adapter


def _made(name: str, fields: dict[str, Any]) -> pydantic.TypeAdapter[Any]:
    # A TypedDict takes any names of parameters; the fields of a model may not begin with _.
    make: Any = TypedDict
    return pydantic.TypeAdapter(make(name, fields))
