"""Parts of tuples that ifs and loops give keep their types, and are printed as libtorch prints them."""

import torch
from torch import Tensor

from jitcore.exec import run
from jitcore.ir import verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph


# libtorch then finds no operator for a sum of numbers, so the parts are multiplied with tensors here.
def counted(x: Tensor, n: int) -> Tensor:
    pair = (x, n)
    for i in range(n):
        pair = (pair[0] * pair[1], i + n)
    return pair[0] * pair[1]


def chosen(x: Tensor, n: int) -> Tensor:
    if n > 2:
        pair = (x, n // 2)
    else:
        pair = (x + 1, n - 7)
    return pair[0] * pair[1]


def test_numbers_are_called_tensors_and_computed_as_numbers():
    for program in (counted, chosen):
        theirs = torch.jit.script(program).inlined_graph
        ours = parse_graph(str(theirs)).copy()
        theirs = theirs.copy()
        torch._C._jit_pass_lower_all_tuples(theirs)
        journal = ours.attach_journal()
        before = graph_text(ours)
        run_pipeline(ours, ["lower-all-tuples"], PassContext())
        verify(ours)
        after = graph_text(ours)
        assert after == str(theirs) != before
        for n in (1, 5):
            for graph in (ours, ours.copy()):
                assert torch.equal(run(graph, [torch.ones(2), n]), program(torch.ones(2), n))
        theirs = theirs.copy()
        assert graph_text(ours.copy()) == str(theirs)
        journal.go_to(0)
        assert graph_text(ours) == before
        journal.go_to(len(journal.steps))
        assert graph_text(ours) == after
