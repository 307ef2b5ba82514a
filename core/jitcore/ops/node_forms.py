"""Which form nodes have: how many values they take and give, their blocks, their attributes.

Graphs that a compiler made have it without being looked at, and all that reads graphs relies on it. A graph
from outside is held against this table once. Where a kind is not in the table, its schemas say the form; a
kind without either may have any.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.ir import Graph
from jitcore.ops.table import find
from jitcore.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Node


class Count(NamedTuple):
    """Numbers from `least` to `most`, without an end if that is None; only even ones if `step` is 2."""

    least: int
    most: int | None
    step: int = 1

    def __contains__(self, number: object) -> bool:
        if (
            not isinstance(number, int)
            or number < self.least
            or (self.most is not None and number > self.most)
        ):
            return False
        return (number - self.least) % self.step == 0

    def __str__(self) -> str:
        if self.step != 1:
            return "an even number"
        if self.most is None:
            return f"at least {self.least}"
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


ANY_NUMBER: Final = Count(0, None)


def exactly(number: int) -> Count:
    """That number alone."""
    return Count(number, number)


class BlockForm(NamedTuple):
    """How many values the blocks of a node take and give, by the node's own."""

    takes: Callable[[Node], int]
    gives: Callable[[Node], int]


class NodeForm(NamedTuple):
    """What a node of a kind looks like.

    `gives` holds the numbers of results, any one of which will do; it is None where all will. `attributes`
    are those that must be there, with what they are; `blocks` has the form of each block.
    """

    takes: Count = ANY_NUMBER
    gives: tuple[Count, ...] | None = None
    attributes: tuple[tuple[str, AttributeForm], ...] = ()
    blocks: tuple[BlockForm, ...] = ()


class AttributeForm(NamedTuple):
    """What an attribute is: `says` names it, `example` is how a text writes it."""

    says: str
    example: str
    accepts: Callable[[object], bool]


_TEXT: Final = AttributeForm("a text", '"a"', lambda value: isinstance(value, str))
_INTEGER: Final = AttributeForm("an integer", "1", lambda value: type(value) is int)
_TYPES: Final = AttributeForm(
    "a list of types",
    "[int]",
    lambda value: isinstance(value, list | tuple) and all(isinstance(part, Type) for part in value),  # pyright: ignore[reportUnknownVariableType]
)
SUBGRAPH: Final = AttributeForm("a graph", "", lambda value: isinstance(value, Graph))

_NAMED: Final = (("name", _TEXT),)
_WITH_SUBGRAPH: Final = (("Subgraph", SUBGRAPH),)
_ONE: Final = (exactly(1),)
_NOTHING: Final = (exactly(0),)
_BRANCH: Final = BlockForm(lambda _: 0, lambda node: len(node.outputs))

GIVE_WHAT_THEY_TAKE: Final = ("prim::profile", "prim::profile_ivalue")
"""Kinds whose result, if there is one, is their input; without either they only count."""

