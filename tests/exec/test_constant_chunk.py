"""Splitting by one node: the parts of torch's interpreter, and its refusal where there are less."""

import pytest
import torch

from jitcore.exec import run
from jitcore.exec.errors import ExecutionError
from jitcore.printing import parse_graph


def both(chunks: int, dim: int, read: tuple[int, ...], x: torch.Tensor):
    parts = ", ".join(f"%p{place} : Tensor" for place in range(chunks))
    results = ", ".join(f"%p{place}" for place in read)
    text = (
        f"graph(%x : Tensor):\n  {parts} = prim::ConstantChunk[chunks={chunks}, dim={dim}](%x)\n"
        f"  return ({results})\n"
    )
    return (
        lambda: run(parse_graph(text), [x]),
        lambda: torch._C._jit_interpret_graph(torch._C.parse_ir(text), (x,)),
    )


@pytest.mark.parametrize(
    ("chunks", "dim", "read"),
    [(2, 0, (0, 1)), (3, 1, (2, 0)), (1, 0, (0,)), (2, -1, (1,))],
)
def test_parts_are_torchs(chunks, dim, read):
    ours, theirs = both(chunks, dim, read, torch.arange(18.0).reshape(6, 3))
    found, expected = ours(), theirs()
    found, expected = (each if isinstance(each, tuple) else (each,) for each in (found, expected))
    assert len(found) == len(expected) == len(read)
    assert all(map(torch.equal, found, expected))


@pytest.mark.parametrize("read", [(3,), (0, 1, 2)])
def test_less_parts_are_refused_in_torchs_words(read):
    ours, theirs = both(4, 1, read, torch.ones(2, 3))
    with pytest.raises(RuntimeError, match="at least 4 outputs, but got only 3") as expected:
        theirs()
    with pytest.raises(ExecutionError) as found:
        ours()
    said = "Expected chunk to return at least 4 outputs, but got only 3"
    assert said in str(expected.value)
    assert said in str(found.value)
