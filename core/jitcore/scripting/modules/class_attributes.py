"""What a name of a module's Python class means: a static function, a function left to Python, a method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend.call_notes import note_call
from jitcore.scripting import markers
from jitcore.scripting.modules.methods import static_function
from jitcore.scripting.sugared.meanings import meaning
from jitcore.scripting.sugared.python_values import PythonValue
from jitcore.source import SourceError

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value
    from jitcore.scripting.modules.compiler import ModuleCompiler
    from jitcore.slots.concrete_type import ConcreteType
    from jitcore.source import SourceRange


def find(
    compiler: ModuleCompiler,
    at: SourceRange,
    lowering: Lowering,
    concrete: ConcreteType,
    owner: Value,
    name: str,
) -> SugaredValue | None:
    """The meaning of the name; None if it has none, or if it is a method, which was compiled just now."""
    cls = concrete.python_class
    function = None if cls is None else getattr(cls, name, None)
    if cls is None or not callable(function):
        return None
    if static_function(cls, name) is not None:
        return meaning(function, at, lowering)
    if markers.is_ignored(function):
        return PythonValue(function, owner)
    try:
        compiler.compile_method(concrete, function)
    except SourceError as error:
        note_call(error, f"{cls.__name__}.{name}", lowering, at)
        raise
    return None