_FORMS: Final[dict[str, NodeForm]] = {
    "prim::Constant": NodeForm(exactly(0), _ONE),
    "prim::Uninitialized": NodeForm(exactly(0)),
    "prim::unchecked_cast": NodeForm(exactly(1), _ONE),
    "prim::isinstance": NodeForm(exactly(1), _ONE, (("types", _TYPES),)),
    "prim::tolist": NodeForm(exactly(3), _ONE),
    "prim::TupleConstruct": NodeForm(ANY_NUMBER, _ONE),
    "prim::TupleUnpack": NodeForm(exactly(1)),
    "prim::TupleIndex": NodeForm(exactly(2), _ONE),
    "prim::TupleSlice": NodeForm(exactly(1), _ONE, (("beg", _INTEGER), ("end", _INTEGER))),
    "prim::ListConstruct": NodeForm(ANY_NUMBER, _ONE),
    "prim::ListUnpack": NodeForm(exactly(1)),
    "prim::DictConstruct": NodeForm(Count(0, None, 2), _ONE),
    "prim::EmptyListLiteral": NodeForm(exactly(0), _ONE),
    "prim::ConstantChunk": NodeForm(exactly(1), None, (("chunks", _INTEGER), ("dim", _INTEGER))),
    "prim::ChunkSizes": NodeForm(exactly(1), (exactly(2),), (("chunks", _INTEGER), ("dim", _INTEGER))),
    "prim::TypeCheck": NodeForm(Count(1, None), None, (("types", _TYPES),)),
    "prim::TensorExprDynamicGuard": NodeForm(Count(1, None), _ONE, (("types", _TYPES),)),
    "prim::ModuleContainerIndex": NodeForm(exactly(2), _ONE),
    "prim::EnumName": NodeForm(exactly(1), _ONE),
    "prim::EnumValue": NodeForm(exactly(1), _ONE),
    "prim::CreateObject": NodeForm(exactly(0), _ONE),
    "prim::GetAttr": NodeForm(exactly(1), _ONE, _NAMED),
    "prim::SetAttr": NodeForm(exactly(2), _NOTHING, _NAMED),
    "prim::HasAttr": NodeForm(exactly(1), _ONE, _NAMED),
    "prim::CallFunction": NodeForm(Count(1, None), _ONE),
    "prim::CallMethod": NodeForm(Count(1, None), _ONE, _NAMED),
    "prim::Enter": NodeForm(exactly(1), _ONE),
    "prim::Exit": NodeForm(Count(1, None), _ONE),
    "prim::fork": NodeForm(ANY_NUMBER, _ONE, _WITH_SUBGRAPH),
    "prim::awaitable": NodeForm(ANY_NUMBER, _ONE, _WITH_SUBGRAPH),
    "prim::Closure": NodeForm(ANY_NUMBER, _ONE, _WITH_SUBGRAPH),
    "prim::If": NodeForm(exactly(1), None, (), (_BRANCH, _BRANCH)),
    "prim::Loop": NodeForm(
        Count(2, None), None, (),
        (BlockForm(lambda node: len(node.inputs) - 1, lambda node: len(node.outputs) + 1),),
    ),
    "prim::GradOf": NodeForm(ANY_NUMBER, None, _NAMED, (_BRANCH,)),
    "prim::Guard": NodeForm(exactly(1), _ONE),
    "prim::AutogradZero": NodeForm(exactly(0), _ONE),
    "prim::AutogradAdd": NodeForm(exactly(2), _ONE),
    # Lowering tuples gives it one result for each part of an item.
    "aten::__getitem__": NodeForm(exactly(2), (Count(1, None),)),
    "prim::Print": NodeForm(ANY_NUMBER, _NOTHING),
    **dict.fromkeys(GIVE_WHAT_THEY_TAKE, NodeForm(Count(0, 1), (Count(0, 1),))),
    **dict.fromkeys(
        (
            "prim::FusionGroup", "prim::CudaFusionGroup", "prim::FunctionalGraph",
            "prim::DifferentiableGraph", "prim::FallbackGraph", "prim::TensorExprGroup",
            "prim::TensorExprDynamicGroup", "prim::MKLDNNGroup", "prim::StaticSubgraph",
            "prim::oneDNNFusionGroup", "prim::Reverse",
        ),
        NodeForm(attributes=_WITH_SUBGRAPH),
    ),
}  # fmt: skip

KNOWN_KINDS: Final = tuple(_FORMS)
"""The kinds that the table says the form of."""

RUN_THEIR_SUBGRAPH: Final = frozenset(
    kind
    for kind, form in _FORMS.items()
    if form.attributes == _WITH_SUBGRAPH and kind not in ("prim::fork", "prim::awaitable", "prim::Closure")
)
"""Kinds whose values are those of their subgraph, one by one."""

TAKE_WHAT_THEIR_SUBGRAPH_TAKES: Final = RUN_THEIR_SUBGRAPH | {"prim::fork", "prim::awaitable"}
"""Kinds whose inputs are the parameters of their subgraph, one by one."""

ENDS_OF_BLOCKS: Final = frozenset(("prim::Param", "prim::Return"))
"""Kinds that a block has by itself, and that no text writes."""


@cache
def form_of(kind: str) -> NodeForm | None:
    """The form of nodes of a kind, None if it may be any."""
    known = _FORMS.get(kind)
    if known is not None:
        return known
    schemas = find(kind)
    if not schemas:
        return None
    least = min(
        len([argument for argument in schema.arguments if not argument.has_default]) for schema in schemas
    )
    is_open = any(schema.is_vararg for schema in schemas)
    most = None if is_open else max(len(schema.arguments) for schema in schemas)
    if any(schema.is_varret for schema in schemas):
        return NodeForm(Count(least, most))
    results = sorted({len(schema.returns) for schema in schemas})
    return NodeForm(Count(least, most), tuple(map(exactly, results)))
