"""Small uses of compiled modules and functions, one expression each, with the outcome that they have with torch."""

import copy
import io
import pickle
from typing import Dict, Optional, Tuple

import pytest
import torch
from torch import Tensor, nn

import jitcore
from tests.scripting.library.programs import plain
from tests.scripting.library.side_by_side import outcome

pytestmark = pytest.mark.filterwarnings("ignore")


class Net(nn.Module):
    d: Dict[str, Tensor]

    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(2, 2)
        self.drop = nn.Dropout(0.5)
        self.bn = nn.BatchNorm1d(2)
        self.k = 3
        self.register_buffer("b", torch.ones(2))
        self.opt = None
        self.lst = [1, 2]
        self.d = {"a": torch.ones(1)}

    def forward(self, x: Tensor, y: Optional[Tensor] = None, k: int = 2) -> Tensor:
        z = self.bn(self.drop(self.lin(x))) * k
        if y is not None:
            z = z + y
        return z

    @torch.jit.export
    def other(self, a: int, b: float = 1.5) -> Tuple[int, float]:
        return a + self.k, b

    @torch.jit.ignore
    def ign(self, x):
        return f"{x} {self.k}"

    @torch.jit.unused
    def uns(self, x):
        return "unused"

    @property
    def prop(self) -> int:
        return self.k * 2

    def pymethod(self):
        return 5


OF_MODULES = [
    "m.eval()(X)",
    "m.eval()(x=X)",
    "m.eval()(X, X, 3)",
    "m.eval()(X, k=3)",
    "m()",
    "m(X, X, 2, 2)",
    "m(X, zz=1)",
    "m(X, x=X)",
    "m('a')",
    "m(X, k='a')",
    "m(X, k=1.5)",
    "m.eval()(X, k=True)",
    "m.other(2)",
    "m.other(b=2, a=1)",
    "m.other(1, 2)",
    "m.other('s')",
    "m.other(torch.tensor(3))",
    "m.eval().forward(X)",
    "m.ign(1)",
    "m.uns(1)",
    "m.pymethod()",
    "m.k",
    "(setattr(m, 'k', 5), m.k, m.other(1))[1:]",
    "setattr(m, 'k', 'a')",
    "setattr(m, 'k', 1.5)",
    "(setattr(m, 'new', 5), m.new)[1]",
    "delattr(m, 'k')",
    "(setattr(m, 'new', 5), delattr(m, 'new'), hasattr(m, 'new'))[2]",
    "delattr(m, 'lin')",
    "delattr(m, 'b')",
    "setattr(m.lin, 'weight', nn.Parameter(torch.zeros(2, 2)))",
    "setattr(m.lin, 'weight', torch.zeros(2, 2))",
    "(setattr(m, 'b', torch.zeros(2)), m.b)[1]",
    "setattr(m, 'lin', nn.Linear(2, 2))",
    "setattr(m, 'opt', 3)",
    "m.opt",
    "(m.lst.append(3), m.lst)[1]",
    "(setattr(m, 'lst', [4]), m.lst)[1]",
    "setattr(m, 'lst', ['x'])",
    "m.d",
    "(setattr(m, 'd', {'z': torch.zeros(1)}), m.d)[1]",
    "m.nothing",
    "[hasattr(m, a) for a in ('k', 'nothing', 'lin', 'forward', 'other', 'prop', 'ign', 'pymethod', 'training')]",
    "(m.training, m.eval().training, m.lin.training, m.train().training)",
    "m.train(False).training",
    "list(m.state_dict().keys())",
    "dict(m.state_dict())",
    "str(m.load_state_dict(m.state_dict()))",
    "m.load_state_dict({})",
    "str(m.load_state_dict({'q': torch.ones(1)}, strict=False))",
    "m.load_state_dict({**m.state_dict(), 'b': torch.ones(5)})",
    "str(m.load_state_dict(m.state_dict(), assign=True))",
    "[(k, v) for k, v in m.named_parameters()]",
    "[(k, v) for k, v in m.named_buffers()]",
    "[k for k, _ in m.named_modules()]",
    "[k for k, _ in m.named_children()]",
    "len(list(m.modules()))",
    "repr(m)",
    "str(m)",
    "repr(m.lin)",
    "m.code",
    "str(m.graph)",
    "str(m.inlined_graph)",
    "(m.code_with_constants[0], m.code_with_constants[1].const_mapping)",
    "m.original_name",
    "m.lin.original_name",
    "str(m.forward.schema)",
    "str(m.other.schema)",
    "(m.other.name, m.forward.name)",
    "m.other.code",
    "[p.dtype for p in m.half().parameters()]",
    "[str(p.dtype) for p in m.double().buffers()]",
    "str(m.to(torch.float64).lin.weight.dtype)",
    "str(m.to('meta').lin.weight.device)",
    "m.cpu() is m",
    "str(m.type(torch.float16).b.dtype)",
    "str(m.float().b.dtype)",
    "str(m.bfloat16().b.dtype)",
    "m.requires_grad_(False)",
    "m.zero_grad()",
    "m.apply(lambda q: None) is m",
    "m.share_memory() is m",
    "m.get_parameter('lin.weight')",
    "m.get_submodule('lin')",
    "m.get_buffer('b')",
    "m.register_buffer('q', torch.ones(1))",
    "m.register_parameter('q', nn.Parameter(torch.ones(1)))",
    "m.add_module('q', nn.Linear(1, 1))",
    "m.register_forward_hook(lambda *a: None)",
    "m.register_forward_pre_hook(lambda *a: None)",
    "m.register_full_backward_hook(lambda *a: None)",
    "len(list(m.parameters(recurse=False)))",
    "m.named_parameters(prefix='p').__next__()[0]",
    "m.get_extra_state()",
    "m.to_empty(device='cpu')",
    "len(m)",
    "list(m)",
    "m[0]",
    "'a' in m",
    "bool(m)",
    "(m == m, m == 1, m != m)",
    "isinstance(hash(m), int)",
    "m.__class__.__name__",
    "[c.__name__ for c in type(m).__mro__]",
    "(lambda c: (c.k, c.lin.weight is m.lin.weight, torch.equal(c.lin.weight, m.lin.weight), c.training))(copy.deepcopy(m))",
    "(lambda c: (c.k, c.lin.weight is m.lin.weight))(copy.copy(m))",
    "pickle.dumps(m)",
    "torch.save(m, io.BytesIO())",
    "torch.save(m.state_dict(), io.BytesIO())",
    "(m.eval()(X).sum().backward(), m.lin.weight.grad)[1]",
    "(lambda: [torch.no_grad().__enter__(), m.eval()(X).requires_grad, torch.set_grad_enabled(True)][1])()",
    "type(m.save_to_buffer()).__name__",
    "m.save(3)",
    "m.save('/nonexistent/x.pt')",
    "isinstance(m, nn.Module)",
    "type(m.__doc__).__name__",
    "m.forward.__class__.__name__",
]

