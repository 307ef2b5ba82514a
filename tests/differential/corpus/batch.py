"""What the corpus is made of: archives to be compared, and counts of what torch refuses."""

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass(frozen=True)
class Call:
    """One run: a method of the archive's module and what it is given; calls share the module's state."""

    method: str
    inputs: tuple[Any, ...]


@dataclass
class Batch:
    """One saved archive and the calls whose values are compared.

    `programs` is how many programs it holds: one, or as many as it has methods where small programs
    share an archive. `refused` counts what torch would not compile or save on the way, by reason; `classes`
    are the module classes that the archive holds.
    """

    name: str
    archive: bytes
    calls: list[Call] = field(default_factory=list)
    programs: int = 1
    refused: Counter[str] = field(default_factory=Counter)
    classes: frozenset[type] = frozenset()


def saved(program: Any) -> bytes:
    """The archive of a scripted or traced program."""
    buffer = io.BytesIO()
    torch.jit.save(program, buffer)
    return buffer.getvalue()


def first_line(error: BaseException) -> str:
    """What an error says, short enough to count by."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:80] if lines else ''}"
