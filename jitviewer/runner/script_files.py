"""Executes a person's Python file and lists what of it can be compiled."""

from __future__ import annotations

import ast
import enum
import importlib.util
import inspect
import linecache
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import torch

from jitcore.requests.program_name import ProgramName
from jitcore.scripting.interfaces import is_interface
from jitcore.source import JitError
from jitviewer.plain_files import as_text, reason_of
from jitviewer.protocol.rows import ProblemRow, ScriptableRow
from jitviewer.runner.compiled_objects import compiled_kind, name_of
from jitviewer.runner.module_names import module_name
from jitviewer.runner.watched_scripting import Seen, WatchedScripting
from jitviewer.trusted_source import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, ModuleType

    from jitviewer.protocol.trust import TrustedContent
    from jitviewer.runner.traced_calls import TracedCall

RAISED_BY_PROGRAMS = (Exception, SystemExit, KeyboardInterrupt, GeneratorExit)
"""Whatever a person's own code raises: an interrupt, too, is one of its own, since nobody sends us any."""

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class ScriptFileError(JitError):
    """Why something of a file cannot be used. Attribute: `row`."""

    def __init__(self, row: ProblemRow) -> None:
        super().__init__(row.message)
        self.row = row


class NotTrustedError(Exception):
    """A file is not what the person trusted. Attribute: `found`, what it is."""

    def __init__(self, found: TrustedContent) -> None:
        super().__init__(f"{found.path} is not what was trusted")
        self.found = found


class ScriptFile:
    """A file that was executed.

    Attributes: `path`, `text`, `module`, `scriptables` in the order of the file.
    """

    def __init__(self, path: str, trusted: TrustedContent | None) -> None:
        """Execute the file, if it is what was `trusted`; with None whatever it is.

        Raises `NotTrustedError` before anything of it runs, `ScriptFileError` with the line that stopped it.
        """
        self.path = path
        self.text, place = _read(path, trusted)
        code = _compile(self.text, path)
        # Whoever asks Python for the source of a function, as compiling it does, gets what was executed:
        # annotations are evaluated, and the file may be another by then. Without a time it is never checked.
        linecache.cache[path] = (len(self.text), None, self.text.splitlines(keepends=True), path)
        self._watched = WatchedScripting(path)
        with self._watched.watching():
            self.module = _execute(code, path, place)
        self._lines = _definition_lines(self.text)
        self._nameless = self._find_nameless()
        self.scriptables = sorted(self._found(), key=lambda row: row.line)

    def object(self, name: str, arguments: str) -> Any:
        """What to compile: an object of the file; of a module class an instance made with `arguments`.

        Raises `ScriptFileError` where there is no such name or the constructor raises.
        """
        if name in self._nameless:
            return self._nameless[name].made
        found: Any = self.module
        for part in name.split("."):
            if not hasattr(found, part):
                known = [row.name for row in self.scriptables]
                raise self.problem(name, ProgramName(self.path, name).missing(known))
            found = getattr(found, part)
        if inspect.isclass(found) and issubclass(found, torch.nn.Module):
            return self._instance(name, arguments)
        if arguments:
            raise self.problem(name, f"'{name}' is no module class, so it takes no constructor arguments")
        return found

    def traced_call(self, value: Any) -> TracedCall | None:
        """The call in which the file traced something, as far as our tracer can make it too."""
        return self._watched.traced_call(value)

    def problem(self, subject: str, message: str, line: int = 0) -> ScriptFileError:
        """A problem of this file, at the definition of `subject` if no line is given."""
        row = ProblemRow(subject, self.path, line or self._lines.get(subject, 0), 0, message)
        return ScriptFileError(row)

    def raised_by(self, subject: str, what: str, error: BaseException) -> ScriptFileError:
        """The problem of something that raised: at the line of this file that it came through."""
        first, _, more = str(error).partition("\n")
        message = f"{what} raises {type(error).__name__}" + (f": {first}" if first else "")
        line = _line_of(error, self.path) or self._lines.get(subject, 0)
        return ScriptFileError(ProblemRow(subject, self.path, line, 0, message, more))

    def _instance(self, name: str, arguments: str) -> torch.nn.Module:
        call = f"{name}({arguments})"
        try:
            with self._watched.watching():
                made = eval(call, vars(self.module))  # noqa: S307  # the person trusts the file, wrote the call
        except RAISED_BY_PROGRAMS as error:
            line = _line_of(error, self.path)
            raise self.problem(name, f"{call} raises {_said(error)}", line) from error
        if not isinstance(made, torch.nn.Module):
            raise self.problem(name, f"{call} gives a {type(made).__name__}, not a module")
        return made

    def _found(self) -> list[ScriptableRow]:
        rows: list[ScriptableRow] = []
        seen: set[int] = set()
        for name, value in vars(self.module).items():
            kind = self._kind(name, value)
            is_shown = not name.startswith("_") or compiled_kind(value)
            if kind and is_shown and id(value) not in seen:
                seen.add(id(value))
                rows.append(self._row(name, kind, value))
        for name, (value, line) in self._nameless.items():
            kind = "module" if isinstance(value, torch.nn.Module) else "function"
            rows.append(ScriptableRow(name, kind, line, note=self._watched.whose_work(value)))
        return rows

    def _find_nameless(self) -> dict[str, Seen]:
        """What the file compiled and gave no name at its top, as `Net@12` after the line of the call."""
        named = {id(part) for value in vars(self.module).values() for part in _parts(value)}
        found: dict[str, Seen] = {}
        for seen in self._watched.seen:
            if id(seen.made) in named:
                continue
            named.add(id(seen.made))
            base = f"{name_of(seen.made)}@{seen.line}"
            count = sum(name.partition("#")[0] == base for name in found)
            found[f"{base}#{count + 1}" if count else base] = seen
        return found

    def _kind(self, name: str, value: object) -> str:
        if isinstance(value, torch.nn.Module):
            return "module"
        if compiled_kind(value):
            return "function"
        if getattr(value, "__module__", None) != self.module.__name__ or name not in self._lines:
            return ""
        if inspect.isfunction(value):
            return "function"
        if inspect.isclass(value) and not is_interface(value):
            if issubclass(value, torch.nn.Module):
                return "module class"
            return "" if issubclass(value, BaseException | enum.Enum | tuple) else "class"
        return ""

    def _row(self, name: str, kind: str, value: object) -> ScriptableRow:
        line = self._lines.get(name, 0)
        if kind != "module class" or not inspect.isclass(value):
            return ScriptableRow(name, kind, line, note=self._watched.whose_work(value))
        # That of modules in general takes anything, and has no use for it.
        is_own = value.__init__ is not torch.nn.Module.__init__
        parameters = list(inspect.signature(value).parameters.values()) if is_own else []
        wants = any(
            p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters
        )
        return ScriptableRow(name, kind, line, ", ".join(str(p) for p in parameters), wants)


