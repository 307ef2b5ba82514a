"""A pass that refuses leaves the graph, and what is known of it, as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from jitcore.archive import open_archive
from jitcore.exec import evaluator
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import verify
from jitcore.passes import PassContext, catalogue, find_pass, name_of_spec, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.passes.test_freezing import saved


class GivesUp:
    """Computes so many operators, and then refuses to go on, as where time is up."""

    def __init__(self, calls: int) -> None:
        self.left = calls
        self.asked = 0
        self._evaluate = evaluator()

    def __call__(self, node, schema, inputs):
        self.asked += 1
        if self.left == 0:
            raise JitError("the time is up")
        self.left -= 1
        return self._evaluate(node, schema, inputs)


def refused_in_the_middle(graph, passes, make_context) -> int:
    """Run passes again and again, each time refusing one call later; says how often they were refused."""
    before, unique = graph_text(graph), graph.next_unique
    refusals = 0
    while True:
        evaluate = GivesUp(refusals)
        context = make_context(evaluate)
        known = context.module, context.function
        copy = graph.copy(renumber=False)
        try:
            run_pipeline(copy, passes, context)
        except JitError as error:
            if str(error) != "the time is up":
                raise
        else:
            return refusals
        refusals += 1
        verify(copy)
        assert (context.module, context.function) == known
        assert copy.journal is None
        assert graph_text(copy) == before
        assert copy.next_unique == unique


def with_compiler(evaluate):
    return PassContext(evaluate, shape_functions=shape_function_graph)


def test_computing_may_be_refused_at_any_time(golden_case):
    if not refused_in_the_middle(parse_graph(golden_case.before), golden_case.passes[:1], with_compiler):
        pytest.skip("the pass computes nothing here")


def test_some_passes_are_refused_in_the_middle():
    text = (
        "graph():\n  %1 : int = prim::Constant[value=1]()\n  %2 : int[] = prim::ListConstruct(%1, %1)\n"
        "  %3 : NoneType = prim::Constant()\n  %4 : Tensor = aten::ones(%2, %3, %3, %3, %3)\n"
        "  %5 : Tensor = aten::neg(%4)\n  return (%5)\n"
    )
    assert refused_in_the_middle(parse_graph(text), ["constant-propagation"], PassContext) == 2
    kind = "Float(2, 3, strides=[3, 1], device=cpu)"
    text = (
        f"graph(%x : {kind}, %y : {kind}):\n  %n : int = prim::Constant[value=1]()\n"
        "  %a : Tensor = aten::add(%x, %y, %n)\n  %b : Tensor = aten::mul(%a, %y)\n  return (%b)\n"
    )
    for name in ("propagate-dtype", "complete-shape-analysis"):
        assert refused_in_the_middle(parse_graph(text), [name], PassContext) > 2


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("calls-of-norms", "fold-conv-bn"),
        ("calls-again", "dedup-module-uses"),
        ("linear-and-norm", "freeze"),
    ],
)
def test_passes_of_modules_may_be_refused_at_any_time(name, spec, tmp_path: Path):
    root = open_archive(saved(name, tmp_path)).root
    forward = root.method("forward")
    count = refused_in_the_middle(
        forward.graph.copy(), [spec], lambda evaluate: PassContext(evaluate, root, forward)
    )
    assert count >= 4


REFUSED = {
    "lower-all-tuples": "graph(%x : Tensor, %y : (Tensor, Tensor)?):\n"
    "  %1 : (Tensor, Tensor) = prim::TupleConstruct(%x, %x)\n"
    "  %2 : Tensor, %3 : Tensor = prim::TupleUnpack(%1)\n"
    "  %4 : (Tensor, Tensor) = aten::_unwrap_optional(%y)\n"
    "  %5 : Tensor, %6 : Tensor = prim::TupleUnpack(%4)\n  return (%2, %5)\n",
    "remove-inplace-ops": "graph(%x : Tensor, %c : bool):\n  %n : int = prim::Constant[value=1]()\n"
    "  %1 : Tensor = aten::add_(%x, %x, %n)\n  %2 : Tensor = prim::If(%c)\n    block0():\n"
    "      %3 : Tensor = aten::mul_(%x, %x)\n      -> (%3)\n    block1():\n      -> (%1)\n"
    "  %4 : Tensor = aten::neg(%x)\n  return (%2, %4)\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_graph_that_is_refused_stays_as_it_was(name):
    graph = parse_graph(REFUSED[name])
    before = graph_text(graph)
    with pytest.raises(JitError):
        run_pipeline(graph, [name], PassContext())
    assert graph_text(graph) == before
    verify(graph)


def test_lint_says_what_is_wrong():
    graph = parse_graph("graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x)\n  return (%1)\n")
    assert not run_pipeline(graph, ["lint"], PassContext())[0].changed
    [node] = graph.nodes()
    user = graph.create("aten::neg", [node.output])
    user.insert_before(node)
    with pytest.raises(JitError, match="the graph is not well formed: "):
        run_pipeline(graph, ["lint"], PassContext())


def test_those_that_never_refuse_compute_nothing(golden_case):
    """What is taken for granted of them, so that nothing is noted while they run."""
    assert {name for name, kind in catalogue().items() if not kind.refuses} == {
        "dce", "cse", "constant-pooling", "peephole", "normalize-ops", "create-functional-graphs",
        "erase-number-types",
    }  # fmt: skip
    name = name_of_spec(golden_case.passes[0])
    # What this one computes is computed before it rewrites anything.
    if not find_pass(name).refuses and name != "erase-number-types":
        evaluate = GivesUp(0)
        run_pipeline(parse_graph(golden_case.before), golden_case.passes[:1], with_compiler(evaluate))
        assert evaluate.asked == 0


NUMBERS = """graph(%x : Tensor, %n : int):
  %1 : int = prim::Constant[value=2]()
  %2 : int = aten::add(%n, %1)
  %3 : float = prim::Constant[value=0.5]()
  %4 : Tensor = aten::mul(%x, %3)
  %5 : complex = prim::Constant[value=1j]()
  %6 : Tensor = aten::mul(%4, %5)
  return (%6, %2)
"""


def test_numbers_that_are_not_erased_are_found_before_the_first_edit():
    assert refused_in_the_middle(parse_graph(NUMBERS.replace("1j", "2.5").replace("complex", "float")),
                                 ["erase-number-types"], PassContext) == 3  # fmt: skip
    graph = parse_graph(NUMBERS)
    unique = graph.next_unique
    with pytest.raises(JitError, match="Unknown number type: complex"):
        run_pipeline(graph, ["erase-number-types"], PassContext(evaluator()))
    assert graph_text(graph) == graph_text(parse_graph(NUMBERS))
    assert graph.next_unique == unique


GRADIENT_OF = """graph(%x : Tensor, %g : Tensor):
  %1 : Tensor = aten::mul(%x, %x)
  %2 : Tensor = aten::tanh(%1)
  %3 : Tensor = prim::GradOf[name="aten::tanh"](%2)
    block0():
      %4 : Tensor = aten::mul(%2, %g)
      -> (%4)
  %5 : Tensor = aten::mul(%2, %2)
  %6 : Tensor = aten::tanh(%5)
  return (%3, %6)
"""


def test_what_cannot_be_moved_into_a_group_leaves_the_graph_as_it_was():
    graph = parse_graph(GRADIENT_OF)
    before = graph_text(graph)
    with pytest.raises(JitError, match="prim::GradOf cannot be part of a group"):
        run_pipeline(graph, ["create-autodiff-subgraphs"], PassContext())
    assert graph_text(graph) == before
    verify(graph)