OF_FUNCTIONS = [
    "f(X, 1)",
    "f(n=2, x=X)",
    "f(X)",
    "f(*[X] * 9)",
    "f(X, 'a')",
    "f(X, 1, many=[1], o=2.0)",
    "f(X, 1, many=(1, 2))",
    "f(X, 1, many=range(3))",
    "f(X, 1, s=3)",
    "f.name",
    "f.qualified_name",
    "str(f.schema)",
    "f.code",
    "str(f.graph)",
    "str(f.inlined_graph)",
    "pickle.dumps(f)",
    "copy.deepcopy(f)(X, 1)",
    "copy.copy(f)(X, 1)",
    "type(f.save_to_buffer()).__name__",
    "(setattr(f, 'zz', 1), f.zz)[1]",
    "f.nothing",
    "type(f).__name__",
    "hash(f) == hash(f)",
    "(f == f, f == 1)",
    "torch.save(f, io.BytesIO())",
]

SCOPE = {
    "X": torch.ones(3, 2), "copy": copy, "io": io, "nn": nn, "pickle": pickle, "torch": torch,
}  # fmt: skip


def result(jit, target, name, expression):
    """What an expression gives for a compiled target, which it calls by a name."""
    torch.manual_seed(0)
    compiled = jit.script(target())
    return outcome(lambda: eval(expression, {**SCOPE, name: compiled}))  # noqa: S307  # ours


@pytest.mark.parametrize("expression", OF_MODULES)
def test_modules(expression):
    theirs = result(torch.jit, Net, "m", expression)
    assert result(jitcore, Net, "m", expression) == theirs


@pytest.mark.parametrize("expression", OF_FUNCTIONS)
def test_functions(expression):
    theirs = result(torch.jit, lambda: plain, "f", expression)
    assert result(jitcore, lambda: plain, "f", expression) == theirs
