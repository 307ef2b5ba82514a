"""What keeps a program from being compiled, mended so that the change that compiles it cures."""

import ast
import bisect
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.repairs.library_functions import with_library_functions
from jitcore.diagnose.divergence.remedies.repairs.limits import with_limits
from jitcore.diagnose.divergence.remedies.repairs.lists import by_place
from jitcore.diagnose.divergence.remedies.repairs.methods_of_tensors import as_functions
from jitcore.diagnose.divergence.remedies.repairs.sorting import with_keys
from jitcore.diagnose.divergence.remedies.repairs.tables import with_tables
from jitcore.diagnose.divergence.remedies.repairs.values_of_choices import with_numbers_chosen
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import nodes_of
from jitcore.diagnose.divergence.remedies.writes import arrays_as_tensors
from tests.diagnose.divergence.remedied_program import (
    X,
    assert_offer_cures,
    module_of,
)

# The program, calls that set its sides apart, and what the change adds: a line of each, without indentation.
CASES: dict[str, tuple[str, list[tuple[torch.Tensor, ...]], list[str]]] = {
    "a logarithm of a size": (
        """
        import math

        import torch
        from torch import nn

        class T(nn.Module):
            def depth(self, x: torch.Tensor) -> int:
                return int(math.log2(x.shape[0]))

            def forward(self, x):
                for _ in range(self.depth(x)):
                    x = (x[::2] + x[1::2]) * 0.5
                return x.squeeze(0)
        """,
        [(torch.cat([X, X * 3]),), (torch.cat([X, X, X * 2, X]),)],
        ["return int(_log2_of_number(float(x.shape[0])))"],
    ),
    "a dict of a file by element types": (
        """
        import torch

        SMALLEST = {torch.float32: 1e-1, torch.float64: 1e-9}

        def smallest(x: torch.Tensor) -> float:
            return SMALLEST.get(x.dtype, 0.5)

        def T(x):
            return x / (x.var() + smallest(x))
        """,
        [(X.double(),), (X.half(),)],
        ["return _smallest_of_or(x.dtype, 0.5)", "if key == torch.float64:"],
    ),
    "a dict of a class by numbers": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            factors = {0: 1.0, 1: 3.0, 2: -2.0}

            def factor(self, kind: torch.Tensor) -> float:
                return self.factors[int(kind)]

            def forward(self, x):
                return x * self.factor((x.sum() > 9).long())
        """,
        [(X * 5,)],
        ["return _factors_of(int(kind))", "raise KeyError(str(key))"],
    ),
    "a method that is written in Python": (
        """
        import torch

        def T(x):
            kinds = (x > 1).sum(1)
            return torch.stack([x[kinds == each].mean(0) for each in kinds.unique()])
        """,
        [(X * 5,), (torch.cat([X, X * 5]),)],
        ["return torch.stack([x[kinds == each].mean(0) for each in torch.unique(kinds)])"],
    ),
    "sums of numbers and pairs of them": (
        """
        import itertools

        import torch

        def T(x):
            counts = (x > 0.7).sum(1)
            starts = list(itertools.accumulate(counts.tolist(), initial=0))
            rows = x.flatten()
            return torch.stack([rows[one:other].sum() for one, other in itertools.pairwise(starts)])
        """,
        [(X * 5,), (torch.cat([X, X * 5]),)],
        ["starts = list(_running_sums([0] + numbers_read))"],
    ),
    "a place among limits, and a parameter of a list by it": (
        """
        import bisect

        import torch
        from torch import nn

        LIMITS = [1.0, 9.0, 20.0]

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.scales = nn.ParameterList([nn.Parameter(torch.full((3,), at + 1.0)) for at in range(4)])

            def forward(self, x):
                at = bisect.bisect(LIMITS, x.sum().item())
                return x * self.scales[at]
        """,
        [(X * 2,), (X / 9,), (X * 9,), (X * (9 / X.sum()),)],
        ["return x * [each for each in self.scales][at]"],
    ),
    "a module of a list by a number": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.parts = nn.ModuleList([nn.Linear(3, 3) for _ in range(3)])

            def forward(self, x):
                at = int(x.sum() > 9) - 1
                y = self.parts[at](x)
                return torch.relu(y)
        """,
        [(X * 2,)],
        [],
    ),
    "a constant of a class with its type": (
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        class T(nn.Module):
            wanted: int = 8

            def factor(self, x: torch.Tensor) -> float:
                return float(self.wanted / x.shape[-1])

            def forward(self, x):
                return F.interpolate(x[None], scale_factor=self.factor(x), mode="nearest")
        """,
        [(torch.cat([X, X], 1),)],
        ["wanted: torch.jit.Final[int] = 8"],
    ),
    "places in an array that are not zero": (
        """
        import numpy as np
        import torch
        from torch import nn

        def strong(x):
            return np.flatnonzero(x.sum(1).gt(4).numpy())

        class T(nn.Module):
            def forward(self, x):
                return x[torch.from_numpy(strong(x))].sum(0)
        """,
        [(X * 5,), (torch.cat([X, X * 5]),)],
        ["return torch.nonzero(torch.flatten(x.sum(1).gt(4)))[:, 0]"],
    ),
    "an array that is sorted where it stands": (
        """
        import numpy as np
        import torch

        def T(x):
            y = x.clone()
            values = np.asarray(y.detach())
            values.sort()
            return y[:, 1]
        """,
        [(X.flip(1),), (X * -3,)],
        ["values.copy_(torch.sort(values)[0])"],
    ),
    "fractions in a list, of whole numbers too": (
        """
        import torch

        def limit(values, share: float) -> float:
            ranked = sorted(values)
            return ranked[int(len(ranked) * share)]

        def T(x):
            least = limit(x.abs().flatten().tolist(), 0.75)
            return torch.where(x.abs() >= least, x, torch.zeros_like(x))
        """,
        [(X.flip(1) * 4,), ((X * 4).long(),)],
        ["numbers_read: list[float] = x.abs().flatten().double().tolist()"],
    ),
    "a function that gives a range": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def starts(self, x: torch.Tensor) -> range:
                return range(0, x.shape[0] - 1, 2)

            def forward(self, x):
                return torch.stack([x[at : at + 2].sum(0) * (at + 1) for at in self.starts(x)])
        """,
        [(torch.cat([X, X * 5, X]),)],
        ["def starts(self, x: torch.Tensor) -> list[int]:"],
    ),
    "a tensor made by its class": (
        """
        import torch

        def T(x):
            count = torch.Tensor([len(x), 2])
            return x.sum() / count
        """,
        [(torch.cat([X, X * 5, X]),)],
        ["count = torch.tensor([float(len(x)), float(2)])"],
    ),
    "a number or another one": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def lengths(self, x):
                return [int((row > 0.7).sum()) or 1 for row in x]

            def forward(self, x):
                return torch.stack([row[:n].mean(0) for row, n in zip(x, self.lengths(x))])
        """,
        [(X - 5,), (X * torch.tensor([[9.0], [0.0]]),)],
        ["return one if one else other"],
    ),
    "rows in the order of a key": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def order(self, x: torch.Tensor) -> list[int]:
                return sorted(range(x.shape[0]), key=lambda at: float(x[at].sum()), reverse=True)

            def forward(self, x):
                return x[self.order(x)].cumsum(0)
        """,
        [(-X,), (torch.cat([X, X * 5, X]),)],
        ["return [items[each] for each in _order_of(keys, True)]"],
    ),
    "the row that is first by a key": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def best(self, x: torch.Tensor) -> int:
                return max(range(x.shape[0]), key=lambda at: float(x[at].sum()))

            def forward(self, x):
                return x[self.best(x)] * 2
        """,
        [(-X,), (torch.cat([X, X * 5, X, X * 5]),), (X * torch.tensor([[1.0], [torch.nan]]),)],
        ["return items[_place_of_first(keys, True)]"],
    ),
    "a module by a name with a number in it": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.part_0, self.part_1 = nn.Linear(3, 3), nn.Linear(3, 3)

            def forward(self, x):
                part = getattr(self, f"part_{int(x.sum() > 0)}")
                return torch.relu(part(x)) + x
        """,
        [(-X.abs(),), (X.abs(),)],
        ['if wanted == "part_1":', "results.append(self.part_1(x))"],
    ),
    "a size as a tuple of what a generator gives": (
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        def half(x):
            return tuple(int(each * 0.5) for each in x.shape[-2:])

        class T(nn.Module):
            def forward(self, x):
                y = F.interpolate(x[None, None], size=half(x), mode="bilinear", align_corners=False)
                return y[0, 0]
        """,
        [(torch.cat([X, X]),), (torch.cat([X, X * 2, X], 1),)],
        ["return [int(each * 0.5) for each in x.shape[-2:]]"],
    ),
    "a loop over modules that a break ends": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.parts = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 3)])

            def forward(self, x):
                found = None
                for part in self.parts:
                    x = torch.tanh(part(x)) + x
                    found = x * 2
                    if x.sum() > 1:
                        break
                return found
        """,
        [(-X.abs(),), (X.abs() * 9,)],
        ["is_over = bool(x.sum() > 1)", "found: torch.Tensor | None = None"],
    ),
    "a module that is given to a helper": (
        """
        import torch
        from torch import nn

        def settled(part, x, most: int = 9):
            turns = 0
            while turns < most and float(x.abs().max()) > 1.0:
                x = part(x) * 0.5
                turns += 1
            return x

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.part = nn.Linear(3, 3)

            def forward(self, x):
                return settled(self.part, x) + 1
        """,
        [(X * 0.01,), (X * 50,)],
        ["def _settled(self, x, most: int = 9):", "x = self.part(x) * 0.5"],
    ),
    "what a generator yields": (
        """
        import torch

        def windows(x):
            at = 0
            while at < x.shape[0]:
                yield x[at : at + 2]
                at += 2

        def T(x):
            total = torch.zeros(())
            for each in windows(x):
                total = total + each.abs().max()
            return total
        """,
        [(torch.cat([X, X * 3]),), (X[:1],)],
        ["found.append(x[at : at + 2])", "return found"],
    ),
    "settings in a data class": (
        """
        from dataclasses import dataclass

        import torch
        from torch import nn

        @dataclass
        class Settings:
            least: float = 0.1
            most: int = 4

        def kept(x, settings):
            rows = x[x.abs().sum(1) > settings.least]
            if rows.shape[0] == 0:
                return x.new_zeros(1, 3)
            return rows[: settings.most]

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.settings = Settings()

            def forward(self, x):
                return kept(x, self.settings)
        """,
        [(X * 0,), (torch.cat([X, X, X]),)],
        ["class Settings(NamedTuple):", "settings: Settings"],
    ),
    "a function that a filter asks": (
        """
        import torch

        def is_strong(row):
            return bool(row.abs().max() > 1)

        def T(x):
            rows = list(filter(is_strong, x))
            if not rows:
                return x.mean(0)
            return torch.stack(rows).mean(0)
        """,
        [(X * 0.01,), (X * torch.tensor([[9.0], [0.01]]),)],
        ["if is_strong(each):"],
    ),
    "groups in a dict that makes what it lacks": (
        """
        from collections import defaultdict

        import torch

        def T(x):
            counts = defaultdict(int)
            for each in x.argmax(1):
                counts[int(each)] += 1
            return x * counts[2]
        """,
        [(-X,), (torch.cat([X, -X, X * 2]),)],
        ["counts: dict[int, int] = {}", "counts[int(each)] = 0"],
    ),
    "a type that is kept for later": (
        """
        import torch

        def T(x):
            kind = x.dtype
            y = x.float()
            return (y * y.rsqrt().nan_to_num(1)).to(kind)
        """,
        [(X.double(),), (X.bfloat16(),)],
        ["kind = x.new_empty(0)", "return (y * y.rsqrt().nan_to_num(1)).type_as(kind)"],
    ),
    "a table of functions": (
        """
        import torch

        def square(x):
            return x * x

        CHOICES = {0: square, 1: torch.tanh, 2: torch.sign}

        def T(x):
            size = x.abs().median()
            return CHOICES[int(size > 1) + int(size > 3)](x).mean(-1)
        """,
        [(X * 0.01,), (X * 100,)],
        ["def _choices_called(key: int, given):", "return torch.tanh(given)"],
    ),
    "the first that is found": (
        """
        import torch

        def T(x):
            strong = x.abs().amax(1) > 1
            at = next((row for row in range(x.shape[0]) if strong[row]), x.shape[0] - 1)
            return x[at] * 2
        """,
        [(X * torch.tensor([[0.01], [9.0]]),), (X * torch.tensor([[9.0], [0.01]]),)],
        ["first = x.shape[0] - 1", "if bool(strong[row]):"],
    ),
    "an object that a helper is given": (
        """
        import torch

        class Net:
            def __init__(self):
                self.rate = 0.3

            def scaled(self, x: torch.Tensor) -> torch.Tensor:
                return torch.tanh(x) * self.rate

        def settled(net, x):
            turns = 0
            while turns < 9 and float(x.abs().max()) > 0.2:
                x = net.scaled(x)
                turns += 1
            return x

        def T(x):
            return settled(Net(), x) + 1
        """,
        [(X * 0.01,), (X * 50,)],
        ["def settled(net: Net, x: torch.Tensor):"],
    ),
    "a function that is chosen before it is called": (
        """
        import torch

        def soft(x):
            return torch.logsumexp(x, -1)

        def hard(x):
            return x.amax(-1)

        def T(x):
            chosen = soft if x.sum() > 0 else hard
            return chosen(x) + 1
        """,
        [(-X.abs(),), (X.abs(),)],
        ["is_first = bool(x.sum() > 0)", "return (soft(x) if is_first else hard(x)) + 1"],
    ),
    "an order that numpy makes": (
        """
        import numpy as np
        import torch

        def T(x):
            order = np.argsort(-x[0].detach().numpy(), kind="stable")[:2]
            return x[:, torch.from_numpy(order.copy())]
        """,
        [(-X,), (X * torch.tensor([1.0, -1.0, 1.0]),)],
        ["order = torch.argsort(-x[0].detach(), stable=True)[:2]"],
    ),
    "candidates that are sorted where they are": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def forward(self, x):
                best = [(0.0, [0])]
                for row in torch.log_softmax(x, -1):
                    grown = []
                    for score, picked in best:
                        for at in range(row.shape[0]):
                            grown.append((score + row[at].item(), picked + [at]))
                    grown.sort(key=lambda pair: -pair[0])
                    best = grown[:2]
                return torch.tensor(best[0][1]) + 1
        """,
        [(-X,), (torch.cat([X, -X * 5]),)],
        [
            "grown: list[tuple[float, list[int]]] = []",
            "grown = [items[each] for each in _order_of(keys, False)]",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_offered_cures(name: str, tmp_path: Path) -> None:
    assert_offer_cures(*CASES[name], tmp_path)


def mended(text: str, mend: Callable[..., Any], *given: str) -> str:
    """A text with the last function in it mended."""
    tree = ast.parse(text)
    change = Change("", "of_a_test.py", text)
    edits = mend(change, tree, list(nodes_of(ast.FunctionDef, tree))[-1], *given)
    return "" if edits.are_none else edits.applied()


NUMBERS = [0.0, 0.3, 1.0, 2.0, 3.0, 7.5, 8.0, 1e-300, 2.0**60, 1e300, math.inf]
WHOLE = [0, 1, 2, 3, 4, 8, 15, 16, 17, 24, 99, 100, 2**31, 2**40 + 1]
SORTED = [-1.0, 0.3, 0.3, 1.0, 8.0, math.inf]
# The parameters, what is returned, the function of the library, and what it is given.
FUNCTIONS: list[tuple[str, str, Callable[..., Any], list[tuple[Any, ...]]]] = [
    ("a: float", "math.log2(a)", math.log2, [(each,) for each in NUMBERS[1:]]),
    ("a: int", "math.log2(a)", math.log2, [(each,) for each in WHOLE[1:]]),
    ("a: float, b: float", "math.hypot(a, b)", math.hypot, list(itertools.product(NUMBERS, NUMBERS))),
    ("a: int, b: int", "math.lcm(a, b)", math.lcm, list(itertools.product(WHOLE[:-3], WHOLE[:-3]))),
    ("a: int", "math.isqrt(a)", math.isqrt, [(each,) for each in WHOLE]),
    ("a: float", "math.trunc(a)", math.trunc, [(each,) for each in (-2.7, -0.5, 0.0, 0.5, 2.7)]),
    ("a: list[float], b: float", "bisect.bisect(a, b)", bisect.bisect, [(SORTED, b) for b in NUMBERS]),
    ("a: list[float], b: float", "bisect.bisect_left(a, b)", bisect.bisect_left,
     [(SORTED, b) for b in NUMBERS]),
    ("a: list[int]", "list(itertools.accumulate(a))", lambda a: list(itertools.accumulate(a)),
     [([],), ([3],), ([3, -1, 4],)]),
    ("a: list[int]", "list(itertools.accumulate(a, initial=5))",
     lambda a: list(itertools.accumulate(a, initial=5)), [([],), ([3],), ([3, -1, 4],)]),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "returned", "known", "given"), FUNCTIONS)
def test_functions_of_the_library_give_what_they_gave(
    parameters: str, returned: str, known: Callable[..., Any], given: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    text = f"import bisect, itertools, math\nimport torch\n\ndef T({parameters}):\n    return {returned}\n"
    module = module_of(mended(text, with_library_functions), tmp_path)
    scripted = torch.jit.script(module.T)
    for each in given:
        expected = known(*each)
        assert module.T(*each) == pytest.approx(expected, rel=1e-15)
        assert scripted(*each) == pytest.approx(expected, rel=1e-15)
        assert type(module.T(*each)) is type(scripted(*each)) is type(expected)


@pytest.mark.parametrize(("returned", "wrong"), [("math.log2(a)", 0.0), ("math.log2(a)", -1.0)])
def test_what_is_no_number_for_them_is_refused_still(returned: str, wrong: float, tmp_path: Path) -> None:
    text = f"import math\nimport torch\n\ndef T(a: float):\n    return {returned}\n"
    module = module_of(mended(text, with_library_functions), tmp_path)
    with pytest.raises(ValueError, match="math domain error"):
        module.T(wrong)
    with pytest.raises(torch.jit.Error, match="math domain error"):
        torch.jit.script(module.T)(wrong)


@pytest.mark.parametrize(
    "more",
    [
        "TABLE[2] = 2.0",
        "TABLE.update({2: 2.0})",
        "TABLE = {}",
        "other = TABLE",
        "def reader(TABLE):\n    return TABLE[0]",
    ],
)
def test_a_dict_that_may_change_stays(more: str) -> None:
    text = "TABLE = {0: 1.0, 1: 3.0}\n{}\ndef T(at: int):\n    return TABLE[at]\n"
    assert mended(text.replace("{}", more), with_tables) == ""
    assert "_table_of(at)" in mended(text.replace("{}", ""), with_tables)


@pytest.mark.parametrize(
    "table", ["{0: 1.0, 1: 3}", "{0: 1.0, 'a': 2.0}", "{}", "{0: [1.0]}", "{0: other()}"]
)
def test_a_dict_that_no_script_has_stays(table: str) -> None:
    assert mended(f"TABLE = {table}\ndef T(at: int):\n    return TABLE[at]\n", with_tables) == ""


def test_a_dict_that_a_derived_class_may_have_too_stays() -> None:
    text = "class A:\n    TABLE = {0: 1.0}\n    def find(self, at):\n        return self.TABLE[at]\n"
    assert "_table_of(at)" in mended(text, with_tables)
    derived = f"class B:\n    pass\n{text}class C(A):\n    pass\n"
    assert mended(derived, with_tables) == ""


def test_only_methods_that_the_compiler_does_not_know_become_functions() -> None:
    text = "import torch\ndef T(x, y):\n    return x.unique(dim=0).sort().values, torch.unique(y.unique())\n"
    error = "'Tensor' object has no attribute or method 'unique'"
    found = mended(text, as_functions, error)
    assert found.splitlines()[-1] == (
        "    return torch.unique(x, dim=0).sort().values, torch.unique(torch.unique(y))"
    )
    assert mended(text, as_functions, error.replace("unique", "no_method")) == ""


def test_a_module_that_is_called_on_one_way_only_stays() -> None:
    text = "class A:\n    def find(self, x, at):\n        return self.parts[at](x) if x[0] else x\n"
    assert mended(text, by_place) == ""


def test_arrays_are_asked_by_functions_of_torch_that_give_the_same() -> None:
    array = torch.tensor([[0.5, -1.5, 0.0], [2.0, 0.5, 1.0]])
    for said in (
        "np.flatnonzero(x)", "np.argwhere(x)", "np.sort(x)", "np.unique(x)", "np.ravel(x)",
        "np.transpose(x)", "np.squeeze(x[:1])", "np.mod(x, 0.4)", "np.mod(-x, 0.4)", "np.diff(x)",
        "np.count_nonzero(x)", "np.arctan2(x, x + 1)", "np.exp2(x)", "np.trunc(x)", "np.hypot(x, 2 * x)",
        "np.floor_divide(-x, 0.4)", "np.tile(x, (2, 1))", "np.swapaxes(x, 0, 1)", "np.moveaxis(x, 0, 1)",
        "np.isinf(x)", "np.deg2rad(x)", "np.kron(x, x)", "np.trace(x)", "np.diag(x[0])", "np.flipud(x)",
        "np.nan_to_num(x)", "np.vstack((x, x))", "np.hstack((x, x))", "np.searchsorted(x[1, 1:], x)",
        "np.cosh(x)", "np.rad2deg(x)", "np.greater(x, 0.5)", "np.isin(x, x[0])", "np.einsum('ij,kj', x, x)",
    ):  # fmt: skip
        tree = ast.parse(said)
        edits = Edits(said, tree)
        Rewriter(said, tree, arrays_as_tensors).apply(edits, [tree])
        given = eval(edits.applied().removeprefix("import torch\n"), {"torch": torch, "x": array})
        expected = eval(said, {"np": numpy, "x": array.numpy()})
        assert edits.text != edits.applied(), said
        found = given if isinstance(given, torch.Tensor) else torch.as_tensor(given)
        torch.testing.assert_close(
            found,
            torch.as_tensor(numpy.array(expected)),
            check_dtype=False,
            msg=lambda words, at=said: f"{at}: {words}",
        )


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize(
    "keys", [[], [1.0], [3.0, 1.0, 2.0, 1.0, 3.0], [0.0, -0.0, torch.inf, -torch.inf, 2.0]]
)
def test_order_by_a_key_is_that_of_python(keys: list[float], falling: bool, tmp_path: Path) -> None:
    text = "def T(keys: list[float], falling: bool):\n"
    text += "    return sorted(range(len(keys)), key=lambda at: keys[at], reverse=falling)\n"
    module = module_of(mended(text, with_keys), tmp_path)
    expected = sorted(range(len(keys)), key=lambda at: keys[at], reverse=falling)
    assert module.T(keys, falling) == expected
    assert torch.jit.script(module.T)(keys, falling) == expected


@pytest.mark.parametrize(
    "text",
    [
        "def T(n: int):\n    if n or 1:\n        return 2\n    return 3\n",
        "def T(n: int, m: int):\n    return n or m\n",
        "def T(n: int):\n    return [each for each in range(3) if n or 1]\n",
        "def T(n: int):\n    return n and 1\n",
    ],
)
def test_truths_and_what_may_fail_stay(text: str) -> None:
    tree = ast.parse(text)
    change = Change("", "of_a_test.py", text)
    assert [each.are_none for each in with_numbers_chosen(change, tree)] == [True, True]


@pytest.mark.parametrize(("given", "expected"), [(None, 1), (0, 1), (3, 3)])
def test_nothing_or_a_number_is_that_number_still(given: int | None, expected: int, tmp_path: Path) -> None:
    text = "def T(n: int):\n    return n or 1\n"
    edits = next(with_numbers_chosen(Change("", "of_a_test.py", text), ast.parse(text)))
    module = module_of(edits.applied(), tmp_path)
    assert module.T(given) == expected
    if given is not None:
        assert torch.jit.script(module.T)(given) == expected


@pytest.mark.parametrize(
    ("what", "name"),
    [
        *(("finfo", each) for each in ("min", "max", "eps", "tiny")),
        *(("iinfo", each) for each in ("min", "max", "bits")),
    ],
)
def test_limits_of_types_are_those_of_torch(what: str, name: str, tmp_path: Path) -> None:
    returned = "float" if what == "finfo" else "int"
    text = f"import torch\n\ndef T(x: torch.Tensor) -> {returned}:\n    return torch.{what}(x.dtype).{name}\n"
    module = module_of(mended(text, with_limits), tmp_path)
    scripted = torch.jit.script(module.T)
    fractions = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
    whole = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
    for kind in fractions if what == "finfo" else whole:
        given = torch.ones(1, dtype=kind)
        assert scripted(given) == module.T(given) == getattr(getattr(torch, what)(kind), name)
