"""Which of several lines that have a part in a divergence is named."""

import sys
from pathlib import Path

import pytest
import torch

from jitcore.diagnose import compare
from jitcore.diagnose.divergence.source_places import ends_by_truth
from tests.diagnose.divergence.written_program import made

PROGRAMS = {
    "a truth that ends what all goes through": (
        "branch",
        """
def T(x):
    kept = []
    for row in x.unbind(0)[:3]:
        if all((row - other).abs().sum() > 0.3 for other in kept):  #!
            kept.append(row)
    return torch.stack(kept).mean(0)
""",
        lambda: (torch.tensor([[0.1, 0.2], [0.9, 0.9], [0.1, 0.25]]),),
    ),
    "a truth that ends what any goes through": (
        "branch",
        """
def T(x):
    if any(row.sum() > 1 for row in x.unbind(0)):  #!
        return x * 2
    return x - 1
""",
        lambda: (torch.tensor([[0.1, 0.2], [0.9, 0.9], [0.1, 0.25]]),),
    ),
    "a truth that ends what all goes through, where there is more of it": (
        "branch",
        """
def T(x):
    kept = []
    for row in x.unbind(0):
        if all((row - other).abs().sum() > 0.3 for other in kept):  #!
            kept.append(row)
    return torch.stack(kept).mean(0)
""",
        lambda: (torch.tensor([[0.1, 0.2], [0.9, 0.9], [0.1, 0.25]]),),
    ),
    "a loop in a list that another function goes through": (
        "loop-count",
        """
def T(x):
    return sum([row * row.sum() for row in x])  #!
""",
        lambda: (torch.rand(3, 2),),
    ),
    "a truth that a library reads, and not the loop over what is left": (
        "branch",
        """
def strong(row):
    return bool(row.max() > 0.2)  #!
def T(x):
    made = x.mean(0)
    for row in list(filter(strong, x.unbind(0))):
        made = torch.maximum(made, row * 2)
    return made
""",
        lambda: (torch.rand(3, 4) + 0.5,),
    ),
    "least of tensors": (
        "branch",
        """
def T(x):
    return min((x * 0.5).sum(), (x * 2).sum()) + x  #!
""",
        lambda: (torch.rand(3),),
    ),
    "decisions with a number, and not the number": (
        "branch",
        """
def bucket(v):
    if v < 1:  #!
        return 0
    return 1
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(2, 3)
    def forward(self, x):
        return x + self.table.weight[bucket(x.sum().item())]
""",
        lambda: (torch.full((3,), 0.1),),
    ),
    "a conditional expression that asks whether it is traced, beside a size": (
        "shape",
        """
def T(x):
    n = x.shape[0].item() if isinstance(x.shape[0], torch.Tensor) else x.shape[0]  #!
    return x + torch.ones(1, 3).repeat(n, 1).cumsum(0)
""",
        lambda: (torch.rand(4, 3),),
    ),
    "a number out of a buffer, and not the buffer": (
        "constant",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("queue", torch.zeros(4, 2))
        self.register_buffer("place", torch.zeros(1, dtype=torch.long))
    def forward(self, x):
        at = int(self.place)  #!
        self.queue[at] = x.mean(0)
        self.place[0] = (at + 1) % 4
        return self.queue[:1] + x
""",
        lambda: (torch.rand(3, 2),),
    ),
    "the use of a counter, and not the counting": (
        "python-state",
        """
def counted(start):
    left = start
    def factor():
        nonlocal left
        left = max(0, left - 1)
        return left / start  #!
    return factor
FACTOR = counted(4)
def T(x):
    return x * FACTOR()
""",
        lambda: (torch.rand(3),),
    ),
    "an attribute of a class that a context manager counts up": (
        "python-state",
        """
class Counted:
    entered = 0
    def __enter__(self):
        Counted.entered += 1
        return Counted.entered  #!
    def __exit__(self, *error):
        return False
def T(x):
    with Counted() as number:
        return x * number
""",
        lambda: (torch.rand(3),),
    ),
    "a generator that moves on is no draw": (
        "python-state",
        """
def rates():
    while True:
        yield 1.0
        yield 0.5
RATES = rates()
def T(x):
    return x * next(RATES)  #!
""",
        lambda: (torch.rand(3),),
    ),
    "the draw, and not the constant that numpy made of it": (
        "randomness",
        """
def spans():
    mask = np.zeros(6, dtype=bool)
    for start in np.random.choice(5, 2, replace=False):  #!
        mask[start] = True
    return mask
def T(x):
    return torch.where(torch.from_numpy(spans()), x, -x)
""",
        lambda: (torch.rand(6) + 1,),
    ),
    "the write, and not the way to the memory": (
        "aliasing",
        """
def T(x):
    values = x.numpy()
    np.subtract(values, values.mean(), out=values)  #!
    return x * 2
""",
        lambda: (torch.rand(6) + 1,),
    ),
    "the loop that a script runs less often": (
        "semantics",
        """
def visited(depth: int) -> int:
    queue = [depth]
    count = 0
    for node in queue:  #!
        count += 1
        if node > 0:
            queue.append(node - 1)
    return count
def T(x: torch.Tensor) -> torch.Tensor:
    return x / visited(3)
""",
        lambda: (torch.rand(3),),
    ),
    "what a script decided when it was compiled": (
        "semantics",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = True
    def factor(self) -> float:
        if isinstance(self.scale, int):  #!
            return 2.0
        return 0.5
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor()
""",
        lambda: (torch.rand(3),),
    ),
    "an error that is handled, and not the constant behind it": (
        "branch",
        """
def inverse(m):
    try:
        return torch.linalg.inv(m)  #!
    except RuntimeError:
        return torch.linalg.pinv(m)
def T(x):
    return inverse(x) @ x.sum(0)
""",
        lambda: (torch.tensor([[1.0, 2.0], [0.5, 3.0]]),),
    ),
    "a constant, and not the error that only a log handles": (
        "constant",
        """
SEEN = {3: "all"}
LOG = []
def T(x):
    n = int((x > 0).sum())  #!
    try:
        LOG.append(SEEN[n])
    except KeyError:
        LOG.append("some")
    return x * n
""",
        lambda: (torch.tensor([1.0, 2.0, 3.0]),),
    ),
    "a branch, and not the error that only a log handles": (
        "branch",
        """
SEEN = {3: "all"}
LOG = []
def T(x):
    try:
        LOG.append(SEEN[int((x > 0).sum())])
    except KeyError:
        LOG.append("some")
    if x.sum() > 0:  #!
        return x * 2
    return x + 1
""",
        lambda: (torch.tensor([1.0, 2.0, 3.0]),),
    ),
    "an error that a context manager takes": (
        "branch",
        """
import contextlib
def factor(n):
    found = 1.0
    with contextlib.suppress(KeyError):
        found = {3: 0.5}[int(n)]  #!
    return found
def T(x):
    return x * factor(x.shape[0])
""",
        lambda: (torch.rand(3),),
    ),
    "the use of a counter, and not the condition of a log": (
        "python-state",
        """
class Steps:
    count = 0
    said = []
    def tick(self):
        self.count += 1
        self.said.append(self.count)
        if self.count % 2 == 0:
            print("call", self.count)
    def rate(self):
        return 1 / self.count  #!
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = Steps()
    def forward(self, x):
        self.steps.tick()
        return x * self.steps.rate()
""",
        lambda: (torch.rand(3),),
    ),
    "a variable of the context": (
        "python-state",
        """
from contextvars import ContextVar
DEPTH = ContextVar("depth", default=0)
def T(x):
    depth = DEPTH.get()  #!
    DEPTH.set(depth + 1)
    return x + depth
""",
        lambda: (torch.rand(3),),
    ),
    "lengths that have to keep their sum": (
        "constant",
        """
def T(flat, lengths):
    parts = flat.split(lengths.tolist())  #!
    return torch.stack([each.mean(0) for each in parts])
""",
        lambda: (torch.rand(6, 2), torch.tensor([3, 3])),
    ),
    "rows that are taken apart": (
        "shape",
        """
def T(x):
    *past, now = x  #!
    return torch.stack(past).mean(0) - now
""",
        lambda: (torch.rand(3, 2),),
    ),
    "whether gradients of an input are asked for": (
        "mode",
        """
def factor(x):
    return 1.0 if x.requires_grad else 2.0  #!
def T(x):
    return x * factor(x)
""",
        lambda: (torch.rand(3),),
    ),
    "draws of a generator that a module owns, in a helper": (
        "randomness",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.rng = np.random.default_rng(3)
    def keep(self):
        return self.rng.uniform() >= 0.5
    def forward(self, x):
        return x * 2 if self.keep() else x - 1  #!
""",
        lambda: (torch.rand(3),),
    ),
    "the state of an object with slots": (
        "python-state",
        """
class Mean:
    __slots__ = ("value",)
    def __init__(self):
        self.value = None
    def step(self, new):
        if self.value is None:  #!
            self.value = new
        else:
            self.value = 0.9 * self.value + 0.1 * new
        return self.value
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = Mean()
    def forward(self, x):
        return x / self.mean.step(x.abs().mean())
""",
        lambda: (torch.rand(3) + 1,),
    ),
    "how many rows are written": (
        "shape",
        """
def T(x):
    out = torch.zeros_like(x)
    rows = (x[:, 0] > 0).nonzero().squeeze(1)
    out[rows] = x[rows] * 2  #!
    return out
""",
        lambda: (torch.tensor([[1.0, 2.0], [-1.0, 3.0], [-2.0, 1.0]]),),
    ),
    "instructions that belong to no line": (
        "mode",
        """
class T(nn.Module):
    def forward(self, x):
        scale = 1.0
        for name, value in vars(self).items():
            if name == "scale":
                scale = value
        if torch.jit.is_tracing():  #!
            return x * scale
        return x * scale + 0.25
""",
        lambda: (torch.rand(3),),
    ),
    "a loop that grows what it walks over, around another": (
        "semantics",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.parents = [-1, 0, 0, 1, 2]

    def walk(self, scale: float):
        found: list[int] = [0]
        for each in found:  #!
            for child, parent in enumerate(self.parents):
                if parent == each:
                    found.append(child)
        return len(found) * scale

    def forward(self, x):
        return x * self.walk(2.0)
""",
        lambda: (torch.rand(3),),
    ),
    "a size that is rounded in a helper": (
        "numeric",
        """
def phase(length, shift):
    return torch.arange(9, dtype=torch.float64) * shift * (2.0 * math.pi / length)  #!

def T(x):
    turned = phase(x.shape[-1], 40000.0)
    return x.mean(-1, keepdim=True) * torch.cos(turned)
""",
        lambda: (torch.rand(2, 7, dtype=torch.float64),),
    ),
    "a seed in a helper": (
        "randomness",
        """
def projection(rows: int, columns: int, seed: int):
    torch.manual_seed(seed)  #!
    return torch.randn(rows, columns)

class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.seed = 11

    def forward(self, x):
        return x @ projection(3, 2, self.seed)
""",
        lambda: (torch.rand(2, 3),),
    ),
    "an own order of modules": (
        "other-method",
        """
class Ordered(nn.ModuleDict):
    def values(self):
        return [self[each] for each in sorted(self.keys())]  #!

class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = Ordered({"b": nn.Linear(3, 3), "a": nn.Tanh()})

    def forward(self, x):
        for each in self.parts.values():
            x = each(x)
        return x
""",
        lambda: (torch.rand(2, 3),),
    ),
    "products that an executor adds up otherwise": (
        "numeric",
        """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        made = torch.Generator().manual_seed(0)
        for number in range(8):
            self.register_buffer(f"part{number}", torch.randn(48, 48, generator=made))

    def forward(self, x):
        rows = x.chunk(8, 1)
        products = [torch.mm(rows[at], getattr(self, f"part{at}")) for at in range(8)]  #!
        total = products[0]
        for each in products[1:]:
            total = total + each
        return torch.floor(total * 4096.0) % 16
""",
        lambda: (torch.randn(32, 384, generator=torch.Generator().manual_seed(1)),),
    ),
}


