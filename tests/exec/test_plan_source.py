"""What plans are compiled to: blocks that Python could not nest, variables that are used anew, names."""

import re
import warnings

import pytest
import torch

from jitcore.exec import Interpreter
from jitcore.exec.plan_builder import PlanBuilder
from jitcore.printing import parse_graph


def both(text, *inputs):
    """Results of our plan and of torch's interpreter."""
    plan = Interpreter().plan_graph(parse_graph(text))
    theirs = torch._C._create_function_from_graph("forward", torch._C.parse_ir(text))
    with torch.no_grad():
        return plan.run_for_value([*inputs]), theirs(*inputs), plan.source


def nested_ifs(depth):
    lines = ["graph(%x : int):", "  %one : int = prim::Constant[value=1]()"]
    for level in range(depth):
        indent = "  " * (2 * level + 1)
        lines.append(f"{indent}%c{level} : bool = aten::gt(%x, %one)")
        lines.append(f"{indent}%r{level} : int = prim::If(%c{level})")
        lines.append(f"{indent}  block0():")
    indent = "  " * (2 * depth + 1)
    lines.append(f"{indent}%s : int = aten::add(%x, %one)")
    lines.append(f"{indent}-> (%s)")
    for level in reversed(range(depth)):
        indent = "  " * (2 * level + 1)
        lines.append(f"{indent}  block1():")
        lines.append(f"{indent}    -> (%one)")
        if level:
            lines.append(f"{'  ' * (2 * level + 1)}-> (%r{level})")
    lines.append("  return (%r0)")
    return "\n".join(lines) + "\n"


def nested_loops(depth):
    lines = ["graph(%x : Tensor, %n : int):", "  %true : bool = prim::Constant[value=1]()"]
    lines.append("  %one : int = prim::Constant[value=1]()")
    for level in range(depth):
        indent = "  " * (2 * level + 1)
        before = "%x" if level == 0 else f"%c{level - 1}"
        trips = "%n" if level < 2 else "%one"
        lines.append(f"{indent}%r{level} : Tensor = prim::Loop({trips}, %true, {before})")
        lines.append(f"{indent}  block0(%i{level} : int, %c{level} : Tensor):")
    indent = "  " * (2 * depth + 1)
    lines.append(f"{indent}%s : Tensor = aten::add(%c{depth - 1}, %i1, %one)")
    lines.append(f"{indent}-> (%true, %s)")
    for level in reversed(range(1, depth)):
        lines.append(f"{'  ' * (2 * level + 1)}-> (%true, %r{level})")
    lines.append("  return (%r0)")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("depth", [3, 70, 130])
def test_ifs_deeper_than_python_indents(depth):
    for x in (0, 5):
        ours, theirs, _ = both(nested_ifs(depth), x)
        assert ours == theirs


@pytest.mark.parametrize("depth", [3, 16, 40])
def test_loops_deeper_than_python_nests(depth):
    ours, theirs, source = both(nested_loops(depth), torch.ones(2), 3)
    assert torch.equal(ours, theirs)
    assert ("def g0(" in source) == (depth > 15)


def test_a_failure_in_a_block_that_stands_apart_knows_its_node():
    depth = 70
    text = nested_ifs(depth).replace("aten::add(%x, %one)", "aten::floordiv(%x, %zero)")
    text = text.replace("  %one : int", "  %zero : int = prim::Constant[value=0]()\n  %one : int", 1)
    graph = parse_graph(text)
    with pytest.raises(Exception, match="division by 0") as failure:
        Interpreter().plan_graph(graph).run([5])
    assert failure.value.kind == "aten::floordiv"


def test_nothing_of_a_file_is_source():
    """Names and texts of a graph are bound, never written."""
    text = """graph(%evil__import__ : str):
  %t : str = prim::Constant[value="'); raise SystemExit #"]()
  %r : str = aten::add(%evil__import__, %t)
  return (%r)
"""
    plan = Interpreter().plan_graph(parse_graph(text))
    assert "evil" not in plan.source
    assert "SystemExit" not in plan.source
    assert plan.run_for_value(["a"]) == "a'); raise SystemExit #"
    assert all(re.fullmatch(r"[\w ()\[\]=,:+.\-]*", line) for line in plan.source.split("\n"))


def test_two_results_that_change_places_in_every_turn():
    text = """graph(%a : int, %b : int, %n : int):
  %true : bool = prim::Constant[value=1]()
  %p : int, %q : int = prim::Loop(%n, %true, %a, %b)
    block0(%i : int, %x : int, %y : int):
      -> (%true, %y, %x)
  %r : (int, int) = prim::TupleConstruct(%p, %q)
  return (%r)
"""
    for turns in (0, 1, 2, 7):
        ours, theirs, _ = both(text, 3, 4, turns)
        assert ours == theirs


@pytest.mark.parametrize("turns", [0, 1, 3, 9])
def test_the_number_of_a_turn_is_read_for_the_last_time_before_the_turn_ends(turns):
    text = """graph(%x : int, %n : int):
  %true : bool = prim::Constant[value=1]()
  %nine : int = prim::Constant[value=9]()
  %r : int = prim::Loop(%n, %true, %x)
    block0(%i : int, %a : int):
      %j : int = aten::mul(%i, %nine)
      %k : int = aten::add(%j, %a)
      %c : bool = aten::lt(%k, %nine)
      -> (%c, %k)
  return (%r)
"""
    for x in (0, 1, -400):
        ours, theirs, _ = both(text, x, turns)
        assert ours == theirs


def test_one_value_that_is_carried_twice():
    text = """graph(%a : Tensor, %n : int):
  %one : int = prim::Constant[value=1]()
  %true : bool = prim::Constant[value=1]()
  %start : Tensor = aten::neg(%a)
  %p : Tensor, %q : Tensor = prim::Loop(%n, %true, %start, %start)
    block0(%i : int, %x : Tensor, %y : Tensor):
      %z : Tensor = aten::add(%x, %y, %one)
      %w : bool = aten::lt(%i, %one)
      -> (%w, %z, %x)
  %r : (Tensor, Tensor) = prim::TupleConstruct(%p, %q)
  return (%r)
"""
    for turns in (0, 1, 2, 5):
        ours, theirs, _ = both(text, torch.arange(3.0), turns)
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_compiling_warns_of_nothing():
    text = """graph(%x : int?):
  %one : int = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
  %a : bool = aten::__is__(%one, %none)
  %b : bool = aten::__isnot__(%x, %none)
  %c : bool = aten::__or__(%a, %b)
  return (%c)
"""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plan = PlanBuilder(parse_graph(text), Interpreter(), "f").build()
    assert plan.run_for_value([None]) is False
