"""Archives of what we compiled: torch loads them, prints and computes what it does with its own."""

import copy
import warnings

import pytest
import torch

import jitcore
from jitcore.archive import open_archive
from jitcore.archive.writing import save_module
from tests.differential.attempts import Raised, attempt, difference
from tests.differential.script_modules.comparison import renumbered
from tests.differential.script_modules.programs import programs
from tests.differential.script_modules.samples import samples
from tests.differential.scripting import language

EVERY = 4
"""One in so many of the programs is enough to notice what goes wrong here."""


@pytest.fixture(autouse=True)
def _quiet():
    # Programs are written in ways that torch warns of.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def imported(data):
    unit = torch._C.CompilationUnit()
    return unit, torch._C.import_ir_module_from_buffer(unit, data, torch.device("cpu"), {}, False)


def texts(module, path=""):
    found = {}
    for name in module._method_names():
        method = module._get_method(name)
        found[f"{path}:{name}"] = renumbered(f"{method.graph}{method.code}")
    for name, child in torch._C.ModuleDict(module).items():
        found |= texts(child, f"{path}.{name}")
    return found


def check(theirs, ours, calls, folder):
    """The archives hold the same; ours, read and written by us, stays what it is."""
    try:
        unit, expected = imported(theirs.save_to_buffer())
    except RuntimeError:
        pytest.skip("torch cannot load what it saves of it")
    own_unit, found = imported(ours.save_to_buffer())
    own, others = texts(found), texts(expected)
    # torch shares the class of equal modules in the whole process, and with it the methods that another program
    # has asked for; that we leave none out is compared where modules are compiled.
    assert own == {name: text for name, text in others.items() if name in own}
    assert own.keys() >= {name for name in others if name.endswith(":forward")}
    for arguments in calls[:1]:
        if "forward" not in expected._method_names():
            continue
        values = [
            attempt(lambda _, given, m=module: m._get_method("forward")(*given), "", copy.deepcopy(arguments))
            for module in (found, expected)
        ]
        assert _same_outcome(*values)
    del unit, own_unit
    first, second, third = (folder / name / "m.pt" for name in "abc")
    for path in (first, second, third):
        path.parent.mkdir(exist_ok=True)
    ours.save(first)
    save_module(open_archive(first).root, second)
    save_module(open_archive(second).root, third)
    assert second.read_bytes() == third.read_bytes()


def _same_outcome(ours, theirs):
    if isinstance(ours, Raised) and isinstance(theirs, Raised):
        return ours.reason == theirs.reason
    return difference(ours, theirs) is None


FUNCTIONS = list(language.cases())[::EVERY]


@pytest.mark.parametrize("case", FUNCTIONS, ids=lambda case: case.name)
def test_functions(case, tmp_path):
    try:
        theirs = torch.jit.script(case.function)
        theirs.save_to_buffer()
    except RuntimeError:
        pytest.skip("torch cannot save it")
    check(theirs, jitcore.script(case.function), case.calls, tmp_path)


MODULES = [program for program in programs() if program.calls][::EVERY]


def made(maker):
    torch.manual_seed(0)
    return maker()


@pytest.mark.parametrize("program", MODULES, ids=lambda program: program.name)
def test_modules(program, tmp_path):
    theirs, ours = torch.jit.script(made(program.target)), jitcore.script(made(program.target))
    try:
        theirs.save_to_buffer()
    except RuntimeError as error:
        with pytest.raises(RuntimeError):
            ours.save_to_buffer()
        pytest.skip(f"torch cannot save it: {str(error)[:60]}")
    check(theirs, ours, program.calls, tmp_path)


def test_modules_of_torch(tmp_path):
    kinds = {}
    for name, maker, _ in samples(every=False):
        kinds.setdefault(name.partition("_")[0], maker)
    for maker in list(kinds.values())[:: EVERY + 2]:
        try:
            theirs = torch.jit.script(made(maker))
        except (RuntimeError, OSError):
            continue
        check(theirs, jitcore.script(made(maker)), (), tmp_path)
