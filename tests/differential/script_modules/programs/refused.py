"""Modules that TorchScript refuses, each for one reason."""

from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn.utils import prune

from tests.differential.script_modules.programs import Refusals

refusals = Refusals()


class Plain(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1


class Two(nn.Module):
    def forward(self, x: Tensor, n: int) -> Tensor:
        return x + n


@refusals.refused
class UnknownAttribute(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + self.nothing


@refusals.refused
class ClassAttribute(nn.Module):
    scale = 3

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale


@refusals.refused
class NewAttribute(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        self.last = x
        return x


@refusals.refused
class WrongTypeOfAttribute(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def forward(self, x: Tensor) -> Tensor:
        self.count = "a"
        return x


@refusals.refused
class EmptyList(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items: List[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.items.append(1)
        return x


@refusals.refused
class EmptyDict(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items: Dict[str, int] = {}

    def forward(self, x: Tensor) -> int:
        return len(self.items)


@refusals.refused
class MixedList(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = [1, "a"]

    def forward(self, x: Tensor) -> int:
        return len(self.items)


@refusals.refused
class PythonObject(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.thing = object()

    def forward(self, x: Tensor) -> Any:
        return self.thing


@refusals.refused
class LambdaAttribute(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.act = lambda x: x

    def forward(self, x: Tensor) -> Tensor:
        return self.act(x)


@refusals.refused
class DispatchedFunction(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.functional.max_pool2d

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(x, 2)


@refusals.refused
class AnnotationDoesNotFit(nn.Module):
    real: float

    def __init__(self) -> None:
        super().__init__()
        self.real = "a"  # type: ignore[assignment]

    def forward(self, x: Tensor) -> Tensor:
        return x * self.real


@refusals.refused
class QuotedAnnotation(nn.Module):
    real: "float"

    def __init__(self) -> None:
        super().__init__()
        self.real = 1.0

    def forward(self, x: Tensor) -> Tensor:
        return x * self.real


@refusals.refused
class ModuleAnnotation(nn.Module):
    child: nn.Module

    def __init__(self) -> None:
        super().__init__()
        self.child = Plain()

    def forward(self, x: Tensor) -> Tensor:
        return self.child(x)


@refusals.refused
class TupleKeys(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = {(1, 2): 3}

    def forward(self, x: Tensor) -> Tensor:
        return x


@refusals.refused
class ConstantDict(nn.Module):
    __constants__ = ["table"]

    def __init__(self) -> None:
        super().__init__()
        self.table = {"a": 1}

    def forward(self, x: Tensor) -> Tensor:
        return x


@refusals.refused
class ConstantTensor(nn.Module):
    __constants__ = ["weight"]

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.ones(2)

    def forward(self, x: Tensor) -> Tensor:
        return x


@refusals.refused
class ConstantComplex(nn.Module):
    __constants__ = ["z"]

    def __init__(self) -> None:
        super().__init__()
        self.z = 1j

    def forward(self, x: Tensor) -> Tensor:
        return x


@refusals.refused
class ConstantIsSet(nn.Module):
    __constants__ = ["width"]

    def __init__(self) -> None:
        super().__init__()
        self.width = 3

    def forward(self, x: Tensor) -> Tensor:
        self.width = 4
        return x


@refusals.refused
class IgnoredAttributeIsUsed(nn.Module):
    __jit_ignored_attributes__ = ["z"]

    def __init__(self) -> None:
        super().__init__()
        self.z = 3

    def forward(self, x: Tensor) -> Tensor:
        return x + self.z


@refusals.refused
class NotInitialized(nn.Module):
    def __init__(self) -> None:
        pass

    def forward(self, x: Tensor) -> Tensor:
        return x


@refusals.refused
class ListIndexIsVariable(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Plain(), Plain()])

    def forward(self, x: Tensor, i: int) -> Tensor:
        return self.layers[i](x)


@refusals.refused
class ListIndexTooLarge(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Plain()])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[1](x)


@refusals.refused
class DictKeyIsVariable(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.ModuleDict({"a": Plain()})

    def forward(self, x: Tensor, key: str) -> Tensor:
        return self.table[key](x)


@refusals.refused
class DictKeyUnknown(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.ModuleDict({"a": Plain()})

    def forward(self, x: Tensor) -> Tensor:
        return self.table["b"](x)


@refusals.refused
class UnpacksList(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Plain(), Plain()])

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.layers
        return b(a(x))


@refusals.refused
class CallsSlice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Plain(), Plain()])

    def forward(self, x: Tensor) -> Tensor:
        for part in self.layers[:1]:
            x = part(x)
        return x


@refusals.refused
class GoesThroughModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.child = Plain()

    def forward(self, x: Tensor) -> Tensor:
        for part in self.child:
            x = part(x)
        return x


@refusals.refused
class IndexesModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.child = Plain()

    def forward(self, x: Tensor) -> Tensor:
        return self.child[0](x)


@refusals.refused
class LengthOfModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.child = Plain()

    def forward(self, x: Tensor) -> int:
        return len(self.child)


@refusals.refused
class LengthOfParameterList(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = nn.ParameterList([torch.ones(1)])

    def forward(self, x: Tensor) -> int:
        return len(self.items)


@refusals.refused
class NamedParameters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        for name, parameter in self.named_parameters():
            x = x + parameter
        return x


@refusals.refused
class PropertyIsUnused(nn.Module):
    __jit_unused_properties__ = ["strange"]

    @property
    def strange(self) -> int:
        return 1

    def forward(self, x: Tensor) -> Tensor:
        return x + self.strange


@refusals.refused
class PropertyIsReadOnly(nn.Module):
    @property
    def width(self) -> int:
        return 1

    def forward(self, x: Tensor) -> Tensor:
        self.width = 3
        return x


@refusals.refused
class PropertyCannotBeCompiled(nn.Module):
    @property
    def width(self) -> Any:
        return lambda: 1

    def forward(self, x: Tensor) -> Tensor:
        return x


@refusals.refused
class CallsItself(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.forward(x)


@refusals.refused
class CallsEachOther(nn.Module):
    def other(self, x: Tensor) -> Tensor:
        return self(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.other(x)


@refusals.refused
class KeywordOnlyDefault(nn.Module):
    def forward(self, x: Tensor, *, k: int = 1) -> Tensor:
        return x + k


@refusals.refused
class ManyArguments(nn.Module):
    def forward(self, *xs: Tensor) -> Tensor:
        return xs[0]


@refusals.refused
class DefaultOfCompiledTogether(nn.Module):
    @torch.jit.export
    def other(self, x: Tensor, k: int = 1) -> Tensor:
        return x + k

    def forward(self, x: Tensor) -> Tensor:
        return self.other(x)


@refusals.refused
class ChildWithoutForward(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.child = nn.Module()

    def forward(self, x: Tensor) -> Tensor:
        return self.child(x)


@refusals.refused
class ExportedCannotBeCompiled(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def other(self, x: Tensor) -> Any:
        yield x


@refusals.refused
class OverloadDoesNotFit(nn.Module):
    @torch.jit._overload_method
    def double(self, x: int) -> int: ...

    @torch.jit._overload_method
    def double(self, x: float) -> float: ...

    def double(self, x: Any) -> Any:
        return x + x

    def forward(self, x: Tensor) -> Tensor:
        return self.double("a")


@refusals.refused
class CallsSuper(nn.Linear):
    def __init__(self) -> None:
        super().__init__(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x)


@torch.jit.interface
class Operation(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


@refusals.refused
class NotTheInterface(nn.Module):
    operation: Operation

    def __init__(self) -> None:
        super().__init__()
        self.operation = Two()

    def forward(self, x: Tensor) -> Tensor:
        return self.operation(x)


@refusals.refused
class NotAllTheInterface(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Plain(), Two()])

    def forward(self, x: Tensor, i: int) -> Tensor:
        chosen: Operation = self.layers[i]
        return chosen.forward(x)


@refusals.refused
class WalksThroughInterface(nn.Module):
    operation: Operation

    def __init__(self) -> None:
        super().__init__()
        self.operation = Plain()

    def forward(self, x: Tensor) -> Tensor:
        for name, part in self.named_modules():
            x = x + 1
        return x


def _hooked(hook: Any, is_pre: bool, cls: type[nn.Module] = Two) -> nn.Module:
    module = cls()
    (module.register_forward_pre_hook if is_pre else module.register_forward_hook)(hook)
    return module


def pre_without_result(self: Any, input: Tuple[Tensor, int]):  # noqa: ANN201
    return input


def pre_gives_int(self: Any, input: Tuple[Tensor, int]) -> int:
    return 1


def pre_takes_too_few(self: Any, input: Tuple[Tensor]) -> None:
    pass


def pre_takes_no_tuple(self: Any, input: Tensor) -> None:
    pass


def pre_takes_more(self: Any, input: Tuple[Tensor, int], more: int) -> None:
    pass


def pre_takes_others(self: Any, input: Tuple[int, int]) -> None:
    pass


def pre_gives_optional(self: Any, input: Tuple[Tensor, int]) -> Optional[Tuple[Tensor, int]]:
    return input


def pre_gives_too_few(self: Any, input: Tuple[Tensor, int]) -> Tuple[Tensor]:
    return (input[0],)


def hook_takes_other_result(self: Any, input: Tuple[Tensor, int], output: int) -> None:
    pass


def hook_takes_no_result(self: Any, input: Tuple[Tensor, int]) -> None:
    pass


def hook_takes_others(self: Any, input: Tuple[int, int], output: Tensor) -> None:
    pass


def hook_takes_no_tuple(self: Any, input: Tensor, output: Tensor) -> None:
    pass


def hook_cannot_be_compiled(self: Any, input: Tuple[Tensor, int], output: Tensor) -> None:
    yield output


def forward(self: Any, input: Tuple[Tensor, int]) -> None:
    pass


def _add_hooks() -> None:
    for hook in (
        pre_without_result, pre_gives_int, pre_takes_too_few, pre_takes_no_tuple, pre_takes_more,
        pre_takes_others, pre_gives_optional, pre_gives_too_few, forward, lambda *_: None,
    ):  # fmt: skip
        refusals.append(lambda hook=hook: _hooked(hook, is_pre=True))
    for hook in (
        hook_takes_other_result, hook_takes_no_result, hook_takes_others, hook_takes_no_tuple,
        hook_cannot_be_compiled,
    ):  # fmt: skip
        refusals.append(lambda hook=hook: _hooked(hook, is_pre=False))


_add_hooks()


def again(self: Any, input: Tuple[Tensor, int]) -> None:
    pass


first_of_the_name = again


def again(self: Any, input: Tuple[Tensor, int]) -> None:  # noqa: F811
    pass


@refusals.refused
def hooks_of_one_name() -> nn.Module:
    module = _hooked(first_of_the_name, is_pre=True)
    module.register_forward_pre_hook(again)
    return module


@refusals.refused
def hook_is_an_object() -> nn.Module:
    return prune.l1_unstructured(nn.Linear(3, 3), "weight", 1)


@refusals.refused
class StateCannotBeRead(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def __setstate__(self, state):  # noqa: ANN001, ANN204
        pass


def gives_pair(self: Any, input: Tuple[Tensor, int], output: Tensor):
    return (output, output)


def takes_output_of_forward(self: Any, input: Tuple[Tensor, int], output: Tensor) -> Tensor:
    return output


@refusals.refused
def hook_behind_one_that_gives_something_else() -> nn.Module:
    module = _hooked(gives_pair, is_pre=False)
    module.register_forward_hook(takes_output_of_forward)
    return module


@refusals.refused
class ParametersAreNotThereYet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.LazyLinear(3)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)


@refusals.refused
class OverloadsWithoutImplementation(nn.Module):
    @torch.jit._overload_method
    def forward(self, x: int):
        pass

    @torch.jit._overload_method  # noqa: F811
    def forward(self, x: Tensor):  # noqa: F811
        pass


@refusals.refused
class OverloadsWithoutTypes(nn.Module):
    @torch.jit._overload_method
    def choose(self, x):  # noqa: ANN001
        pass

    @torch.jit._overload_method  # noqa: F811
    def choose(self, x):  # noqa: ANN001, F811
        # type: (int) -> int
        pass

    def choose(self, x):  # noqa: ANN001, F811
        return x + 3

    def forward(self, x: Tensor) -> Tensor:
        return self.choose(x)
