"""Changes that would make another program of what stands elsewhere in the file, which are not offered."""

import ast
from pathlib import Path

import pytest

from jitcore.diagnose import compare
from jitcore.diagnose.divergence import changes, remedy
from jitcore.diagnose.divergence.comparing import remedy_for
from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.repairs.limits import with_limits
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
