"""Programs that keep something in Python from call to call, the buffers that are offered for it, and torch's
trace of what that gives."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from jitcore.diagnose.divergence.remedies.state.closures import by_modules
from jitcore.diagnose.divergence.remedies.state.entries import by_entries
from jitcore.diagnose.divergence.remedies.state.generators import by_objects
from jitcore.diagnose.divergence.remedies.state.iterators import by_counting
from jitcore.diagnose.divergence.remedies.state.named_entries import by_names
from jitcore.diagnose.divergence.remedies.state.reachable import reachable
from jitcore.diagnose.divergence.remedies.state.shared import shared
from tests.diagnose.divergence.remedied_program import X, assert_cured, dedented, remedied

# The program, calls in a row that set its sides apart, and what the change adds: lines without indentation.
CASES: dict[str, tuple[str, list[torch.Tensor], list[str]]] = {
    "a count of the file": (
        """
        import torch

        STEP = 0

        def level():
            global STEP
            STEP += 1
            return min(1.0, STEP / 4)

        def T(x):
            return x * level()
        """,
        [X, X, X],
        [
            'self.register_buffer("step", torch.tensor(0))',
            "STATE = State()",
            "self.state = STATE",
            "T = T2()",
        ],
    ),
    "a list of the file": (
        """
        import torch
        from torch import nn

        PAST = []

        class T(nn.Module):
            def forward(self, x):
                PAST.append(x.detach())
                return torch.stack(PAST).mean(dim=0) - x
        """,
        [X, X * 2, X * 5],
        ["self.state = STATE", "return STATE.past.clone().mean(dim=0) - x"],
    ),
    "an entry of a dict": (
        """
        import torch

        STATE = {"offset": 0}
        TABLE = torch.arange(30.0).reshape(10, 3)

        def T(x):
            first = STATE["offset"]
            STATE["offset"] = first + x.shape[0]
            return x + TABLE[first : first + x.shape[0]]
        """,
        [X, X, X],
        ['self.register_buffer("state_offset", torch.tensor(0))'],
    ),
    "an attribute of a class": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            calls = 0

            def forward(self, x):
                T.calls += 1
                return x + 0.1 * T.calls
        """,
        [X, X, X],
        ['self.register_buffer("calls", torch.tensor(0))', "STATE.calls += 1"],
    ),
    "a default that is changed": (
        """
        import torch

        def T(x, cache={}):
            if "k" in cache:
                keys = torch.cat([cache["k"], x])
            else:
                keys = x
            cache["k"] = keys
            return (x @ keys.T).softmax(-1) @ keys
        """,
        [X, X * 2, X],
        ["keys = torch.cat([STATE.cache_k, x], dim=0)", "STATE.cache_k.set_(keys.detach())"],
    ),
    "a closure": (
        """
        import torch

        def make(decay):
            speed = 0.0

            def step(x):
                nonlocal speed
                speed = decay * speed + x.mean().item()
                return x + speed

            return step

        T = make(0.5)
        """,
        [X, X * 2, X],
        ["class Step(torch.nn.Module):", "T = Step(0.5)"],
    ),
    "a number that counts": (
        """
        import itertools
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.number = itertools.count(1)

            def forward(self, x):
                return x / next(self.number)
        """,
        [X, X, X],
        ['self.register_buffer("number", torch.tensor(1))', "return x / number_now"],
    ),
    "scales in turn": (
        """
        from itertools import cycle

        SCALES = cycle([1.0, 0.5, 2.0])

        def T(x):
            return x * next(SCALES)
        """,
        [X, X, X, X],
        ["scales_now = SCALES_all[STATE.scales % len(SCALES_all)]", "STATE.scales += 1"],
    ),
    "a generator": (
        """
        import torch

        def decay(rate):
            while True:
                yield rate
                rate *= 0.5

        RATES = decay(1.0)

        def T(x):
            return x * next(RATES)
        """,
        [X, X, X],
        ["class Decay(torch.nn.Module):", "RATES = Decay(1.0)", "return x * RATES.following()"],
    ),
    "keys and values of earlier calls": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.past = None

            def forward(self, x):
                k, v = x * 2, x + 1
                if self.past is not None:
                    k = torch.cat([self.past[0], k], dim=0)
                    v = torch.cat([self.past[1], v], dim=0)
                self.past = (k, v)
                return (x @ k.T).softmax(-1) @ v
        """,
        [X, X * 2, X],
        ['self.register_buffer("past_0", torch.zeros(0))', "k = torch.cat([self.past_0, k], dim=0)"],
    ),
    "an average that starts with the first": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.average = None

            def forward(self, x):
                if self.average is None:
                    self.average = x.detach()
                else:
                    self.average = 0.5 * self.average + 0.5 * x.detach()
                return x - self.average
        """,
        [X, X * 2, X],
        ['self.register_buffer("has_average", torch.tensor(False))'],
    ),
    "rows that were taken": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.taken = []

            def forward(self, x):
                self.taken.append(x.sum(dim=1).argmax().reshape(1))
                rows = torch.cat(self.taken)
                if rows.shape[0] < 0:
                    self.taken.clear()
                return x.index_fill(0, rows, 0.0)
        """,
        [X, X.flip(0), X],
        [
            'self.register_buffer("taken", torch.zeros(0, dtype=torch.int64))',
            "self.taken.set_(self.taken.new_zeros(0))",
        ],
    ),
    "so many last ones": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.frames = []

            def forward(self, x):
                self.frames.append(x)
                if len(self.frames) > 2:
                    self.frames.pop(0)
                return sum(self.frames)
        """,
        [X, X * 2, X * 3, X],
        [
            "self.frames.set_(torch.cat([self.frames, torch.stack([torch.as_tensor(x)])])[-2:].detach())",
            "return self.frames.sum(dim=0)",
        ],
    ),
    "taps of a line": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self, taps=3):
                super().__init__()
                self.line = [torch.zeros(2, 3) for _ in range(taps)]

            def forward(self, x):
                self.line.append(x)
                self.line = self.line[1:]
                return self.line[0] + self.line[-1] / 2
        """,
        [X, X * 2, X * 3, X],
        ['self.register_buffer("line", torch.stack([torch.zeros(2, 3) for _ in range(taps)]))'],
    ),
    "a window of a length": (
        """
        from collections import deque
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self, size=2):
                super().__init__()
                self.window = deque(maxlen=size)

            def forward(self, x):
                self.window.append(x)
                return torch.stack(list(self.window)).mean(0)
        """,
        [X, X * 2, X * 5],
        ["self.longest_window = size", "return self.window.clone().mean(0)"],
    ),
    "a place in a list": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.scales = [1.0, 0.5, 0.25]
                self.at = 0

            def forward(self, x):
                scale = self.scales[self.at]
                self.at = (self.at + 1) % len(self.scales)
                return x * scale
        """,
        [X, X, X, X],
        ["scale = torch.tensor(self.scales)[self.at]"],
    ),
    "entries by name": (
        """
        import torch
        from torch import nn

        class History:
            def __init__(self):
                self.last = {}

            def swap(self, name, x):
                before = self.last.get(name, x)
                self.last[name] = x
                return before

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.history = History()

            def forward(self, x):
                return x - self.history.swap("left", x)
        """,
        [X, X * 2, X * 3],
        [
            'self.register_buffer("last_left", torch.zeros(()))',
        ],
    ),
    "a module in turn": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.is_even = True
                self.one, self.other = nn.Linear(3, 3), nn.Linear(3, 3)

            def forward(self, x):
                layer = self.one if self.is_even else self.other
                self.is_even = not self.is_even
                return layer(x)
        """,
        [X, X, X],
        ["chosen = self.is_even.clone()", "return torch.where(chosen, self.one(x), self.other(x))"],
    ),
    "a peak that is read": (
        """
        import torch
        from torch import nn

        class Meter:
            def __init__(self, floor):
                self.peak = floor

            def __call__(self, x):
                self.peak = max(self.peak, x.abs().max().item())
                return self.peak

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.meter = Meter(1e-3)

            def forward(self, x):
                return x / self.meter(x)
        """,
        [X * 2, X, X * 3],
        ["self.peak.copy_(((self.peak).clamp(min=x.abs().max())).detach())"],
    ),
    "rows of a cache": (
        """
        from functools import lru_cache
        import torch
        from torch import nn

        @lru_cache(maxsize=8)
        def row(place):
            return torch.tensor([float(place), 0.5, -float(place)])

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.place = 0

            def forward(self, x):
                here = self.place
                self.place += 1
                return x + row(here)
        """,
        [X, X, X],
        ["return torch.stack([place, torch.tensor(0.5), -place])"],
    ),
    "a condition of another object": (
        """
        import torch
        from torch import nn

        class Schedule:
            def __init__(self, steps):
                self.steps, self.done = steps, 0

            def is_warm(self):
                self.done += 1
                return self.done > self.steps

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.schedule = Schedule(2)
                self.body = nn.Linear(3, 3)

            def forward(self, x):
                if not self.schedule.is_warm():
                    x = x + self.body(x)
                return x
        """,
        [X, X, X, X],
        ["x = torch.where(~(self.schedule.is_warm()), x + self.body(x), x)"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_offered_cures(name: str, tmp_path: Path) -> None:
    text, calls, added = CASES[name]
    row = [(each,) for each in calls]
    remedy, changed = remedied(dedented(text), tmp_path, [])
    lines = [line[1:].strip() for line in remedy.patch.split("\n") if line.startswith("+")]
    assert [each for each in added if each not in lines] == [], remedy.patch
    assert_cured(dedented(text), changed, tmp_path, row)


def _with_counting(text: str) -> str | None:
    return by_counting(text, ast.parse(text))


def _with_objects(text: str) -> str | None:
    made = by_objects(text, ast.parse(text))
    return None if made is None else made[0]


def _with_modules(text: str) -> str | None:
    made = by_modules(text, ast.parse(text))
    return None if made is None else made[0]


def _with_shared(text: str) -> str | None:
    made = shared(text, ast.parse(text))
    return None if made is None else made.text


def _with_entries(text: str) -> str | None:
    return by_entries(text, ast.parse(text), "Owner", "self")


def _with_reachable(text: str) -> str | None:
    return reachable(text, "State", "run")


# What rewrites, a text, and what it becomes.
GOLDENS: dict[str, tuple[Callable[[str], str | None], str, str]] = {
    "counting": (
        _with_counting,
        """
        import itertools
        import torch
        RATES = itertools.cycle([1.0, 0.5])
        def run(x):
            return x * next(RATES)
        """,
        """
        import itertools
        import torch
        RATES = 0
        RATES_all = torch.tensor(list([1.0, 0.5]))
        def run(x):
            global RATES
            rates_now = RATES_all[RATES % len(RATES_all)]
            RATES += 1
            return x * rates_now
        """,
    ),
    "objects": (
        _with_objects,
        """
        def steps(first, rate=0.5):
            now = first
            while True:
                if now > 3:
                    now = first
                yield now
                now += rate
        MADE = steps(1)
        print(next(MADE))
        """,
        """
        class Steps:
            def __init__(self, first, rate=0.5):
                self.first = first
                self.rate = rate
                self.now = self.first

            def following(self):
                if self.now > 3:
                    self.now = self.first
                value = self.now
                self.now += self.rate
                return value
        MADE = Steps(1)
        print(MADE.following())
        """,
    ),
    "modules": (
        _with_modules,
        """
        import torch
        def counter(start: int):
            left = start

            def count(by=1):
                nonlocal left
                left -= by
                return left

            return count
        COUNT = counter(4)
        """,
        """
        import torch
        class Count(torch.nn.Module):
            def __init__(self, start: int):
                super().__init__()
                self.left = start

            def forward(self, by=1):
                self.left -= by
                return self.left
        COUNT = Count(4)
        """,
    ),
    "shared": (
        _with_shared,
        """
        CALLS = 0
        def run(x, seen=[]):
            global CALLS
            CALLS += 1
            seen.append(x)
            run.last = x
            return x * CALLS
        run.last = None
        """,
        """
        class State:
            def __init__(self):
                self.calls = 0
                self.last = None
                self.seen = []


        STATE = State()


        def run(x):
            STATE.calls += 1
            STATE.seen.append(x)
            STATE.last = x
            return x * STATE.calls
        """,
    ),
    "entries": (
        _with_entries,
        """
        class Owner:
            def __init__(self):
                self.kept = {"n": 0}
                self.other = {}

            def run(self, x, name):
                if "last" not in self.kept:
                    self.kept["last"] = x
                self.kept["n"] += 1
                self.other[name] = x
                return self.kept.get("mean", x)
        """,
        """
        class Owner:
            def __init__(self):
                self.kept_last = None
                self.kept_n = 0
                self.kept_mean = None
                self.other = {}

            def run(self, x, name):
                if self.kept_last is None:
                    self.kept_last = x
                self.kept_n += 1
                self.other[name] = x
                return (self.kept_mean if self.kept_mean is not None else x)
        """,
    ),
    "reachable": (
        _with_reachable,
        """
        import torch
        STATE = State()
        def run(x, scale: float = 2.0):
            return x * scale
        """,
        """
        import torch
        STATE = State()
        def run_once(x, scale: float = 2.0):
            return x * scale


        class Run(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.state = STATE

            def forward(self, x, scale: float=2.0):
                return run_once(x, scale)


        run = Run()
        """,
    ),
}


def test_entries_by_name_are_attributes_of_that_name() -> None:
    text = """
        class Owner:
            def __init__(self):
                self.kept = {"a": 0, "b": 0}

            def run(self, name):
                self.kept[name] += 1
                return self.kept[name]
        """
    named = by_names(dedented(text), ast.parse(dedented(text)), "Owner", "self", {})
    assert named is not None
    assert (named.keys, named.known) == (("name",), ("a", "b"))
    assert "self.kept_KEY0 += 1" in named.text
    made = 'self.register_buffer("kept_KEY0", torch.tensor(0))\nself.kept_KEY0 += 1  # counted'
    assert named.finished(made).split("\n") == [
        'self.register_buffer("kept_a", torch.tensor(0))',
        'self.register_buffer("kept_b", torch.tensor(0))',
        'getattr(self, f"kept_{name}").copy_(getattr(self, f"kept_{name}") + (1))  # counted',
    ]


@pytest.mark.parametrize("name", GOLDENS)
def test_state_becomes_attributes(name: str) -> None:
    rewritten, text, expected = GOLDENS[name]
    assert rewritten(dedented(text)) == dedented(expected)


@pytest.mark.parametrize(
    "text",
    [
        "LIMIT = 2\ndef run(x):\n    return x * LIMIT\n",
        "def run(x, seen=[]):\n    return x * len(seen)\n",
        "def run(x):\n    seen = []\n    seen.append(x)\n    return seen\n",
        "def made():\n    def run(x):\n        return x\n    return run\n",
        "def some():\n    for each in range(3):\n        yield each\n",
        "import itertools\nPAIRS = itertools.cycle([1])\nprint(list(zip(PAIRS, [2])))\n",
    ],
)
def test_what_keeps_nothing_stays(text: str) -> None:
    for rewritten in (_with_counting, _with_objects, _with_modules, _with_shared):
        assert rewritten(text) is None
