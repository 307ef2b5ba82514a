"""The samples that are there to show a pass give it something to do."""

from __future__ import annotations

import torch

from jitcore.archive import load
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text


def test_constants_has_arithmetic_and_a_branch_to_fold(samples):
    """As its card and the README say; libtorch folds the same."""
    theirs = torch.jit.load(samples / "constants.pt").inlined_graph
    torch._C._jit_pass_constant_propagation(theirs)
    graph = load(str(samples / "constants.pt")).method("forward").graph.copy()
    journal = graph.attach_journal()
    run_pipeline(graph, ["inline", "constant-propagation", "peephole"], PassContext())
    fired = {step.rule.name for step in journal.steps}
    assert {"fold-node", "inline-taken-branch", "multiply-by-one"} <= fired
    journal.go_to(next(i for i, step in enumerate(journal.steps) if step.pass_name == "peephole"))
    assert "prim::If" not in graph_text(graph)
    assert [node.kind() for node in theirs.nodes()] == [node.kind for node in graph.block.nodes()]
