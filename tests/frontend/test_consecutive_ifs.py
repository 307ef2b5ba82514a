"""Merging ifs takes steps in proportion to their number."""

import pytest

from jitcore.frontend.ssa import consecutive_ifs
from jitcore.ir import Node
from tests.frontend.written import importer_of


def steps_for(operands: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often two nodes are looked at while a chain of `and` is lowered."""
    merge, looked = consecutive_ifs._merge, 0

    def counted(first: Node) -> bool:
        nonlocal looked
        looked += 1
        return merge(first)

    with monkeypatch.context() as patched:
        patched.setattr(consecutive_ifs, "_merge", counted)
        text = f"def f(x: bool) -> bool:\n  return {' and '.join(['x'] * operands)}\n"
        assert importer_of(text).function("__torch__.f").graph.outputs
    return looked


def test_a_chain_of_conditions_is_merged_in_linear_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (steps_for(operands, monkeypatch) for operands in (50, 200))
    assert few > 50
    assert many <= 4 * few + 10
