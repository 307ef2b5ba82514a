"""Compiled functions and modules in traces, traces in traces, and methods compiled beside traced ones."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.differential.tracing.programs.registry import Registry

scripted = Registry("scripted")
X = torch.rand(3, 4)


def branching(x, n: int):
    if bool(x.sum() > 0):
        return x * n
    return x - 1


def paired(x):
    return x + 1, x * 2


def listed(x):
    return [x + 1, x * 2]


def named(x: Tensor) -> dict[str, Tensor]:
    return {"a": x + 1}


def defaulted(x, scale: float = 2.0):
    return x * scale


def nested(x):
    return x + 1, (x * 2, [x])


class Looping(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x):
        for _ in range(2):
            x = self.layer(x)
        return x

    @torch.jit.export
    def other(self, x):
        return self.layer(x) * 3


class Exporting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x):
        return self.layer(x)

    @torch.jit.export
    def helper(self, x):
        if bool(x.sum() > 0):
            return self.layer(x)
        return x


@scripted.sided(X)
def functions_in_function(library: Any) -> Any:
    first, second, third = library.script(branching), library.script(paired), library.script(listed)

    def program(x):
        a, b = second(x)
        c, d = third(x)
        return first(x, 3) + a + b + c + d

    return program


@scripted.sided(X)
def dict_result(library: Any) -> Any:
    compiled = library.script(named)
    return lambda x: compiled(x)["a"] * 2


@scripted.sided(X)
def nested_result(library: Any) -> Any:
    compiled = library.script(nested)

    def program(x):
        a, (b, c) = compiled(x)
        return a + b + c[0]

    return program


@scripted.sided(X)
def defaults(library: Any) -> Any:
    compiled = library.script(defaulted)
    return lambda x: compiled(x) + compiled(x, scale=3.0)


@scripted.sided(X)
def with_size(library: Any) -> Any:
    compiled = library.script(branching)
    return lambda x: compiled(x, x.size(0))


@scripted.sided(X)
def traced_in_function(library: Any) -> Any:
    compiled = library.trace(lambda x: x * 2 + 1, X, check_trace=False)
    return lambda x: compiled(x) - 1


@scripted.sided(X)
def module_in_module(library: Any) -> Any:
    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.compiled = library.script(Looping())
            self.plain = nn.Linear(4, 4)

        def forward(self, x):
            return self.compiled(self.plain(x)) + self.compiled.other(x)

    return Outer()


@scripted.sided(X)
def traced_module_in_module(library: Any) -> Any:
    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.compiled = library.trace(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), X, check_trace=False)

        def forward(self, x):
            return self.compiled(x) + 1

    return Outer()


@scripted.sided(X)
def compiled_deep_inside(library: Any) -> Any:
    class Middle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.compiled = library.script(Looping())

        def forward(self, x):
            return self.compiled(x) * 2

    return nn.Sequential(Middle(), nn.ReLU(), Middle())


@scripted.sided(X)
def exported_methods(library: Any) -> Any:
    return Exporting()


@scripted.sided(X)
def exported_methods_inside(library: Any) -> Any:
    return nn.Sequential(Exporting(), nn.ReLU())


@scripted.sided(X)
def unregistered_module(library: Any) -> Any:
    hidden = library.script(Looping())

    class Outer(nn.Module):
        def forward(self, x):
            return hidden(x)

    return Outer()


@scripted.sided(X)
def module_in_function(library: Any) -> Any:
    hidden = library.script(Looping())
    return lambda x: hidden(x)


@scripted.sided(X)
def compiled_already(library: Any) -> Any:
    return library.script(Looping())


@scripted.sided(X)
def script_if_tracing(library: Any) -> Any:
    @library.script_if_tracing
    def chosen(x):
        if bool(x.sum() > 0):
            return x * 2
        return x

    return lambda x: chosen(x) + 1


@scripted.sided(X)
def script_if_tracing_of_functional(library: Any) -> Any:
    @library.script_if_tracing
    def padded(x):
        if x.shape[0] < 9:
            x = functional.pad(x, [0, 0, 0, 9 - x.shape[0]])
        if torch.jit.is_scripting():
            x = functional.interpolate(x[None], scale_factor=2.0)[0]
        return functional.adaptive_avg_pool1d(x[None], 2)[0]

    return lambda x: padded(x) + 1


@scripted.sided(X)
def bound_forward(library: Any) -> Any:
    return nn.Linear(4, 4).forward


@scripted.sided(X)
def bound_method(library: Any) -> Any:
    return Looping().other


@scripted.sided(X)
def method_of_plain_class(library: Any) -> Any:
    class Plain:
        def run(self, x):
            return x * 2

    return Plain().run


@scripted.sided(X)
def callable_object(library: Any) -> Any:
    class Plain:
        def __call__(self, x):
            return x * 2

    return Plain()


@scripted.sided(X)
def trace_in_trace(library: Any) -> Any:
    return lambda x: library.trace(lambda y: y + 1, x, check_trace=False)(x)


@scripted.sided(X)
def asks_whether_traced(library: Any) -> Any:
    return lambda x: x + 1 if library.is_tracing() and torch.jit.is_tracing() else x


@scripted(X)
def torch_function(x):
    return torch_compiled(x, 2) + 1


@scripted(X)
def torch_traced_function(x):
    return torch_traced(x) + 1


@scripted(X)
def torch_script_if_tracing(x):
    return torch_chosen(x) + 1


torch_compiled = torch.jit.script(branching)
torch_traced = torch.jit.trace(lambda x: x * 2, X)


@torch.jit.script_if_tracing
def torch_chosen(x):
    if bool(x.sum() > 0):
        return x * 2
    return x


@scripted(X)
class TorchModules(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scripted = torch.jit.script(Looping())
        self.traced = torch.jit.trace(nn.Linear(4, 4), X)

    def forward(self, x):
        return self.scripted(self.traced(x)) + self.scripted.other(x)


@scripted(torch.ones(1, 3, 4))
class TorchModuleOfOptional(nn.Module):
    """A convolution's bias may be None, and is a tensor here."""

    def __init__(self) -> None:
        super().__init__()
        self.scripted = torch.jit.script(nn.Conv1d(3, 2, 1))

    def forward(self, x):
        return self.scripted(x) * 2


@scripted(X)
def torch_script_if_tracing_of_functional(x):
    return torch_padded(x) + 1


@torch.jit.script_if_tracing
def torch_padded(x):
    if x.shape[0] < 9:
        x = functional.pad(x, [0, 0, 0, 9 - x.shape[0]])
    return functional.interpolate(x[None], scale_factor=2.0)[0]


@scripted(X)
def torch_module_in_function(x):
    return torch_module(x)


torch_module = torch.jit.script(Looping())
