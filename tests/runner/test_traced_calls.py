"""What a file traced with torch.jit.trace, traced once more by us, as the file did it."""

import pytest
import torch

import jitcore
from jitviewer.protocol.rows import ProblemRow
from jitviewer.runner.collected_warnings import collected_warnings
from jitviewer.runner.script_files import ScriptFile
from tests.differential.script_modules.comparison import renumbered

pytestmark = pytest.mark.filterwarnings("ignore")

PROGRAM = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.drop = nn.Dropout()

    def forward(self, x):
        return self.drop(self.layer(x))

    def other(self, x):
        x.add_(1)
        return x * 2

def double(x):
    return x * 2

net = Net().eval()
x = torch.ones(2, 3)
in_evaluation = torch.jit.trace(net, x)
net.train()
methods = torch.jit.trace_module(net, {"forward": x, "other": x}, check_trace=False)
with torch.no_grad():
    without_grad = torch.jit.trace(double, (torch.ones(2, requires_grad=True),))
by_name = torch.jit.trace(double, example_kwarg_inputs={"x": x})
by_place = torch.jit.trace(double, x, None, True, [x], 1e-3, False)
again = torch.jit.trace(in_evaluation, x)
net.eval()
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "traces.py"
    path.write_text(PROGRAM)
    return ScriptFile(str(path), None)


@pytest.mark.parametrize("name", ["in_evaluation", "methods", "without_grad", "by_name", "by_place"])
def test_a_trace_is_made_as_the_file_made_it(script, name):
    theirs = script.object(name, "")
    call = script.traced_call(theirs)
    before = script.module.x.clone()
    ours = call.repeated()
    assert renumbered(ours.code) == renumbered(theirs.code)
    # Numbers of classes aside the graphs say the same of shapes and gradients.
    ending = renumbered(str(theirs.graph)).splitlines()[1:]
    assert renumbered(str(ours.graph)).splitlines()[1:] == ending
    assert torch.equal(script.module.x, before)
    assert not script.module.net.training
    if name == "methods":
        assert renumbered(ours.other.code) == renumbered(theirs.other.code)


def test_what_was_compiled_before_is_not_traced_again(script):
    # torch gives it back, so the call that made it is the one to repeat.
    assert script.object("again", "") is script.object("in_evaluation", "")
    assert script.traced_call(script.object("again", "")).repeated().code
    assert script.traced_call(script.object("net", "")) is None


def test_warnings_of_traces_are_told_with_their_lines_also_of_one_that_fails():
    def branches(x):
        if x.sum() > 0:
            raise ValueError("no")
        return x

    into: list[ProblemRow] = []
    with pytest.raises(ValueError, match="no"), collected_warnings("branches", into):
        jitcore.trace(branches, torch.ones(2))
    ((row),) = into
    assert (row.subject, row.is_warning, row.file) == ("branches", True, __file__)
    assert row.line == branches.__code__.co_firstlineno + 1
    assert row.message.startswith("Converting a tensor to a Python boolean")
