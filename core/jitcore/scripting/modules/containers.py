"""What a program may do with a module's children, parameters and buffers: all of it is known now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.iterables import IterableTree, SugaredTuple
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.types import STRING, ClassType, InterfaceType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value
    from jitcore.scripting.modules.module_value import ModuleValue
    from jitcore.source import SourceRange

DICT_METHODS = frozenset(("keys", "values", "items"))
"""What a dict of modules is gone through by."""
MODULE_METHODS = frozenset(("named_modules", "modules", "children", "named_children", "named_buffers"))
"""What any module is gone through by."""


class NamedParts:
    """Children, parameters or buffers with their names, as values in the graph."""

    __slots__ = ("keys", "values")

    def __init__(self, keys: list[SugaredValue], values: list[SugaredValue]) -> None:
        self.keys = SugaredTuple(keys)
        self.values = SugaredTuple(values)

    def named(self, key: str) -> SugaredValue | None:
        """The part of that name, None if there is none."""
        for name, value in zip(self.keys.parts, self.values.parts, strict=True):
            if _text(name) == key:
                return value
        return None

    def pairs(self, at: SourceRange, lowering: Lowering) -> IterableTree:
        """Names and parts side by side."""
        tree = IterableTree()
        tree.add(at, self.keys)
        tree.add(at, self.values)
        return tree


class IterationMethod(SugaredValue):
    """A method such as `items` or `named_modules`: calling it gives what is gone through."""

    __slots__ = ("iterable", "name")

    def __init__(self, name: str, iterable: SugaredValue) -> None:
        self.name = name
        self.iterable = iterable

    @property
    def kind(self) -> str:
        return self.name

    def call(self, site: CallSite) -> SugaredValue:
        if site.arguments or site.keywords:
            raise site.at.error(f"{self.name} method does not accept any arguments")
        return self.iterable


def children_of(module: ModuleValue, lowering: Lowering) -> NamedParts:
    """The submodules of a module in slot order."""
    children = list(_children(module, lowering))
    return NamedParts([key for _, key, _ in children], [child for _, _, child in children])


def _children(module: ModuleValue, lowering: Lowering) -> Iterator[tuple[str, SugaredValue, ModuleValue]]:
    """The names of submodules, as they are and as values, and the submodules."""
    for name, attribute in module.concrete.class_type.attributes.items():
        kind = attribute.type
        if isinstance(kind, ClassType | InterfaceType) and kind.is_module:
            yield name, _name(lowering, name), module.submodule(lowering, name)


def parameters_of(module: ModuleValue, lowering: Lowering) -> NamedParts:
    """The parameters of a module in slot order."""
    names = [a.name for a in module.concrete.class_type.attributes.values() if a.is_parameter]
    return _slots(module.value, lowering, names)


def buffers_of(module: ModuleValue, lowering: Lowering) -> NamedParts:
    """The buffers of a module itself, not those of its submodules."""
    names = [a.name for a in module.concrete.class_type.attributes.values() if a.is_buffer]
    return _slots(module.value, lowering, names)


def _slots(owner: Value, lowering: Lowering, names: Sequence[str]) -> NamedParts:
    keys: list[SugaredValue] = []
    values: list[SugaredValue] = []
    for name in names:
        keys.append(_name(lowering, name))
        # TorchScript reads the slot twice; the first read is dead, and counts in the numbers of values.
        building.get_attribute(lowering.graph, owner, name)
        values.append(lowering.simple(building.get_attribute(lowering.graph, owner, name)))
    return NamedParts(keys, values)


def iteration_method(at: SourceRange, lowering: Lowering, module: ModuleValue, name: str) -> IterationMethod:
    """One of `DICT_METHODS` or `MODULE_METHODS` of a module."""
    if name == "named_buffers":
        return IterationMethod(name, buffers_of(module, lowering).pairs(at, lowering))
    children = children_of(module, lowering)
    if name == "keys":
        return IterationMethod(name, children.keys)
    if name in ("values", "children"):
        return IterationMethod(name, children.values)
    if name in ("items", "named_children"):
        return IterationMethod(name, children.pairs(at, lowering))
    everything = NamedParts([], [])
    _add_nested(at, lowering, everything, module, "", name)
    if name == "modules":
        return IterationMethod(name, everything.values)
    return IterationMethod(name, everything.pairs(at, lowering))


def _add_nested(
    at: SourceRange, lowering: Lowering, found: NamedParts, module: ModuleValue, path: str, method: str
) -> None:
    found.keys.parts.append(_name(lowering, path))
    found.values.parts.append(module)
    children = [(name, child) for name, _, child in _children(module, lowering)]
    if any(isinstance(child.value.type, InterfaceType) for _, child in children):
        raise at.error(f"Could not compile {method}() because module contains interface")
    for name, child in children:
        _add_nested(at, lowering, found, child, f"{path}.{name}" if path else name, method)


def _name(lowering: Lowering, name: str) -> SugaredValue:
    return lowering.simple(lowering.constant(name, STRING))


def _text(key: SugaredValue) -> str:
    assert isinstance(key, SimpleValue)
    _, text = building.constant_of(key.value)
    assert isinstance(text, str)
    return text
