"""Bodies that need not be tidied twice: those of classes that only differ in their mangled names.

TorchScript saves a class for every set of attribute types, so the hundred convolutions of a network
are as many classes with the same text. What inlining copies of one of them is what it copies of the
others, but for the classes of its values and the places it came from.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jitcore.ir import CallFrame, CallStack, Function
from jitcore.source import SourceRange
from jitcore.types import ClassType, FunctionSchema, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Block, Graph, Value
    from jitcore.source import Source

_MOST_CANDIDATES: Final = 8
_DEEPEST: Final = 60
"""Methods calling methods up to which twins are compared; real models have about twenty."""
_WORD: Final = re.compile(r"\w+")
_STRING: Final = re.compile(r'"([^"]*)"')
_PLAIN: Final = (bool, int, float, complex, str, type(None))


def share_body(function: Function) -> Graph | None:
    """The body of `function` for inlining, taken from that of a twin; None if it has none so far."""
    text = _body_text(function)
    siblings = function.siblings
    if text is None or siblings is None:
        return None
    for candidate in siblings.bodies.get(text, ()):
        pairing = _Pairing(siblings.unequal)
        if pairing.pair(candidate, function):
            body = _Adaptation(pairing).of(candidate)
            if body is not None:
                return body
    return None


def offer_body(function: Function) -> None:
    """Let later twins share the body of `function`, which was just tidied."""
    text = _body_text(function)
    if text is None or function.siblings is None or function.optimized is None:
        return
    if _is_plain(function.optimized):
        candidates = function.siblings.bodies.setdefault(text, [])
        if len(candidates) < _MOST_CANDIDATES:
            candidates.append(function)


def _body_text(function: Function) -> str | None:
    """What is written behind the signature; None where nobody knows or where it may depend on more."""
    at = function.source_range
    if at is None or function.owner is None:
        return None
    begin = _body_start(at)
    if begin < 0:
        return None
    text = at.source.text[begin : at.end]
    # The numbers of warnings depend on which bodies were lowered before; escapes may hide names.
    return None if "warn" in text or "\\" in text or "'" in text else text


def _body_start(at: SourceRange) -> int:
    return at.source.text.find(":\n", at.start, at.end)


@lru_cache(maxsize=256)
def _names_in(text: str) -> frozenset[str]:
    """Everything in a body that may be the name of an attribute or a method."""
    return frozenset(_WORD.findall(text)) | frozenset(_STRING.findall(text))


def _is_plain(graph: Graph) -> bool:
    """Whether no attribute of a node refers to a class or to another graph."""
    return all(_is_plain_value(value) for node in graph.all_nodes() for value in node.attributes.values())


def _is_plain_value(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(item, _PLAIN) for item in value)
    return isinstance(value, _PLAIN)


class _Pairing:
    """What corresponds to what in the program of two twins.

    `types` leads from classes to their counterparts (a class that both use to itself), `functions`
    are the pairs of methods whose bodies may have been inlined. `unequal` are the pairs of which it is
    known that they differ, or differ too deep inside to tell.
    """

    def __init__(self, unequal: set[tuple[Function, Function]]) -> None:
        self._unequal = unequal
        self._depth = 0
        self.types: dict[Type, Type] = {}
        self.functions: dict[Function, Function] = {}
        self._seen: set[tuple[ClassType, ClassType, str]] = set()

    def pair(self, mine: Function, other: Function) -> bool:
        """Whether the methods mean the same, each in its class; notes all that corresponds."""
        known = self.functions.get(mine)
        if known is not None:
            return known is other
        self.functions[mine] = other
        if mine is other:
            return True
        if (mine, other) in self._unequal or self._depth > _DEEPEST:
            return False
        self._depth += 1
        text = _body_text(mine)
        is_equal = (
            text is not None
            and text == _body_text(other)
            and mine.siblings is other.siblings
            and self._pair_schemas(mine.schema, other.schema, text)
            and not self._names_its_class(text)
        )
        self._depth -= 1
        if not is_equal:
            self._unequal.add((mine, other))
        return is_equal

    def _names_its_class(self, text: str) -> bool:
        return "__torch__" in text and any(
            mine is not other and isinstance(mine, ClassType) and mine.qualified_name in text
            for mine, other in self.types.items()
        )

    def _pair_schemas(self, mine: FunctionSchema, other: FunctionSchema, text: str) -> bool:
        if len(mine.arguments) != len(other.arguments) or len(mine.returns) != len(other.returns):
            return False
        for one, two in zip(mine.arguments, other.arguments, strict=True):
            if (one.name, one.kwarg_only, one.size) != (two.name, two.kwarg_only, two.size):
                return False
            if one.default is not two.default and not _is_same_constant(one.default, two.default):
                return False
            if not self._pair_types(one.type, two.type, text):
                return False
        return all(
            self._pair_types(one.type, two.type, text)
            for one, two in zip(mine.returns, other.returns, strict=True)
        )

    def _pair_types(self, mine: Type, other: Type, text: str) -> bool:
        if isinstance(mine, ClassType) and isinstance(other, ClassType):
            return self._note(mine, other) and (mine is other or self._pair_classes(mine, other, text))
        if mine is not other and mine != other:
            return False
        return all(self._note(inner, inner) for inner in _classes_in(mine))

    def _note(self, mine: Type, other: Type) -> bool:
        return self.types.setdefault(mine, other) is other

    def _pair_classes(self, mine: ClassType, other: ClassType, text: str) -> bool:
        """Whether all that `text` may ask of the first class has a counterpart in the second."""
        if (mine, other, text) in self._seen:
            return True
        self._seen.add((mine, other, text))
        if not (mine.is_module and other.is_module) or _is_special(mine) or _is_special(other):
            return False
        names = _names_in(text)
        return (
            self._pair_attributes(mine, other, names, text)
            and self._pair_constants(mine, other, names)
            and self._pair_methods(mine, other, names, text)
        )

    def _pair_attributes(self, mine: ClassType, other: ClassType, names: frozenset[str], text: str) -> bool:
        used = names & mine.attributes.keys()
        if used != names & other.attributes.keys():
            return False
        return all(
            self._pair_types(mine.attributes[name].type, other.attributes[name].type, text) for name in used
        )

    @staticmethod
    def _pair_constants(mine: ClassType, other: ClassType, names: frozenset[str]) -> bool:
        used = names & mine.constants.keys()
        return used == names & other.constants.keys() and all(
            _is_same_constant(mine.constants[name], other.constants[name]) for name in used
        )

    def _pair_methods(self, mine: ClassType, other: ClassType, names: frozenset[str], text: str) -> bool:
        used = names & mine.methods.keys()
        if used != names & other.methods.keys():
            return False
        for name in used:
            one, two = mine.methods[name], other.methods[name]
            if not (isinstance(one, Function) and isinstance(two, Function) and self.pair(one, two)):
                return False
        return True


def _is_special(kind: ClassType) -> bool:
    return bool(kind.forward_hooks or kind.forward_pre_hooks or kind.properties or kind.static_methods)


def _is_same_constant(mine: object, other: object) -> bool:
    # The text of a number tells -0.0 from 0.0 and 1 from True.
    return type(mine) is type(other) and _is_plain_value(mine) and repr(mine) == repr(other)


def _classes_in(kind: Type) -> Iterator[Type]:
    if isinstance(kind, ClassType):
        yield kind
    for part in kind.parts:
        yield from _classes_in(part)


class _UnsharedError(Exception):
    """Something in the body has no counterpart that could be told."""


class _Adaptation:
    """Copies of bodies with everything replaced by its counterpart."""

    def __init__(self, pairing: _Pairing) -> None:
        self._types = {mine: other for mine, other in pairing.types.items() if mine is not other}
        self._callees = {
            mine.qualified_name: other.qualified_name for mine, other in pairing.functions.items()
        }
        self._spans: dict[Source, list[tuple[SourceRange, SourceRange]]] = {}
        for mine, other in pairing.functions.items():
            if mine is not other and mine.source_range is not None and other.source_range is not None:
                self._spans.setdefault(mine.source_range.source, []).append(
                    (mine.source_range, other.source_range)
                )
        self._ranges: dict[SourceRange, SourceRange] = {}
        self._stacks: dict[CallStack, CallStack] = {}

    def of(self, function: Function) -> Graph | None:
        """A copy of the function's body for inlining, None if that cannot be told from its counterparts."""
        assert function.optimized is not None
        graph = function.optimized.copy()
        try:
            self._adapt(graph.block)
        except _UnsharedError:
            return None
        return graph

    def _adapt(self, block: Block) -> None:
        self._adapt_types(block.inputs)
        ranges, stacks = self._ranges, self._stacks
        node = block.param_node.next
        while node is not None:
            self._adapt_types(node.outputs)
            at = node.source_range
            if at is not None:
                node.source_range = ranges.get(at) or self._range(at)
            stack = node.callstack
            if stack is not None:
                node.callstack = stacks.get(stack) or self._stack(stack)
            for inner in node.blocks:
                self._adapt(inner)
            node = node.next

    def _adapt_types(self, values: list[Value]) -> None:
        types = self._types
        for value in values:
            kind = value.type
            if kind.parts:
                if any(inner in types for inner in _classes_in(kind)):
                    raise _UnsharedError
            elif kind in types:
                value.type = types[kind]

    def _range(self, at: SourceRange) -> SourceRange:
        found = at
        for mine, other in self._spans.get(at.source, ()):
            if mine.start <= at.start < mine.end:
                begin = _body_start(mine)
                if at.start < begin:
                    # The names of classes in the signature may differ in length.
                    raise _UnsharedError
                shift = _body_start(other) - begin
                found = SourceRange(other.source, at.start + shift, at.end + shift)
                break
        self._ranges[at] = found
        return found

    def _stack(self, stack: CallStack) -> CallStack:
        frame, inner = stack.frame, stack.inner
        module_type = frame.module_type
        found = self._stacks[stack] = CallStack(
            CallFrame(
                self._callees.get(frame.callee, frame.callee),
                None if frame.call_site is None else self._range(frame.call_site),
                None if module_type is None else self._types.get(module_type, module_type),
                frame.instance,
                frame.path,
            ),
            None if inner is None else self._stacks.get(inner) or self._stack(inner),
        )
        return found
