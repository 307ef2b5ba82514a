"""Which operators, on tensors of which dtypes, torch puts into a fusion group, and we do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import torch

from jitcore.ops.fusible_operators import BROADCAST, OF_THEIR_OWN_SIZES, pointwise_operators
from jitcore.ops.profiled_operators import profiled_operators
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from tests.differential.counterparts import rewritten

DTYPES = ("Float", "Double", "Long", "Bool", "Byte", "Half", "BFloat16", "ComplexFloat")

GROUP = "prim::TensorExprGroup"

CONSTANTS = {
    "int": "int = prim::Constant[value=1]()",
    "bool": "bool = prim::Constant[value=0]()",
    "float": "float = prim::Constant[value=1.]()",
    "str": 'str = prim::Constant[value="none"]()',
    "Device": 'Device = prim::Constant[value="cpu"]()',
    "List[int]": "int[] = prim::Constant[value=[1, 1]]()",
}


@cache
def schemas() -> dict[str, torch._C.FunctionSchema]:
    every = torch._C._jit_get_all_schemas()
    return {f"{one.name}.{one.overload_name}".rstrip("."): one for one in every}


def program(schema: torch._C.FunctionSchema, dtype: str, number: str) -> str | None:
    """A graph that multiplies what the operator gives; None for one that takes or gives other things."""
    kind = f"{dtype}(2, 2, strides=[2, 1], requires_grad=0, device=cpu)"
    inputs, lines, given = [f"%z : {kind}"], [], []
    for place, argument in enumerate(schema.arguments):
        declared, name = str(argument.type), f"%a{place}"
        given.append(name)
        if declared in ("Tensor", "Optional[Tensor]"):
            inputs.append(f"{name} : {kind}")
        elif declared == "List[Tensor]":
            inputs.append(f"%l{place} : {kind}")
            lines.append(f"  {name} : Tensor[] = prim::ListConstruct(%l{place}, %l{place})")
        elif argument.name == "dtype" and declared == "int":
            lines.append(f"  {name} : int = prim::Constant[value=6]()")
        elif "number" in declared or "Scalar" in declared:
            lines.append(f"  {name} : {CONSTANTS[number]}")
        elif declared in CONSTANTS:
            lines.append(f"  {name} : {CONSTANTS[declared]}")
        elif declared.startswith("Optional"):
            lines.append(f"  {name} : NoneType = prim::Constant()")
        else:
            return None
    if [str(one.type) for one in schema.returns] != ["Tensor"]:
        return None
    lines.append(f"  %r : {kind} = {schema.name}({', '.join(given)})")
    return "\n".join(
        [f"graph({', '.join(inputs)}):", *lines, f"  %q : {kind} = aten::mul(%r, %z)", "  return (%q)", ""]
    )


def programs(key: str) -> Iterator[str]:
    schema = schemas().get(key)
    if schema is None:
        return
    for dtype in DTYPES:
        for number in ("float", "int"):
            text = program(schema, dtype, number)
            if text is not None:
                yield str(torch._C.parse_ir(text))


def grouped(key: str) -> bool:
    """Whether a group was made with the operator, on both sides alike; fails where they differ."""
    found = False
    for text in programs(key):
        expected = str(rewritten("_jit_pass_fuse_tensorexprs", torch._C.parse_ir(text)))
        graph = parse_graph(str(torch._C.parse_ir(text)))
        run_pipeline(graph, ["fuse-tensorexprs"], PassContext())
        assert (GROUP in graph_text(graph)) == (GROUP in expected), text
        found |= GROUP in expected
    return found


NOT_ON_CPU = frozenset(("aten::erf", "aten::erfc"))
NOT_HERE = frozenset(("aten::_autocast_to_full_precision",))
"""What it casts is grouped only by a torch that has LLVM."""


@pytest.mark.parametrize("part", range(4))
def test_operators_and_dtypes_are_grouped_as_by_torch(part: int):
    keys = sorted({*profiled_operators(), *pointwise_operators(), *BROADCAST, *OF_THEIR_OWN_SIZES})
    in_groups = {key for key in keys[part::4] if grouped(key)}
    assert pointwise_operators() & set(keys[part::4]) - NOT_ON_CPU - NOT_HERE <= in_groups
