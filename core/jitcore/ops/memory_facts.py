"""What operators do to memory: which results may share it with which inputs, and what is written.

Schemas say it by their alias annotations. Of the nodes below, which libtorch's alias analysis treats by rules
of its own (torch/csrc/jit/ir/alias_analysis.cpp), the schema does not tell the truth, or there is none.
Whoever asks, an analysis or a view, asks here.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.ops.effects import CONSERVATIVE, traits
from jitcore.ops.lookup import key_of_schema, schema_of

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.types import AliasInfo, FunctionSchema

_WILDCARD: Final = "*"


class MemoryRule(Enum):
    """What a node does to memory, where that is no matter of its schema."""

    NOTHING = auto()
    """Gives no objects and writes to none."""
    CREATES = auto()
    """Gives fresh objects."""
    EXTRACTS = auto()
    """Gives parts of something, which may be anything of their types."""
    CONTAINS = auto()
    """Gives a container that holds the inputs."""
    IS_FIRST_INPUT = auto()
    """Every result is the first input, or a part of its memory."""
    IS_INPUTS = auto()
    """The results are the inputs, one by one."""
    BRANCHES = auto()
    """The results are those of one of its blocks."""
    LOOPS = auto()
    """What is carried is an input, or what the body gives."""
    RUNS_BLOCK = auto()
    """The results are those of its block."""
    RUNS_SUBGRAPH = auto()
    """The results are those of the graph that is its attribute."""
    STARTS_ELSEWHERE = auto()
    """What is started may do anything to the inputs until it is waited for."""
    WAITS = auto()
    """What is waited for may have written to anything that is known elsewhere."""
    NORMALIZES = auto()
    """Writes running statistics unless it is known not to train."""
    SETS_ATTRIBUTE = auto()
    """Writes to an object, which holds the second input from then on."""
    ANYTHING = auto()
    """May write to all that can be reached from the inputs, and gives anything."""


_RULES: Final[dict[MemoryRule, str]] = {
    MemoryRule.NOTHING: "prim::Print prim::isinstance",
    MemoryRule.CREATES: """
        prim::TensorExprGroup prim::TensorExprDynamicGroup prim::MKLDNNGroup prim::ConstantMKLDNNTensor
        prim::StaticSubgraph prim::Constant prim::AutogradZero prim::AutogradAdd prim::FusedConcat
        prim::MMTreeReduce prim::MMBatchSide prim::BroadcastSizes prim::ChunkSizes prim::EmptyListLiteral
        prim::Closure prim::CreateObject prim::tolist prim::Uninitialized""",
    MemoryRule.EXTRACTS: """
        prim::TupleUnpack prim::TupleIndex prim::TupleSlice prim::ListUnpack prim::PythonOp prim::GetAttr""",
    MemoryRule.CONTAINS: "prim::TupleConstruct prim::DictConstruct prim::ListConstruct",
    MemoryRule.IS_FIRST_INPUT: """
        prim::unchecked_cast prim::ConstantChunk prim::profile prim::profile_ivalue prim::Guard""",
    MemoryRule.IS_INPUTS: "prim::BroadcastMKLDNNTensors prim::TypeCheck prim::RequiresGradCheck",
    MemoryRule.BRANCHES: "prim::If",
    MemoryRule.LOOPS: "prim::Loop",
    MemoryRule.RUNS_BLOCK: "prim::GradOf",
    MemoryRule.RUNS_SUBGRAPH: """
        prim::FusionGroup prim::CudaFusionGroup prim::FunctionalGraph prim::DifferentiableGraph
        prim::FallbackGraph""",
    MemoryRule.STARTS_ELSEWHERE: "prim::fork prim::awaitable prim::rpc_async prim::rpc_sync prim::rpc_remote",
    MemoryRule.WAITS: "aten::wait prim::awaitable_wait",
    MemoryRule.NORMALIZES: "aten::batch_norm aten::instance_norm",
    MemoryRule.SETS_ATTRIBUTE: "prim::SetAttr",
    MemoryRule.ANYTHING: "prim::CallFunction prim::CallMethod prim::Enter prim::Exit",
}

SPECIAL_NODES: Final = {kind: rule for rule, kinds in _RULES.items() for kind in kinds.split()}
"""Kind -> its rule. All other kinds do what their schema says."""

_WITHOUT_WRITES: Final = frozenset(
    (
        MemoryRule.NOTHING, MemoryRule.CREATES, MemoryRule.EXTRACTS, MemoryRule.CONTAINS,
        MemoryRule.IS_FIRST_INPUT, MemoryRule.IS_INPUTS,
    )
)  # fmt: skip

NEVER_WRITES: Final = frozenset(
    (
        "prim::Return",
        "prim::Param",
        *(kind for kind, rule in SPECIAL_NODES.items() if rule in _WITHOUT_WRITES),
    )
)
"""Kinds that write to nothing whatever their schemas say, if they have one."""

CALLS_THAT_KEEP_NO_ELEMENT: Final = frozenset(
    ("aten::cat", "aten::broadcast_tensors", "aten::stack", "aten::vstack", "aten::hstack", "aten::dstack")
)
"""Operators that read what a list holds, and neither keep the list nor hand out what is in it."""

TAKES_PARTS: Final = frozenset(
    ("prim::TupleUnpack", "prim::TupleIndex", "prim::TupleSlice", "prim::ListUnpack", "aten::__getitem__")
)
"""Kinds that take parts out of the container that is their first input."""

RUNNING_STATISTICS: Final = (3, 4)
"""Inputs of a normalization that it may write to."""
_IS_TRAINING: Final = 5


def may_train(normalization: Node) -> bool:
    """Whether a normalization may write its running statistics: unless a constant says it does not train."""
    is_training = normalization.inputs[_IS_TRAINING].node
    return not (is_training.is_constant and is_training.attributes.get("value") is False)


def may_write_unseen(node: Node) -> bool:
    """Whether something may be written where this node stands although neither schema nor blocks show it."""
    return SPECIAL_NODES.get(node.kind) in (MemoryRule.ANYTHING, MemoryRule.STARTS_ELSEWHERE)


def written_inputs(node: Node) -> tuple[int, ...]:
    """Places of the inputs that the node writes to whatever happens: by its schema, or by setting them."""
    if SPECIAL_NODES.get(node.kind) is MemoryRule.SETS_ATTRIBUTE:
        return (0,)
    schema = schema_of(node)
    if schema is None or not schema.is_mutable:
        return ()
    return tuple(
        index
        for index, argument in enumerate(schema.arguments)
        if argument.alias is not None and argument.alias.is_write
    )


def writes(node: Node) -> bool:
    """Whether there are `written_inputs`."""
    if SPECIAL_NODES.get(node.kind) is MemoryRule.SETS_ATTRIBUTE:
        return True
    schema = schema_of(node)
    return schema is not None and schema.is_mutable


def shared_inputs(node: Node, offset: int) -> tuple[int, ...] | None:
    """Places of the inputs that an output may share memory with, by the schema; None: with anything."""
    schema = schema_of(node)
    if schema is None or offset >= len(schema.returns):
        return ()
    alias = schema.returns[offset].alias
    if alias is None:
        return ()
    shared = tuple(
        index
        for index, argument in enumerate(schema.arguments)
        if argument.alias is not None and argument.alias.before & alias.before and index < len(node.inputs)
    )
    return None if not shared and _WILDCARD in alias.before else shared


def only_reads(schema: FunctionSchema, index: int) -> bool:
    """Whether an operator neither writes to an argument nor gives or keeps it, by its annotations."""
    return index < len(schema.arguments) and schema.arguments[index].alias is None


class ArgumentAlias(NamedTuple):
    """Annotation of an argument: its alias set, whether it is written, whether it is unknown afterwards."""

    name: str
    is_write: bool
    escapes: bool


class ReturnAlias(NamedTuple):
    """Annotation of a return: the alias sets it may belong to, whether it is written, or unknown."""

    names: tuple[str, ...]
    is_write: bool
    is_wildcard: bool


class SchemaPlan(NamedTuple):
    """What a schema says about memory.

    `arguments` are the annotated ones with their positions; `returns` has None for fresh objects;
    `all_fresh` when nothing is annotated; `is_conservative` when the schema does not tell the truth.
    """

    arguments: tuple[tuple[int, ArgumentAlias], ...]
    returns: tuple[ReturnAlias | None, ...]
    all_fresh: bool
    is_conservative: bool


@lru_cache(maxsize=4096)
def plan_of(schema: FunctionSchema) -> SchemaPlan:
    """The annotations of a schema, prepared once for all nodes that call it (compared by identity)."""
    arguments = tuple(
        (index, _argument(argument.alias))
        for index, argument in enumerate(schema.arguments)
        if argument.alias is not None
    )
    returns = tuple(None if r.alias is None else _return(r.alias) for r in schema.returns)
    all_fresh = not arguments and not any(returns)
    return SchemaPlan(arguments, returns, all_fresh, key_of_schema(schema) in traits()[CONSERVATIVE])


def _of_element(alias: AliasInfo) -> AliasInfo:
    """`Tensor(a!)[]` annotates the elements of the list only; the list stands for them."""
    return alias.contained[0] if not alias.before and alias.contained else alias


def _argument(alias: AliasInfo) -> ArgumentAlias:
    alias = _of_element(alias)
    return ArgumentAlias(next(iter(alias.before), ""), alias.is_write, _WILDCARD in alias.after)


def _return(alias: AliasInfo) -> ReturnAlias:
    alias = _of_element(alias)
    return ReturnAlias(tuple(sorted(alias.before)), alias.is_write, _WILDCARD in alias.before)
