"""The functions, decorators and classes of torch.jit, each as its page shows it."""

import io
from typing import Any, Dict, List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.scripting.documentation.examples import example, refusal, texts

X = torch.arange(4.0).view(2, 2)


@example
def script_a_function(jit):
    @jit.script
    def larger(x, y):
        if x.max() > y.max():
            r = x
        else:
            r = y
        return r

    return larger(X, X * 2), larger(X * 3, X), type(larger).__name__, texts(larger)


@example
def script_with_example_inputs(jit):
    def total(a, b):
        return a + b

    compiled = jit.script(total)
    return compiled(X, X)


class Weighted(nn.Module):
    def __init__(self, rows: int, columns: int):
        super().__init__()
        self.weight = nn.Parameter(torch.arange(float(rows * columns)).view(rows, columns))
        self.linear = nn.Linear(columns, rows)
        nn.init.constant_(self.linear.weight, 0.5)
        nn.init.constant_(self.linear.bias, 1.0)

    def forward(self, x):
        if x.sum() > 0:
            output = self.weight.mv(x)
        else:
            output = self.weight.sum(1) + self.linear(x)
        return output


@example
def script_a_module(jit):
    compiled = jit.script(Weighted(2, 3))
    ones = torch.ones(3)
    return compiled(ones), compiled(-ones), texts(compiled), str(compiled.graph).count("prim::If")


@example
def compiled_functions_in_modules(jit):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(1, 2, 3)
            self.second = nn.Conv2d(2, 2, 3)

        def forward(self, x):
            return F.relu(self.second(F.relu(self.first(x))))

    torch.manual_seed(0)
    compiled = jit.script(Net())
    return compiled(torch.ones(1, 1, 6, 6)), texts(compiled)


class Entries(nn.Module):
    def implicitly_compiled(self, x):
        return x * 99

    @torch.jit.export
    def another(self, x):
        return x + 10

    def python_only(self, x):
        return x.numpy().tolist()

    def forward(self, x):
        return self.implicitly_compiled(x)


@example
def exported_methods(jit):
    compiled = jit.script(Entries())
    return (
        compiled(X),
        compiled.another(X),
        hasattr(compiled, "implicitly_compiled"),
        hasattr(compiled, "python_only"),
    )


