"""Hand-written programs over the whole language, and those that must be refused."""

import importlib
import pkgutil
import warnings
from collections.abc import Iterator
from types import ModuleType

from tests.differential.corpus import language as saved
from tests.differential.corpus.language.programs import Program, Programs
from tests.differential.scripting import programs, refused
from tests.differential.scripting.case import Case

_CHANGED_BY_RUNNING = ("combinations.generator_use",)
"""Programs whose run seeds the generator that torch keeps as a constant of the graph, in this whole process:
what it prints then depends on what ran before. Archives of them are compared, each in a state of its own."""


def cases() -> Iterator[Case]:
    """Every function among the programs: ours, and those that are also saved and read again."""
    for program in programs_of(programs, saved):
        if program.way == "script" and not isinstance(program.target, type):
            yield Case(f"language.{program.name}", program.target, program.calls)


def steady_cases() -> Iterator[Case]:
    """Those that print the same whatever ran before."""
    return (case for case in cases() if case.name.removeprefix("language.") not in _CHANGED_BY_RUNNING)


def refused_cases() -> Iterator[Case]:
    """Every program that must be refused."""
    for program in programs_of(refused):
        yield Case(f"refused.{program.name}", program.target)


def programs_of(*packages: ModuleType) -> Iterator[Program]:
    """The programs of all files of the packages."""
    for package in packages:
        for found in pkgutil.iter_modules(package.__path__):
            with warnings.catch_warnings():
                # Some programs are in ways that torch warns of.
                warnings.simplefilter("ignore")
                module = importlib.import_module(f"{package.__name__}.{found.name}")
            for value in list(vars(module).values()):
                if isinstance(value, Programs):
                    yield from value
