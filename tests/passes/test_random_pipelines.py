"""Whatever passes run on whatever program: the text can be read back, and every step can be taken back."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.exec import evaluator
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import verify
from jitcore.passes import PassContext, catalogue, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.differential.freezing.comparison import MODULE_PASSES
from tests.printing.random_programs import programs

# A text has no functions to inline, and no module to freeze or to change.
PASSES = tuple(name for name in catalogue() if name not in ("inline", "freeze", *MODULE_PASSES))


@settings(max_examples=80)
@given(programs(), st.lists(st.sampled_from(PASSES), min_size=1, max_size=5))
def test_text_after_any_pipeline(source, names):
    graph = parse_graph(str(torch.jit.CompilationUnit(source).f.graph)).copy()
    journal = graph.attach_journal()
    texts = {0: graph_text(graph)}
    for name in names:
        try:
            run_pipeline(graph, [name], PassContext(evaluator(), shape_functions=shape_function_graph))
        except JitError:
            # A pass may say that it cannot do its work on this graph; what it had done is taken back.
            break
        verify(graph)
        text = texts[journal.position] = graph_text(graph)
        assert graph_text(parse_graph(text)) == text
    for position, text in reversed(texts.items()):
        journal.go_to(position)
        verify(graph)
        assert graph_text(graph) == text
