"""Programs of each cause, the change that is offered for it, and torch's trace or script of what it gives."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from jitcore.diagnose import compare
from jitcore.diagnose.divergence.rebuilding import Recipe
from jitcore.diagnose.divergence.remedies.edits import Edits, with_torch
from tests.diagnose.divergence.remedied_program import (
    X,
    assert_offer_cures,
    called,
    dedented,
    made,
    module_of,
    remedied,
    traced,
)

# The program, calls that set its sides apart, and what the change adds: a line of each, without indentation.
CASES: dict[str, tuple[str, list[tuple[torch.Tensor, ...]], list[str]]] = {
    "a function that decides": (
        """
        import torch

        LIMIT = 2.0

        def T(x):
            total = x.sum()
            if total > LIMIT:
                x = x * 2
            return x
        """,
        [(-X,)],
        ["@torch.jit.script_if_tracing"],
    ),
    "lines of a method": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(3, 3)
                self.most = 1.0

            def forward(self, x):
                y = self.body(x)
                while x.sum() > self.most:
                    x = x / 2
                return x + y
        """,
        [(X * 9,)],
        ["x = _forward_scripted(x, self.most)"],
    ),
    "a module that is called in a loop": (
        """
        import torch
        from torch import nn

        class Rows(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(3, 3)

            def forward(self, x):
                found = []
                for row in x:
                    found.append(self.body(row))
                return torch.stack(found)

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.rows = Rows()

            def forward(self, x):
                return self.rows(x) + 1
        """,
        [(torch.cat([X, X]),)],
        ["self.rows = torch.jit.script(Rows())"],
    ),
    "a number read": (
        """
        import torch

        def T(x):
            peak = max(x.max().item(), 0.1)
            return x / peak
        """,
        [(X * 3,)],
        ["peak = x.max().clamp(min=0.1)"],
    ),
    "a size that went through int": (
        """
        import math
        import torch

        def T(x):
            count = math.ceil(x.shape[0] / 2)
            return x.sum() / count + torch.arange(int(x.shape[1]))
        """,
        [(torch.cat([X, X]),)],
        ["count = -(-x.shape[0] // 2)"],
    ),
    "a write through data": (
        """
        import torch

        def T(x):
            y = x + 1
            y.data.mul_(2)
            return y - 1
        """,
        [(X * 3,)],
        ["y.detach().mul_(2)"],
    ),
    "a write through numpy": (
        """
        import numpy as np
        import torch

        def shorten(array):
            np.clip(array, 0, 1, out=array)

        def T(x):
            y = x + 0
            shorten(y.numpy())
            return y * 2
        """,
        [(X * 3,)],
        ["array.clamp_(0, 1)", "shorten(y)"],
    ),
    "the type of another tensor": (
        """
        import torch

        def T(x):
            steps = torch.arange(3.0)
            return x * steps.to(x.dtype)
        """,
        [(X.long(),)],
        ["return x * steps.type_as(x)"],
    ),
    "a counter": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.calls = 0

            def forward(self, x):
                self.calls += 1
                return x * min(1.0, self.calls / 4)
        """,
        [(X,), (X,), (X,)],
        ['self.register_buffer("calls", torch.tensor(0))'],
    ),
    "what another call left": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.before = torch.zeros(2, 3)

            def forward(self, x):
                y = x + self.before
                self.before = y.detach()
                return y
        """,
        [(X,), (X,), (X,)],
        ['self.register_buffer("before", torch.zeros(2, 3))', "self.before.copy_(y.detach())"],
    ),
    "a state of two tensors": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.LSTM(3, 2)
                self.state = None

            def forward(self, x):
                y, self.state = self.body(x, self.state)
                return y
        """,
        [(X,), (X,), (X,)],
        [
            'self.register_buffer("state_0", torch.zeros(1, 2))',
            'self.register_buffer("state_1", torch.zeros(1, 2))',
        ],
    ),
    "what is set up by the first call": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.is_ready = False
                self.shift = torch.zeros(3)

            def forward(self, x):
                if not self.is_ready:
                    self.shift = x.mean(dim=0)
                    self.is_ready = True
                return x - self.shift
        """,
        [(X * 2,), (X,)],
        [
            "chosen = ~self.is_ready",
            "self.shift.copy_(torch.where(chosen, (x.mean(dim=0)).detach(), self.shift))",
        ],
    ),
    "the last so many": (
        """
        from collections import deque

        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.last = deque([torch.zeros(2, 3)] * 2, maxlen=2)

            def forward(self, x):
                self.last.append(x)
                return torch.cat(list(self.last))
        """,
        [(X * 2,), (X,), (X * 3,)],
        ["self.last.copy_(torch.cat([self.last[1:], torch.stack([x]).detach()]))"],
    ),
    "a module that data chooses": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.parts = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])

            def chosen(self, x):
                place = int((x.sum() > 0).long())
                return self.parts[place]

            def forward(self, x):
                return self.chosen(x)(x)
        """,
        [(-X,)],
        [
            "return torch.stack([each(given) for each in self.parts])[place]",
            "return self.chosen(x, x)",
        ],
    ),
    "arms of what no script takes": (
        """
        import torch

        def T(x):
            parts = {"x": x, "scale": 1.5}
            if x.sum() > 0:
                y = parts["x"] * 2
            else:
                y = parts["x"]
            return y * parts["scale"]
        """,
        [(-X,)],
        ['y = torch.where(x.sum() > 0, parts["x"] * 2, parts["x"])'],
    ),
    "two causes": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.calls = 0

            def forward(self, x):
                self.calls += 1
                places = torch.arange(int(x.shape[0]))
                return x + places.unsqueeze(1) * self.calls
        """,
        [(torch.cat([X, X]),), (X,)],
        ['self.register_buffer("calls", torch.tensor(0))', "places = torch.arange(x.shape[0])"],
    ),
    "a helper that was not reached": (
        """
        import torch

        def shorten(x, strength, places):
            return x / strength + places[0]

        def T(x):
            if x.sum() < 0:
                x = shorten(x, 2.0, [3])
            return x
        """,
        [(-X,)],
        ["@torch.jit.script_if_tracing", "def shorten(x, strength: float, places: list[int]):"],
    ),
    "a sum by hand": (
        """
        import torch

        def T(x):
            total = 0
            for row in x:
                total = total + row * row
            return total
        """,
        [(torch.cat([X, X]),)],
        ["@torch.jit.script_if_tracing", "total = torch.tensor(0)"],
    ),
    "a list of numbers": (
        """
        import torch

        def T(x):
            large = [number for number in x.flatten().long().tolist() if number > 0]
            return x * len(large)
        """,
        [(X * 3,)],
        ["numbers_read: list[int] = x.flatten().long().tolist()", "found: list[int] = []"],
    ),
    "the least of a type": (
        """
        import torch

        def T(x):
            return x.masked_fill(x > 2, torch.finfo(x.dtype).min)
        """,
        [(X.double(),)],
        ["return x.masked_fill(x > 2, _finfo_min(x.dtype))"],
    ),
    "a match over values": (
        """
        import torch

        def T(x):
            match int(torch.sign(x.sum())):
                case 1 | 2:
                    return x * 2
                case -1:
                    return x * 3
                case _:
                    return x
        """,
        [(-X,)],
        [
            "matched = int(torch.sign(x.sum()))",
            "if matched == 1 or matched == 2:",
            "elif matched == -1:",
            "else:",
        ],
    ),
    "updates that no script knows": (
        """
        import torch

        def T(x):
            left = int(x.sum())
            count = 0
            while left > 0:
                left //= 2
                count += 1
            return x * count
        """,
        [(X * 9,)],
        ["left = left // 2"],
    ),
    "a name given in a condition": (
        """
        import torch

        def T(x):
            if (total := x.sum()) > 2.0:
                x = x * total
            return x
        """,
        [(-X,)],
        ["total = x.sum()"],
    ),
    "a helper that a module holds": (
        """
        import torch
        from torch import nn

        class Limit:
            most = 2.0

            def passed(self, x: torch.Tensor) -> torch.Tensor | None:
                if x.sum() > self.most:
                    return None
                return x * 2

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.limit = Limit()

            def forward(self, x):
                passed = self.limit.passed(x)
                return x if passed is None else passed
        """,
        [(-X,)],
        ["class Limit(torch.nn.Module):", "most: torch.jit.Final[float] = 2.0"],
    ),
    "a module by its name": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.parts = nn.ModuleDict({"up": nn.Linear(3, 3), "down": nn.Linear(3, 3)})

            def forward(self, x):
                name = "up" if x.sum() > 0 else "down"
                return self.parts[name](x)
        """,
        [(-X,)],
        ["wanted = name", "results.append(part(x))", "return results[0]"],
    ),
    "one of two modules": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.one, self.other = nn.Linear(3, 3), nn.Linear(3, 3)

            def forward(self, x):
                layer = self.one if x.sum() > 0 else self.other
                return layer(x)
        """,
        [(-X,)],
        ["return torch.where(x.sum() > 0, self.one(x), self.other(x))"],
    ),
    "one of two functions": (
        """
        import torch

        ARMS = {True: torch.tanh, False: torch.exp}

        def T(x):
            return ARMS[bool(x.sum() > 0)](x)
        """,
        [(-X,)],
        ["return torch.where((x.sum() > 0), ARMS[True](x), ARMS[False](x))"],
    ),
    "sizes from behind": (
        """
        import torch
        import torch.nn.functional as F

        def T(x):
            amounts = []
            for size in reversed(x.shape):
                power = 1
                while power < size:
                    power *= 2
                amounts += [0, power - size]
            return F.pad(x, amounts)
        """,
        [(torch.cat([X, X, X]),)],
        ["for size in x.shape[::-1]:"],
    ),
    "a sum of a generator": (
        """
        import torch

        def T(x):
            return sum(x[at] * 0.5**at for at in range(len(x)))
        """,
        [(torch.cat([X, X]),)],
        ["return torch.stack([x[at] * 0.5**at for at in range(len(x))]).sum(dim=0)"],
    ),
    "digits of a number": (
        """
        import torch

        def T(x):
            return x * round(float(x.mean()), 2)
        """,
        [(X * 3,)],
        ["return x * torch.round(x.mean(), decimals=2)"],
    ),
    "a flag for tracing": (
        """
        import torch

        def T(x):
            if torch.jit.is_tracing():
                return x
            return x * 2
        """,
        [(X,)],
        ["if False:"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_offered_cures(name: str, tmp_path: Path) -> None:
    assert_offer_cures(*CASES[name], tmp_path)


SCRIPTED: dict[str, tuple[str, list[str]]] = {
    "round": (
        """
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.rate = 2.5

            def forward(self, x):
                return x.long() * round(self.rate)
        """,
        ["return x.long() * int(round(self.rate))"],
    ),
    "a chain of comparisons": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def forward(self, x):
                numbers: list[int] = [9, 2, 1]
                hits = 0
                if 0 < numbers.pop() < 5:
                    hits += 1
                return x * len(numbers) + hits
        """,
        ["middle = numbers.pop()", "if 0 < middle < 5:"],
    ),
    "a text's letters": (
        """
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.label = "naïve"

            def forward(self, x):
                return x * len(self.label)
        """,
        ["self.len_once = len(self.label)", "return x * self.len_once"],
    ),
    "an own call": (
        """
        from torch import nn

        class Half(nn.Linear):
            def __call__(self, x):
                return super().__call__(x) * 0.5

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = Half(3, 3)

            def forward(self, x):
                return self.body(x)
        """,
        ["def called(self, x):", "return self.forward(x) * 0.5", "return self.body.called(x)"],
    ),
    "a call around forward": (
        """
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(3, 3)

            def __call__(self, x):
                return super().__call__(x - 1)

            def forward(self, x):
                return self.body(x)
        """,
        ["def forward(self, x):", "return self.forward_once(x - 1)", "def forward_once(self, x):"],
    ),
    "a call around the forward of heirs": (
        """
        from torch import nn

        class Base(nn.Module):
            def __call__(self, x):
                return super().__call__(x).tanh()

        class T(Base):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(3, 3)

            def forward(self, x):
                return self.body(x)
        """,
        ["def forward(self, x):", "return self.forward_once(x).tanh()", "def forward_once(self, x):"],
    ),
    "a decorator": (
        """
        import functools
        import torch

        def doubled(function):
            @functools.wraps(function)
            def around(x):
                return 2 * function(x)

            return around

        @doubled
        def root(x):
            return x.abs().sqrt()

        def T(x):
            return root(x) + 1
        """,
        ["def root_alone(x):", "return 2 * root_alone(x)"],
    ),
}


@pytest.mark.parametrize("name", SCRIPTED)
def test_what_is_offered_cures_a_script(name: str, tmp_path: Path) -> None:
    text, added = SCRIPTED[name]
    remedy, changed = remedied(dedented(text), tmp_path, [])
    lines = [line[1:].strip() for line in remedy.patch.split("\n") if line.startswith("+")]
    assert [each for each in added if each not in lines] == [], remedy.patch
    before, after = module_of(dedented(text), tmp_path), module_of(changed, tmp_path)
    expected = called(made(before), [(X,)])
    torch.testing.assert_close(called(made(after), [(X,)]), expected)
    torch.testing.assert_close(called(torch.jit.script(made(after)), [(X,)]), expected)
    with pytest.raises((AssertionError, RuntimeError)):
        torch.testing.assert_close(called(torch.jit.script(made(before)), [(X,)]), expected)


def test_eval_mode_is_offered_where_a_trace_drops(tmp_path: Path) -> None:
    text = """
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.drop = nn.Dropout(0.5)

            def forward(self, x):
                return self.drop(x)
        """
    _, changed = remedied(dedented(text), tmp_path, [])
    after = module_of(changed, tmp_path)
    torch.testing.assert_close(traced(after)(X), X)


def test_draws_are_those_of_torch(tmp_path: Path) -> None:
    text = """
        import random
        import torch

        def T(x):
            return x * random.uniform(2, 3)
        """
    _, changed = remedied(dedented(text), tmp_path, [])
    assert "random.uniform" not in changed
    program = traced(module_of(changed, tmp_path))
    factors = {round(float((program(X) / X).mean()), 4) for _ in range(20)}
    assert len(factors) > 10
    assert all(2 <= factor <= 3 for factor in factors)


def test_a_generator_that_is_left_out_is_told(tmp_path: Path) -> None:
    text = """
        import torch

        def T(x):
            own = torch.Generator().manual_seed(7)
            return x + torch.randn(3, generator=own)
        """
    remedy, _ = remedied(dedented(text), tmp_path, [(X,)])
    assert "not from a generator of its own" in remedy.summary
    assert "other numbers come" in remedy.summary


def test_no_remedy_is_offered_that_changes_what_python_gives(tmp_path: Path) -> None:
    # Nothing recorded knows what other calls put into a dict.
    text = """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.seen = {}

            def forward(self, x):
                self.seen[str(len(self.seen))] = float(x.sum())
                return x * sum(self.seen.values())
        """
    found = compare(made(module_of(dedented(text), tmp_path)), (X,))
    assert found.diverged
    assert found.remedy is None


def test_edits_leave_all_else_as_it_was() -> None:
    import ast

    text = '"""Ünïcode."""\n\nx = "ä" + f(1)  # stays\n'
    tree = ast.parse(text)
    edits = Edits(text, tree)
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
    edits.replace(call, "torch.ones(())")
    assert edits.applied() == '"""Ünïcode."""\nimport torch\n\nx = "ä" + torch.ones(())  # stays\n'


@pytest.mark.parametrize("ending", ["", "\n"])
def test_torch_is_imported_once(ending: str) -> None:
    assert (
        with_torch(f"import math\ny = torch.ones(1){ending}")
        == f"import torch\nimport math\ny = torch.ones(1){ending}"
    )
    assert (
        with_torch(f"import torch\ny = torch.ones(1){ending}") == f"import torch\ny = torch.ones(1){ending}"
    )
    assert with_torch(f"y = 'torch.ones'{ending}") == f"y = 'torch.ones'{ending}"


def test_the_script_that_runs_is_not_executed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import torch\n\ndef T(x):\n    return x * 2 if x.sum() > 0 else x\n"
    module = module_of(text, tmp_path)
    assert Recipe.of(module.T) is not None
    monkeypatch.delitem(sys.modules, module.__name__)
    monkeypatch.setitem(sys.modules, "__main__", module)
    assert Recipe.of(module.T) is None


@pytest.mark.parametrize("name", ["__mp_main__", "another_name"])
def test_nor_is_it_under_other_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import torch\n\ndef T(x):\n    return x * 2 if x.sum() > 0 else x\n"
    module = module_of(text, tmp_path)
    monkeypatch.delitem(sys.modules, module.__name__)
    monkeypatch.setitem(sys.modules, name, module)
    assert Recipe.of(module.T) is not None
    monkeypatch.setitem(sys.modules, "__main__", module)
    assert Recipe.of(module.T) is None


def test_a_script_that_asks_about_its_own_function_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "asking.py"
    script.write_text(
        dedented("""
        import multiprocessing  # has the script as a second module of another name
        from pathlib import Path

        import torch

        from jitcore.diagnose import compare

        with Path(__file__).with_suffix(".txt").open("a") as runs:
            print("run", file=runs)

        def T(x):
            return x * 2 if x.sum() > 0 else x

        found = compare(T, (torch.ones(3),))
        assert found.diverged
        assert found.remedy is None
        """)
    )
    ended = subprocess.run([sys.executable, str(script)], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert script.with_suffix(".txt").read_text() == "run\n"
