"""What processes do so that memory of closed models goes back to the system."""

import os
import sys

import pytest

from jitviewer import allocator, free_memory
from jitviewer.child_processes import module_environment
from jitviewer.commands.command_line import main


@pytest.fixture
def started(monkeypatch):
    """The commands that took the place of this process."""
    commands = []
    monkeypatch.setattr(os, "execv", lambda path, words: commands.append((path, words)))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "orig_argv", ["python", "-X", "utf8", "-m", "jitviewer", "a.pt"])
    # Set and removed, so that what the program sets is taken back afterwards.
    monkeypatch.setenv("PYTHONMALLOC", "")
    monkeypatch.delenv("PYTHONMALLOC")
    return commands


def test_the_program_is_started_again_with_the_allocator_of_the_c_library(started):
    allocator.use_the_c_library()
    assert started == [(sys.executable, [sys.executable, "-X", "utf8", "-m", "jitviewer", "a.pt"])]
    assert os.environ["PYTHONMALLOC"] == "malloc"
    allocator.use_the_c_library()
    assert len(started) == 1
    assert "PYTHONMALLOC" not in module_environment()


def test_what_the_person_chose_stays(started, monkeypatch):
    monkeypatch.setenv("PYTHONMALLOC", "debug")
    allocator.use_the_c_library()
    assert not started
    assert module_environment()["PYTHONMALLOC"] == "debug"


def test_elsewhere_python_keeps_its_own(started, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    allocator.use_the_c_library()
    assert not started


def test_commands_keep_it_too(started, capsys):
    assert main(["passes"]) == 0
    assert "dce" in capsys.readouterr().out
    assert not started


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="other implementations keep no such names")
def test_names_of_lookups_are_let_go_of():
    class Thing:
        pass

    # A name that is no literal is kept by the cache of methods alone.
    before = sys.getallocatedblocks()
    for number in range(3000):
        getattr(Thing, "".join(("name of a look-up ", str(number))), None)
    kept = sys.getallocatedblocks() - before
    free_memory.give_back()
    assert sys.getallocatedblocks() - before < kept / 2
