"""What Python objects mean in the function that is compiled: its resolver knows.

What a resolver gives names for meanings asks it for more of them, and cannot import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.scripting.resolver import PythonResolver
    from jitcore.source import SourceRange


def resolver_of(lowering: Lowering) -> PythonResolver:
    """What gives names their meaning in a function of Python that is compiled."""
    return cast("PythonResolver", lowering.resolver)


def compiler_of(lowering: Lowering) -> ScriptCompiler:
    """The compiler of what a function names."""
    return resolver_of(lowering).compiler


def meaning(obj: Any, at: SourceRange, lowering: Lowering, is_constant: bool = False) -> SugaredValue:
    """What a Python object means in a program; see `python_values.to_sugared`."""
    return resolver_of(lowering).meaning(obj, at, lowering, is_constant)
