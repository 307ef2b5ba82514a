"""Variables while a function is lowered: frames of names over the blocks of the graph.

Reading and assigning a first-class variable emits `prim::Load` and `prim::Store`; conversion to SSA
removes them when all assignments are known. A store is kept back until a nested block could see it,
and a read of a value that is known needs no load (see `variables`). What is not first-class (modules
of operators, classes) lives in the frame alone and cannot be assigned again in an inner block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.frontend.call_notes import noting_classes
from jitcore.frontend.globals import global_value
from jitcore.frontend.names import is_meaningful
from jitcore.frontend.sugared.calls import ClassValue, NamedTupleValue
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.ir import Block, Node, Value
from jitcore.ops.conversions import convert
from jitcore.source import SourceRange
from jitcore.types import ClassType, ListType, TupleType, Type, is_subtype, unshaped

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue


class Environment:
    """One frame. `block` is the block that it belongs to, `parent` the frame around it.

    `_known` holds the values of variables that were stored in this block and not assigned in a
    nested one since, `_kept_back` the variables whose store is not emitted yet.
    """

    __slots__ = ("_errors", "_kept_back", "_known", "_sugared", "_types", "block", "lowering", "parent")

    def __init__(self, lowering: Lowering, block: Block, parent: Environment | None) -> None:
        self.lowering = lowering
        self.block = block
        self.parent = parent
        self._types: dict[str, Type] = {}
        self._known: dict[str, Value] = {}
        self._kept_back: set[str] = set()
        self._sugared: dict[str, SugaredValue] = {}
        self._errors: dict[str, Callable[[], str]] = {} if parent is None else parent._errors

    # --- looking up ----------------------------------------------------------------------------

    def find(self, name: str) -> SugaredValue | None:
        """The variable from this frame or the nearest one around it."""
        frame: Environment | None = self
        while frame is not None:
            sugared = frame._sugared.get(name)
            if sugared is not None:
                return sugared
            kind = frame._types.get(name)
            if kind is not None:
                return frame._load(name, kind)
            frame = frame.parent
        return None

    def defines(self, name: str) -> bool:
        """Whether this frame or one around it has a variable of that name."""
        frame: Environment | None = self
        while frame is not None:
            if name in frame._sugared or name in frame._types:
                return True
            frame = frame.parent
        return False

    def find_in_parents(self, name: str) -> SugaredValue | None:
        """The variable from the frames around this one."""
        return None if self.parent is None else self.parent.find(name)

    def get(self, name: str, at: SourceRange) -> SugaredValue:
        """What the name means: a variable, a builtin, or something that the program defines."""
        found = self.find(name)
        return self.free(name, at) if found is None else found

    def free(self, name: str, at: SourceRange) -> SugaredValue:
        """What a name that is no variable means."""
        found = global_value(name)
        if found is None:
            found = self._defined(name, at)
        if found is None:
            message = self._errors.get(name)
            if message is not None:
                raise at.error(f"{message()} and was used here")
            raise at.error(f"undefined value {name}")
        return found

    def get_value(self, name: str, at: SourceRange) -> Value:
        """The variable as a value."""
        return self.get(name, at).as_value(at, self.lowering)

    def _defined(self, name: str, at: SourceRange) -> SugaredValue | None:
        resolver = self.lowering.resolver
        with noting_classes(self.lowering, at):
            kind = resolver.resolve_type(name, at)
        if isinstance(kind, TupleType):
            return NamedTupleValue(kind)
        found = resolver.resolve_value(name, at, self.lowering)
        if found is None and isinstance(kind, ClassType):
            return ClassValue(kind)
        return found

    def _load(self, name: str, kind: Type) -> SimpleValue:
        graph = self.block.graph
        known = self._known.get(name)
        reads = self.lowering.reads
        if known is not None and reads.enabled and graph.insert_point.block is self.block:
            return SimpleValue(reads.read(self.block, name, kind, known, is_meaningful(name)))
        node = graph.create("prim::Load")
        node.attributes["name"] = name
        output = node.outputs[0]
        output.type = kind
        graph.insert(node)
        if is_meaningful(name):
            output.set_debug_name(name)
        return SimpleValue(output)

    # --- defining ------------------------------------------------------------------------------

    def set_value(self, at: SourceRange, name: str, value: Value) -> None:
        """Assign a value to a variable of this frame."""
        self.set(at, name, SimpleValue(value))

    def set_plain(self, name: str, value: Value) -> bool:
        """Assign a value to a variable of the outermost frame if nothing has to be asked for that."""
        if self.parent is not None or (value.debug_name is None and value.node.block is not self.block):
            return False
        if value.debug_name is None and is_meaningful(name):
            value.set_debug_name(name)
        self.store(name, value, value.type)
        return True

    def set(self, at: SourceRange, name: str, sugared: SugaredValue, annotated: Type | None = None) -> None:
        """Assign anything to a variable of this frame, which may shadow one of a frame around it."""
        value = sugared.value if isinstance(sugared, SimpleValue) else None
        if (
            value is not None
            and value.debug_name is None
            and is_meaningful(name)
            # A name only used in this block would be confusing on a value of another one.
            and value.node.block is self.block
        ):
            value.set_debug_name(name)
        outer = self.find_in_parents(name)
        if outer is not None:
            value = self._fit_outer(at, name, sugared, outer, annotated)
        if value is None:
            self._sugared[name] = sugared
            return
        if annotated is not None and not is_subtype(value.type, annotated):
            raise at.error(
                f"Variable '{name}' is annotated with type {annotated.repr_str} but is being assigned to "
                "a value of "
                f"type {value.type.repr_str}"
            )
        self.store(name, value, value.type if annotated is None else annotated)

    def store(self, name: str, value: Value, kind: Type) -> None:
        """Store to a first-class variable of type `kind`."""
        self._types[name] = kind
        self._known[name] = value
        if self.lowering.reads.enabled:
            self._kept_back.add(name)
        else:
            self._emit_store(name, value).insert_before(self.block.graph.insert_point)
        outer = self.parent
        while outer is not None:
            outer._known.pop(name, None)
            outer = outer.parent

    def emit_stores(self, before: Node) -> None:
        """Emit the stores that were kept back: a nested block, or what follows this one, may read them."""
        for name in self._kept_back:
            self._emit_store(name, self._known[name]).insert_before(before)
        self._kept_back.clear()

    def _emit_store(self, name: str, value: Value) -> Node:
        node = self.block.graph.create("prim::Store", (value,), 0)
        node.attributes["name"] = name
        return node

    def _fit_outer(
        self, at: SourceRange, name: str, sugared: SugaredValue, outer: SugaredValue, annotated: Type | None
    ) -> Value:
        if annotated is not None:
            raise at.error(
                f"Attempting to declare and annotate the type of variable '{name}' but it is already "
                "defined in an "
                "outer block"
            )
        if not isinstance(sugared, SimpleValue):
            raise at.error(
                f"Cannot re-assign '{name}' to a value of type {sugared.kind} because {name} is not a "
                "first-class "
                "value.  Only reassignments to first-class values are allowed"
            )
        if not isinstance(outer, SimpleValue):
            raise at.error(
                f"Cannot re-assign '{name}' because it has type {sugared.kind} and {name} is not a "
                "first-class "
                "value.  Only reassignments to first-class values are allowed"
            )
        expected = unshaped(outer.value.type)
        value = convert(self.block.graph, at, expected, sugared.value, allow_conversions=True)
        if not is_subtype(value.type, expected):
            message = (
                f"Variable '{name}' previously had type {outer.value.type.repr_str} but is now being "
                "assigned to a "
                f"value of type {value.type.repr_str}"
            )
            if isinstance(expected, ListType) and isinstance(value.type, ListType):
                message += (
                    "\nEmpty lists default to List[Tensor]. Add a variable annotation to the assignment "
                    "to create an "
                    "empty list of another type (torch.jit.annotate(List[T, []]) where T is the type of "
                    "elements in "
                    "the list for Python 2)"
                )
            raise at.error(message)
        return value

    def remove(self, name: str, at: SourceRange) -> None:
        """`del name`; raises if there is no such variable."""
        removed = False
        frame: Environment | None = self
        while frame is not None:
            sugared = frame._sugared.pop(name, None)
            kind = frame._types.pop(name, None)
            frame._known.pop(name, None)
            frame._kept_back.discard(name)
            removed = removed or sugared is not None or kind is not None
            frame = frame.parent
        if not removed:
            raise at.error(f"undefined value {name}")

    # --- joining branches ----------------------------------------------------------------------

    def variables(self) -> list[str]:
        """Names of the first-class variables of this frame."""
        return list(self._types)

    def set_type(self, name: str, kind: Type) -> None:
        """Declare a first-class variable that a nested block has stored to."""
        self._types[name] = kind
        self._known.pop(name, None)

    def explain(self, name: str, message: Callable[[], str]) -> None:
        """Remember why a name is not defined, for the error at its next use."""
        self._errors[name] = message
