"""Rewriting by patterns that somebody wrote: what torch's rewriter makes of them, and what is no pattern."""

import pytest
import torch

from jitcore.ir import verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.passes.spec import read_spec, spec_of
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.differential.pass_answers import renumbered

GRAPH = """graph(%x : Float(2, 3), %y : Tensor, %flag : bool):
  %n : int = prim::Constant[value=1]()
  %m : int = prim::Constant[value=2]()
  %k : int = prim::Constant[value=2]()
  %1 : Float(2, 3) = aten::add(%x, %y, %n)
  %2 : Float(2, 3) = aten::relu(%1)
  %3 : Tensor = aten::add(%2, %y, %m)
  %4 : Tensor = prim::If(%flag)
    block0():
      %5 : Tensor = aten::add(%3, %2, %n)
      %6 : Tensor = aten::relu(%5)
      %7 : Tensor = aten::relu(%6)
      -> (%7)
    block1():
      %8 : Tensor = aten::add(%3, %2, %n)
      %9 : Tensor = aten::relu(%8)
      %10 : Tensor = aten::mul(%8, %9)
      -> (%10)
  %11 : Tensor[] = aten::chunk(%4, %k, %n)
  %12 : Tensor, %13 : Tensor = prim::ListUnpack(%11)
  %14 : Tensor = prim::ConstantChunk[chunks=1, dim=0](%12)
  %15 : Float(2, 3) = aten::sigmoid(%1)
  return (%13, %14, %15)
"""
RULES: dict[str, tuple[str, str]] = {
    "one for two": (
        "graph(%a, %b, %n):\n  %c = aten::add(%a, %b, %n)\n  %r = aten::relu(%c)\n  return (%r)",
        "graph(%a, %b, %n):\n  %r = aten::_add_relu(%a, %b, %n)\n  return (%r)",
    ),
    "two for one": (
        "graph(%a):\n  %r = aten::relu(%a)\n  return (%r)",
        (
            "graph(%a):\n  %k : int = prim::Constant[value=0]()\n  %b : Tensor = aten::clamp_min(%a, %k)\n"
            "  %r : Tensor = aten::neg(%b)\n  return (%r)"
        ),
    ),
    "overlapping": (
        "graph(%a):\n  %b = aten::relu(%a)\n  %r = aten::relu(%b)\n  return (%r)",
        "graph(%a):\n  %r = aten::relu(%a)\n  return (%r)",
    ),
    "an input itself": (
        "graph(%a):\n  %r = aten::sigmoid(%a)\n  return (%r)",
        "graph(%a):\n  return (%a)",
    ),
    "a constant": (
        "graph(%a, %b):\n  %n : int = prim::Constant[value=2]()\n  %r = aten::add(%a, %b, %n)\n  return (%r)",
        "graph(%a, %b):\n  %r = aten::mul(%a, %b)\n  return (%r)",
    ),
    "several results": (
        (
            "graph(%a, %n, %d):\n  %l = aten::chunk(%a, %n, %d)\n  %x, %y = prim::ListUnpack(%l)\n"
            "  return (%x, %y)"
        ),
        (
            "graph(%a, %n, %d):\n  %x : Tensor, %y : Tensor = prim::ConstantChunk[chunks=2, dim=1](%a)\n"
            "  return (%x, %y)"
        ),
    ),
    "attributes": (
        "graph(%a):\n  %r = prim::ConstantChunk[chunks=1, dim=0](%a)\n  return (%r)",
        (
            'graph(%a):\n  %s : str = prim::Constant[value="a, {b} c"]()\n  %r = my::own[name="x"](%a, %s)\n'
            "  return (%r)"
        ),
    ),
    "nothing like it": (
        "graph(%a):\n  %r = prim::ConstantChunk[chunks=1, dim=1](%a)\n  return (%r)",
        "graph(%a):\n  return (%a)",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_matches_are_replaced_as_torch_replaces_them(rule):
    pattern, replacement = RULES[rule]
    parsed = torch._C.parse_ir(GRAPH)
    theirs = parsed.copy()
    before = str(theirs)
    torch._C._jit_pass_custom_pattern_based_rewrite_graph(pattern, replacement, theirs)
    ours = parse_graph(str(parsed)).copy()
    journal = ours.attach_journal()
    spec = spec_of("pattern-rewrite", {"from": pattern, "to": replacement})
    assert read_spec(spec) == ("pattern-rewrite", {"from": pattern, "to": replacement})
    [report] = run_pipeline(ours, [spec], PassContext())
    verify(ours)
    assert graph_text(ours) == str(theirs)
    assert report.changed == (str(theirs) != before) == (rule != "nothing like it")
    journal.go_to(0)
    assert graph_text(ours) == before


def test_submodules_are_found_by_their_class():
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one = torch.nn.Linear(2, 2)
            self.two = torch.nn.ReLU()

        def forward(self, x):
            return self.two(self.one(x))

    pattern = (
        'graph(%self, %x):\n  %m = match::module[name="Linear"](%self)\n'
        '  %r = prim::CallMethod[name="forward"](%m, %x)\n  return (%r)'
    )
    replacement = "graph(%self, %x):\n  %r = aten::neg(%x)\n  return (%r)"
    theirs = torch.jit.script(Net()).graph.copy()
    text = str(theirs)
    torch._C._jit_pass_custom_pattern_based_rewrite_graph(pattern, replacement, theirs)
    ours = parse_graph(text)
    run_pipeline(ours, [spec_of("pattern-rewrite", {"from": pattern, "to": replacement})], PassContext())
    assert renumbered(graph_text(ours)) == renumbered(str(theirs))
    assert "aten::neg" in str(theirs)


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        ("graph():\n  %c = a::b()\n  return (%c)", "graph():\n  return ()", "needs an input and a result"),
        (
            "graph(%a):\n  %c = a::b(%a)\n  return ()", "graph(%a):\n  return ()",
            "needs an input and a result",
        ),
        ("graph(%a):\n  return (%a)", "graph(%a):\n  return (%a)", "does not lead to a node"),
        (
            "graph(%a):\n  %b = a::b(%a)\n  %c = a::c(%b)\n  return (%b, %c)",
            "graph(%a):\n  return (%a, %a)", "does not lead to %c",
        ),
        (
            "graph(%a, %b):\n  %c = a::b(%a)\n  return (%c)", "graph(%a):\n  return (%a)",
            "does not lead to %b",
        ),
        (
            ("graph(%a):\n  %b = prim::If(%a)\n    block0():\n      -> (%a)\n    block1():\n      -> (%a)\n"
            "  return (%b)"),
            "graph(%a):\n  return (%a)", "cannot have blocks",
        ),
        (
            "graph(%a):\n  %c = a::b(%a)\n  return (%c)", "graph(%a, %b):\n  return (%a)",
            "has 1 inputs, the one to put there 2",
        ),
        (
            "graph(%a):\n  %c = a::b(%a)\n  return (%c)", "graph(%a):\n  return (%a, %a)",
            "has 1 results, the one to put there 2",
        ),
        ("graph(%a", "graph(%a):\n  return (%a)", "expected"),
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_said(pattern, replacement, words):
    graph = parse_graph(GRAPH)
    with pytest.raises(JitError, match=words):
        run_pipeline(graph, [spec_of("pattern-rewrite", {"from": pattern, "to": replacement})], PassContext())
    theirs = torch._C.parse_ir(GRAPH)
    if words != "does not lead to %b" and "a::b" not in pattern:
        with pytest.raises((RuntimeError, IndexError)):
            torch._C._jit_pass_custom_pattern_based_rewrite_graph(pattern, replacement, theirs)