def _parts(value: object) -> Iterable[object]:
    """An object, and the modules in it."""
    return value.modules() if isinstance(value, torch.nn.Module) else (value,)


def _read(path: str, trusted: TrustedContent | None) -> tuple[str, str]:
    """The text of a file, and where it lies once links are followed."""
    try:
        content, found = read_source(path)
    except OSError as error:
        _fail(path, 0, f"cannot be read: {reason_of(error)}")
    if trusted is not None and found != trusted:
        raise NotTrustedError(found)
    try:
        return as_text(content), found.path
    except UnicodeDecodeError as error:
        _fail(path, 0, f"this is not UTF-8 text (byte {error.start})")


def _compile(text: str, path: str) -> CodeType:
    try:
        return compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        line, column = error.lineno or 0, max((error.offset or 1) - 1, 0)
        excerpt = f"{(error.text or '').rstrip()}\n{' ' * column}^" if error.text else ""
        row = ProblemRow("", path, line, column, f"this is not Python: {error.msg}", excerpt)
        raise ScriptFileError(row) from error
    except ValueError as error:
        _fail(path, 0, f"this is not Python: {error}")


def _execute(code: CodeType, path: str, place: str) -> ModuleType:
    # TorchScript names what it compiles after the module, so the file is imported under its own name
    # as far as a name in an archive can be that.
    name = module_name(path)
    specification = importlib.util.spec_from_loader(name, loader=None, origin=path)
    if specification is None:
        _fail(path, 0, "cannot be imported")
    module = importlib.util.module_from_spec(specification)
    module.__file__ = path
    hidden = sys.modules.get(name)
    sys.modules[name] = module
    # A program imports what lies beside it, as with `python FILE.py`; beside the file, not a link to it.
    folder = str(Path(place).parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        exec(code, vars(module))  # noqa: S102  # what this process is for, once the person trusts the file
    except RAISED_BY_PROGRAMS as error:
        if hidden is not None:
            sys.modules[name] = hidden
        _fail(path, _line_of(error, path), f"running the file raises {_said(error)}", error)
    return module


def _definition_lines(text: str) -> dict[str, int]:
    """Lines of definitions and assignments at the top of the file."""
    lines: dict[str, int] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            lines.setdefault(node.name, node.lineno)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    lines.setdefault(target.id, node.lineno)
    return lines


def _line_of(error: BaseException, path: str) -> int:
    """The innermost line of the file that an exception came through, 0 if it did not."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == path), 0)


def _said(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _fail(path: str, line: int, message: str, error: BaseException | None = None) -> NoReturn:
    excerpt = ""
    if line:
        excerpt = linecache.getline(path, line).rstrip("\n")
    raise ScriptFileError(ProblemRow("", path, line, 0, message, excerpt)) from error
