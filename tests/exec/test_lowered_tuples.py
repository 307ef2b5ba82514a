"""Graphs without tuples are run with the tuples of their callers."""

import torch

from jitcore.exec.lowered_tuples import lower_arguments, raise_results
from jitcore.passes import PassContext, run_pipeline
from tests.exec.conftest import assert_same


def swap(
    pair: tuple[torch.Tensor, tuple[int, torch.Tensor]], n: int
) -> tuple[tuple[int, torch.Tensor], torch.Tensor]:
    a, (k, b) = pair
    return (k + n, b * 2), a + 1


def single(x: torch.Tensor) -> tuple[torch.Tensor]:
    return (x + 1,)


def test_arguments_and_results(agree):
    for program, given in (
        (swap, ((torch.ones(2), (3, torch.zeros(1))), 4)),
        (single, (torch.ones(2),)),
    ):
        interpreter, module, oracle = agree.load(program)
        function = module.method("forward")
        for passes in ([], ["inline", "lower-all-tuples"]):
            graph = function.graph.copy()
            run_pipeline(graph, passes, PassContext())
            assert passes == [] or not any("Tuple" in node.kind for node in graph.all_nodes())
            arguments = lower_arguments(function.schema, graph, [module, *given])
            results = interpreter.plan_graph(graph).run(arguments)
            assert_same(raise_results(function.schema, graph, results), oracle(*given))
