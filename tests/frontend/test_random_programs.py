"""Random control flow becomes the graph that torch makes of it, and well formed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.ir.verify import verify
from jitcore.printing import graph_text
from tests.frontend.random_programs import ProgramWriter
from tests.frontend.written import importer_of


@settings(max_examples=60)
@given(st.integers(0, 1 << 32))
def test_control_flow_lowers_as_torch_lowers_it(seed: int) -> None:
    import torch

    program = ProgramWriter(seed).write()
    graph = importer_of(program).function("__torch__.f").graph
    verify(graph)
    theirs = str(torch.jit.CompilationUnit(program).f.graph)
    mine = graph_text(graph).replace("code/__torch__.py", "<string>")
    assert mine == theirs
