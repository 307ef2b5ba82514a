"""A TorchScript JIT core: archive reader, frontend, SSA IR, passes, printers and interpreter.

As a library it has torch.jit's names, which are imported when they are first asked for: they need torch,
and the core up to printed text does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Final

    from torch.jit import (
        Future,
        TracerWarning,  # pyright: ignore[reportPrivateImportUsage]
        TracingCheckError,  # pyright: ignore[reportPrivateImportUsage]
        strict_fusion,
    )

    from jitcore.scripting.interfaces import interface
    from jitcore.scripting.library.compilation_unit import CompilationUnit
    from jitcore.scripting.library.compiling import script
    from jitcore.scripting.library.execution import (
        can_fuse_on_cpu,
        compile_groups,
        compiled_groups,
        enable_onednn_fusion,
        fuser,
        last_executed_optimized_graph,
        onednn_fusion_enabled,
        optimized_execution,
        override_can_fuse_on_cpu,
        set_fusion_strategy,
        wait_for_compiled_groups,
    )
    from jitcore.scripting.library.freezing import (
        freeze,
        optimize_for_inference,
        run_frozen_optimizations,
    )
    from jitcore.scripting.library.loading import load
    from jitcore.scripting.library.marked_modules import ScriptModule, script_method
    from jitcore.scripting.library.operator_names import export_opnames
    from jitcore.scripting.library.run_errors import Error
    from jitcore.scripting.library.saving import save
    from jitcore.scripting.library.script_class import RecursiveScriptClass
    from jitcore.scripting.library.script_function import ScriptFunction
    from jitcore.scripting.library.script_method import ScriptMethod
    from jitcore.scripting.library.script_module import RecursiveScriptModule
    from jitcore.scripting.markers import (
        annotate,
        export,
        fork,
        ignore,
        is_scripting,
        isinstance,
        script_if_tracing,
        unused,
        wait,
    )
    from jitcore.slots.attribute import Attribute
    from jitcore.tracing.active import is_tracing
    from jitcore.tracing.api import trace, trace_module
    from jitcore.tracing.traced_modules import TopLevelTracedModule, TracedModule

__all__ = [
    "Attribute", "CompilationUnit", "Error", "Final", "Future", "RecursiveScriptClass",
    "RecursiveScriptModule", "ScriptFunction", "ScriptMethod", "ScriptModule", "TopLevelTracedModule",
    "TracedModule", "TracerWarning", "TracingCheckError", "annotate", "can_fuse_on_cpu",
    "compile_groups", "compiled_groups", "enable_onednn_fusion", "export",
    "export_opnames", "fork", "freeze", "fuser", "ignore", "interface", "is_scripting", "is_tracing",
    "isinstance", "last_executed_optimized_graph", "load", "onednn_fusion_enabled", "optimize_for_inference",
    "optimized_execution", "override_can_fuse_on_cpu", "run_frozen_optimizations", "save", "script",
    "script_if_tracing", "script_method", "set_fusion_strategy", "strict_fusion", "trace", "trace_module",
    "unused", "wait", "wait_for_compiled_groups",
]  # fmt: skip

_LIBRARY = "jitcore.scripting.library."
_MARKERS = "jitcore.scripting.markers"
_NAMES = {
    "Attribute": "jitcore.slots.attribute",
    "CompilationUnit": _LIBRARY + "compilation_unit",
    "Error": _LIBRARY + "run_errors",
    "Final": "typing",
    "Future": "torch.jit",
    "RecursiveScriptClass": _LIBRARY + "script_class",
    "RecursiveScriptModule": _LIBRARY + "script_module",
    "ScriptFunction": _LIBRARY + "script_function",
    "ScriptMethod": _LIBRARY + "script_method",
    "ScriptModule": _LIBRARY + "compiling",
    **dict.fromkeys(
        (
            "can_fuse_on_cpu", "compile_groups", "compiled_groups", "enable_onednn_fusion", "fuser",
            "last_executed_optimized_graph",
            "onednn_fusion_enabled", "optimized_execution", "override_can_fuse_on_cpu",
            "set_fusion_strategy", "wait_for_compiled_groups",
        ),
        _LIBRARY + "execution",
    ),
    "export_opnames": _LIBRARY + "operator_names",
    "freeze": _LIBRARY + "freezing",
    "interface": "jitcore.scripting.interfaces",
    "load": _LIBRARY + "loading",
    "optimize_for_inference": _LIBRARY + "freezing",
    "run_frozen_optimizations": _LIBRARY + "freezing",
    "save": _LIBRARY + "saving",
    "script": _LIBRARY + "compiling",
    "script_method": _LIBRARY + "marked_modules",
    "TopLevelTracedModule": "jitcore.tracing.traced_modules",
    "TracedModule": "jitcore.tracing.traced_modules",
    "TracerWarning": "torch.jit",
    "strict_fusion": "torch.jit",
    "TracingCheckError": "torch.jit",
    "is_tracing": "jitcore.tracing.active",
    "trace": "jitcore.tracing.api",
    "trace_module": "jitcore.tracing.api",
    **dict.fromkeys(
        (
            "_IgnoreContextManager", "annotate", "export", "fork", "ignore", "is_scripting",
            "isinstance", "script_if_tracing", "unused", "wait",
        ),
        _MARKERS,
    ),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _NAMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
