"""A whole graph that runs in the form that was quickest when all were tried."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch

from jitcore.exec.compiled.prepacked_program import PrepackedProgram
from jitcore.exec.compiled.prepared_program import OtherLayoutError, of_recorded
from jitcore.exec.compiled.recorded_program import recorded
from jitcore.exec.compiled.records import GroupRecord, VersionRecord, inputs_text
from jitcore.exec.compiled.tensor_program import NotCompilableError, described_input
from jitcore.exec.compiled.trying import (
    difference,
    is_computable,
    leaves_of,
    records_nothing,
    tensors_of,
    times_of,
)
from jitcore.exec.plan_places import FAILURES
from jitcore.ir import ScriptObject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.compiled.group_compiler import GroupCompiler
    from jitcore.exec.compiled.prepared_program import PreparedProgram
    from jitcore.exec.compiled.recorded_program import RecordedProgram
    from jitcore.exec.plan import GraphPlan
    from jitcore.exec.watching import Observer

AS_IT_IS: Final = "operator by operator"
ENGINE: Final = "inductor"
PACKED: Final = "packed weights"

_MOST_VERSIONS: Final = 4
"""Sets of sizes that one graph is compiled for."""


class Form(NamedTuple):
    """One way to compute a graph: its name, what does it, and whether something has changed that it was made
    for."""

    name: str
    call: Callable[[Sequence[Any]], Any]
    is_stale: Callable[[], bool]


class _Version:
    """The forms for inputs of one description."""

    def __init__(self) -> None:
        self.seen = 0
        self.is_asked = False
        self.forms: deque[Form] = deque()
        self.chosen: Form | None = None
        self.state = "waiting"
        self.reasons: list[str] = []
        self.seconds = 0.0
        self.was_kept = False
        self.times: dict[str, float] = {}
        self.runs = 0


class CompiledGraph:
    """Runs a graph: `uncompiled` takes one argument for each input, as this does, and gives the same.

    `make_plan` makes a plan that an observer sees. Forms are made in another thread: with packed weights,
    which is soon done, then compiled by Inductor. A form is for tensors of the very sizes, strides, dtypes
    and devices that it was made for, and for calls in which nothing is recorded. The first call that finds
    one ready computes it and those before it: what differs in more than rounding or shares memory is never
    used, and of the others the quickest, if it is quicker than `uncompiled`.
    """

    def __init__(
        self,
        name: str,
        uncompiled: Callable[..., Any],
        make_plan: Callable[[Observer], GraphPlan],
        compiler: GroupCompiler,
    ) -> None:
        self._name = name
        self._uncompiled = uncompiled
        self._make_plan = make_plan
        self._compiler = compiler
        self._versions: dict[tuple[Any, ...], _Version] = {}

    def __call__(self, *values: Any) -> Any:
        """The results of the graph, as `uncompiled` gives them."""
        key = _key_of(values) if records_nothing() else None
        if key is None:
            return self._uncompiled(*values)
        version = self._versions.get(key)
        if version is None:
            if len(self._versions) >= _MOST_VERSIONS:
                return self._uncompiled(*values)
            version = self._versions[key] = _Version()
        chosen = version.chosen
        if chosen is None or (version.forms and self._compiler.is_idle):
            return self._not_yet(version, values)
        if not chosen.is_stale():
            try:
                given = chosen.call(values)
            except OtherLayoutError:
                _give_up(version, "what torch computes between compiled parts lies otherwise in memory")
            else:
                version.runs += 1
                return given
        else:
            _give_up(version, "something has changed that it was compiled for")
        return self._uncompiled(*values)

    def record(self) -> GroupRecord:
        """What became of the graph so far."""
        versions = [_record(key, version) for key, version in self._versions.items()]
        return GroupRecord(self._name, ENGINE, "", tuple(versions))

    def _not_yet(self, version: _Version, values: tuple[Any, ...]) -> Any:
        version.seen += 1
        if version.forms and self._compiler.is_idle:
            # While others are compiled, no time that is measured says anything.
            return self._try(version, values)
        if version.seen > 1 and not version.is_asked:
            version.is_asked = True
            described = [described_input(value) for value in values]
            self._compiler.prepare(lambda: self._prepare(version, described))
        return self._uncompiled(*values)

    def _prepare(self, version: _Version, described: Sequence[list[Any]]) -> None:
        """Make the forms. Runs in a thread of the compiler's.

        What cannot be recorded may do more than give values: then no form is tried, which would do it again.
        """
        try:
            program = recorded(self._make_plan, described)
        except NotCompilableError as error:
            version.reasons.append(str(error))
            version.state = "refused"
            return
        try:
            packed = PrepackedProgram(program)
            version.forms.append(Form(PACKED, packed.run, packed.is_stale))
        except (NotCompilableError, *FAILURES) as error:
            version.reasons.append(f"{PACKED}: {error}")
        self._compiler.prepare(lambda: self._compile(version, program))

    def _compile(self, version: _Version, program: RecordedProgram) -> None:
        try:
            form = self._compiled(version, of_recorded(program))
            version.forms.append(form)
        except NotCompilableError as error:
            version.reasons.append(str(error))
            if version.state == "waiting" and not version.forms:
                version.state = "refused"

    def _compiled(self, version: _Version, program: PreparedProgram) -> Form:
        calls: list[Callable[..., list[Any]] | None] = []
        version.was_kept = True
        for part in program.parts:
            if part.described is None:
                calls.append(None)
                continue
            made = self._compiler.compiled(part.described)
            version.seconds += made.seconds
            version.was_kept = version.was_kept and made.was_kept
            if made.call is None:
                raise NotCompilableError(made.refused)
            calls.append(made.call)
        return Form(ENGINE, lambda values: program.run(calls, values), program.is_stale)

    def _try(self, version: _Version, values: tuple[Any, ...]) -> Any:
        """Compute in all forms, and decide; gives what is computed as ever."""
        given = self._uncompiled(*values)
        expected = leaves_of(given)
        tensors = tensors_of(values)
        known = [] if version.chosen is None else [version.chosen]
        # Others may come while these are tried.
        new = [version.forms.popleft() for _ in range(len(version.forms))]
        forms = [*known, *(form for form in new if self._fits(version, form, values, expected))]
        calls = [lambda: self._uncompiled(*values), *(lambda form=form: form.call(values) for form in forms)]
        times = times_of(calls, tensors)
        names = [AS_IT_IS, *(form.name for form in forms)]
        version.times |= {name: seconds * 1e6 for name, seconds in zip(names, times, strict=True)}
        best = min(zip(times[1:], forms, strict=True), key=lambda pair: pair[0], default=None)
        version.chosen = None
        if best is None:
            version.state = "refused"
        elif self._compiler.prefers(best[0], times[0]):
            version.state, version.chosen = "compiled", best[1]
        else:
            version.state = "slower"
            version.reasons.append("it was slower than operator by operator when it was tried")
        return given

    def _fits(self, version: _Version, form: Form, values: tuple[Any, ...], expected: list[Any]) -> bool:
        """Whether a form gives what is expected; else it is noted why not."""
        try:
            found, again = (leaves_of(form.call(values)) for _ in range(2))
            reason = difference(expected, found, again, tensors_of(values))
        except OtherLayoutError:
            reason = "what torch computes between compiled parts lies otherwise in memory"
        except FAILURES as error:
            reason = f"it failed: {error}"
        if reason:
            version.reasons.append(f"{form.name}: {reason}")
        return not reason


def _give_up(version: _Version, reason: str) -> None:
    version.chosen, version.state = None, "refused"
    version.reasons.append(reason)


def _key_of(values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """What a form is chosen by; None where none may compute these."""
    key: list[Any] = []
    records = torch.is_grad_enabled()
    for value in values:
        if isinstance(value, torch.Tensor):
            is_plain = is_computable(value) or (value.dtype in _WHOLE and type(value) is torch.Tensor)
            if not is_plain or not value.numel() or (records and value.requires_grad):
                return None
            key += (value.dtype, value.device, value.shape, value.stride())
        elif type(value) in (int, float, bool):
            # True, 1 and 1.0 are equal, and so are zeros of either sign.
            key += (type(value), repr(value))
        elif value is None:
            key.append(None)
        elif isinstance(value, ScriptObject):
            # It lives as long as the key does, so that no other is taken for it.
            key.append(_Held(value))
        else:
            return None
    return tuple(key)


_WHOLE: Final = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


class _Held:
    """An object that is itself alone."""

    __slots__ = ("owner",)

    def __init__(self, owner: ScriptObject) -> None:
        self.owner = owner

    def __hash__(self) -> int:
        return id(self.owner)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.owner is self.owner

    def __str__(self) -> str:
        return "the module"


def _record(key: tuple[Any, ...], version: _Version) -> VersionRecord:
    form = AS_IT_IS if version.chosen is None else version.chosen.name
    others = [microseconds for name, microseconds in version.times.items() if name != AS_IT_IS]
    return VersionRecord(
        inputs_text(key),
        version.state,
        "; ".join(dict.fromkeys(version.reasons)),
        version.seconds,
        version.was_kept,
        min(others, default=0.0),
        version.times.get(AS_IT_IS, 0.0),
        version.runs,
        tuple(version.times.items()),
        form,
    )
