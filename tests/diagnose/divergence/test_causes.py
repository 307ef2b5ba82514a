"""Programs of every cause, with the guilty line marked, and programs that must not be accused."""

import sys

import pytest
import torch

from jitcore.diagnose import compare
from tests.diagnose.divergence.written_program import HEAD, made

DIVERGENT = {
    "a branch in a helper": (
        "branch",
        """
def helper(x):
    if x.mean() > 0:  #!
        return x * 2
    return x - 1
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 4)
    def forward(self, x):
        return helper(self.dense(x))
""",
        lambda: (torch.randn(3, 4),),
    ),
    "a threshold that no usual input reaches": (
        "branch",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 4)
    def forward(self, x):
        y = self.dense(x)
        if y.sum() > 33333:  #!
            y = y * 2
        return y
""",
        lambda: (torch.rand(2, 4),),
    ),
    "an input for which Python never ends": (
        "branch",
        """
def T(x):
    y = x + 1
    while y.sum() < 100:  #!
        y = y * 2
    return y
""",
        lambda: (torch.rand(4),),
    ),
    "a loop over a length": (
        "loop-count",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 3)
    def forward(self, x):
        h = torch.zeros(x.shape[0], 3)
        for t in range(x.shape[1]):  #!
            h = self.cell(x[:, t], h)
        return h
""",
        lambda: (torch.rand(2, 4, 3),),
    ),
    "a size as a number": (
        "shape",
        """
def up(x):
    h, w = int(x.shape[2] * 1.5), int(x.shape[3] * 1.5)  #!
    return F.interpolate(x, size=(h, w), mode="nearest")
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
    def forward(self, x):
        return up(self.conv(x))
""",
        lambda: (torch.rand(1, 3, 8, 8),),
    ),
    "a value as a number": (
        "constant",
        """
def T(x):
    m = x.max().item()  #!
    return x / m
""",
        lambda: (torch.rand(3) + 1,),
    ),
    "a type that was kept": (
        "device-or-dtype",
        """
def T(x):
    kind = x.dtype  #!
    return torch.ones(3).to(kind) * 0.1
""",
        lambda: (torch.rand(3),),
    ),
    "a draw of Python": (
        "randomness",
        """
class T(nn.Module):
    def forward(self, x):
        if random.random() < 0.5:  #!
            return x.flip(0)
        return x * 1.0
""",
        lambda: (torch.rand(3),),
    ),
    "a seed": (
        "randomness",
        """
def T(x):
    torch.manual_seed(7)  #!
    return x + torch.randn(3)
""",
        lambda: (torch.rand(3),),
    ),
    "the flag of a module": (
        "mode",
        """
class Flagged(nn.Module):
    def forward(self, x):
        if self.training:  #!
            return x + 1
        return x * 2
T = Flagged().eval()
""",
        lambda: (torch.rand(2, 3),),
    ),
    "a trace in train mode": (
        "mode",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
    def forward(self, x):
        return self.drop(x * 2)  #!
""",
        lambda: (torch.rand(2, 3),),
    ),
    "a write past autograd": (
        "aliasing",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))
    def forward(self, x):
        self.total.numpy()[:] += 1  #!
        return x + self.total
""",
        lambda: (torch.rand(3),),
    ),
    "a counter": (
        "python-state",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0
    def forward(self, x):
        self.calls += 1
        return x * self.calls  #!
""",
        lambda: (torch.rand(3),),
    ),
    "a cache of the first input": (
        "python-state",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.cache = None
    def forward(self, x):
        if self.cache is None:  #!
            self.cache = x.mean(0)
        return x - self.cache
""",
        lambda: (torch.rand(3, 2),),
    ),
    "a length that a script counts otherwise": (
        "semantics",
        """
def share(n: int) -> int:
    return len("é") + n  #!
def T(x: torch.Tensor):
    return x * share(5)
""",
        lambda: (torch.rand(3),),
    ),
}

