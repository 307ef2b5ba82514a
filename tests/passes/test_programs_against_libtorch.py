"""Passes on programs compiled by torch: libtorch's text, the same values, steps that can be taken back."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from functools import cache

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jitcore.exec import evaluator, run
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import Graph, verify
from jitcore.passes import PassContext, catalogue, find_pass, name_of_spec, run_pipeline
from jitcore.passes.spec import spec_of, split_specs
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.differential.counterparts import (
    IN_ANY_ORDER,
    NOT_ON_COPIES,
    NUMBERED_ANEW,
    ON_FROZEN_GRAPHS,
    can_be_asked,
    rewritten_by_spec,
    without_order,
)
from tests.passes import pass_programs
from tests.passes.programs import RandomProgram, compiled, written_graphs
from tests.passes.test_passes_against_libtorch import flat, same

PASSES = tuple(
    name
    for name in catalogue()
    if name != "inline" and can_be_asked(find_pass(name).counterpart) and name not in ON_FROZEN_GRAPHS
)
KEEP_VALUES = tuple(
    name
    for name in PASSES
    if name not in ("lower-all-tuples", "differentiate") and not find_pass(name).assumes
)
"""Passes after which a graph gives what it gave, and takes what it took."""

FOR_RELU = spec_of(
    "pattern-rewrite",
    {
        "from": "graph(%a):\n  %b = aten::relu(%a)\n  return (%b)",
        "to": (
            "graph(%a):\n  %n : int = prim::Constant[value=0]()\n  %b = aten::clamp_min(%a, %n)\n"
            "  return (%b)"
        ),
    },
)
"""`pattern-rewrite` with operators that there are."""

AS_NUMBERED = NOT_ON_COPIES | {"_jit_pass_canonicalize"}
"""Passes that are compared on graphs as they are: copying would number the values."""

_NUMBERS_CALLED_TENSORS = re.compile(r"(%\S+) : (?:int|Tensor)\b")


def without_types(text: str) -> str:
    """A text in which an int and a tensor look alike.

    Where libtorch lowers tuples that ifs and loops give, it calls every part a tensor.
    """
    return _NUMBERS_CALLED_TENSORS.sub(r"\1", text)


def after_libtorch(graph, name: str) -> str | None:
    """The text after libtorch's pass; None where it fails, or makes a graph that breaks its own rules."""
    try:
        graph = rewritten_by_spec(name, graph)
        torch._C._jit_pass_lint(graph)
    except RuntimeError:
        return None
    return str(graph)


def check(theirs, name: str) -> bool:
    """Run both passes on copies of a torch graph and compare; then take ours back and make it again.

    `name` is the spec of a pass; others that make the graph what it needs may stand before it, with commas
    between. Says whether libtorch's changed anything.
    """
    passes = split_specs(name)
    counterpart = find_pass(name_of_spec(passes[-1])).counterpart
    if counterpart not in AS_NUMBERED:
        theirs = theirs.copy()
    before = str(theirs)
    mine = parse_graph(before)
    if counterpart not in AS_NUMBERED:
        mine = mine.copy()
    assert graph_text(mine) == before
    expected = after_libtorch(theirs, name)
    journal = mine.attach_journal()
    try:
        reports = run_pipeline(mine, passes, PassContext(evaluator(), shape_functions=shape_function_graph))
    except JitError:
        assert expected is None
        return False
    verify(mine)
    after = graph_text(mine)
    if name == "lower-all-tuples":
        assert expected is None or without_types(after) == without_types(expected)
    elif counterpart in NUMBERED_ANEW:
        again = mine.copy()
        run_pipeline(again, ["canonicalize"], PassContext())
        assert graph_text(again) == expected
    elif counterpart in IN_ANY_ORDER:
        assert expected is None or without_order(after) == without_order(expected)
    elif expected is not None or counterpart not in NOT_ON_COPIES:
        assert after == expected
    journal.go_to(0)
    verify(mine)
    assert graph_text(mine) == before
    journal.go_to(len(journal.steps))
    verify(mine)
    assert graph_text(mine) == after
    assert_a_journal_makes_no_difference(before, passes, after)
    return expected is not None and after != before and reports[-1].changed


