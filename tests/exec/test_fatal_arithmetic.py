"""Arithmetic of integers that ends torch's process with a signal raises in ours."""

from __future__ import annotations

import itertools
import re
from contextlib import suppress

import pytest
import torch

from jitcore.exec import run
from jitcore.printing import parse_graph
from jitcore.source import JitError

LEAST = -(1 << 63)


@pytest.mark.parametrize(
    "result", ["int = aten::remainder", "int = aten::floordiv", "int = aten::__round_to_zero_floordiv"]
)
@pytest.mark.parametrize(("a", "b"), [(7, 0), (LEAST, 0), (LEAST, -1)])
def test_division_that_the_machine_cannot_do(result, a, b):
    graph = parse_graph(f"""graph(%a : int, %b : int):
  %r : {result}(%a, %b)
  return (%r)
""")
    with pytest.raises(JitError, match=r"zero|by 0|smallest integer"):
        run(graph, [a, b])
    assert run(graph, [LEAST, 1]) in (LEAST, 0)


ODD = {
    "int": (0, -1, LEAST, 64, 1 << 40, (1 << 63) - 1),
    "float": (0.0, float("inf"), float("nan"), 1e308),
    "Scalar": (0, LEAST, -1.5, 1j),
    "bool": (False, True),
}
"""Values at which operators on numbers overflow, divide by zero, or have no answer."""


def operators_on_numbers() -> list[tuple[str, list[str]]]:
    """Every operator of `aten` and `prim` that takes one or two numbers and gives no tensor."""
    found: list[tuple[str, list[str]]] = []
    # No public list of all schemas exists.
    for schema in map(str, torch._C._jit_get_all_schemas()):
        declared = re.fullmatch(r"((?:aten|prim)::\w+)(?:\.\w+)?\((.*)\) -> (?!\(\))(.+)", schema)
        kinds = [part.split()[0] for part in declared[2].split(", ") if part] if declared else []
        if declared and 0 < len(kinds) < 3 and ODD.keys() >= set(kinds) and "Tensor" not in declared[3]:
            results = declared[3].strip("()").split(", ")
            outputs = ", ".join(f"%r{i} : {kind}" for i, kind in enumerate(results))
            inputs = ", ".join(f"%a{i}" for i in range(len(kinds)))
            found.append((f"{outputs} = {declared[1]}({inputs})", kinds))
    return found


def test_no_operator_on_numbers_ends_the_process():
    operators = operators_on_numbers()
    assert len(operators) > 150
    for node, kinds in operators:
        parameters = ", ".join(f"%a{i} : {kind}" for i, kind in enumerate(kinds))
        graph = parse_graph(f"graph({parameters}):\n  {node}\n  return (%r0)\n")
        for values in itertools.product(*(ODD[kind] for kind in kinds)):
            # Nothing but an error with a sentence may come of it; what the values are is tested elsewhere.
            with suppress(JitError):
                run(graph, list(values))
