"""Archives run beside each other: nothing differs where nothing is different."""

from pathlib import Path

import pytest
import torch
from torch import nn

from jitviewer.engine.document import Document
from jitviewer.engine.input_proposals import propose_inputs
from jitviewer.protocol.comparison_messages import CompareRuns, RunsCompared
from jitviewer.protocol.runner_messages import RunFailed
from jitviewer.runner.comparing import answer_comparison
from jitviewer.runner.handed_files import HandedFiles

SAMPLES = sorted((Path(__file__).parents[2] / "resources" / "samples").glob("*.pt"))


class Pipe:
    """Keeps what is answered."""

    def __init__(self):
        self.replies = []

    def send(self, reply):
        self.replies.append(reply)


def compared(path, other, *inputs, **options):
    pipe = Pipe()
    request = CompareRuns(
        1, str(path), str(other), "left.pt", "right.pt", "", "forward", [*inputs], **options
    )
    answer_comparison(request, pipe, HandedFiles())
    return pipe.replies[-1]


def proposed(path):
    document = Document.open(str(path))
    function, _ = document.find("", "forward")
    return [row.spec for row in propose_inputs(function, document.find_module(""))]


def assert_agrees(path):
    reply = compared(path, path, *proposed(path))
    assert isinstance(reply, RunsCompared), reply
    found = reply.comparison
    assert not found.diverged
    assert {pair.status for pair in found.pairs} <= {"identical", "not reached", ""}
    assert (found.only_left, found.only_right, found.departures, found.findings) == ([], [], [], [])
    assert (found.cause, found.first_pair, found.first_departure) == ("", -1, -1)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_agrees_with_itself(path):
    assert_agrees(path)


@pytest.mark.models
def test_other_peoples_archives_agree_with_themselves(models):
    checked = 0
    for path in sorted(models.glob("*.pt")):
        if path.stat().st_size < 40_000_000:
            assert_agrees(path)
            checked += 1
    assert checked


class Normed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.norm = nn.BatchNorm1d(3)

    def forward(self, x: torch.Tensor, scale: float = 2.0) -> torch.Tensor:
        return self.norm(self.layer(x)) * scale


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    torch.manual_seed(0)
    model = Normed().eval()
    torch.jit.script(model).save(str(folder / "script.pt"))
    torch.jit.trace(model, (torch.rand(2, 3),)).save(str(folder / "trace.pt"))
    other = Normed().eval()
    torch.jit.script(other).save(str(folder / "other.pt"))
    return folder


def test_a_script_and_its_trace_agree_on_other_inputs(archives):
    found = compared(archives / "script.pt", archives / "trace.pt", "float32[5,3]").comparison
    assert not found.diverged
    assert found.only_right == []
    assert {pair.status for pair in found.pairs} == {"identical", ""}


def test_with_the_weights_of_the_other_only_the_program_is_compared(archives):
    paths = archives / "other.pt", archives / "trace.pt"
    differing = compared(*paths, "float32[5,3]").comparison
    assert differing.diverged
    look = next(each.look for each in differing.looks if each.pair == differing.first_pair)
    assert look.shape == [5, 3]
    assert sum(look.histogram) == 15
    first = differing.pairs[differing.first_pair]
    assert look.high == pytest.approx(first.difference.figures.max)
    found = compared(*paths, "float32[5,3]", shares_weights=True).comparison
    assert not found.diverged
    assert found.looks == []
    assert "parameters and buffers" in found.notes[0]


def test_what_goes_wrong_is_a_sentence(archives):
    reply = compared(archives / "script.pt", archives / "missing.pt", "float32[5,3]")
    assert isinstance(reply, RunFailed)
    assert "missing.pt" in reply.sentence
    reply = compared(archives / "script.pt", archives / "trace.pt")
    assert isinstance(reply, RunFailed)
    assert "argument" in reply.sentence


def test_values_beyond_what_is_kept_are_told(archives):
    found = compared(archives / "script.pt", archives / "trace.pt", "float32[5,3]", kept_bytes=0).comparison
    assert not found.diverged
    assert "had no room" in found.notes[-1]


class TwoWays(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if bool(x.sum() > 0):
            return torch.relu(x)
        y = torch.tanh(x)
        if bool(x.min() < -5):
            y = torch.exp(y)
        return torch.cos(y)


def test_arms_that_nobody_takes_are_told_with_their_ifs(tmp_path):
    script, trace = tmp_path / "script.pt", tmp_path / "trace.pt"
    torch.jit.script(TwoWays()).save(script)
    with pytest.warns(torch.jit.TracerWarning):
        torch.jit.trace(TwoWays(), torch.ones(3), check_trace=False).save(trace)
    kinds = {}
    for spec, differs in (("torch.ones(3)", False), ("-torch.ones(3)", True)):
        torch.save(eval(spec), tmp_path / "input.pt")
        found = compared(script, trace, str(tmp_path / "input.pt")).comparison
        assert found.diverged is differs
        nodes = {node.node_id: node.kind for node in found.left_nodes}
        kinds[differs] = [nodes[node] for node in found.only_left]
        told = [finding for finding in found.findings if finding.kind == "arm"]
        assert ("not taken" in told[0].text) is not differs
    # Where a run takes the arm, all of it is told.
    assert "aten::tanh" not in kinds[False]
    assert "prim::If" in kinds[False]
    assert "aten::tanh" in kinds[True]
