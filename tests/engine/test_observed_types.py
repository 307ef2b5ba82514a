"""Types and values that a run observed reach the engine and can be asked for by name."""

from pathlib import Path

from jitcore.printing import parse_graph
from jitviewer.engine.observed_types import ObservedTypes
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol import events, requests
from jitviewer.protocol.rows import NodeTime
from jitviewer.protocol.runner_messages import RunResult
from tests.engine.engine_process import EngineProcess

TEXT = """graph(%x : Tensor,
      %n : int):
  %t : bool = prim::Constant[value=1]()
  %a : Tensor = aten::neg(%x)
  %b : Tensor = prim::Loop(%n, %t, %a)
    block0(%i : int, %c : Tensor):
      %d : Tensor = aten::abs(%c)
      -> (%t, %d)
  return (%b)
"""


def time(node, *types: str) -> NodeTime:
    return NodeTime(node.id, node.kind, 1.0, 1.0, 1.0, 0.0, 1, list(types))


def test_types_are_found_by_value_and_by_name() -> None:
    graph = parse_graph(TEXT)
    nodes = {node.kind: node for node in graph.all_nodes()}
    times = [time(nodes["aten::neg"], "Float(2)"), time(nodes["prim::Loop"], "Float(3)")]
    observed = ObservedTypes(times, ["Float(2)", "int"])
    assert observed.type_of(graph.inputs[1]) == "int"
    assert observed.type_of(nodes["aten::abs"].output) == ""
    assert observed.by_name(graph) == {"x": "Float(2)", "n": "int", "a": "Float(2)", "b": "Float(3)"}
    assert not ObservedTypes()


def test_a_session_has_the_types_of_its_own_pipeline_only(samples: Path) -> None:
    document = ShownDocument(1, str(samples / "gate.pt"), None)
    list(document.open())
    result = RunResult(1, [], [], [1.0], "cpu", [], [], ["", "Float(2, 8)"])
    list(document.observe(("", "forward"), ["inline"], result))
    assert document.observed.by_name(document._shown().graph) == {"x.1": "Float(2, 8)"}
    assert document.find_value("%x.1", -1, 0) == ("%x.1", -1, 1, "")
    assert "no such value" in document.find_value("%nothing", -1, 0)[3]
    list(document.set_passes(["inline", "dce"]))
    assert not document.observed
    assert "not run yet" in document.find_value("%x", -1, 0)[3]
    list(document.set_passes(["inline"]))
    assert document.observed


def look(engine: EngineProcess, **what) -> events.ValueLooked:
    return engine.ask(requests.LookAtValue(1, **{"value": "", **what}), events.ValueLooked)


def test_values_of_a_run_are_shown_by_name(engine: EngineProcess, samples: Path) -> None:
    engine.open(samples / "gate.pt")
    assert "not run yet" in look(engine, value="x").why_not
    engine.send(requests.Run(1, ["float32[2,8]"], "cpu", 2, 1, 0))
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone)
    assert (done.passes, done.inputs, done.method) == (["inline"], ["float32[2,8]"], "forward")
    given = look(engine, value="%x.1")
    assert given.look.shape == [2, 8]
    last = next(row for row in reversed(done.times) if row.types and row.types[0].startswith("Float"))
    seen = look(engine, node_id=last.node_id)
    assert seen.name.startswith("%")
    assert seen.look.type == last.types[0]
    engine.send(requests.Run(1, ["float32[2,9]"], "cpu", 1, 0, 0))
    engine.until(events.RunStopped)
