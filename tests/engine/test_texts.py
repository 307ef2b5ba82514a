"""Lines of the saved code know the nodes that came from them, however the graph was rewritten."""

import re
from pathlib import Path

import pytest

from jitcore.ir import Node, verify
from jitcore.printing import graph_text
from jitviewer.engine.document import Document
from jitviewer.engine.rewriting import Rewriting, pass_rows
from jitviewer.engine.texts import graph_view, rewritten_code_view, saved_code_view

SAMPLES = ["attention", "constants", "gate", "loop", "lstm", "repeats", "resnet_small", "tuples"]
PIPELINES = [
    [],
    ["inline"],
    ["inline", "cse"],
    ["inline", "constant-propagation", "cse", "constant-pooling", "peephole", "dce"],
    ["inline", "peephole", "lower-all-tuples", "cse", "dce"],
]


def rewritten(samples: Path, name: str, passes: list[str]) -> Rewriting:
    document = Document.open(str(samples / f"{name}.pt"))
    return Rewriting(document.find("", "forward").function, passes, None)


def words(text: str) -> str:
    return re.sub(r"\W+", "", text)


def outermost_place(node: Node) -> str:
    """The archive's text of a node, or of the call in the shown method that it was inlined for."""
    place = node.source_range if node.callstack is None else node.callstack.frames()[0].call_site
    return place.source.text[place.start : place.end] if place is not None else ""


@pytest.mark.parametrize("passes", PIPELINES, ids="+".join)
@pytest.mark.parametrize("name", SAMPLES)
def test_each_node_is_linked_to_the_line_that_it_came_from(
    samples: Path, name: str, passes: list[str]
) -> None:
    rewriting = rewritten(samples, name, passes)
    view = saved_code_view(rewriting)
    lines = view.text.splitlines()
    lines_of: dict[int, list[str]] = {}
    for line, ids in zip(lines, view.line_nodes, strict=True):
        for node_id in ids:
            lines_of.setdefault(node_id, []).append(line)
    nodes = [n for n in rewriting.graph.all_nodes() if n.kind not in ("prim::Constant", "prim::GetAttr")]
    assert nodes
    for node in nodes:
        place = words(outermost_place(node))
        linked = lines_of.get(node.id, [])
        assert linked, f"{node!r} came from {place!r}, but no line knows it"
        if place:
            # A call over several lines, or one inside a larger line: either text begins like the other.
            assert any(place[:12] in words(line) or words(line)[:12] in place for line in linked), (
                place,
                linked,
            )


@pytest.mark.parametrize("name", SAMPLES)
def test_lines_know_only_nodes_of_the_shown_graph(samples: Path, name: str) -> None:
    rewriting = rewritten(samples, name, PIPELINES[3])
    for position in (0, len(rewriting.journal.steps) // 2, len(rewriting.journal.steps)):
        rewriting.journal.go_to(position)
        there = {node.id for node in rewriting.graph.all_nodes()}
        for view in (
            saved_code_view(rewriting), rewritten_code_view(rewriting, {}), graph_view(rewriting, {}),
        ):  # fmt: skip
            assert {n for ids in view.line_nodes for n in ids} <= there


def test_merged_nodes_link_to_both_lines(samples: Path) -> None:
    rewriting = rewritten(samples, "repeats", ["inline", "cse"])
    view = saved_code_view(rewriting)
    roots = [node for node in rewriting.graph.all_nodes() if node.kind == "aten::sqrt"]
    assert len(roots) == 2
    for root in roots:
        linked = [line for line, ids in enumerate(view.line_nodes) if root.id in ids]
        assert len(linked) == 2


@pytest.mark.parametrize("name", SAMPLES)
def test_the_graph_is_sound_after_every_step_and_comes_back(samples: Path, name: str) -> None:
    rewriting = rewritten(samples, name, PIPELINES[3])
    # Where it is rewritten, torch numbers the values of a graph anew.
    plain = graph_text(rewriting.function.graph.copy())
    steps = len(rewriting.journal.steps)
    assert steps
    texts = []
    for position in range(steps + 1):
        rewriting.journal.go_to(position)
        verify(rewriting.graph)
        texts.append(graph_view(rewriting, {}).text)
    assert texts[0] == plain
    for position in reversed(range(steps + 1)):
        rewriting.journal.go_to(position)
        assert graph_view(rewriting, {}).text == texts[position]
    assert texts[-1] != texts[0]


@pytest.mark.parametrize("name", SAMPLES)
def test_without_passes_the_graph_is_numbered_as_it_is(samples: Path, name: str) -> None:
    rewriting = rewritten(samples, name, [])
    assert graph_view(rewriting, {}).text == graph_text(rewriting.function.graph)


def test_marks_stand_on_the_lines_of_their_nodes(samples: Path) -> None:
    rewriting = rewritten(samples, "repeats", ["inline", "cse"])
    last = len(rewriting.journal.steps) - 1
    marks = rewriting.marks_of_step(last)
    view = graph_view(rewriting, marks)
    assert view.marks
    for line, mark in view.marks.items():
        assert mark in {marks.get(node_id) for node_id in view.line_nodes[line]}


def test_scopes_are_the_lines_of_inlined_calls():
    from jitviewer.engine.shown_document import ShownDocument
    from jitviewer.protocol import events
    from jitviewer.resources import resource

    document = ShownDocument(1, str(resource("samples", "gate.pt")), None)
    view = next(e.view for e in document.open() if isinstance(e, events.GraphChanged))
    document.close()
    lines = view.text.splitlines()
    for scope in view.scopes:
        inside = [nodes for nodes in view.line_nodes[scope.first : scope.last + 1] if nodes]
        assert inside
        assert scope.last > scope.first
    warm = next(scope for scope in view.scopes if scope.name == "warm")
    assert any("linear" in line for line in lines[warm.first : warm.last + 1])
    # Outer scopes stand before those in them, and no two overlap by halves.
    for earlier, later in zip(view.scopes, view.scopes[1:], strict=False):
        assert later.first > earlier.last or later.last <= earlier.last


def test_the_titles_name_the_passes_that_are_applied_so_far(samples: Path) -> None:
    rewriting = rewritten(samples, "repeats", ["inline", "cse", "dce"])
    steps = {report.name: report.steps for report in rewriting.reports}
    assert len(steps["cse"]) > 1

    def titles(position: int) -> list[str]:
        rewriting.journal.go_to(position)
        views = graph_view(rewriting, {}), rewritten_code_view(rewriting, {})
        return [view.title.partition(" after ")[2] for view in views]

    assert titles(steps["cse"].start) == ["inline", "inline"]
    assert titles(steps["cse"].start + 1) == ["inline, part of cse"] * 2
    assert titles(len(rewriting.journal.steps)) == ["inline, cse, dce"] * 2
    if len(steps["inline"]):
        rewriting.journal.go_to(0)
        assert graph_view(rewriting, {}).title == "graph"


def test_descriptions_of_passes_are_told_without_markup(samples: Path) -> None:
    rewriting = rewritten(samples, "repeats", PIPELINES[3])
    told = [text for row in pass_rows() for text in (row.summary, row.description)]
    told += [option.summary for row in pass_rows() for option in row.options]
    told += [text for step in rewriting.step_rows() for text in (step.summary, step.because)]
    assert not [text for text in told if "`" in text]
