"""The commands under tests, which no test runs whole, start and say what they do."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
_START = 'if __name__ == "__main__":'
# All in one process, which imports torch once.
_ASK = """
import importlib, runpy, sys, traceback
for word in sys.argv[1:]:
    name, _, asked = word.partition(":")
    try:
        if asked:
            sys.argv = [name, asked]
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        else:
            importlib.import_module(name)
        print("\\nENDED", name, 0)
    except SystemExit as end:
        print("\\nENDED", name, end.code)
    except Exception:
        print("\\nENDED", name, traceback.format_exc(limit=-1).strip())
"""


def test_each_starts_and_those_with_options_tell_them() -> None:
    words: list[str] = []
    for file in sorted(TESTS.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if _START in text.splitlines():
            name = ".".join(file.relative_to(TESTS.parent).with_suffix("").parts)
            has_options = "ArgumentParser(" in text
            words.append(f"{name.removesuffix('.__main__')}:--help" if has_options else name)
    assert "tests.differential.tracing.packages:--help" in words

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ASK, *words],
        cwd=TESTS.parent, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    ended = [line.removeprefix("ENDED ") for line in done.stdout.splitlines() if line.startswith("ENDED ")]
    assert ended == [f"{word.partition(':')[0]} 0" for word in words], done.stdout + done.stderr
    assert done.stdout.count("usage: ") == sum(word.endswith(":--help") for word in words)
