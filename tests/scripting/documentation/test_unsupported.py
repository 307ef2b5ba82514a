"""What the documentation calls unsupported: attributes of tensors, functions of torch, modules and classes."""

import itertools
import warnings

import pytest
import torch
from torch import nn

from tests.differential.script_modules.comparison import compare
from tests.scripting.documentation.written import difference, module_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    OF_TENSORS = [name for name in dir(torch.Tensor) if not name.startswith("__")]
    OF_TORCH = [name for name in dir(torch) if not name.startswith("_") and callable(getattr(torch, name))]
    OF_INIT = [name for name in dir(nn.init) if callable(getattr(nn.init, name)) and not name.startswith("_")]
LETTERS = sorted({name[0] for name in OF_TENSORS})
INITIALS = sorted({name[0] for name in OF_TORCH})

CALLS = (
    "torch.tensordot(x, x, 2)", "torch.tensordot(x, x)", "torch.tensordot(x, x, ([0, 1], [0, 1]))", "torch.norm(x)",
    "torch.norm(x, 2, [0])", "torch.norm(x, requires_grad=True)", "torch.bartlett_window(3)",
    "torch.bartlett_window(3, requires_grad=True)", "torch.blackman_window(3, requires_grad=True)",
    "torch.empty([2], requires_grad=True)", "torch.empty_like(x, requires_grad=True)",
    "torch.empty_strided([2], [1], requires_grad=False)", "torch.eye(2, requires_grad=True)",
    "torch.full([2], 1.0, requires_grad=True)", "torch.full_like(x, 1.0, requires_grad=True)",
    "torch.hamming_window(3, requires_grad=True)", "torch.hann_window(3, requires_grad=True)",
    "torch.linspace(0, 1, 3, requires_grad=True)", "torch.linspace(0, 1, 3)",
    "torch.logspace(0, 1, 3, requires_grad=True)", "torch.normal(x, x.abs(), requires_grad=True)",
    "torch.ones([2], requires_grad=True)", "torch.ones(2, requires_grad=True)", "torch.rand([2], requires_grad=True)",
    "torch.rand_like(x, requires_grad=True)", "torch.randint_like(x, 3, requires_grad=True)",
    "torch.randn([2], requires_grad=True)", "torch.randn_like(x, requires_grad=True)",
    "torch.randperm(3, requires_grad=True)", "torch.tril_indices(2, 2, requires_grad=True)",
    "torch.triu_indices(2, 2, requires_grad=True)", "torch.vander(x, requires_grad=True)",
    "torch.zeros([2], requires_grad=True)", "torch.zeros_like(x, requires_grad=True)", "torch.zeros(2, 3)",
    "torch.tensor([1.0], requires_grad=True)", "torch.randint(3, [2])", "torch.randint(0, 3, [2])",
    "torch.randint(0, 3, (2,), dtype=torch.long)", "torch.sparse_coo_tensor(x, x, [2])",
    "torch.sparse_coo_tensor(x, x)", "x.to()", "x.to(torch.int)", "x.to(x)", "x.to('cpu')", "x.to(dtype=torch.int)",
    "x.to(device=x.device)", "x.to(x.device, torch.int)", "x.to(torch.int, copy=True)",
    "x.to(memory_format=torch.channels_last)", "torch.Generator()", "torch.Generator(device='cpu')",
    "torch.autograd.enable_grad()", "torch.autograd.Function()", "torch.autograd.grad([x], [x])",
)  # fmt: skip


@pytest.fixture(scope="module")
def functions(tmp_path_factory):
    """One function for each expression, by the expression."""
    expressions = [
        *CALLS,
        *(f"x.{name}{call}" for name in OF_TENSORS for call in ("", "()", "(x)")),
        *(f"torch.{name}(x)" for name in OF_TORCH),
        *(f"nn.init.{name}({given})" for name in OF_INIT for given in ("x", "x, 0.1")),
    ]
    bodies = (f"def f{n}(x):\n    return {expression}\n\n" for n, expression in enumerate(expressions))
    text = "import torch\nfrom torch import nn\n\n" + "\n".join(bodies)
    module = module_of(tmp_path_factory.mktemp("unsupported"), "unsupported_expressions", text)
    return {expression: getattr(module, f"f{n}") for n, expression in enumerate(expressions)}


def _differences(functions, expressions):
    found = ((each, difference(functions[each])) for each in expressions)
    return "\n".join(f"{each}: {what}" for each, what in found if what is not None)


@pytest.mark.parametrize("call", CALLS)
def test_a_call(functions, call):
    assert difference(functions[call]) is None


@pytest.mark.parametrize("letter", LETTERS)
def test_attributes_of_tensors(functions, letter):
    names = [name for name in OF_TENSORS if name.startswith(letter)]
    calls = itertools.product(names, ("", "()", "(x)"))
    assert _differences(functions, [f"x.{name}{call}" for name, call in calls]) == ""


@pytest.mark.parametrize("letter", INITIALS)
def test_functions_of_torch(functions, letter):
    names = [name for name in OF_TORCH if name.startswith(letter)]
    assert _differences(functions, [f"torch.{name}(x)" for name in names]) == ""


def test_functions_that_initialize(functions):
    calls = itertools.product(OF_INIT, ("x", "x, 0.1"))
    assert _differences(functions, [f"nn.init.{name}({given})" for name, given in calls]) == ""


class Doubles(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):  # noqa: ARG004  # as torch calls it
        return x * 2


class AppliesAFunction(nn.Module):
    def forward(self, x):
        return Doubles.apply(x)


MODULES = {
    "RNN": lambda: nn.RNN(2, 3),
    "AdaptiveLogSoftmaxWithLoss": lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]),
    "autograd.Function": AppliesAFunction,
}


@pytest.mark.parametrize("make", MODULES.values(), ids=MODULES)
def test_a_module(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert [each for each in compare("module", make) if each.status != "equal"] == []
