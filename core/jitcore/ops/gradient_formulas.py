"""The formulas by which operators are differentiated: graphs that run them, and graphs of their gradients."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.ops.releases import USUAL, table_of

if TYPE_CHECKING:
    from pathlib import Path

FORMULAS: Final = "gradient_formulas.txt"
HEADING: Final = "== "
BACKWARD: Final = "--"
"""What stands between the two graphs of a formula."""


class FormulaTexts(NamedTuple):
    """The graphs of a formula, as printed.

    `forward` takes what the operator takes and gives, in a tuple, what it gives and a tuple of what the
    gradients need; `backward` takes that tuple and a gradient for each result, and gives one for each
    argument.
    """

    forward: str
    backward: str


@cache
def formula_texts() -> dict[str, FormulaTexts]:
    """The formulas, by the overload that they are for (`aten::mul.Tensor`)."""
    return {
        name: FormulaTexts(*text.split(f"{BACKWARD}\n", 1))
        for name, text in _entries().items()
        if "::" in name
    }


def function_text(name: str) -> str:
    """The body of a function that formulas call, as it is inlined. Raises KeyError for any other."""
    return _entries()[name]


@cache
def _entries() -> dict[str, str]:
    # What a release has otherwise stands beside its other tables.
    return _entries_in(table_of(FORMULAS, USUAL)) | _entries_in(table_of(FORMULAS))


def _entries_in(table: Path) -> dict[str, str]:
    entries = table.read_text(encoding="utf-8").split(HEADING)[1:]
    return {name: text for name, _, text in (entry.partition("\n") for entry in entries)}
