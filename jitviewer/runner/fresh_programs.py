"""A program of a request, made ready again and again to run on copies of what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.diagnose.paired_runs import Runnable
from jitcore.exec.arguments import fit_arguments
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.lowered_tuples import lower_arguments, raise_results
from jitcore.exec.values import Materializer
from jitcore.ir import ScriptObject
from jitviewer.runner.evaluating import LocalEvaluator
from jitviewer.runner.programs import load_program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Graph
    from jitviewer.protocol.runner_messages import RunRequest
    from jitviewer.runner.handed_files import HandedFiles


class FreshProgram:
    """The program of a request after its passes. Attributes: `graph`.

    Notes of the passes are added to `notes`, and what of a call is not run.
    """

    def __init__(
        self,
        request: RunRequest,
        files: HandedFiles,
        device: torch.device,
        print_text: Callable[[str], object],
        notes: list[str],
    ) -> None:
        self._request = request
        self._device = device
        self._print_text = print_text
        self._program = load_program(request, files.to_read(request.path), LocalEvaluator(), notes)
        hooks = self._program.hooks
        if hooks is not None and self._program.receiver is not None and hooks.note():
            notes.append("what the hooks of the module do after forward is not compared")

    @property
    def graph(self) -> Graph:
        """The graph after the passes."""
        return self._program.graph

    def runnable(self, given: Sequence[Any], dtype: torch.dtype | None = None) -> Runnable:
        """The program with a module of its own and copies of the inputs, floating ones as `dtype` if it is
        given. Raises `ExecutionError` for inputs that do not fit."""
        program, allow_files = self._program, self._request.allow_files
        interpreter = Interpreter(print_text=self._print_text, allow_files=allow_files)
        materializer = Materializer(self._device, program.file, interpreter.call, allow_files)
        interpreter.materializer = materializer
        receiver = [materializer.object(program.receiver)] if program.receiver is not None else []
        if dtype is not None:
            for module in receiver:
                _convert(module, dtype, set())
        inputs = cast("list[Any]", moved([*given], self._device, dtype))
        arguments = fit_arguments(program.schema, [*receiver, *inputs], materializer)
        if program.hooks is not None and receiver:
            made = program.hooks.before(interpreter, receiver[0], arguments[1:])
            arguments = fit_arguments(program.schema, [*receiver, *made], materializer)
        lowered = lower_arguments(program.schema, program.graph, arguments)
        return Runnable(
            program.graph, lowered, materializer, program.name, allow_files,
            declare_results=self._declared,
        )  # fmt: skip

    def _declared(self, outputs: Sequence[Any]) -> list[Any]:
        if len(self._program.schema.returns) != 1:
            return [*outputs]
        return [raise_results(self._program.schema, self._program.graph, outputs)]


def moved(value: Any, device: torch.device, dtype: torch.dtype | None) -> Any:
    """A copy on the device, what is floating of that dtype."""
    if isinstance(value, torch.Tensor):
        wanted = dtype if dtype is not None and value.is_floating_point() else value.dtype
        return value.to(device, wanted, copy=True)
    if isinstance(value, list):
        return [moved(item, device, dtype) for item in cast("list[Any]", value)]
    if isinstance(value, tuple):
        return tuple(moved(item, device, dtype) for item in cast("tuple[Any, ...]", value))
    if isinstance(value, dict):
        entries = cast("dict[Any, Any]", value).items()
        return {key: moved(item, device, dtype) for key, item in entries}
    return value


def _convert(module: object, dtype: torch.dtype, met: set[int]) -> None:
    """Convert floating parameters and buffers of a module and of those in it.

    Lists and dicts of tensors are converted too: an LSTM reads its weights from a list of them.
    """
    if not isinstance(module, ScriptObject) or id(module) in met:
        return
    met.add(id(module))
    for name, value in module.attributes.items():
        if isinstance(value, ScriptObject):
            _convert(value, dtype, met)
        else:
            module.attributes[name] = _converted(value, dtype, met)


def _converted(value: Any, dtype: torch.dtype, met: set[int]) -> Any:
    """The value with its floating tensors of that dtype; lists and dicts stay what they are to those who
    share them."""
    if isinstance(value, torch.Tensor):
        # What is quantized has a floating dtype nowhere but in its scale.
        return value.to(dtype) if value.is_floating_point() and not value.is_quantized else value
    if isinstance(value, tuple):
        return tuple(_converted(item, dtype, met) for item in cast("tuple[Any, ...]", value))
    if isinstance(value, list):
        items = cast("list[Any]", value)
        items[:] = [_converted(item, dtype, met) for item in items]
    elif isinstance(value, dict):
        entries = cast("dict[Any, Any]", value)
        entries.update({key: _converted(item, dtype, met) for key, item in entries.items()})
    else:
        _convert(value, dtype, met)
    return value