class Debugged(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = [0]

    @torch.jit.ignore
    def look(self, x: Tensor) -> None:
        assert x.dim() == 2

    def forward(self, x):
        x = x + 10
        self.look(x)
        return x


@example
def ignored_methods_stay_python(jit):
    compiled = jit.script(Debugged())
    return compiled(X), refusal(compiled.save_to_buffer)[:40], compiled.look(X)


class Half(nn.Module):
    def __init__(self, thrifty: bool):
        super().__init__()
        self.thrifty = thrifty

    @torch.jit.unused
    def thrifty_way(self, x):
        import math

        return x + math.prod([2, 5])

    def forward(self, x):
        if self.thrifty:
            return self.thrifty_way(x)
        return x + 10


@example
def unused_methods_raise(jit):
    plain, thrifty = jit.script(Half(False)), jit.script(Half(True))
    loaded = torch.jit.load(io.BytesIO(plain.save_to_buffer()))
    return plain(X), loaded(X), refusal(lambda: thrifty(X)), texts(thrifty)


@example
def annotated_values(jit):
    def made():
        table = torch.jit.annotate(Dict[str, int], {})
        table["a"] = 1
        return table

    def other(items: List[int]):
        return [jit.annotate(float, 1.0) for _ in items]

    return jit.script(made)(), jit.annotate(int, 3)


class WithAttributes(nn.Module):
    def __init__(self, jit):
        super().__init__()
        self.ratio = jit.Attribute(0.1, float)
        self.ages = jit.Attribute({"a": 1}, Dict[str, int])

    def forward(self, x):
        assert 0.0 < self.ratio
        return x + self.ages["a"]


@example
def attributes_with_types(jit):
    compiled = jit.script(WithAttributes(jit))
    return compiled(X), compiled.ratio, compiled.ages


@example
def forks(jit):
    def work(a: Tensor, b: int) -> Tensor:
        return a + b

    def both(a):
        future = torch.jit.fork(work, a, b=2)
        return torch.jit.wait(future) + 1

    compiled = jit.script(both)
    return compiled(X), texts(compiled)


class Add(nn.Module):
    def forward(self, a: Tensor, b: int):
        return a + b


class Forked(nn.Module):
    def __init__(self):
        super().__init__()
        self.add = Add()

    def forward(self, x):
        future = torch.jit.fork(self.add, x, b=2)
        return torch.jit.wait(future)


@example
def forks_of_modules(jit):
    compiled = jit.script(Forked())
    return compiled(X), texts(compiled)


@example
def asking_whether_one_is_compiled(jit):
    def which(x):
        if torch.jit.is_scripting():
            return x + 1
        return x - 1

    return jit.script(which)(X), which(X), jit.is_scripting()


@example
def compiled_when_traced(jit):
    @jit.script_if_tracing
    def last(x):
        y = x
        for row in x:
            y = row
        return y

    return last(X)


class Runs:
    def run(self, x: Tensor) -> Tensor:
        pass


class Plus:
    def run(self, x: Tensor) -> Tensor:
        return x.relu()


class Times:
    def __init__(self) -> None:
        self.value = torch.full((2,), 3.0)

    def run(self, x: Tensor) -> Tensor:
        return x + self.value


class Walks:
    def walk(self, x: Tensor) -> Tensor:
        return x


@example
def interfaces(jit):
    jit.interface(Runs)
    for implementation in (Plus, Times, Walks):
        jit.script(implementation)

    def use(runs: List[Runs], index: int, x: Tensor) -> Tensor:
        return runs[index].run(x)

    compiled = jit.script(use)
    runs = [Plus(), Times()]
    return [compiled(runs, index, X) for index in (0, 1)], refusal(lambda: compiled([Walks()], 0, X))


@example
def saving_and_loading(jit):
    module = jit.script(Weighted(2, 3))
    buffer = io.BytesIO()
    jit.save(module, buffer)
    buffer.seek(0)
    again = jit.load(buffer, map_location=torch.device("cpu"))
    return again(torch.ones(3)), again.code, list(again.state_dict()), str(again)


@example
def extra_files(jit):
    buffer = io.BytesIO()
    jit.save(jit.script(nn.ReLU()), buffer, _extra_files={"notes.txt": b"bar"})
    buffer.seek(0)
    files = {"notes.txt": ""}
    jit.load(buffer, _extra_files=files)
    return files


@example
def what_a_compiled_module_shows(jit):
    module = jit.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    return (
        module.code, [name for name, _ in module.named_parameters()], module.original_name, module.training,
        module.eval().training, [child.original_name for _, child in module.named_children()],
        module.code_with_constants[0], str(module.inlined_graph).count("aten::linear"),
    )  # fmt: skip


@example
def constants_of_code(jit):
    class Shifted(nn.Module):
        def forward(self, x):
            return x + torch.tensor([1, 2])

    text, constants = jit.script(Shifted()).code_with_constants
    return text, constants.const_mapping


@example
def properties_that_are_left_out(jit):
    class Partly(nn.Module):
        __jit_unused_properties__ = ["cannot"]

        def __init__(self):
            super().__init__()
            self.a = 2

        @property
        def cannot(self):
            return [y for y in (self.a, "b")]

        @property
        def can(self) -> int:
            return self.a + 1

        def forward(self, x):
            return x * self.can

    return jit.script(Partly())(X)


@example
def modules_of_any_kind_in_a_type(jit):
    class Shape(nn.Module):
        def forward(self, x: Any) -> Tuple[int, str]:
            if isinstance(x, torch.Tensor):
                return x.dim(), "tensor"
            return 0, "else"

    compiled = jit.script(Shape())
    return compiled(X), compiled("a")
