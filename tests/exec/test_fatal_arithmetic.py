"""Arithmetic of integers that ends torch's process with a signal raises in ours."""

from __future__ import annotations

import pytest

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
