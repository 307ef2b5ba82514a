"""Everything that a person can look at in a sample, asked of a real engine process."""

import re
from pathlib import Path

import pytest

from jitviewer.protocol import events, requests
from tests.engine.engine_process import VIEWS, EngineProcess

SAMPLES = ["attention", "constants", "gate", "loop", "lstm", "repeats", "resnet_small", "tuples"]
DOCUMENT = 1


@pytest.fixture(params=SAMPLES)
def opened(request, shared_engine: EngineProcess, samples: Path):
    """Each sample, opened: the engine and the events of opening it."""
    return shared_engine, shared_engine.open(samples / f"{request.param}.pt", DOCUMENT)


def test_opening_shows_tree_texts_steps_and_canvas(opened) -> None:
    _, views = opened
    tree = views[events.DocumentOpened].tree
    assert {"method", "record"} <= {row.kind for row in tree}
    assert all(row.parent < row.id for row in tree)
    assert views[events.MethodShown].passes == ["inline"]
    for kind in (events.CodeChanged, events.GraphChanged):
        view = views[kind].view
        assert len(view.line_nodes) == len(view.text.splitlines())
        assert any(view.line_nodes)
    assert views[events.CodeChanged].view.text.startswith("def ")
    assert views[events.GraphChanged].view.text.startswith("graph(")
    assert views[events.CanvasChanged].view.items


def test_every_method_is_shown(opened) -> None:
    engine, views = opened
    methods = [row for row in views[events.DocumentOpened].tree if row.kind == "method"]
    assert methods
    for row in methods:
        shown = engine.views(requests.ShowMethod(DOCUMENT, row.path, row.name))
        assert (shown[events.MethodShown].module_path, shown[events.MethodShown].method) == (
            row.path,
            row.name,
        )
        assert set(VIEWS) <= set(shown)


def test_each_pass_reports_what_it_did(opened) -> None:
    engine, views = opened
    catalogue = [row.name for row in engine.ready.passes]
    assert len(catalogue) >= 7
    for name in catalogue:
        # What changes modules works on their calls.
        is_alone = name in ("inline", "fold-conv-bn", "dedup-module-uses")
        passes = [name] if is_alone else ["inline", name]
        changed = engine.views(requests.SetPasses(DOCUMENT, passes))
        steps = changed[events.StepsChanged]
        assert [report.name for report in steps.reports] == passes
        last = steps.reports[-1]
        assert last.changed == (last.steps > 0)
        assert last.first_step + last.steps == len(steps.steps) == steps.position
        assert all(step.because for step in steps.steps)
        if events.Notice in changed:
            # libtorch refuses tuples that come from outside of the graph as well.
            words = {
                "lower-all-tuples": "is not built in this graph",
                "remove-dropout": "in training mode",
                "propagate-dtype": "rewrite this graph: ",
                "differentiate": "is not supported",
            }
            assert (last.steps, words[name] in last.note) == (0, True), last.note
    all_on = engine.views(requests.SetPasses(DOCUMENT, catalogue))
    assert [report.name for report in all_on[events.StepsChanged].reports] == catalogue
    none_on = engine.views(requests.SetPasses(DOCUMENT, []))
    before = engine.views(requests.SetPasses(DOCUMENT, ["inline"]))
    assert none_on[events.StepsChanged].steps == []
    assert before[events.GraphChanged].view.text == views[events.GraphChanged].view.text


def test_the_scrubber_goes_back_to_the_first_graph_and_forth_to_the_last(opened) -> None:
    engine, _ = opened
    plain = engine.views(requests.SetPasses(DOCUMENT, []))[events.GraphChanged].view.text
    passes = ["inline", "constant-propagation", "cse", "peephole", "dce"]
    last = engine.views(requests.SetPasses(DOCUMENT, passes))
    count = len(last[events.StepsChanged].steps)
    seen = {count: last[events.GraphChanged].view.text}
    for position in [0, *range(1, count + 1, max(1, count // 12)), count, count // 2, 0]:
        views = engine.views(requests.GoToStep(DOCUMENT, position))
        text = views[events.GraphChanged].view.text
        assert views[events.StepsChanged].position == position
        assert seen.setdefault(position, text) == text
        if position:
            assert set(views[events.GraphChanged].view.marks.values()) <= {"made", "changed", "matched"}
    assert counted(seen[0]) == counted(plain)
    assert len(set(seen.values())) > 1 or count == 0


def counted(text: str) -> str:
    """A graph whose values without a name are counted as they come: rewriting numbers them anew."""
    numbers: dict[str, str] = {}
    return re.sub(r"%\d+\b(?!\.)", lambda found: numbers.setdefault(found[0], f"%#{len(numbers)}"), text)


def test_every_container_closes_and_opens(opened) -> None:
    engine, _ = opened
    canvas = engine.ask(requests.SetAllItems(DOCUMENT, True), events.CanvasChanged).view
    everything = [item.id for item in canvas.items]
    containers = [item.id for item in canvas.items if item.is_open is not None]
    for item in containers:
        closed = engine.ask(requests.ToggleItem(DOCUMENT, item, False), events.CanvasChanged)
        assert closed.anchor == item
        assert not next(i for i in closed.view.items if i.id == item).is_open
        opened_again = engine.ask(requests.ToggleItem(DOCUMENT, item, True), events.CanvasChanged)
        assert [i.id for i in opened_again.view.items] == everything
    closed = engine.ask(requests.SetAllItems(DOCUMENT, False), events.CanvasChanged).view
    assert not any(item.is_open for item in closed.items)
    assert len(closed.items) <= len(canvas.items)


def test_every_node_is_inspected_and_revealed(opened) -> None:
    engine, views = opened
    ids = sorted({n for line in views[events.GraphChanged].view.line_nodes for n in line})
    assert ids
    engine.ask(requests.SetAllItems(DOCUMENT, False), events.CanvasChanged)
    for node in ids:
        told = engine.ask(requests.InspectNode(DOCUMENT, node), events.Inspected)
        assert told.node_id == node
        assert {"Operator"} <= {fact.group for fact in told.facts}
        revealed = engine.ask(requests.RevealNode(DOCUMENT, node), events.CanvasChanged)
        if revealed.anchor:
            assert revealed.anchor in {item.id for item in revealed.view.items}


def test_every_row_is_inspected_and_every_record_shown(opened) -> None:
    engine, views = opened
    for row in views[events.DocumentOpened].tree:
        told = engine.ask(requests.InspectTreeRow(DOCUMENT, row.id), events.Inspected)
        assert told.title == row.name
        assert told.facts
        if row.kind in ("record", "extra"):
            shown = engine.ask(requests.ShowRecord(DOCUMENT, row.path), events.RecordShown)
            assert shown.view.title == row.path
            assert shown.view.text or row.bytes == 0
    with_record = [row for row in views[events.DocumentOpened].tree if row.name.endswith("data.pkl")]
    assert with_record


def test_code_after_passes_is_that_of_the_rewritten_graph(opened) -> None:
    engine, _ = opened
    engine.views(requests.SetPasses(DOCUMENT, ["inline", "dce"]))
    saved = engine.ask(requests.SetCodeForm(DOCUMENT, False), events.CodeChanged)
    after = engine.ask(requests.SetCodeForm(DOCUMENT, True), events.CodeChanged)
    assert (saved.after_passes, after.after_passes) == (False, True)
    assert "inline, dce" in after.view.title
    assert after.view.text.startswith("def ")
    assert not after.view.note
    engine.ask(requests.SetCodeForm(DOCUMENT, False), events.CodeChanged)
