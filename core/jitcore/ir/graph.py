"""A graph: the body of a function or method, and the only door to editing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType

from jitcore.ir.block import Block
from jitcore.ir.cloning import Cloner
from jitcore.ir.journal import Journal, Rewrite, Rule
from jitcore.ir.node import CONSTANT, Node
from jitcore.ir.value import Value
from jitcore.source import SourceRange
from jitcore.types import TENSOR, Type


class _InsertPoint:
    __slots__ = ("_graph", "_previous", "_target")

    def __init__(self, graph: Graph, target: Node) -> None:
        self._graph = graph
        self._target = target
        self._previous: Node = target

    def __enter__(self) -> None:
        self._previous = self._graph.insert_point
        self._graph.insert_point = self._target

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._graph.insert_point = self._previous


def _undefined(value: Value) -> Value:
    raise ValueError(f"%{value.name} is used where it is not defined")


class Graph:
    """A graph in SSA form.

    `names` maps debug names to values, `next_unique` numbers values and `next_node_id` nodes,
    `insert_point` is the node before which `insert` puts new nodes, `journal` (None: nothing is
    recorded) is the record of edits. `shown_as_tensors` are values of any type that TorchScript
    calls tensors where it prints them.
    """

    __slots__ = (
        "__weakref__", "_name_suffixes", "block", "insert_point", "journal", "names", "next_node_id",
        "next_unique", "shown_as_tensors",
    )  # fmt: skip

    def __init__(self) -> None:
        self.journal: Journal | None = None
        self.names: dict[str, Value] = {}
        self._name_suffixes: dict[str, int] = {}
        self.shown_as_tensors: set[Value] = set()
        self.next_unique = 0
        self.next_node_id = 0
        self.block = Block(self, None)
        self.insert_point: Node = self.block.return_node

    # --- numbering and naming ------------------------------------------------------------------

    def take_unique(self) -> int:
        """A number no value of this graph has had."""
        number = self.next_unique
        self.next_unique = number + 1
        return number

    def free_name(self, name: str) -> str:
        """The next unused `base.N` for a name that is taken, counting on from a numeric suffix."""
        base, suffix = name, 1
        stem, dot, tail = name.rpartition(".")
        if dot and tail.isascii() and tail.isdigit():
            base, suffix = stem, int(tail)
        last = self._name_suffixes.get(base)
        if last is not None:
            suffix = max(suffix, last + 1)
        names = self.names
        while True:
            candidate = f"{base}.{suffix}"
            suffix += 1
            if candidate not in names:
                self._name_suffixes[base] = suffix
                return candidate

    # --- reading -------------------------------------------------------------------------------

    @property
    def inputs(self) -> list[Value]:
        """Inputs of the graph; do not change the list."""
        return self.block.param_node.outputs

    @property
    def outputs(self) -> list[Value]:
        """Results of the graph; do not change the list."""
        return self.block.return_node.inputs

    def nodes(self) -> Iterator[Node]:
        """Top-level nodes in order."""
        return self.block.nodes()

    def all_nodes(self) -> list[Node]:
        """Every node, nested ones included, in order."""
        return self.block.all_nodes()

    # --- building ------------------------------------------------------------------------------

    def add_input(self, name: str = "", type: Type = TENSOR) -> Value:
        """Append an input."""
        return self.block.add_input(name, type)

    def register_output(self, value: Value) -> int:
        """Append a result."""
        return self.block.register_output(value)

    def create(self, kind: str, inputs: Iterable[Value] = (), outputs: int = 1) -> Node:
        """A free node of `kind` with `outputs` fresh values."""
        node = Node(self, kind)
        # The node is free, so nothing of this is recorded and the lists can be filled directly.
        node.inputs.extend(inputs)
        for index, value in enumerate(node.inputs):
            value.use_map[(node, index)] = None
        number = self.next_unique
        self.next_unique = number + outputs
        if outputs == 1:
            node.outputs.append(Value(node, 0, number))
        else:
            node.outputs.extend([Value(node, index, number + index) for index in range(outputs)])
        return node

    def insert(self, node: Node) -> Node:
        """Put a free node at the insert point."""
        before = self.insert_point.prev
        if self.journal is None and node.block is None and before is not None:
            node.link_after(before)
            return node
        return node.insert_before(self.insert_point)

    def insert_operator(
        self, kind: str, inputs: list[Value], result_type: Type, source_range: SourceRange | None
    ) -> Value:
        """A node with one result at the insert point; gives the result. It keeps the list `inputs`."""
        node = Node(self, kind)
        node.inputs = inputs
        for index, value in enumerate(inputs):
            value.use_map[(node, index)] = None
        number = self.next_unique
        self.next_unique = number + 1
        result = Value(node, 0, number, result_type)
        node.outputs.append(result)
        node.source_range = source_range
        self.insert(node)
        return result

    def append(self, node: Node) -> Node:
        """Put a free node at the end of the graph."""
        return self.block.append(node)

    def inserting_before(self, node: Node) -> _InsertPoint:
        """Context in which new nodes go before `node`."""
        return _InsertPoint(self, node)

    def inserting_after(self, node: Node) -> _InsertPoint:
        """Context in which new nodes go after `node` (in order of insertion)."""
        if node.next is None:
            raise ValueError("nothing can stand after the results of a block")
        return _InsertPoint(self, node.next)

    def inserting_at_end(self, block: Block) -> _InsertPoint:
        """Context in which new nodes go to the end of `block`."""
        return _InsertPoint(self, block.return_node)

    def create_constant(self, value: object, type: Type) -> Node:
        """A free `prim::Constant` of a value and its type; None has no attribute."""
        node = self.create(CONSTANT)
        if value is not None:
            node.attributes["value"] = value
        node.outputs[0].type = type
        return node

    def insert_constant(self, value: object, type: Type, source_range: SourceRange | None = None) -> Value:
        """A constant at the insert point."""
        node = self.insert(self.create_constant(value, type))
        node.source_range = source_range
        return node.outputs[0]

    def create_clone(
        self,
        node: Node,
        value_map: Callable[[Value], Value],
        copy_blocks: bool = True,
        keep_ids: bool = False,
    ) -> Node:
        """A free copy of `node` (of any graph) that reads the values `value_map` gives for its inputs."""
        return Cloner(self, value_map, keep_ids).node(node, copy_blocks)

    def copy(self, renumber: bool = True) -> Graph:
        """A copy whose nodes keep their ids; its values are numbered anew, or else as they are."""
        other = Graph()
        values = other.block.clone_from(self.block, _undefined, keep_ids=True)
        if not renumber:
            for old, new in values.items():
                new.unique = old.unique
            other.next_unique = self.next_unique
            # Names that are given from now on count on from the same numbers.
            other._name_suffixes = dict(self._name_suffixes)
        if self.shown_as_tensors:
            other.shown_as_tensors = {values[value] for value in self.shown_as_tensors & values.keys()}
        other.next_node_id = max(other.next_node_id, self.next_node_id)
        return other

    def insert_graph(self, callee: Graph, arguments: list[Value]) -> tuple[list[Value], dict[Value, Value]]:
        """Copy the body of `callee` to the insert point, its inputs replaced by `arguments`.

        Returns the values that stand for the callee's results, and the map from the callee's values.
        """
        cloner = self.cloner_of(callee, arguments)
        node = callee.block.param_node.next
        end = callee.block.return_node
        while node is not None and node is not end:
            self.insert(cloner.node(node))
            node = node.next
        return [cloner.values[v] for v in callee.outputs], cloner.values

    def cloner_of(self, callee: Graph, arguments: list[Value]) -> Cloner:
        """What copies nodes of `callee` into this graph, its inputs replaced by `arguments`."""
        if len(arguments) != len(callee.inputs):
            raise ValueError(f"{len(callee.inputs)} arguments expected, got {len(arguments)}")
        return Cloner(self, _undefined, values=dict(zip(callee.inputs, arguments, strict=True)))

    def new_block(self, owner: Node) -> Block:
        """An empty block, which `owner` is to have."""
        return Block(self, owner)

    def cloner(self, outside: Callable[[Value], Value], keep_ids: bool = False) -> Cloner:
        """What copies nodes into this graph; `outside` gives the counterparts of values from elsewhere."""
        return Cloner(self, outside, keep_ids)

    # --- journal -------------------------------------------------------------------------------

    def attach_journal(self) -> Journal:
        """Start recording; gives the journal that exists already if there is one."""
        if self.journal is None:
            self.journal = Journal(self)
        return self.journal

    def rewrite(self, rule: Rule, because: str | Callable[[], str], matched: Iterable[Node] = ()) -> Rewrite:
        """Context that groups the edits inside into one step, taken back if an exception escapes.

        `because` explains the rewrite in a sentence with the real names filled in; give a function
        so that the sentence is only made when somebody records it.
        """
        return Rewrite(self.journal, rule, because, matched)
