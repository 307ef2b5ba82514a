"""The tables of what torch profiles and differentiates, asked of torch on graphs with one operator each."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch

from jitcore.ops.differentiable_operators import differentiable_operators
from jitcore.ops.lookup import key_of_schema
from jitcore.ops.profiled_operators import profiled_operators
from jitcore.ops.releases import USUAL, release
from jitcore.ops.schema_parser import parse_schema
from jitcore.types import INT, FunctionSchema, Type, VarType, rebuilt

pytestmark = pytest.mark.skipif(release() != USUAL, reason="the tables are those of the usual release")

_TENSORS = ("Tensor", "Optional[Tensor]")


@cache
def schemas() -> dict[str, FunctionSchema]:
    """The overloads that torch registers for TorchScript."""
    found: dict[str, FunctionSchema] = {}
    for name in sorted({schema.name for schema in torch._C._jit_get_all_schemas()}):
        for schema in torch._C._jit_get_schemas_for_operator(name):
            parsed = parse_schema(str(schema))
            found.setdefault(key_of_schema(parsed), parsed)
    return found


def closed(kind: Type) -> Type:
    if isinstance(kind, VarType):
        return INT
    return rebuilt(kind, tuple(closed(part) for part in kind.parts)) if kind.has_free_variables else kind


def declared(index: int, name: str, kind: Type, knows: bool) -> str:
    """A value of the type, which no run ever makes; constants and plain numbers where these are known."""
    text = str(closed(kind))
    if knows and name in ("dtype", "device"):
        if text.startswith("Optional") or text.endswith("?"):
            return f"      %a{index} : NoneType = prim::Constant()\n"
        value = '"cpu"' if text == "Device" else "6"
        return (
            f"      %a{index} : {'Device' if text == 'Device' else 'int'} = prim::Constant[value={value}]()\n"
        )
    if knows:
        text = text.replace("Scalar", "float").replace("number", "float")
    return f"      %a{index} : {text} = prim::Uninitialized()\n"


def reads_profiled(schema: FunctionSchema, knows: bool) -> bool | None:
    """Whether the tensors of an operator are noted; None where torch makes no graph of it.

    It stands in a branch that is not taken, so that it may be given anything.
    """
    kinds = [str(closed(returned.type)) for returned in schema.returns]
    if "Tensor" not in kinds:
        return None
    arguments = "".join(declared(i, a.name, a.type, knows) for i, a in enumerate(schema.arguments))
    names = ", ".join(f"%a{i}" for i in range(len(schema.arguments)))
    outputs = ", ".join(f"%r{i} : {kind}" for i, kind in enumerate(kinds))
    # What is read by an operator that is not profiled is kept, and tells nothing more.
    text = (
        f"graph(%c : bool, %x : Tensor):\n  %t : Tensor = prim::If(%c)\n    block0():\n{arguments}"
        f"      {outputs} = {schema.name}({names})\n"
        f"      %e : Tensor = aten::erfinv(%r{kinds.index('Tensor')})\n      -> (%e)\n"
        "    block1():\n      -> (%x)\n  return (%t)\n"
    )
    try:
        # The graph goes with the function.
        function = torch._C._create_function_from_graph("f", torch._C.parse_ir(text))
        function(False, torch.rand(2))
    except RuntimeError:
        return None
    nodes = torch._C._last_executed_optimized_graph().findAllNodes(schema.name)
    if len(nodes) != 1 or key_of_schema(parse_schema(nodes[0].schema())) != key_of_schema(schema):
        return None
    inputs: list[Any] = list(nodes[0].inputs())
    places = [i for i, argument in enumerate(schema.arguments) if str(argument.type) in _TENSORS]
    return any(inputs[place].node().kind() == "prim::profile" for place in places)


def with_tensors() -> dict[str, FunctionSchema]:
    return {
        key: schema
        for key, schema in schemas().items()
        if schema.returns and any(str(argument.type) in _TENSORS for argument in schema.arguments)
    }


# Kinds that are noted whatever the table says.
_BY_KIND = ("aten::dim", "aten::size", "aten::is_floating_point", "aten::t", "aten::mm", "aten::type_as")


_VIEWS = ("aten::view", "aten::reshape", "aten::transpose", "aten::expand", "aten::expand_as")


def test_what_the_table_lists_is_profiled():
    wrong: list[str] = []
    seen = 0
    for key, always in profiled_operators().items():
        schema = with_tensors().get(key)
        found = None if schema is None else reads_profiled(schema, knows=not always)
        seen += found is not None
        if found is False:
            wrong.append(key)
    assert wrong == []
    assert seen > 120


def test_what_it_does_not_list_is_not():
    table = profiled_operators()
    others = [s for key, s in with_tensors().items() if key not in table and s.name not in _BY_KIND]
    wrong: list[str] = []
    seen = 0
    for schema in others[::7]:
        found = reads_profiled(schema, knows=True)
        seen += found is not None
        if found:
            wrong.append(key_of_schema(schema))
    assert wrong == []
    assert seen > 150


def test_what_can_be_differentiated_is_gathered_by_torch():
    """One operator with `exp` behind it; views are not gathered at the end of a group."""
    seen = 0
    for key in sorted(differentiable_operators()):
        schema = schemas().get(key)
        if schema is None or str(schema.returns[0].type) != "Tensor" or len(schema.returns) > 1:
            continue
        inputs = ", ".join(f"%a{i} : {closed(a.type)}" for i, a in enumerate(schema.arguments))
        names = ", ".join(f"%a{i}" for i in range(len(schema.arguments)))
        graph = torch._C.parse_ir(
            f"graph({inputs}):\n  %r : Tensor = {schema.name}({names})\n"
            "  %o : Tensor = aten::exp(%r)\n  return (%o)\n"
        )
        torch._C._jit_pass_create_autodiff_subgraphs(graph, 2)
        is_gathered = any(node.kind() == "prim::DifferentiableGraph" for node in graph.nodes())
        assert is_gathered is (schema.name not in _VIEWS), key
        seen += 1
    assert seen > 90
