"""Writes whose lists and tensors are in the way of each other are removed as libtorch removes them."""

import random

import pytest
import torch

from jitcore.passes import PassContext
from jitcore.passes.alias_analysis import moves
from jitcore.passes.spec import make_pass
from jitcore.printing import graph_text, parse_graph

_READERS = (
    "%{name} : int = aten::len(%l{a})",
    "%{name} : Tensor[][] = prim::ListConstruct(%l{a}, %l{b})",
    "%{name} : Tensor = aten::neg(%y{a})",
    "%{name} : Tensor[] = aten::list(%l{a})",
    "prim::Print(%x)",
)
_WRITERS = (
    "%{name} : Tensor[] = aten::append(%l{a}, %y{b})",
    "%{name} : Tensor[] = aten::append(%l{a}, %x)",
    "%{name} : Tensor = aten::add_(%y{a}, %x, %one)",
    "%{name} : Tensor = aten::mul_(%x, %y{a})",
)


def _program(random_source: random.Random, length: int) -> str:
    lines = ["graph(%x : Tensor):", "  %one : int = prim::Constant[value=1]()"]
    for number in range(3):
        lines.append(f"  %y{number} : Tensor = aten::relu(%x)")
        lines.append(f"  %l{number} : Tensor[] = prim::ListConstruct(%y{number})")
    kinds = random_source.choices(_READERS, k=2) + random_source.choices(_WRITERS, k=3)
    for number in range(length):
        text = random_source.choice(kinds)
        lines.append(
            "  " + text.format(name=f"n{number}", a=random_source.randrange(3), b=random_source.randrange(3))
        )
    return "\n".join([*lines, "  return (%l0, %y0)", ""])


def _after_both(text: str) -> tuple[str, str]:
    """The texts after our pass and after libtorch's, values numbered alike."""
    theirs = torch._C.parse_ir(text)
    mine = parse_graph(str(theirs)).copy()
    theirs = theirs.copy()
    make_pass("remove-mutation").run(mine, PassContext())
    torch._C._jit_pass_remove_mutation(theirs)
    return graph_text(mine.copy()), str(theirs.copy())


@pytest.mark.parametrize("seed", range(150))
def test_writes_in_the_way_of_each_other_are_removed_as_in_libtorch(seed: int) -> None:
    source = random.Random(seed)
    ours, theirs = _after_both(_program(source, source.randrange(4, 14)))
    assert ours == theirs


def test_what_barred_the_way_is_not_looked_for_again(monkeypatch) -> None:
    asked: list[object] = []
    whole = moves.has_side_effects

    def counted(node) -> bool:
        asked.append(node)
        return whole(node)

    monkeypatch.setattr(moves, "has_side_effects", counted)
    count = 300
    lines = ["graph(%x : Tensor):", "  %l : Tensor[] = prim::ListConstruct(%x)"]
    lines += [f"  %u{n} : Tensor = aten::neg(%x)" for n in range(count)]
    lines += ["  %m : int = aten::len(%l)"]
    lines += [f"  %k{n} : Tensor[] = aten::append(%l, %x)" for n in range(count)]
    lines += [f"  %m{n} : Tensor[][] = prim::ListConstruct(%l, %k{n})" for n in range(count)]
    ours, theirs = _after_both("\n".join([*lines, "  return (%l)", ""]))
    assert ours == theirs
    assert len(asked) < 5 * count
