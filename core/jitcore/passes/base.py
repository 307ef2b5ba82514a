"""What a pass is, and what it is given to work with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitcore.ir import Function, Graph, Node, ScriptObject
    from jitcore.passes.options import PassOption
    from jitcore.types import FunctionSchema


class EvaluationError(Exception):
    """An evaluator cannot, or will not, compute a node; `str()` says why."""


class Evaluator(Protocol):
    """Computes one node whose inputs are constants.

    `inputs` are the constants as Python values in the order of the node's inputs; the result has one
    value per output. Raises `EvaluationError` when the operator fails or would allocate too much.
    """

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """The values of the node's outputs."""
        ...


class ShapeFunctions(Protocol):
    """Compiles a function of `jitcore.ops.shape_functions`, by its name; nobody edits the graph."""

    def __call__(self, name: str) -> Graph:
        """The graph of the function, its calls not inlined."""
        ...


class PassContext:
    """What a run of passes shares.

    `evaluate` computes tensor operators (None: such nodes are left as they are); `shape_functions` compiles
    the functions that tell sizes (None: passes that need them refuse); `module` is what the first
    input of the graph is in the archive, tensors unread until somebody asks (None for the graph of a free
    function), `function` the function or method whose graph is rewritten (None where nobody knows); a pass
    that changes modules puts the copies here that it changed. `notes` are sentences for the person who asked
    for the run, such as how many nodes could not be computed.
    """

    __slots__ = ("evaluate", "function", "module", "notes", "shape_functions")

    def __init__(
        self,
        evaluate: Evaluator | None = None,
        module: ScriptObject | None = None,
        function: Function | None = None,
        shape_functions: ShapeFunctions | None = None,
    ) -> None:
        self.evaluate = evaluate
        self.shape_functions = shape_functions
        self.module = module
        self.function = function
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        """Add a sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


_registered: dict[str, type[Pass]] = {}


class Pass:
    """A rewrite of a whole graph.

    Defining a subclass with a `name` registers it. `counterpart` is the name of libtorch's pass in
    `torch._C`, whose result ours equals. The constructor takes the `options` by their names. `assumes` is
    what the pass takes for granted and does not check: only where it is so values are kept ("": they are).
    `refuses` is False for those that rewrite every graph, or refuse it before their first edit, so that
    nothing has to be noted for taking it back.
    """

    name: ClassVar[str] = ""
    counterpart: ClassVar[str] = ""
    options: ClassVar[tuple[PassOption, ...]] = ()
    assumes: ClassVar[str] = ""
    refuses: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        if not cls.name:
            return
        if cls.name in _registered and _registered[cls.name].__qualname__ != cls.__qualname__:
            raise TypeError(f"two passes are called {cls.name}")
        _registered[cls.name] = cls

    def may_refuse(self, graph: Graph) -> bool:
        """Whether the pass may find in the middle of its work that it cannot rewrite `graph`.

        Noting how all edits are taken back takes longer than the edits of some passes.
        """
        return self.refuses

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite `graph`; says whether anything changed.

        Raises `JitError` for a graph that it cannot rewrite, which `run_pipeline` leaves as it was.
        """
        raise NotImplementedError

    @classmethod
    def summary(cls) -> str:
        """First line of the docstring."""
        return (cls.__doc__ or "").strip().partition("\n")[0]


def registered_passes() -> Mapping[str, type[Pass]]:
    """The passes whose modules have been imported so far; see `jitcore.passes.catalogue` for all."""
    return _registered
