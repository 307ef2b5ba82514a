"""The functions of torch.nn.functional, called as torch's operator samples call them."""

import inspect
from collections.abc import Iterator

from torch.nn import functional

from tests.differential.scripting.case import Case


def cases() -> Iterator[Case]:
    """A case for each function; those that torch refuses must be refused."""
    for name in sorted(dir(functional)):
        function = getattr(functional, name)
        if inspect.isfunction(function):
            yield Case(f"functional.{name}", function)
