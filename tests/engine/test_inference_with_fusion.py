"""The preset that fuses a frozen graph for the inputs that are proposed, or were run with last."""

from pathlib import Path

import pytest
import torch
from torch import nn

from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import parse_graph
from jitcore.source import JitError
from jitviewer.commands.command_line import main
from jitviewer.engine.document import Document
from jitviewer.engine.input_proposals.types_for_passes import ASKING, fill_passes
from jitviewer.engine.presets import preset_rows
from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess

[PASSES] = [row.passes for row in preset_rows() if row.name == "Inference with fusion"]
FILLED = 'complete-shape-analysis{inputs="Float(1, 8)"}'


class Perceptron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(8, 16), nn.Linear(16, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.second(torch.relu(self.first(x)) * 2)) + 1


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "perceptron.pt"
    torch.jit.script(Perceptron().eval()).save(str(path))
    return path


def test_groups_are_formed_for_the_proposed_inputs(engine: EngineProcess, saved: Path) -> None:
    engine.open(saved)
    engine.send(requests.SetPasses(1, PASSES))
    seen = engine.until(events.CanvasChanged)
    [told] = [event for event in seen if isinstance(event, events.Notice)]
    assert told.level == "info"
    assert "the types Float(1, 8), those that are proposed" in told.sentence
    [graph] = [event.view.text for event in seen if isinstance(event, events.GraphChanged)]
    assert graph.count("= prim::TensorExprGroup_") == 2
    assert graph.count("aten::matmul") == 2
    [steps] = [event for event in seen if isinstance(event, events.StepsChanged)]
    names = [row.name for row in steps.passes] if hasattr(steps, "passes") else []
    assert (names or [row.name for row in steps.reports])[3] == FILLED
    assert not any(row.failed for row in steps.reports)


def test_what_was_run_goes_before_what_is_proposed_and_types_fit_each_input(saved: Path) -> None:
    function, receiver = Document.open(str(saved)).find("", "forward")
    ran = fill_passes([ASKING, "dce"], function, receiver, ["Perceptron", "Float(5, 8)"])
    assert ran.passes == ['complete-shape-analysis{inputs="Float(5, 8)"}', "dce"]
    assert "those of the last run" in ran.said
    assert fill_passes([ASKING], function, receiver).passes == [FILLED]
    assert fill_passes(["dce", FILLED], function, receiver) == (["dce", FILLED], "")


def test_inputs_that_are_no_tensors_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "numbers.ir"
    path.write_text(
        "graph(%n : int, %x : Tensor, %l : int[]):\n  %r : Tensor = aten::add(%x, %x, %n)\n  return (%r)\n"
    )
    function, receiver = Document.open(str(path)).find("", Document.open(str(path)).first_method()[1])
    [spec] = fill_passes([ASKING], function, receiver).passes
    assert spec == 'complete-shape-analysis{inputs="int;Float(4, 4);int[]"}'


def test_another_method_is_filled_anew(engine: EngineProcess, saved: Path) -> None:
    engine.open(saved)
    engine.views(requests.SetPasses(1, ["inline", ASKING]))
    engine.send(requests.ShowMethod(1, "second", "forward"))
    seen = engine.until(events.CanvasChanged)
    [shown] = [event for event in seen if isinstance(event, events.MethodShown)]
    assert shown.passes == ["inline", 'complete-shape-analysis{inputs="Float(1, 16)"}']


def test_the_command_line_says_which_inputs(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph", str(saved), "--passes", ",".join(PASSES)]) == 0
    output, told = capsys.readouterr()
    assert output.count("= prim::TensorExprGroup_") == 2
    assert "the types Float(1, 8), those that are proposed" in told
    graph = main(["graph", str(saved), "--passes", ",".join(PASSES).replace(ASKING, FILLED)])
    assert graph == 0
    assert capsys.readouterr() == (output, "")


def test_values_stay_as_they_are(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passes = ",".join(PASSES).replace(ASKING, FILLED)
    for rows in (1, 3):
        x = torch.randn(rows, 8)
        torch.save(x, tmp_path / "x.pt")
        out = tmp_path / "out.pt"
        arguments = ["--input", str(tmp_path / "x.pt"), "--passes", passes, "--outputs", str(out)]
        assert main(["run", str(saved), *arguments]) == 0, capsys.readouterr().err
        found = torch.load(out)
        found = found[0] if isinstance(found, list | tuple) else found
        torch.testing.assert_close(found, torch.jit.load(str(saved))(x))


def test_a_run_fills_in_the_inputs_that_it_is_given(capsys: pytest.CaptureFixture[str], saved: Path) -> None:
    given = ["--input", "float32[3,8]"]
    assert main(["run", str(saved), "--passes", ",".join(PASSES), *given]) == 0
    assert "the types Float(3, 8), those that are given" in capsys.readouterr().err
    pipelines = "inline:Inference with fusion"
    assert main(["run", str(saved), "--compare-passes", pipelines, *given]) == 0
    told = capsys.readouterr()
    assert "those that are given" in told.err
    assert "give the same results" in told.out


def test_a_picture_is_drawn_for_the_inputs_that_are_proposed(
    capsys: pytest.CaptureFixture[str], saved: Path, tmp_path: Path
) -> None:
    out = tmp_path / "graph.json"
    assert main(["export", str(saved), str(out), "--passes", ",".join(PASSES)]) == 0
    assert "those that are proposed" in capsys.readouterr().err
    assert "TensorExprGroup" in out.read_text(encoding="utf-8")


def test_a_pass_by_itself_knows_no_inputs() -> None:
    graph = parse_graph("graph(%x : Tensor):\n  return (%x)\n")
    with pytest.raises(JitError, match="no inputs are proposed here"):
        run_pipeline(graph, [ASKING], PassContext())
