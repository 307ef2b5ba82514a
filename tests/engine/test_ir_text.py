"""A graph as text opens, is rewritten and runs like that of an archive."""

from pathlib import Path

import pytest

from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess

TEXT = """graph(%x : Tensor, %n : int):
  %one : int = prim::Constant[value=1]()
  %zero : int = prim::Constant[value=0]()
  %a : Tensor = aten::mul(%x, %x)
  %b : Tensor = aten::mul(%x, %x)
  %c : Tensor = aten::add(%a, %b, %one)
  %positive : bool = aten::gt(%n, %zero)
  %y : Tensor = prim::If(%positive)
    block0():
      %d : Tensor = aten::relu(%c)
      -> (%d)
    block1():
      -> (%c)
  return (%y)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "square.ir"
    made.write_text(TEXT)
    return made


def test_text_is_opened_rewritten_and_run(engine: EngineProcess, file: Path) -> None:
    views = engine.open(file)
    assert [row.kind for row in views[events.DocumentOpened].tree] == ["method"]
    assert views[events.GraphChanged].view.text.count("aten::mul") == 2
    assert views[events.CodeChanged].view.text.startswith("def graph(x: Tensor,")
    labels = {item.label for item in views[events.CanvasChanged].view.items}
    assert {"mul", "add", "gt", "If", "then", "relu", "return"} <= labels
    merged = engine.views(requests.SetPasses(1, ["cse"]))
    assert merged[events.GraphChanged].view.text.count("aten::mul") == 1
    engine.send(requests.Run(1, ["float32[3]:1..2", "1"], "cpu", 1, 0, 0))
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert [row.type for row in done.outputs] == ["Float(3)"]
    first = {n for line in merged[events.GraphChanged].view.line_nodes for n in line}
    assert {time.node_id for time in done.times} <= first


def test_its_one_graph_has_no_modules_or_records(engine: EngineProcess, file: Path) -> None:
    engine.open(file)
    engine.send(requests.ShowMethod(1, "layer", "forward"))
    assert "IR text" in engine.until(events.MethodFailed)[-1].sentence
    shown = engine.ask(requests.ShowRecord(1, "square.ir"), events.RecordShown)
    assert shown.view.text == TEXT
