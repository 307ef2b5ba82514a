"""A person's Python file as a document: what it defines, compiled by a runner into archives of ours.

Places in it are written `NAME:PATH`: the object of the file, and the module in what it was compiled to.
A function is a method of no module, `("", NAME)`. What was traced is an object of its own, `trace(NAME)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from jitcore.passes import Evaluator
from jitcore.requests.program_name import ProgramName
from jitcore.source import JitError
from jitviewer.engine.bounded import bounded_view
from jitviewer.engine.document import Document
from jitviewer.engine.input_proposals import bounded_inputs, propose_inputs
from jitviewer.engine.inspection import row_facts
from jitviewer.engine.original_source import file_view, plain_view
from jitviewer.engine.runs import told_place
from jitviewer.engine.shown_document import RunTarget, ShownDocument
from jitviewer.engine.tensor_names import TensorNames
from jitviewer.engine.tree_rows import bounded_tree, tree_rows
from jitviewer.launching.surroundings import File
from jitviewer.protocol import events
from jitviewer.protocol.bounds import PROBLEMS, SENTENCE, cut, first, more
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.problems import bounded_problem
from jitviewer.protocol.rows import Fact, InputRow, ProblemRow, ScriptableRow, TextView, TreeRow
from jitviewer.protocol.traced_names import is_traced_name, name_that_was_traced, traced_name


class ShownScript(ShownDocument):
    """A document whose programs are made one by one. `waiting` are the objects still to be compiled.

    `arguments` are those of constructors that the person gave, by the name of the class; `traces` the inputs
    that objects were or are to be traced with, by the name of the trace.
    """

    def __init__(self, number: int, path: str, evaluate: Evaluator | None) -> None:
        super().__init__(number, path, evaluate)
        self._scriptables: dict[str, ScriptableRow] = {}
        self._compiled: dict[str, Document] = {}
        self._names_of: dict[str, TensorNames] = {}
        self._problems: dict[str, list[ProblemRow]] = {}
        self._warnings: dict[str, list[ProblemRow]] = {}
        self._more = 0
        self._text = ""
        self._wanted: tuple[str, str] | None = None
        self._wanted_place: DocumentPlace | None = None
        self.waiting: list[str] = []
        self.arguments: dict[str, str] = {}
        self.traces: dict[str, list[str]] = {}

    @property
    def run_target(self) -> RunTarget:
        """See `ShownDocument`."""
        name, inner, method = _place(self.module_path, self.method)
        return RunTarget(self._compiled[name].file, inner, method, is_compiled=True)

    def close(self) -> None:
        """Give the archives up."""
        for document in self._compiled.values():
            document.close()
        self._compiled.clear()
        self._names_of.clear()
        self._document = None

    def take_list(
        self, scriptables: list[ScriptableRow], text: str, more_of_them: int = 0
    ) -> Iterator[events.Event]:
        """Show what there is to compile; all that needs no arguments is to be compiled now.

        `text` is what was executed, whatever the file holds by now. `more_of_them` are in the file and not
        listed.
        """
        self._more = more_of_them
        self._scriptables = {row.name: row for row in scriptables}
        self._text = text
        self.waiting = [
            row.name
            for row in scriptables
            if row.name in self.arguments or not (row.needs_arguments or row.kind == "class")
        ]
        for name in self.traces:
            if name_that_was_traced(name) in self._scriptables:
                self._list_trace(name)
                self.waiting.append(name)
        self.come_back_to(self._wanted_place)
        title = Path(self.path).name
        count = len(scriptables) + more_of_them
        summary = f"Python file, {count} object{'s' if count != 1 else ''} to compile"
        self._rows = bounded_tree(self._tree())
        yield events.DocumentOpened(self.number, self.path, title, summary, self._rows)
        yield events.ProblemsFound(self.number, [])
        if not self.waiting:
            yield events.SourceChanged(self.number, bounded_view(plain_view(self.path, self._text)))
            what = "the classes in it need constructor arguments" if scriptables else _NOTHING
            yield events.MethodFailed(self.number, "", "", f"{title}: {what}")

    def take_compiled(
        self,
        name: str,
        archive: File | None,
        problems: list[ProblemRow],
        warnings: Sequence[ProblemRow] = (),
    ) -> Iterator[events.Event]:
        """Take what an object was compiled to, or why it could not be; show it if nothing is shown yet."""
        if name in self.waiting:
            self.waiting.remove(name)
        self._problems.pop(name, None)
        # Whatever it is of, a trace is shown under its own name.
        self._warnings[name] = [replace(row, subject=name) for row in warnings]
        if is_traced_name(name):
            problems = [replace(row, subject=name) for row in problems]
        if archive is not None:
            problems = self._take_archive(name, archive)
        if problems:
            self._problems[name] = problems
        self._rows = bounded_tree(self._tree())
        yield events.TreeChanged(self.number, self._rows)
        told = (*self._problems.values(), *self._warnings.values())
        found = [bounded_problem(row) for rows in told for row in rows]
        found = first(found, PROBLEMS, lambda count: ProblemRow("", self.path, 0, 0, more(count, "problem")))
        yield events.ProblemsFound(self.number, found)
        wanted = self._wanted if self._wanted is not None and _place(*self._wanted)[0] == name else None
        if wanted is not None:
            self._wanted = None
        if problems:
            if wanted is not None or not (self.waiting or self._compiled):
                if not self._compiled:
                    # What it says can be read all the same, and traced.
                    yield events.SourceChanged(self.number, bounded_view(plain_view(self.path, self._text)))
                place = told_place(*(wanted or (name, "")))
                yield events.MethodFailed(self.number, *place, cut(problems[0].message, SENTENCE))
        elif wanted is not None or self._rewriting is None:
            yield from self._show_compiled(name, wanted)

    def _take_archive(self, name: str, archive: File) -> list[ProblemRow]:
        """Open what was compiled in place of what was before; gives why it cannot be opened."""
        before = self._compiled.pop(name, None)
        self._names_of.pop(name, None)
        if before is not None:
            before.close()
        try:
            self._compiled[name] = Document.open_compiled(archive, self.path)
        except JitError as error:
            return [ProblemRow(name, self.path, 0, 0, f"what {name} was compiled to: {error}")]
        return []

    def come_back_to(self, place: DocumentPlace | None) -> None:
        """Show this place once its object is compiled."""
        if place is not None:
            self._wanted, self._wanted_place = (place.module_path, place.method), place
            self.arguments.update(place.arguments)
            self.traces.update(place.traces)
            self.waiting.sort(key=lambda name: name != _place(place.module_path, place.method)[0])

    def want(self, name: str) -> None:
        """Show this object once it is compiled."""
        self._wanted = f"{name}:", ""

    def has(self, name: str) -> bool:
        """Whether the file has an object of this name."""
        return name in self._scriptables

    def list_trace(self, made: str, inputs: list[str]) -> Iterator[events.Event]:
        """List a trace that is to be made with these inputs, in place of the one before."""
        self.traces[made] = inputs
        self._list_trace(made)
        if made in self.waiting:
            self.waiting.remove(made)
        self.waiting.insert(0, made)
        self._rows = bounded_tree(self._tree())
        yield events.TreeChanged(self.number, self._rows)

    def proposed(self, name: str, arguments: str, rows: list[InputRow]) -> Iterator[events.Event]:
        """Propose to trace an object with inputs of which `rows` are what its signature says.

        What the graph tells that it was compiled to is better, and what it was traced with before is best.
        """
        known = self._known_inputs(name)
        if [row.name for row in known] == [row.name for row in rows]:
            rows = [
                replace(row, spec=better.spec, reason=better.reason) if row.required and better.spec else row
                for row, better in zip(rows, known, strict=True)
            ]
        before = self.traces.get(traced_name(name), [])
        if len(before) <= len(rows):
            why = "what it was traced with last"
            given = [replace(row, spec=spec, reason=why) for row, spec in zip(rows, before, strict=False)]
            rows = [*given, *rows[len(given) :]]
        yield events.TraceProposed(self.number, name, arguments, bounded_inputs(rows)[0])

    def _known_inputs(self, name: str) -> list[InputRow]:
        """What the graph of a compiled object tells of its inputs; nothing where there is none."""
        document = self._compiled.get(name)
        if document is None:
            return []
        try:
            function, _ = document.find("", "forward")
        except JitError:
            return []
        return propose_inputs(function, document.find_module("") if document.module else None)

    def _list_trace(self, name: str) -> None:
        """Add the line of a trace below that of its object."""
        of = self._scriptables[name_that_was_traced(name)]
        kind = "function" if of.kind == "function" else "module"
        rows: dict[str, ScriptableRow] = {}
        for row in self._scriptables.values():
            rows[row.name] = row
            if row.name == of.name:
                rows[name] = ScriptableRow(name, kind, of.line, note=f"with {', '.join(self.traces[name])}")
        self._scriptables = rows

    def _show_compiled(self, name: str, wanted: tuple[str, str] | None) -> Iterator[events.Event]:
        place, self._wanted_place = self._wanted_place, None
        if place is not None and wanted == (place.module_path, place.method):
            yield from self._show_place(place)
        elif wanted is not None and wanted[1]:
            yield from self.show(*wanted)
        else:
            yield from self.show(*self._first_place(name))

    def show(
        self, module_path: str, method: str, place: DocumentPlace | None = None
    ) -> Iterator[events.Event]:
        """See `ShownDocument`; what is still being compiled is shown once it is."""
        name, inner, inner_method = _place(module_path, method)
        document = self._compiled.get(name)
        if document is None and name in self.waiting:
            self._wanted = module_path, method
            return
        if document is None:
            why = cut(self._why_not(name), SENTENCE)
            yield events.MethodFailed(self.number, *told_place(module_path, method), why)
            return
        if self._scriptables[name].kind == "class" and method == "forward":
            # What a click on a module stands for; classes seldom have it.
            _, method = document.first_method() or ("", method)
            inner_method = method
        self._document = document
        yield from self._show(document, (inner, inner_method), (module_path, method), place)

    def _views(self, anchor: str) -> Iterator[events.Event]:
        view, line = file_view(self._shown().graph, self.path, self._text)
        if not line:
            # Methods that Python makes for a dataclass stand nowhere.
            name = _place(self.module_path, self.method)[0]
            line = max(0, self._scriptables[name].line - 1)
        yield events.SourceChanged(self.number, bounded_view(view), line)
        yield from super()._views(anchor)

    def show_record(self, record: str, name: str = "") -> Iterator[events.Event]:
        """The file itself, with the line after the last colon marked; or a record of the shown archive."""
        path, _, line = record.rpartition(":")
        if path != self.path:
            yield from super().show_record(record, name)
            return
        text = self._text
        at = max(0, int(line) - 1) if line.isdigit() else 0
        marks = {at: "removed"} if at else {}
        view = bounded_view(TextView(Path(path).name, "code", text, [], marks))
        yield events.RecordShown(self.number, view, at)

    def _tensor_names(self) -> TensorNames:
        name = _place(self.module_path, self.method)[0]
        names = self._names_in(f"{name}:")
        if names is None:
            raise JitError(f"{self.path}: nothing is shown; choose something in the tree")
        return names

    def _names_in(self, place: str) -> TensorNames | None:
        name = place.partition(":")[0]
        document = self._compiled.get(name)
        if document is not None and name not in self._names_of:
            self._names_of[name] = TensorNames(document, f"{name}:")
        return self._names_of.get(name)

    def _row_facts(self, row: TreeRow) -> list[Fact]:
        name, _, path = row.path.partition(":")
        return row_facts(replace(row, path=path), self._compiled.get(name))

    def _first_place(self, name: str) -> tuple[str, str]:
        if self._scriptables[name].kind == "function":
            return "", name
        document = self._compiled.get(name)
        first = document.first_method() if document is not None else None
        path, method = first or ("", "forward")
        return f"{name}:{path}", method

    def _why_not(self, name: str) -> str:
        problems = self._problems.get(name)
        if problems:
            return problems[0].message
        if name in self._scriptables:
            row = self._scriptables[name]
            return f"{name}({row.parameters}) needs constructor arguments before it can be compiled."
        return f"{self.path}: {ProgramName(self.path, name).missing(list(self._scriptables))}"

    def _tree(self) -> list[TreeRow]:
        rows: list[TreeRow] = []
        for scriptable in self._scriptables.values():
            self._add_rows(rows, scriptable)
        if self._more:
            rows.append(TreeRow(len(rows) + 1, 0, "more", more(self._more), "", "not listed here", 0))
        return rows

    def _add_rows(self, rows: list[TreeRow], scriptable: ScriptableRow) -> None:
        name = scriptable.name
        document = self._compiled.get(name)
        if document is None or scriptable.kind == "function":
            kind = "function" if scriptable.kind == "function" else "scriptable"
            detail = self._detail(scriptable)
            rows.append(TreeRow(len(rows) + 1, 0, kind, name, "", detail, 0, scriptable.parameters))
            return
        # Its modules hang below its name, with places written as places of the file.
        offset = len(rows)
        numbers: dict[int, int] = {0: 0}
        for row in tree_rows(document):
            if row.parent not in numbers or row.kind == "group":
                # Groups, and what is in them, are of the archive that was made on the way.
                continue
            is_root = row.id == 1
            numbers[row.id] = offset = offset + 1
            parent, shown = numbers[row.parent], name if is_root else row.name
            place = f"{name}:{row.path}"
            detail = row.detail
            if is_root and (scriptable.kind == "class" or self._is_under_way(name)):
                detail = self._detail(scriptable)
            elif is_root and scriptable.note:
                detail = f"{detail}, {scriptable.note}"
            rows.append(
                TreeRow(offset, parent, row.kind, shown, place, detail, row.bytes, elements=row.elements)
            )

    def _is_under_way(self, name: str) -> bool:
        """Whether something is made anew, or could not be."""
        return name in self.waiting or name in self._problems

    def _detail(self, scriptable: ScriptableRow) -> str:
        problems = self._problems.get(scriptable.name)
        is_trace = is_traced_name(scriptable.name)
        if problems:
            return f"cannot be {'traced' if is_trace else 'compiled'}: {problems[0].message}"
        if scriptable.name in self.waiting:
            return "tracing" if is_trace else "compiling"
        if scriptable.needs_arguments:
            return f"needs arguments: ({scriptable.parameters})"
        place = f"line {scriptable.line}" if scriptable.line else "from another file"
        if scriptable.kind == "class":
            place = f"class, {place}"
        return f"{place}, {scriptable.note}" if scriptable.note else place


_NOTHING = "it defines no function, module or class that could be compiled"


def _place(module_path: str, method: str) -> tuple[str, str, str]:
    """The object of the file, the module in it, and its method."""
    if not module_path:
        return method, "", "forward"
    name, _, inner = module_path.partition(":")
    return name, inner, method
