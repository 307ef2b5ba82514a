"""What a confined process says on standard error, and that it has no terminal to read."""

import os
import sys

import pytest

from jitviewer.launching.error_output import MOST_WRITTEN
from jitviewer.launching.processes import OwnProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="terminals of Linux")


def process(lines: str) -> OwnProcess:
    return OwnProcess([sys.executable, "-c", f"import os\n{lines}"], dict(os.environ), takes_files=False)


def test_it_is_passed_on_made_plain(capsys) -> None:
    started = process(r"os.write(2, b'one \x1b[31mred\ntwo \xff ' + 'ü'.encode())")
    assert started.wait() == 0
    assert capsys.readouterr().err == "one \\x1b[31mred\ntwo \\xff ü"


def test_a_letter_in_two_pieces_is_one_letter(capsys) -> None:
    started = process("os.write(2, b'\\xc3'); import time; time.sleep(0.1); os.write(2, b'\\xbc')")
    started.wait()
    assert capsys.readouterr().err == "ü"


def test_it_is_bounded_and_the_rest_counted(capsys) -> None:
    started = process(f"piece = b'x' * {MOST_WRITTEN}\nfor _ in range(3): os.write(2, piece)")
    assert started.wait() == 0
    said = capsys.readouterr().err
    assert (
        said == "x" * MOST_WRITTEN + f"\n[{2 * MOST_WRITTEN:,} more bytes were written to standard error]\n"
    )


def test_what_a_killed_process_said_is_not_lost(capsys) -> None:
    started = process("os.write(2, b'last words'); os.write(1, b'.'); import time; time.sleep(600)")
    assert started.replies.read(1) == b"."
    started.kill()
    assert capsys.readouterr().err == "last words"


SUPERVISED = """
import os, sys
sys.path[:0] = {path!r}
from jitviewer.launching.supervising import Supervised
from jitviewer.launching.supervisor import Named

def work():
    for number in (0, 1, 2):
        try:
            os.read(number, 1)
        except OSError as error:
            print(number, error.strerror)
    return 0

sys.exit(Supervised(work).supervise(Named))
"""


def test_what_parses_cannot_read_the_terminal() -> None:
    import pty

    child, terminal = pty.fork()
    if not child:
        program = SUPERVISED.format(path=sys.path)
        os.execv(sys.executable, [sys.executable, "-c", program])
    os.write(terminal, b"a password\n")
    told = b""
    try:
        while piece := os.read(terminal, 1000):
            told += piece
    except OSError:
        # So ends a terminal whose last process is gone.
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert b"1 Bad file descriptor" in told
    assert b"2 Bad file descriptor" in told


def test_a_runner_has_no_terminal() -> None:
    import pty

    program = (
        "import os, sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from jitviewer.confinement import Role\n"
        "from jitviewer.launching.processes import OwnProcess\n"
        "look = 'import os; print([os.isatty(n) for n in (0, 1, 2)])'\n"
        "child = OwnProcess([sys.executable, '-c', look], dict(os.environ), takes_files=False)\n"
        "print(child.replies.read().decode()); child.wait()\n"
    )
    child, terminal = pty.fork()
    if not child:
        os.execv(sys.executable, [sys.executable, "-c", program])
    told = b""
    try:
        while piece := os.read(terminal, 1000):
            told += piece
    except OSError:
        pass
    os.waitpid(child, 0)
    assert b"[False, False, False]" in told
