"""Writing TorchScript archives: zip records, pickled values, code files and where their code came from."""

from jitcore.archive.writing.module_writer import CompiledGraphs, save_module, write_module
from jitcore.archive.writing.runtime_values import RuntimeValues

__all__ = ["CompiledGraphs", "RuntimeValues", "save_module", "write_module"]