def assert_a_journal_makes_no_difference(before: str, passes: list[str], after: str) -> None:
    graph = parse_graph(before)
    if find_pass(name_of_spec(passes[-1])).counterpart not in AS_NUMBERED:
        graph = graph.copy()
    run_pipeline(graph, passes, PassContext(evaluator(), shape_functions=shape_function_graph))
    assert graph_text(graph) == after


@cache
def all_graphs() -> dict[str, object]:
    return written_graphs() | pass_programs.graphs()


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in PASSES if name not in ("pattern-rewrite", "lint")),
        "peephole-list-idioms{refine_list_len=true}", "canonicalize{keep_unique_names=false}",
        "constant-propagation,canonicalize-graph-fuser-ops", FOR_RELU,
        "fuse-tensorexprs{min_group_size=1}", "fuse-tensorexprs{min_group_size=5}",
        "fuse-tensorexprs{reductions=true}", "quant-fusion{dynamic=true}",
    ],
)  # fmt: skip
def test_written_programs_equal_libtorch(name):
    fired = [program for program, graph in all_graphs().items() if check(graph, name)]
    assert fired, f"no program gives {name} something to do"


@given(seed=st.integers(0, 1 << 32), name=st.sampled_from(PASSES))
@settings(max_examples=300)
def test_random_program_equals_libtorch(seed, name):
    check(compiled(RandomProgram(seed).source).f.graph, name)


def arguments() -> list[object]:
    return [torch.tensor([[1.0, -2.0], [3.0, 0.5]]), torch.tensor([[0.25, 2.0], [-1.0, 1.0]]), 3, 1]


def outcome(program, given: list[object]) -> list[object] | str:
    """What a program gives and what it did to its arguments, or that it failed."""
    try:
        return [*flat(program(given)), *given]
    except (RuntimeError, JitError, torch.jit.Error):
        return "failed"


def torchs_call(function, given: list[object]) -> object:
    """What torch's interpreter gives; there is nothing to compare where it trips over itself."""
    try:
        return function(*given)
    except RuntimeError as error:
        assume("INTERNAL ASSERT FAILED" not in str(error))
        raise


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=80)
def test_a_pipeline_keeps_the_values(seed):
    function = compiled(RandomProgram(seed).source).f
    graph = parse_graph(str(function.graph)).copy()
    order = random.Random(seed)
    for _ in range(4):
        # A pass that refuses the program leaves it as it was.
        with suppress(JitError):
            run_pipeline(
                graph,
                [order.choice(KEEP_VALUES)],
                PassContext(evaluator(), shape_functions=shape_function_graph),
            )
    verify(graph)
    # torch's optimizer drops what is never read, and with it what that would have raised.
    with torch.jit.optimized_execution(False):
        expected = outcome(lambda given: torchs_call(function, given), arguments())
    found = outcome(lambda given: run(graph, given), arguments())
    assert found == expected if isinstance(expected, str) else same(found, expected)


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=40)
def test_steps_of_a_pipeline_can_be_visited_in_any_order(seed):
    graph = parse_graph(str(compiled(RandomProgram(seed).source).f.graph)).copy()
    journal = graph.attach_journal()
    texts = {0: graph_text(graph)}
    for name in ("peephole", "constant-propagation", "cse", "constant-pooling", "dce"):
        run_pipeline(graph, [name], PassContext(evaluator(), shape_functions=shape_function_graph))
        texts[journal.position] = graph_text(graph)
    order = random.Random(seed)
    for position in order.choices(list(texts), k=6):
        journal.go_to(position)
        verify(graph)
        assert graph_text(graph) == texts[position]


def test_a_program_that_cannot_be_lowered_is_taken_back():
    graph: Graph = parse_graph(str(written_graphs()["list_of_tuples"])).copy()
    before = graph_text(graph)
    graph.attach_journal()
    with pytest.raises(JitError, match="tuple"):
        run_pipeline(graph, ["lower-all-tuples"], PassContext())
    assert graph_text(graph) == before
