"""Bodies shared by classes that differ only in their mangled names: like those that are not shared."""

import re
import warnings
from pathlib import Path

import pytest
import torch

from jitcore.archive import load
from jitcore.ir import Graph
from jitcore.passes import inline
from jitcore.passes.inline import inlined_graph
from jitcore.printing import graph_text


class Scaled(torch.nn.Module):
    """Its scale is an attribute, so that classes of it differ by what `Final` says only."""

    scale: torch.jit.Final[float]

    def __init__(self, scale: float, size: int) -> None:
        super().__init__()
        self.scale = scale
        self.inner = torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.scale > 1.5:
            x = x * self.scale
        return self.inner(x) + 1


class Loud(torch.nn.Module):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        warnings.warn(self.name, stacklevel=2)
        return x.relu()


class Hooked(torch.nn.Module):
    def __init__(self, shift: int) -> None:
        super().__init__()
        self.inner = torch.nn.Tanh()
        self.shift = shift

        def hook(self, input: tuple[torch.Tensor], output: torch.Tensor) -> torch.Tensor:
            return output + 1

        if shift:
            self.inner.register_forward_hook(hook)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x)


class Both(torch.nn.Module):
    """Two of a kind that are distinct classes, since an attribute that nothing reads differs in type."""

    def __init__(self, first: torch.nn.Module, second: torch.nn.Module) -> None:
        super().__init__()
        self.first = first
        self.second = second
        second.mark = "another class"

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x))


PROGRAMS = {
    "equal": (lambda: Both(Scaled(2.0, 3), Scaled(2.0, 3)), True),
    "another constant": (lambda: Both(Scaled(2.0, 3), Scaled(3.0, 3)), False),
    "another branch": (lambda: Both(Scaled(2.0, 3), Scaled(1.0, 3)), False),
    "a warning": (lambda: Both(Loud("one"), Loud("two")), False),
    "a hook": (lambda: Both(Hooked(0), Hooked(1)), False),
    "nested": (
        lambda: Both(Both(Scaled(2.0, 3), Scaled(2.0, 3)), Both(Scaled(2.0, 3), Scaled(2.0, 3))),
        True,
    ),
}


def _places(graph: Graph) -> list[object]:
    """Where every node came from: its range and the calls that led to it."""
    found: list[object] = []
    for node in graph.all_nodes():
        at = node.source_range
        stack = node.callstack
        frames = [
            (f.callee, f.instance, f.path, str(f.module_type), repr(f.call_site))
            for f in (stack.frames() if stack is not None else [])
        ]
        found.append((node.kind, repr(at), frames))
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_shared_bodies_are_like_those_made_one_by_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, has_twins = PROGRAMS[name]
    path = tmp_path / "program.pt"
    scripted = torch.jit.script(make())
    torch.jit.save(scripted, str(path))
    shared: list[str] = []
    real = inline.share_body

    def counting(function: inline.Function) -> Graph | None:
        body = real(function)
        if body is not None:
            shared.append(function.qualified_name)
        return body

    monkeypatch.setattr(inline, "share_body", counting)
    ours = inlined_graph(load(path).method("forward"))
    monkeypatch.setattr(inline, "share_body", lambda _function: None)
    one_by_one = inlined_graph(load(path).method("forward"))

    # torch numbers warnings over the whole process.
    theirs = re.sub(r"warn_id=\d+", "warn_id=", str(torch.jit.load(path).inlined_graph))
    assert re.sub(r"warn_id=\d+", "warn_id=", graph_text(ours)) == theirs
    assert graph_text(ours) == graph_text(one_by_one)
    assert _places(ours) == _places(one_by_one)
    assert any(n.endswith(("Scaled.forward", "Both.forward")) for n in shared) == has_twins
