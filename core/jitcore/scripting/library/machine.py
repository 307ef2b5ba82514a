"""What runs the compiled functions that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec import ExecutionError, Interpreter, Materializer
from jitcore.exec.executor.executors import Executors
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.run_errors import translated
from jitcore.scripting.library.to_python import to_python
from jitcore.slots.from_python import CastError, to_script
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Function, Node, ScriptObject
    from jitcore.slots.compiles import KnownClasses


class Machine:
    """An interpreter with the plans of one program: of an archive, or of all that a process compiles.

    `known` are the classes of Python that programs know, `wrap` makes what Python gets for a module, and for
    an object of a class that is not there. Tensors of constants go to `device`, and `file` is the archive.
    """

    def __init__(
        self,
        known: KnownClasses,
        wrap: Callable[[ScriptObject, Machine], Any],
        device: str | torch.device | None = None,
        file: str | None = None,
    ) -> None:
        self.known = known
        self.wrap = wrap
        self.interpreter = Interpreter(allow_files=True)
        self.interpreter.materializer = Materializer(device, file, self.interpreter.call, allow_files=True)
        self.interpreter.adapt_python = self._adapted
        self.executors = Executors(self.interpreter)

    def _adapted(self, node: Node, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that was left to Python as the program calls it, with TorchScript's values."""
        kinds = [value.type for value in node.inputs]
        wanted = node.outputs[0].type

        def run(*values: Any) -> Any:
            given = [to_python(value, kind, self) for value, kind in zip(values, kinds, strict=True)]
            try:
                result = function(*given)
            except Exception as error:
                # A person's own code, which may raise anything: torch gives its class and words.
                words = str(error) or "<EMPTY MESSAGE>"
                raise ExecutionError(f"{type(error).__name__}: {words}") from error
            try:
                return to_script(result, wanted, self.known)
            except CastError as error:
                raise ExecutionError(
                    f" expected value of type {wanted.repr_str} for return value but instead got value of "
                    f"type {type(result).__name__}.\nValue: {result!r}\nCast error details: {error}"
                ) from None

        return run

    def call(self, function: Function, arguments: Sequence[Any]) -> Any:
        """The result of a function for arguments that are TorchScript's values already.

        Raises `Error` for what the program raises and RuntimeError for whatever fails in it.
        """
        try:
            return self.executors.run(function, arguments)
        except ExecutionError as error:
            raise translated(error) from error
        except JitError as error:
            # The executor refuses to make a plan of it.
            raise raised(error) from error
