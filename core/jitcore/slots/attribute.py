"""A value of a module that says its own type."""

from __future__ import annotations

from typing import Any, NamedTuple


class Attribute(NamedTuple):
    """A value of a module with the type that its attribute has in compiled code."""

    value: Any
    type: Any