CLEAN = {
    "a mask of ones whose size nobody looks at": (
        """
def T(x, mask):
    if torch.jit.is_tracing() or not bool(mask.all()):
        x = x * mask
    return x.cumsum(1)
""",
        lambda: (torch.rand(2, 6), torch.tensor([[True] * 5 + [False]] * 2)),
    ),
    "loops and asserts of configuration": (
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 4)
        self.calls = 0
    def forward(self, x):
        self.calls += 1
        batch, steps, width = x.shape
        assert width == 4, width
        for _ in range(3):
            x = self.dense(x) / math.sqrt(4)
        return x.view(batch, steps, 2, 2).transpose(1, 2).reshape(batch, -1)
""",
        lambda: (torch.rand(2, 3, 4),),
    ),
    "both arms alike": (
        """
def T(x):
    if x.sum() > 0:
        y = x * 2
    else:
        y = x + x
    print(y.mean().item())
    return y
""",
        lambda: (torch.rand(3),),
    ),
    "standard layers in eval mode": (
        """
T = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.3), nn.Flatten()).eval()
""",
        lambda: (torch.rand(2, 3, 8, 8),),
    ),
    "numbers without dimensions": (
        """
def T(x):
    return 0.3 * x.mean() + (x.sum() / 3 - 2.5)
""",
        lambda: (torch.rand(3),),
    ),
}


@pytest.fixture
def program(tmp_path, request):
    name = f"program_{abs(hash(request.node.name))}"
    yield lambda text: made(tmp_path, text, name)
    sys.modules.pop(name, None)


@pytest.mark.parametrize("case", DIVERGENT)
def test_the_cause_and_its_line_are_named(case, program):
    cause, text, inputs = DIVERGENT[case]
    target, path, line = program(text)
    found = compare(target, inputs())
    assert found.diverged
    assert found.cause is not None, found
    assert (found.cause.cause, found.cause.file, found.cause.line) == (cause, path, line), found.explanation
    assert found.inputs
    assert found.difference


@pytest.mark.parametrize("case", CLEAN)
def test_a_clean_program_is_not_accused(case, program):
    text, inputs = CLEAN[case]
    target, _, _ = program(text)
    found = compare(target, inputs())
    assert not found.diverged, found.explanation
    assert found.cause is None
    assert found.tried > 2


def test_the_offered_remedy_was_tried(program, tmp_path):
    _, text, inputs = DIVERGENT["a branch in a helper"]
    target, _, _ = program(text)
    found = compare(target, inputs())
    assert found.remedy is not None
    assert found.remedy.patch.startswith("--- a/")
    cured, _, _ = made(tmp_path, found.remedy.text.removeprefix(HEAD), "cured")
    x = torch.full((3, 4), 7.0)
    traced = torch.jit.trace(cured, torch.randn(3, 4), check_trace=False)
    for given in (x, -x):
        torch.testing.assert_close(traced(given), cured(given))


def test_a_program_is_left_as_it_was_found(program):
    _, text, inputs = DIVERGENT["a counter"]
    target, _, _ = program(text)
    given = inputs()
    drawn = torch.get_rng_state()
    compare(target, given)
    assert target.calls == 0
    assert torch.equal(torch.get_rng_state(), drawn)


def test_given_inputs_are_tried_first(program):
    target, _, _ = program("def T(x):\n    return x * 2 if x[0] == 123.25 else x\n")
    found = compare(target, (torch.rand(2),), [(torch.tensor([123.25, 1.0]),)])
    assert found.diverged
    assert found.made == "the inputs that were given to compare with"


def test_conditions_say_whether_they_were_flipped(program):
    text = """
def T(x):
    if x.norm() + 1 < 0:
        return x * 3
    if x[0] > 0.5:
        return x * 2
    return x + x
"""
    target, _, _ = program(text)
    found = compare(target, (torch.tensor([0.75, 1.0]),))
    assert not found.diverged
    assert [each.flipped for each in found.decisions if each.kind == "branch"] == [False, True]
