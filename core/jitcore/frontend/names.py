"""Which variable names are worth keeping as names of values."""

from __future__ import annotations


def is_meaningful(name: str) -> bool:
    """Whether values may carry the name: `_1` and the compiler's own `$...` are only numbers in disguise."""
    first = name[:1]
    if first == "_":
        rest = name[1:]
        return rest != "" and not (rest.isascii() and rest.isdigit())
    return first != "" and first != "$"
