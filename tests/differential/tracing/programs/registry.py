"""How a file of programs names its functions and modules."""

from collections.abc import Callable
from typing import Any

from tests.differential.tracing.case import Case


class Registry:
    """The programs of one file, in their order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases: list[Case] = []

    def __call__(self, *inputs: Any, other: tuple[Any, ...] = (), **options: Any) -> Callable[[Any], Any]:
        """Add a function or a class of modules, traced with `inputs`."""
        return self._adder(_by_place(inputs, options), other, None, options)

    def methods(self, inputs: dict[str, Any], **options: Any) -> Callable[[Any], Any]:
        """Add a class of modules of which several methods are traced."""
        return self._adder((), (), inputs, options)

    def sided(self, *inputs: Any, **options: Any) -> Callable[[Any], Any]:
        """Add what a function makes with the library that it is given: torch.jit or ours."""

        def add(make: Any) -> Any:
            given = _by_place(inputs, options)
            self.cases.append(Case(f"{self.name}.{make.__name__}", make, given, options, is_sided=True))
            return make

        return add

    def _adder(
        self, inputs: Any, other: tuple[Any, ...], methods: dict[str, Any] | None, options: Any
    ) -> Callable[[Any], Any]:
        def add(program: Any) -> Any:
            make = program if isinstance(program, type) else lambda: program
            name = f"{self.name}.{program.__name__}"
            self.cases.append(Case(name, make, inputs, options, other, methods))
            return program

        return add


def _by_place(inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What is given by place: None where all is given by name, since nothing is a call without arguments."""
    return inputs or None if options.get("example_kwarg_inputs") is not None else inputs
