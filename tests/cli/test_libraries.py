"""Operators that a library registers: what is said without it, and runs that import or load it first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from jitviewer.confinement.confining import offered
from jitviewer.protocol import events, requests
from jitviewer.protocol.libraries import file_word, library_words
from tests.engine.engine_process import EngineProcess

DEFINES = """
import torch
library = torch.library.Library("tests_of_libraries", "DEF")
library.define("scaled(Tensor x, int n) -> Tensor")
library.impl("scaled", lambda x, n: x * n, "CompositeExplicitAutograd")
"""
PROGRAM = """
import sys
import torch
import registers_scaled

def f(x):
    return torch.ops.tests_of_libraries.scaled(x, 3) + 1

torch.jit.save(torch.jit.script(f), sys.argv[1])
"""
SHARED = Path(torch.__file__).parent / "lib" / "libtorch_global_deps.so"
X = "float32[2]:1..1.0001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("libraries")
    (made / "registers_scaled.py").write_text(DEFINES)
    (made / "writes.py").write_text("open('written.txt', 'w').close()\n")
    (made / "program.py").write_text(PROGRAM)
    subprocess.run([sys.executable, "program.py", "scaled.pt"], check=True, cwd=made, timeout=100)
    return made


def ran(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "jitviewer", "run", "scaled.pt", "--input", X, *words],
        capture_output=True, text=True, check=False, cwd=folder, timeout=100,
    )  # fmt: skip


def test_an_operator_that_nobody_registered_is_named_with_what_to_do(folder):
    done = ran(folder)
    assert done.returncode == 1
    assert "tests_of_libraries::scaled is not registered here" in done.stderr
    assert "program.py:7" in done.stderr
    assert "--import MODULE or --library FILE.so" in done.stderr


def test_an_imported_module_registers_it(folder):
    done = ran(folder, "--import", "registers_scaled", "--passes", "inline")
    assert done.returncode == 0, done.stderr
    assert "Float(2) = 4.000" in done.stdout


def test_what_cannot_be_imported_or_loaded_is_said(folder):
    for words, said in (
        (["--import", "not_there_at_all"], "not_there_at_all cannot be imported: ModuleNotFoundError"),
        (["--library", "nothing.so"], "nothing.so cannot be loaded: there is no such file"),
    ):
        done = ran(folder, *words)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert ran(folder, "--import", "no name").returncode == 2


@pytest.mark.skipif(not SHARED.exists(), reason="this torch has no such library")
def test_a_shared_library_is_loaded(folder):
    done = ran(folder, "--library", str(SHARED), "--import", "registers_scaled")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not offered().landlock, reason="this system confines nothing")
def test_an_imported_module_is_confined_as_the_program_is(folder):
    done = ran(folder, "--import", "writes")
    assert done.returncode == 1
    assert "writes cannot be imported: PermissionError" in done.stderr
    assert not (folder / "written.txt").exists()


def test_words_name_modules_and_files():
    assert library_words(" mylib.ops , lib/a.so,b.so ") == (
        "import:mylib.ops", file_word(f"lib{os.sep}a.so"), file_word("b.so"),
    )  # fmt: skip
    assert library_words(" , ") == ()
    with pytest.raises(ValueError, match="'my lib' is no name of a module"):
        library_words("my lib")


def test_a_run_of_the_window_loads_what_its_form_names(folder, monkeypatch):
    monkeypatch.chdir(folder)
    engine = EngineProcess()
    try:
        engine.open(folder / "scaled.pt", 1)
        ends = []
        for libraries in ((), ("import:registers_scaled",), ()):
            engine.send(requests.Run(1, [X], "cpu", 1, 0, 0, libraries=libraries))
            ends.append(engine.until(events.RunDone, events.RunStopped)[-1])
        # What one run loaded is not there for one that names nothing.
        assert [type(end) for end in ends] == [events.RunStopped, events.RunDone, events.RunStopped]
        assert "tests_of_libraries::scaled is not registered here" in ends[0].sentence
        assert ends[1].outputs[0].text.startswith("4.")
    finally:
        engine.end()
