"""Changes that would make another program of what stands elsewhere in the file, which are not offered."""

import ast
from pathlib import Path

import pytest
import torch

from jitcore.diagnose import compare
from jitcore.diagnose.divergence import changes, remedy
from jitcore.diagnose.divergence.comparing import remedy_for
from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.pushed_choices import chosen_later
from jitcore.diagnose.divergence.remedies.repairs.limits import with_limits
from jitcore.diagnose.divergence.remedies.state.generators import by_objects
from jitcore.diagnose.divergence.remedies.syntax import nodes_of
from tests.diagnose.divergence.remedied_program import X, dedented, made, module_of


@pytest.mark.parametrize("asked", ["torch.finfo()", "torch.finfo(type=x.dtype)"])
def test_limits_of_a_type_that_is_not_given_by_place_stay(asked: str) -> None:
    text = f"import torch\ndef run(x):\n    return x + {asked}.eps + torch.finfo(x.dtype).min\n"
    tree = ast.parse(text)
    function = next(nodes_of(ast.FunctionDef, tree))
    changed = with_limits(Change("", "", text), tree, function).applied()
    assert f"{asked}.eps" in changed
    assert "_finfo_min(x.dtype)" in changed


def test_a_change_that_cannot_be_written_is_told_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
        import torch

        def T(x):
            return x * 2 if x.sum() > 2 else x
        """
    subject = made(module_of(dedented(text), tmp_path))

    def failing(*_: object) -> list[Change]:
        raise IndexError("no such argument")

    told: list[remedy.Attempt] = []
    monkeypatch.setattr(changes, "without_questions", failing)
    monkeypatch.setattr(
        "jitcore.diagnose.divergence.comparing.remedy_for",
        lambda sides, search, cause: remedy_for(sides, search, cause, told.append),
    )
    found = compare(subject, (X,), [(-X,)])
    assert found.cause is not None
    assert found.remedy is None
    assert [each.failure for each in told] == ["IndexError: no such argument"]


GENERATOR = """
        def steps(first=1.0):
            now = first
            while True:
                yield now
                now *= 0.5
        MADE = steps()
        """


def _objects(text: str) -> str | None:
    found = by_objects(dedented(text), ast.parse(dedented(text)))
    return None if found is None else found[0]


def test_only_what_was_made_by_a_generator_is_asked_for_what_follows() -> None:
    changed = _objects(GENERATOR + "\n        print(next(MADE), next(iter([7])))\n")
    assert changed is not None
    assert "MADE.following(), next(iter([7]))" in changed


@pytest.mark.parametrize(
    "use",
    [
        "print([each for each, _ in zip(steps(), range(3))])",
        "print(list(zip(MADE, range(3))))",
        "print(next(MADE, 0.0))",
        "MADE.close()",
        "OTHER = MADE",
        "KINDS = {'steps': steps}",
        "MADE = iter([1])",
        "def run(MADE):\n    return next(MADE)",
        "def run(x):\n    return next(getattr(x, 'MADE'))",
    ],
)
def test_a_generator_that_is_used_otherwise_stays(use: str) -> None:
    assert _objects(GENERATOR.rstrip() + "\n" + "\n".join(" " * 8 + each for each in use.split("\n"))) is None


@pytest.mark.parametrize(
    "generator",
    [
        "def steps(*, first=1.0):\n    now = first\n    while True:\n        yield now\n        now += 1\n",
        "def steps(*all):\n    now = all\n    while True:\n        yield now\n        now = all\n",
        "def steps():\n    now = 1\n    while True:\n        yield now\n        if now: break\n",
        "def steps():\n    now = 1\n    while True:\n        yield now\n        if now > 3: return\n",
        "def steps():\n    now = 1\n    while True:\n        if now > 3: continue\n        yield now\n",
    ],
)
def test_a_generator_that_ends_or_takes_otherwise_stays(generator: str) -> None:
    text = generator + "MADE = steps()\nprint(next(MADE))\n"
    assert by_objects(text, ast.parse(text)) is None


@pytest.mark.parametrize(
    "lines",
    [
        ["layer = self.a if c else self.b", "if self.plain: layer = self.a", "return layer(x)"],
        ["layer = self.a", "layer = self.a if c else self.b", "return layer(x)"],
        ["if self.plain:", "    layer = self.a if c else self.b", "return layer(x)"],
        ["layer = self.a if c else self.b", "if self.plain:", "    return layer(x)", "return x"],
        ["layer = self.a if c else self.b", "self.a = self.b", "return layer(x)"],
        ["layer = self.a if c else self.b", "return list(map(lambda each: layer(each), x))"],
        ["x = x * 2; layer = self.a if c else self.b", "return layer(x)"],
        ["y = self.a(x) if c else self.b(x)", "x = x + 1", "return y"],
    ],
)
def test_a_choice_that_is_not_the_only_one_stays(lines: list[str]) -> None:
    text = "def run(self, x, c):\n" + "".join(f"    {each}\n" for each in lines)
    tree = ast.parse(text)
    assert list(chosen_later("", text, tree, list(nodes_of(ast.FunctionDef, tree)))) == []


UNSAFE = {
    "a statement in the same line": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.steps = 0; self.scale = 2.0

            def rescaled(self, x):
                return x * self.scale

            def forward(self, x):
                self.steps += 1
                return x * self.steps
        """,
        lambda after: after.rescaled(X),
    ),
    "the newest goes": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.h = []

            def forward(self, x):
                self.h.append(x)
                if len(self.h) > 20:
                    self.h.pop()
                return torch.stack(self.h).sum(0)
        """,
        None,
    ),
    "a name that is taken": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.state_step = 100
                self.state = {"step": 0}

            def budget(self, x):
                return x * self.state_step

            def forward(self, x):
                self.state["step"] += 1
                return x * self.state["step"]
        """,
        lambda after: after.budget(X),
    ),
    "keys that sizes choose": (
        """
        import torch
        from torch import nn

        class T(nn.Module):
            def __init__(self):
                super().__init__()
                self.state = {}

            def forward(self, x):
                key = "wide" if x.shape[0] > 100 else "narrow"
                if key in self.state:
                    x = x + self.state[key]
                self.state[key] = x
                return x
        """,
        lambda after: after(torch.ones(200, 3)),
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", UNSAFE)
def test_no_change_is_offered_that_breaks_what_was_not_traced(case: str, tmp_path: Path) -> None:
    text, used = UNSAFE[case]
    module = module_of(dedented(text), tmp_path)
    found = compare(module.T(), (X,))
    assert found.diverged
    if found.remedy is None:
        return
    assert used is not None, found.remedy.patch
    folder = tmp_path / "after"
    folder.mkdir()
    after = module_of(found.remedy.text, folder).T()
    expected = used(module_of(dedented(text), tmp_path).T())
    assert torch.equal(used(after), expected)
