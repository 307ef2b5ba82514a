"""What the names in a function mean: its closure, its globals, `typing` and the builtins."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
import typing
from collections.abc import Callable, Mapping
from types import CellType
from typing import Any


class Names:
    """Finds Python objects by the names that a program writes; None is what nothing stands for."""

    __slots__ = ()

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        raise NotImplementedError

    def find_dotted(self, name: str) -> Any:
        """The object of a dotted name; None if some part of it is not there."""
        first, *rest = name.split(".")
        found = self.find(first)
        for part in rest:
            if found is None:
                return None
            found = _attribute(found, part)
        return found


class ClosureNames(Names):
    """The names of a function."""

    __slots__ = ("_cells", "_globals")

    def __init__(self, function: Callable[..., Any]) -> None:
        plain = inspect.unwrap(function) if not hasattr(function, "__globals__") else function
        plain = getattr(plain, "__func__", plain)
        self._globals: Mapping[str, Any] = plain.__globals__
        self._cells = _cells_of(plain)

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        cell = self._cells.get(name)
        if cell is not None and _is_filled(cell):
            return cell.cell_contents
        if name in self._globals:
            return self._globals[name]
        found = getattr(typing, name, None)
        return getattr(builtins, name, None) if found is None else found


class ClassNames(Names):
    """The names of all methods of a class together, and the types that stand in their signatures."""

    __slots__ = ("_captured", "_globals")

    def __init__(self, cls: type) -> None:
        self._captured: dict[str, Any] = {}
        self._globals: list[Mapping[str, Any]] = []
        for name in cls.__dict__:
            method = getattr(cls, name, None)
            if not inspect.isroutine(method) or not hasattr(method, "__globals__"):
                continue
            if name == "__annotate__":
                continue
            plain: Any = getattr(method, "__func__", method)
            self._globals.append(plain.__globals__)
            for captured, cell in _cells_of(plain).items():
                if _is_filled(cell):
                    self._captured[captured] = cell.cell_contents
            self._captured.update(_annotation_objects(plain))

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        if name in self._captured:
            return self._captured[name]
        for one in reversed(self._globals):
            if name in one:
                return one[name]
        return getattr(builtins, name, None)


class FrameNames(Names):
    """The names that are visible where something is compiled: local variables, then globals."""

    __slots__ = ("_globals", "_locals")

    def __init__(self, local: Mapping[str, Any], outer: Mapping[str, Any]) -> None:
        self._locals = local
        self._globals = outer

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        if name in self._locals:
            return self._locals[name]
        if name in self._globals:
            return self._globals[name]
        return getattr(builtins, name, None)


class CallbackNames(Names):
    """The names that a caller's own function resolves, which gets dotted ones whole."""

    __slots__ = ("_callback",)

    def __init__(self, callback: Callable[[str], Any]) -> None:
        self._callback = callback

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        return self._callback(name)

    def find_dotted(self, name: str) -> Any:
        """The object of a dotted name; None if some part of it is not there."""
        return self._callback(name)


class NamesBefore(Names):
    """Names that stand before others."""

    __slots__ = ("_first", "_others")

    def __init__(self, first: Mapping[str, Any], others: Names) -> None:
        self._first = first
        self._others = others

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        found = self._first.get(name)
        return self._others.find(name) if found is None else found

    def find_dotted(self, name: str) -> Any:
        """The object of a dotted name; None if some part of it is not there."""
        return self._others.find_dotted(name)


def evaluated(names: Names, node: ast.expr) -> Any:
    """The Python object that the expression of a type evaluates to; None if it cannot be found out."""
    if isinstance(node, ast.Name):
        return names.find(node.id)
    if isinstance(node, ast.Attribute):
        dotted = _dotted(node)
        if dotted is not None:
            return names.find_dotted(dotted)
        owner = evaluated(names, node.value)
        return None if owner is None else _attribute(owner, node.attr)
    if not isinstance(node, ast.Subscript):
        return None
    owner = evaluated(names, node.value)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    arguments = [evaluated(names, part) for part in parts]
    if owner is None or any(argument is None for argument in arguments):
        return None
    try:
        return owner[tuple(arguments) if isinstance(node.slice, ast.Tuple) else arguments[0]]
    except (TypeError, KeyError, IndexError):
        return None


def _dotted(node: ast.expr) -> str | None:
    """The name that an expression is, which may have dots; None for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if not isinstance(node, ast.Attribute):
        return None
    owner = _dotted(node.value)
    return None if owner is None else f"{owner}.{node.attr}"


def _attribute(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name, None)
    except RuntimeError:
        # A class of C++ that no library brought.
        return None


def _cells_of(function: Any) -> dict[str, CellType]:
    closure = function.__closure__ or ()
    return dict(zip(function.__code__.co_freevars, closure, strict=True))


def _is_filled(cell: CellType) -> bool:
    """Whether the variable of a cell has a value yet: a class has none while it is being defined."""
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def _annotation_objects(function: Callable[..., Any]) -> dict[str, Any]:
    """What the annotations of a method are, by how they are written: they are in no closure."""
    try:
        signature = inspect.signature(function)
        text = textwrap.dedent(inspect.getsource(function))
        definition = ast.parse(text).body[0]
    except (OSError, TypeError, ValueError, SyntaxError):
        return {}
    if not isinstance(definition, ast.FunctionDef):
        return {}
    found: dict[str, Any] = {}
    written = {a.arg: a.annotation for a in definition.args.args}
    for name, parameter in signature.parameters.items():
        _note(found, written.get(name), parameter.annotation, inspect.Parameter.empty)
    _note(found, definition.returns, signature.return_annotation, inspect.Signature.empty)
    return found


def _note(found: dict[str, Any], written: ast.expr | None, given: Any, empty: Any) -> None:
    if written is None or given is empty or isinstance(given, str):
        return
    text = annotation_text(written)
    if text is not None:
        found[text] = given


def annotation_text(node: ast.expr) -> str | None:
    """An annotation as TorchScript spells it when it looks it up; None for what it does not look up."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = annotation_text(node.value)
        return None if owner is None else f"{owner}.{node.attr}"
    if isinstance(node, ast.Subscript):
        owner, index = annotation_text(node.value), annotation_text(node.slice)
        return None if owner is None or index is None else f"{owner}[{index}]"
    if isinstance(node, ast.Tuple):
        parts = [annotation_text(e) for e in node.elts]
        return ",".join(p for p in parts if p is not None) if None not in parts else None
    if isinstance(node, ast.Constant):
        return str(node.value)
    return None
