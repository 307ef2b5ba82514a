"""Archives of what we compile, against torch's of the same: `python -m tests.differential.archives`.

torch loads both; code, graphs and the values of a call have to be equal. Ours, read and written by us, stays
what it is. With names only those programs are compared, with `--every N --from I` one in so many of them.

What torch makes of a program depends on what its process compiled before: it shares classes, and
methods somebody asked for. So programs that differ are compared again in processes of their own.
"""

import argparse
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import torch

from jitcore.archive import open_archive
from jitcore.archive.writing import save_module
from jitcore.scripting.compiled_program import CompiledProgram
from jitcore.scripting.compiler import ScriptCompiler
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.library.shared import make_machine
from jitcore.scripting.modules.compiler import ModuleCompiler
from jitcore.scripting.modules.prepared import prepared
from tests.differential.attempts import Raised, attempt, difference
from tests.differential.script_modules.comparison import renumbered
from tests.differential.script_modules.programs import programs
from tests.differential.script_modules.samples import samples
from tests.differential.scripting import language

SKIPPED = "skipped"
_SEPARATOR = "=== "


class Program(NamedTuple):
    """What to compile: `make` gives it anew each time, `calls` are arguments of its `forward`."""

    name: str
    make: Callable[[], Any]
    calls: Any


def every_program() -> Iterator[Program]:
    """Functions, modules over the whole language, and torch's own modules."""
    for case in language.cases():
        yield Program(case.name, lambda case=case: case.function, case.calls)
    for program in programs():
        if program.calls:
            yield Program(program.name, program.target, program.calls)
    for name, make, calls in samples(every=False):
        yield Program(name, make, calls)


def compare(program: Program, folder: Path) -> str:
    """Empty if all is equal, `SKIPPED` where torch has no archive, else what differs."""
    try:
        theirs = torch.jit.script(_made(program)).save_to_buffer()
        # Both are kept, since the modules are theirs.
        unit, expected = _imported(theirs)
    except (RuntimeError, OSError, AssertionError, torch.jit.frontend.FrontendError):
        return SKIPPED
    ours = _compiled(_made(program))
    own_unit, found = _imported(ours.save_to_buffer())
    differing = _first_difference(_texts(found), _texts(expected))
    if not differing and program.calls and "forward" in expected._method_names():
        differing = _compare_values(program.calls[0], found, expected)
    del unit, own_unit
    return differing or _compare_generations(ours, folder)


def _made(program: Program) -> Any:
    torch.manual_seed(0)
    return program.make()


def _compiled(target: Any) -> Any:
    compiler = ScriptCompiler(CompiledProgram())
    if isinstance(target, torch.nn.Module):
        made = ModuleCompiler(compiler).compile(prepared(target))
        return RecursiveScriptModule(made, make_machine(compiler))
    return ScriptFunction(compiler.compile_directly(target), make_machine(compiler))


def _imported(data: bytes) -> tuple[Any, Any]:
    unit = torch._C.CompilationUnit()
    return unit, torch._C.import_ir_module_from_buffer(unit, data, torch.device("cpu"), {}, False)


def _texts(module: Any, path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name in module._method_names():
        method = module._get_method(name)
        found[f"{path}:{name}"] = renumbered(f"{method.graph}{method.code}")
    for name, child in torch._C.ModuleDict(module).items():
        found |= _texts(child, f"{path}.{name}")
    return found


def _first_difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    if ours.keys() != theirs.keys():
        return f"methods {sorted(ours)}, torch has {sorted(theirs)}"
    for name, text in ours.items():
        if text != theirs[name]:
            return f"{name}: ours\n{text}torch's\n{theirs[name]}"
    return ""


def _compare_values(arguments: Any, found: Any, expected: Any) -> str:
    ours, theirs = (
        attempt(lambda _, given, m=module: m._get_method("forward")(*given), "", arguments)
        for module in (found, expected)
    )
    if isinstance(ours, Raised) and isinstance(theirs, Raised):
        return "" if ours.reason == theirs.reason else f"raises {ours.reason}, torch {theirs.reason}"
    return difference(ours, theirs) or ""


def _compare_generations(ours: Any, folder: Path) -> str:
    """Reading and writing an archive that was read and written gives the same bytes."""
    paths = [folder / number / "m.pt" for number in "01234"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
    ours.save(str(paths[0]))
    for before, after in pairwise(paths):
        save_module(open_archive(before).root, after)
        if before is not paths[0] and before.read_bytes() == after.read_bytes():
            return ""
        if after is paths[2] and not _torch_forgets_places(paths[0], folder):
            return "what was read and written changes when it is read and written again"
    return "does not become steady when it is read and written"


def _torch_forgets_places(path: Path, folder: Path) -> bool:
    """Whether torch, too, writes other places each time: of a constant that is printed twice it keeps one."""
    for number in "bc":
        after = folder / number / "m.pt"
        after.parent.mkdir(exist_ok=True)
        torch.jit.load(path).save(str(after))
        path = after
    return _places(folder / "b" / "m.pt") != _places(folder / "c" / "m.pt")


def _places(path: Path) -> dict[str, bytes]:
    reader = torch._C.PyTorchFileReader(str(path))
    return {name: reader.get_record(name) for name in reader.get_all_records() if name.endswith(".debug_pkl")}


def compare_each(chosen: list[Program]) -> dict[str, str]:
    """What was found of each program."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        found = {program.name: compare(program, Path(folder)) for program in chosen}
    differing = [name for name, difference in found.items() if difference not in ("", SKIPPED)]
    if len(chosen) > 1:
        for batch in [differing] if len(differing) > 3 else [[name] for name in differing]:
            found |= _compare_elsewhere(batch)
    return found


def _compare_elsewhere(names: list[str]) -> dict[str, str]:
    command = [sys.executable, "-m", "tests.differential.archives", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return dict.fromkeys(names, "")
    parts = done.stdout.split(_SEPARATOR)[1:]
    return dict.fromkeys(names, "") | dict(part.split("\n", 1) for part in parts)


def main(arguments: list[str]) -> int:
    """Print what differs, and a count; exit status 1 when something does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first")
    options = parser.parse_args(arguments)
    chosen = [program for program in every_program() if not options.names or program.name in options.names]
    found = compare_each(chosen[options.first :: options.every])
    counted = Counter(text if text in ("", SKIPPED) else "different" for text in found.values())
    numbers = counted[""], counted["different"], counted[SKIPPED]
    print("{} equal, {} different, {} that torch cannot save or load".format(*numbers))
    for name, text in found.items():
        if text not in ("", SKIPPED):
            print(f"{_SEPARATOR}{name}\n{text}")
    return 1 if counted["different"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
