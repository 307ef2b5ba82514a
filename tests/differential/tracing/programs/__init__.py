"""The programs that the tests have of their own: functions and modules with what they are traced with."""

import importlib
import pkgutil
from collections.abc import Iterator

from tests.differential.tracing.case import Case
from tests.differential.tracing.programs.registry import Registry


def cases() -> Iterator[Case]:
    """The cases of all files."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for value in list(vars(module).values()):
            if isinstance(value, Registry):
                yield from value.cases
