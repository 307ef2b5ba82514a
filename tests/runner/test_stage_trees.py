"""Guards of specializations as rows for the window."""

from jitcore.exec.executor.specialisations import GuardRecord
from jitcore.exec.executor.stage_tree import ExecutedStage
from jitcore.printing import parse_graph
from jitviewer.protocol.bounds import VALUES
from jitviewer.runner import stage_trees

TEXT = "graph(%x : Tensor):\n  return (%x)\n"


def test_a_guard_is_told_with_how_often_and_why_it_failed() -> None:
    guard = GuardRecord(
        3, "prim::TypeCheck", (("x", "Float(2)"), ("y", "Long(3)")), 5, 3,
        (("%x is Float(3)", 2), ("%y is Float(3)", 1)), None,
    )  # fmt: skip
    graph = parse_graph(TEXT)
    (row,) = stage_trees._rows([ExecutedStage("optimized", graph, -1, 8, (guard,), "for any size")])
    assert (row.kind, row.graph, row.runs, row.nodes, row.shapes) == (
        "optimized", TEXT, 8, 0, "for any size",
    )  # fmt: skip
    (told,) = row.guards
    assert (told.kind, told.wanted) == ("prim::TypeCheck", "%x : Float(2), %y : Long(3)")
    assert (told.held, told.failed) == (5, 3)
    assert told.reasons == ["%x is Float(3) (2 times)", "%y is Float(3)"]


def test_more_guards_and_graphs_than_can_be_told_are_left_out(monkeypatch) -> None:
    guard = GuardRecord(3, "prim::TypeCheck", (), 0, 0, tuple((f"r{n}", 1) for n in range(300)), None)
    graph = parse_graph(TEXT)
    monkeypatch.setattr(stage_trees, "CHARACTERS", len(TEXT))
    first, second = stage_trees._rows([ExecutedStage("optimized", graph, -1, 8, (guard,) * 300)] * 2)
    assert len(first.guards) == VALUES
    assert len(first.guards[0].reasons) == VALUES
    assert (second.graph, "more than there is room for" in second.why_not) == ("", True)


def test_what_is_left_out_is_said(monkeypatch) -> None:
    guard = GuardRecord(3, "prim::TypeCheck", (), 0, 0, (), None)
    monkeypatch.setattr(stage_trees, "_MOST_STAGES", 1)
    stages = [ExecutedStage("optimized", parse_graph(TEXT), -1, 8, (guard,) * 101)] * 2
    assert list(stage_trees._left_out(stages)) == [
        "The executor made 2 graphs; the first 1 are shown.",
        "A graph has 101 guards; the first 100 of each graph are shown.",
    ]
    assert list(stage_trees._left_out(stages[:1]))[1:] == []
    assert list(stage_trees._left_out([])) == []
