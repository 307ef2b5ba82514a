"""Annotations as they are written in a person's Python.

An annotation is first taken for the Python object that it means; only what means none is read as
TorchScript spells types.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend.annotations import BASE_TYPES, Annotations, base_name
from jitcore.ops import custom_classes
from jitcore.scripting.expression_kinds import kind_of
from jitcore.scripting.given_types import GivenType
from jitcore.scripting.names import evaluated
from jitcore.scripting.quoted_annotations import quoted_expression
from jitcore.types import INT, ListType, Type, make_union

if TYPE_CHECKING:
    from jitcore.scripting.python_positions import PythonPositions
    from jitcore.scripting.resolver import PythonResolver

_CONSTRUCTORS = frozenset(
    ("Tuple", "tuple", "List", "list", "Dict", "dict", "Optional", "Union", "Future", "torch.jit.Future",
     "Await", "torch.jit._Await", "RRef")
)  # fmt: skip


class PythonAnnotations(Annotations):
    """Reads the annotations of one definition."""

    __slots__ = ("_names", "_own", "_where")

    def __init__(self, resolver: PythonResolver, positions: PythonPositions) -> None:
        super().__init__(resolver, positions)
        self._own = resolver
        self._where = positions

    def type_of(self, node: ast.expr) -> Type:
        """The type that an annotation stands for; raises `SourceError` for what is no type."""
        if isinstance(node, GivenType):
            return node.given
        at = self._where.of(node)
        if isinstance(node, ast.Name):
            found = self._own.resolve_type(node.id, at)
        elif self._has_tuple_in_parentheses(node):
            # To Python it would be the same as without them, to the parser of texts it is one part.
            found = None
        else:
            obj = evaluated(self._own.names, node)
            found = None if obj is None else self._own.type_of_object(obj, at)
        return self._spelled(node) if found is None else found

    def _has_tuple_in_parentheses(self, node: ast.expr) -> bool:
        index = node.slice if isinstance(node, ast.Subscript) else None
        return isinstance(index, ast.Tuple) and bool(index.elts) and self._where.is_parenthesized_tuple(index)

    def _spelled(self, node: ast.expr) -> Type:
        at = self._where.of(node)
        if isinstance(node, ast.Subscript):
            name = base_name(node.value)
            if name is not None and name not in _CONSTRUCTORS:
                raise at.error(f"Unknown type constructor {name}")
            return self._subscripted(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return make_union([self.type_of(part) for part in _alternatives(node)])
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._quoted(node, node.value)
        name = base_name(node)
        if name is None:
            raise at.error(f"Expression of type {kind_of(node)} cannot be used in a type expression")
        built_in = BASE_TYPES.get(name)
        if built_in is not None:
            return built_in
        found = self._own.resolve_type(name, at)
        if found is None:
            raise at.error(f"Unknown type name '{name}'")
        return found

    def _quoted(self, node: ast.Constant, text: str) -> Type:
        if text in ("torch.cuda.Stream", "torch.cuda.Event"):
            text = text.replace("torch.", "torch.classes.", 1)
        if text.startswith("torch.classes."):
            return custom_classes.complete_class(f"__torch__.{text}")
        at = self._where.of(node)
        inner = quoted_expression(text)
        if inner is None:
            raise at.error(f"Unknown type name '{text}'")
        if isinstance(inner, ast.Subscript):
            obj = evaluated(self._own.names, inner)
            found = None if obj is None else self._own.type_of_object(obj, at)
            if found is None:
                raise at.error(f"Unknown type name '{text}'")
            return found
        start = self._where.start(node)
        for part in ast.walk(inner):
            self._where.given[part] = (start, start + len(text) + 1)
        return self.type_of(inner)

    def parameter_type(self, node: ast.expr | None) -> tuple[Type, int | None]:
        """Type of a parameter and, where one number stands for a list of them, the length of the list."""
        if isinstance(node, GivenType):
            return node.given, None
        if isinstance(node, ast.Name) and len(node.id) == len("_size_1_t"):
            digit = node.id.removeprefix("_size_").removesuffix("_t")
            if len(digit) == 1 and digit.isdigit():
                return ListType(INT), int(digit)
        return super().parameter_type(node)


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    return [node]
