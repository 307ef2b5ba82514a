"""Passes on programs with containers, views, writes and every control flow keep text, undo and values."""

from __future__ import annotations

import random

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.exec import evaluator, run
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import Graph, verify
from jitcore.passes import PassContext, catalogue, find_pass, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.passes.programs import compiled
from tests.passes.test_passes_against_libtorch import same
from tests.passes.test_programs_against_libtorch import arguments, outcome
from tests.passes.wide_programs import WideProgram

PASSES = tuple(name for name in catalogue() if name != "inline")


def rewritten(graph: Graph, names: list[str], texts: dict[int, str] | None = None) -> Graph:
    """The graph after the passes; those that refuse it leave it as it was. `texts` by step are noted."""
    for name in names:
        before = graph_text(graph)
        try:
            run_pipeline(graph, [name], PassContext(evaluator(), shape_functions=shape_function_graph))
        except JitError:
            assert graph_text(graph) == before
        verify(graph)
        if texts is not None and graph.journal is not None:
            text = texts[graph.journal.position] = graph_text(graph)
            assert graph_text(parse_graph(text)) == text
    return graph


def some_passes(seed: int) -> list[str]:
    order = random.Random(seed)
    return [order.choice(PASSES) for _ in range(order.randint(1, 6))]


@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 32))
def test_text_is_read_back_and_steps_are_taken_back(seed):
    graph = parse_graph(str(compiled(WideProgram(seed).source).f.graph)).copy()
    graph.attach_journal()
    texts = {0: graph_text(graph)}
    assert graph_text(parse_graph(texts[0])) == texts[0]
    rewritten(graph, some_passes(seed), texts)
    for position in [*reversed(texts), *random.Random(seed).choices(list(texts), k=4)]:
        graph.journal.go_to(position)
        verify(graph)
        assert graph_text(graph) == texts[position]


@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 32))
def test_a_journal_makes_no_difference(seed):
    graph = parse_graph(str(compiled(WideProgram(seed).source).f.graph)).copy()
    recorded = graph.copy(renumber=False)
    recorded.attach_journal()
    for name in (*some_passes(seed), "erase-number-types", *some_passes(seed + 1)):
        assert graph_text(rewritten(graph, [name])) == graph_text(rewritten(recorded, [name]))


@settings(max_examples=60)
@given(seed=st.integers(0, 1 << 32))
def test_values_are_kept(seed):
    function = compiled(WideProgram(seed).source).f
    graph = parse_graph(str(function.graph)).copy()
    graph.attach_journal()
    rewritten(graph, [name for name in some_passes(seed) if not find_pass(name).assumes])
    # torch's optimizer drops what is never read, and with it what that would have raised.
    with torch.jit.optimized_execution(False):
        expected = outcome(lambda given: function(*given), arguments())
    found = outcome(lambda given: run(graph, given), arguments())
    assert found == expected if isinstance(expected, str) else same(found, expected)