@pytest.fixture
def program(tmp_path, request):
    name = f"placed_{abs(hash(request.node.name))}"
    yield lambda text: made(tmp_path, text, name)
    sys.modules.pop(name, None)


@pytest.mark.parametrize("case", PROGRAMS)
def test_the_line_is_named(case, program):
    cause, text, inputs = PROGRAMS[case]
    target, path, line = program(text)
    found = compare(target, inputs())
    assert found.cause is not None, found.explanation
    assert (found.cause.cause, found.cause.file, found.cause.line) == (cause, path, line), found.explanation
    assert "#" not in found.cause.expression


def test_words_of_a_truth_that_ended_a_loop_are_not_those_of_a_count(program):
    _, text, inputs = PROGRAMS["a truth that ends what any goes through"]
    found = compare(program(text)[0], inputs())
    assert "ran " not in found.explanation
    assert "decided" in found.explanation


@pytest.mark.parametrize(
    ("expression", "with_other_values", "with_other_sizes"),
    [
        ("all(each > 1 for each in rows)", True, False),
        ("any(each > 1 for each in kept)", True, True),
        ("sum(each > 1 for each in kept)", False, False),
        ("any(each > 1 for each in every)", True, False),
    ],
)
def test_a_truth_ends_what_all_and_any_go_through(
    tmp_path: Path, expression: str, with_other_values: bool, with_other_sizes: bool
) -> None:
    head = "def T(rows):\n    kept, every = [], []\n    for row in rows:\n        every.append(row)\n"
    head += "        if row > 2:\n            kept.append(row)\n"
    path = tmp_path / "ends.py"
    path.write_text(f"{head}    return {expression}\n")
    column = len("    return all")
    assert ends_by_truth(str(path), 7, column, False) is with_other_values
    assert ends_by_truth(str(path), 7, column, True) is with_other_sizes


def test_a_hook_of_all_modules_is_one_that_a_script_does_not_run(program):
    target, path, line = program("""
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x):
        return self.layer(x)

def limited(module, inputs, output):
    if not isinstance(module, nn.Linear):
        return None
    return output.clamp(-0.01, 0.01)  #!
""")
    hook = sys.modules[type(target).__module__].limited
    handle = torch.nn.modules.module.register_module_forward_hook(hook)
    try:
        found = compare(target, (torch.ones(1, 3),))
    finally:
        handle.remove()
    assert found.cause is not None
    assert (found.cause.cause, found.cause.file, found.cause.line) == ("other-method", path, line)
    assert "A hook of all modules" in found.explanation


def test_a_mode_that_only_repeats_another_cause_is_none(program):
    target, _, line = program("""
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("kept", torch.zeros(3))

    def forward(self, x):
        self.kept.data.numpy()[:] += 1  #!
        return x + self.kept
""")
    found = compare(target, (torch.ones(3),))
    assert {(each.cause, each.line) for each in found.causes} == {("aliasing", line)}
