"""Unrolling ends in a sentence where loops in loops would make a graph that no machine holds."""

import pytest
import torch

from jitcore.ir import Graph
from jitcore.passes import PassContext
from jitcore.passes.control_flow import unrolling_limits
from jitcore.passes.spec import make_pass
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError


def _nested(depth: int, rounds: int) -> str:
    """Loops in loops around one addition."""
    opening, closing = [], []
    for level in range(depth):
        indent = "  " * (2 * level + 1)
        given = f"%a{level - 1}" if level else "%x"
        opening.append(f"{indent}%z{level} : Tensor = prim::Loop(%n, %t, {given})")
        opening.append(f"{indent}  block0(%i{level} : int, %a{level} : Tensor):")
        closing.insert(0, f"{indent}    -> (%t, %z{level + 1})")
    inner = f"{'  ' * (2 * depth + 1)}%z{depth} : Tensor = aten::add(%a{depth - 1}, %x, %one)"
    head = [
        "graph(%x : Tensor):",
        "  %t : bool = prim::Constant[value=1]()",
        f"  %n : int = prim::Constant[value={rounds}]()",
        "  %one : int = prim::Constant[value=1]()",
    ]
    return "\n".join([*head, *opening, inner, *closing, "  return (%z0)", ""])


@pytest.mark.parametrize("name", ["loop-unrolling", "constant-loop-unrolling"])
@pytest.mark.parametrize(("depth", "rounds"), [(5, 2), (2, 60), (3, 1000), (2, 0)])
def test_what_a_machine_holds_is_unrolled_as_in_libtorch(name: str, depth: int, rounds: int) -> None:
    theirs = torch._C.parse_ir(_nested(depth, rounds))
    mine = parse_graph(str(theirs)).copy()
    theirs = theirs.copy()
    make_pass(name).run(mine, PassContext())
    getattr(torch._C, make_pass(name).counterpart)(theirs)
    assert graph_text(mine.copy()) == str(theirs.copy())


def _unroll_often(graph: Graph) -> None:
    for _ in range(5):
        make_pass("constant-loop-unrolling").run(graph, PassContext())


@pytest.mark.parametrize(("depth", "rounds"), [(20, 2), (5, 1_000_000), (3, 60)])
def test_what_no_machine_holds_is_refused(depth: int, rounds: int) -> None:
    graph = parse_graph(_nested(depth, rounds))
    with pytest.raises(JitError, match="unrolling its loops would make a graph of more than 100,000 nodes"):
        _unroll_often(graph)


def test_a_graph_that_is_large_already_may_be_unrolled_a_little(monkeypatch) -> None:
    monkeypatch.setattr(unrolling_limits, "MOST_NODES", 3)
    small = "\n".join(f"  %u{n} : Tensor = aten::neg(%x)" for n in range(20))
    text = _nested(1, 4).replace("  return", small + "\n  return")
    graph = parse_graph(text)
    assert make_pass("constant-loop-unrolling").run(graph, PassContext())
