"""Which files are a person's own: where they lie decides, not what their folders are called."""

import linecache
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import torch

import jitcore
from jitcore.diagnose import compare
from jitcore.tracing.black_box.own_files import is_own_class, is_own_file

PROGRAM = "def gate(x):\n    if x.sum() > 0:\n        return x * 2\n    return x - 1\n"


def written(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PROGRAM, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "name",
    [
        "model.py",
        "train",
        "venv/model.py",
        "venv/src/model.py",
        ".venv/lib/python3.11/model.py",
        "site-packages/model.py",
        "torch/nn/model.py",
        "lib/model.py",
    ],
)
def test_a_file_in_a_folder_of_the_persons_choice_is_own(tmp_path, name):
    assert is_own_file(written(tmp_path / name))


@pytest.mark.parametrize(
    "name",
    [
        "venv/lib/python3.11/site-packages/package/model.py",
        "env/Lib/site-packages/package/model.py",
        "usr/lib/python3/dist-packages/package.py",
        "usr/lib/pypy3.10/site-packages/package.py",
    ],
)
def test_a_package_of_another_environment_is_none(tmp_path, name):
    assert not is_own_file(written(tmp_path / name))


@pytest.mark.parametrize(
    "name",
    [
        linecache.__file__,
        torch.nn.functional.__file__,
        jitcore.__file__,
        pytest.__file__,
        f"{sysconfig.get_paths()['purelib']}/no_such_file.py",
        "<string>",
        "<frozen importlib._bootstrap>",
        "",
        "_ops.py",
        "code/__torch__/model.py",
        "/nowhere/model.py",
    ],
)
def test_libraries_and_names_of_nothing_are_none(name):
    assert not is_own_file(name)


def test_a_package_that_is_reached_by_a_link_is_a_library(tmp_path):
    file = Path(written(tmp_path / "venv/lib/python3.11/site-packages/package/model.py"))
    (tmp_path / "linked").symlink_to(file.parent)
    assert not is_own_file(str(tmp_path / "linked/model.py"))
    stored = written(tmp_path / "cache/other.py")
    (file.parent / "other.py").symlink_to(stored)
    assert not is_own_file(str(file.parent / "other.py"))


def test_a_folder_beside_a_library_with_a_longer_name_is_own(tmp_path, monkeypatch):
    monkeypatch.setattr("jitcore.tracing.black_box.own_files._LIBRARIES", (f"{tmp_path}/torch/",))
    assert is_own_file(written(tmp_path / "torch_models/model.py"))
    assert not is_own_file(written(tmp_path / "torch/model.py"))


def test_a_name_may_be_relative_to_the_current_folder(tmp_path, monkeypatch):
    written(tmp_path / "found_here_only.py")
    monkeypatch.chdir(tmp_path)
    assert is_own_file("found_here_only.py")


def test_text_that_python_has_without_a_file_is_own(tmp_path, monkeypatch):
    name = str(tmp_path / "cells/17.py")
    monkeypatch.setitem(linecache.cache, name, (len(PROGRAM), None, PROGRAM.splitlines(True), name))
    assert is_own_file(name)


def test_a_program_in_an_archive_of_modules_is_own_and_is_diagnosed(tmp_path, monkeypatch):
    archive = tmp_path / "application.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("zipped_program.py", PROGRAM)
    monkeypatch.syspath_prepend(archive)
    module = __import__("zipped_program")
    try:
        assert is_own_file(module.__file__)
        found = compare(module.gate, (torch.ones(2),))
    finally:
        del sys.modules["zipped_program"]
    assert found.cause is not None
    assert (found.cause.cause, found.cause.file, found.cause.line) == ("branch", module.__file__, 2)


def test_of_text_without_a_name_the_line_that_calls_it_is_told(tmp_path):
    text = f"made = {{}}\nexec({PROGRAM!r}, made)\ndef outer(x):\n    y = made['gate'](x)\n    return y + 1\n"
    path = tmp_path / "calls_text.py"
    path.write_text(text, encoding="utf-8")
    names = {"__name__": "calls_text"}
    exec(compile(text, str(path), "exec"), names)
    found = compare(names["outer"], (torch.ones(2),))
    assert found.diverged
    assert found.cause is not None
    assert (found.cause.file, found.cause.line) == (str(path), 4)


def test_a_class_is_own_by_its_file_or_by_its_functions(tmp_path):
    assert not is_own_class(torch.nn.Linear)
    names: dict[str, type] = {"__name__": "no_such_module"}
    path = written(tmp_path / "classes.py")
    exec(compile("class Kind:\n    def call(self): ...\n", path, "exec"), names)
    assert is_own_class(names["Kind"])
