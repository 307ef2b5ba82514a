"""Nothing lives longer than the node that reads it last."""

import gc
import weakref

import pytest
import torch

from jitcore.exec import Interpreter
from jitcore.exec.watching import NodeWatch
from jitcore.printing import parse_graph


class Watching:
    """An observer that notes which of the tensors made so far are still alive before each node."""

    def __init__(self):
        self.made: dict[str, weakref.ref] = {}
        self.alive: dict[str, set[str]] = {}

    def watch(self, node, function):
        def begin():
            gc.collect()
            self.alive[node.outputs[0].name if node.outputs else node.kind] = {
                name for name, ref in self.made.items() if ref() is not None
            }

        def gave(given, outputs):
            for value, held in zip(node.outputs, outputs, strict=True):
                if isinstance(held, torch.Tensor):
                    self.made[value.name] = weakref.ref(held)

        return NodeWatch(begin=begin, gave=gave)

    def watch_turns(self, node, function):
        return None


def watch(text, *inputs):
    observer = Watching()
    Interpreter(observer=observer).run(parse_graph(text), list(inputs))
    return observer.alive


def test_chain_keeps_only_what_is_read_later():
    alive = watch(
        """graph(%x : Tensor):
  %a : Tensor = aten::neg(%x)
  %b : Tensor = aten::abs(%a)
  %c : Tensor = aten::exp(%b)
  %d : Tensor = aten::mul(%c, %b)
  %e : Tensor = aten::neg(%d)
  return (%e)
""",
        torch.ones(2),
    )
    assert alive["b"] == {"a"}
    assert alive["c"] == {"b"}
    assert alive["d"] == {"b", "c"}
    assert alive["e"] == {"d"}


def test_loop_drops_the_values_of_earlier_iterations():
    alive = watch(
        """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
  %start : Tensor = aten::neg(%x)
  %r : Tensor = prim::Loop(%n, %t, %start)
    block0(%i : int, %carried : Tensor):
      %p : Tensor = aten::abs(%carried)
      %q : Tensor = aten::exp(%p)
      -> (%t, %q)
  return (%r)
""",
        torch.ones(2),
        3,
    )
    # In the last iteration `carried` is the `q` of the one before, and is read for the last time by `p`.
    assert alive["p"] <= {"start", "q"}
    assert alive["q"] <= {"start", "p"}


def peak_of(program, *inputs):
    """Largest number of tensors of the program alive at once, by their storages."""
    live: set[int] = set()
    peak = 0

    class Count(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            nonlocal peak
            out = func(*args, **(kwargs or {}))
            if isinstance(out, torch.Tensor):
                key = id(out)
                live.add(key)
                weakref.finalize(out, live.discard, key)
                peak = max(peak, len(live))
            return out

    with Count():
        Interpreter().run(program, list(inputs))
    return peak


@pytest.mark.parametrize("length", [5, 40])
def test_a_long_chain_needs_two_tensors(length):
    lines = "\n".join(f"  %v{i + 1} : Tensor = aten::cumsum(%v{i}, %d, %n)" for i in range(length))
    text = f"""graph(%v0 : Tensor):
  %d : int = prim::Constant[value=0]()
  %n : NoneType = prim::Constant()
{lines}
  return (%v{length})
"""
    assert peak_of(parse_graph(text), torch.ones(3)) <= 2


def test_arguments_of_a_call_are_let_go_by_the_caller(agree):
    def callee(x: torch.Tensor) -> torch.Tensor:
        y = x + 1
        return torch.cumsum(y, 0)

    agree_callee = torch.jit.script(callee)

    def caller(x: torch.Tensor) -> torch.Tensor:
        a = x + 3
        return agree_callee(a)

    interpreter, module, _ = agree.load(torch.jit.script(caller))
    method = module.method("forward")
    assert torch.equal(interpreter.run(method, [module, torch.zeros(2)]), torch.tensor([4.0, 8.0]))

    class Noting(torch.utils._python_dispatch.TorchDispatchMode):
        """Notes whether the argument is alive where the callee has read it for the last time."""

        def __init__(self):
            super().__init__()
            self.first = None
            self.alive = None

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            if func is torch.ops.aten.cumsum.default:
                self.alive = self.first() is not None
            out = func(*args, **(kwargs or {}))
            if self.first is None:
                self.first = weakref.ref(out)
            return out

    given = torch.zeros(2)
    with Noting() as noted:
        interpreter.run(method, [module, given])
    assert noted.alive is False
