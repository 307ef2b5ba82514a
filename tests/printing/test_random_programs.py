"""Whatever program is made up: its graph survives parsing, and its code is torch's."""

import torch
from hypothesis import given, settings
from random_programs import programs
from torch_graphs import Converter

from jitcore.ir import verify
from jitcore.printing import code_text, graph_text, parse_graph


@settings(max_examples=120)
@given(programs())
def test_graph_and_code_of_any_program(source):
    theirs = torch.jit.CompilationUnit(source).f
    text = str(theirs.graph)
    parsed = parse_graph(text)
    verify(parsed)
    assert graph_text(parsed) == text
    function = Converter().function(theirs)
    assert graph_text(function.graph, locations=False) == graph_text(parsed, locations=False)
    assert code_text(function) == theirs.code
