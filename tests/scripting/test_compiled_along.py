"""What compiling a program compiles beside it: methods, callees, overloads, with their schemas and graphs."""

import re
import subprocess
import sys


def test_everything_that_is_compiled_is_what_torch_compiles():
    done = subprocess.run(
        [sys.executable, "-m", "tests.differential.scripting.compiled_along"],
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    counted = re.search(r"^(\d+) compared, 0 different$", done.stdout, re.MULTILINE)
    assert counted is not None, done.stdout
    assert int(counted[1]) > 500
