"""Named tuple classes as TorchScript types."""

from __future__ import annotations

import inspect
import typing
from typing import TYPE_CHECKING, Any

import torch

from jitcore.scripting.names import Names, evaluated
from jitcore.scripting.quoted_annotations import quoted_expression
from jitcore.source import error_at
from jitcore.types import INFERRED_TENSOR, TupleType, Type

if TYPE_CHECKING:
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.source import SourceRange


def is_named_tuple(obj: object) -> bool:
    """Whether `obj` is a class of named tuples."""
    return isinstance(obj, type) and issubclass(obj, tuple) and hasattr(obj, "_fields")


def read_named_tuple(
    compiler: ScriptCompiler, cls: Any, qualified_name: str, at: SourceRange | None, names: Names | None
) -> TupleType:
    """The type of a named tuple class: fields without an annotation are tensors."""
    annotations: dict[str, Any] = inspect.get_annotations(cls)
    if not annotations and cls.__base__ is not None:
        annotations = inspect.get_annotations(cls.__base__)
    fields: tuple[str, ...] = cls._fields
    kinds: list[Type] = []
    for field in fields:
        if field not in annotations:
            kinds.append(INFERRED_TENSOR)
            continue
        annotation = annotations[field]
        if isinstance(annotation, typing.ForwardRef):
            written = annotation.__forward_arg__
            spelled = quoted_expression(written)
            annotation = None if names is None or spelled is None else evaluated(names, spelled)
            if annotation is None:
                raise error_at(
                    at,
                    f"Unknown type annotation: '{written}' in NamedTuple {cls.__name__}: write the type "
                    "itself instead of its name in quotes",
                )
        kinds.append(compiler.types.type_of(annotation, at, names))
    for name, value in getattr(cls, "_field_defaults", {}).items():
        if isinstance(value, torch.Tensor):
            raise error_at(
                at,
                "Tensors are not supported as default NamedTuple fields. Their mutability could lead to "
                f"potential memory aliasing problems: give {cls.__name__}.{name} no default",
            )
    defaults = {
        name: compiler.constants.typed(value, at).value
        for name, value in getattr(cls, "_field_defaults", {}).items()
    }
    return TupleType(tuple(kinds), qualified_name, fields, defaults)
