"""Name the schema of a type in a request."""

from __future__ import annotations

import re
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


def schema_name(typ: Any) -> str:
    """`Recipe`, `list_Recipe`, `Recipe_or_Error`: a name by OpenAI's rule, `^[a-zA-Z0-9_-]{1,64}$`.

    Gemini has no rule for the names of formats, and a looser one for those of tools. The result is
    empty where no character of the name is allowed.
    """
    return _NOT_IN_A_NAME.sub("_", _readable(typ)).strip("_")[:_LONGEST]


def _readable(typ: Any) -> str:
    origin, args = get_origin(typ), get_args(typ)
    if origin is Annotated:
        return _readable(args[0])
    if origin in (Union, UnionType):
        return "_or_".join(map(_readable, args))
    name = str(getattr(origin or typ, "__name__", typ))
    return "_".join([name, *map(_readable, args)])
