"""Every view can be made of every program: texts, sentences, canvas, inputs, facts, pass by pass."""

import ast

from jitviewer.engine.canvas import Canvas
from jitviewer.engine.input_proposals import propose_inputs
from jitviewer.engine.inspection import node_facts
from jitviewer.engine.original_source import file_view
from jitviewer.engine.pass_diff import pass_diff
from jitviewer.engine.rewriting import Rewriting
from jitviewer.engine.tensor_names import TensorNames
from jitviewer.engine.texts import graph_view, rewritten_code_view, saved_code_view
from tests.engine.test_parseable import functions

PASSES = ["inline", "constant-propagation", "cse", "peephole", "constant-pooling", "dce", "lower-all-tuples"]


class _OfNoArchive:
    """A document whose constants have no names."""

    archive = module = code = tensors = None
    path = "program.py"


def test_all_views_of_programs_are_made():
    names = TensorNames(_OfNoArchive())
    made = 0
    for name, function in functions():
        rewriting = Rewriting(function, PASSES, None)
        assert all(step.because for step in rewriting.step_rows()), name
        assert len(rewriting.report_rows(len(rewriting.step_rows()))) == len(PASSES), name
        for view in (saved_code_view(rewriting), rewritten_code_view(rewriting, {})):
            if not view.note and "^" not in view.text:
                ast.parse(view.text)
        canvas = Canvas()
        canvas.show(rewriting.graph)
        canvas.draw({})
        canvas.set_all(is_open=True)
        canvas.choose(shows_constants=True, merges_repeats=True)
        canvas.draw({})
        propose_inputs(function, None, None)
        file_view(rewriting.graph, "program.py", "a\nb")
        for applied in rewriting.applied:
            pass_diff(rewriting, applied)
        for node in rewriting.graph.all_nodes():
            assert node_facts(node, names, ""), name
        rewriting.journal.go_to(0)
        graph_view(rewriting, {})
        made += 1
    assert made > 100
