"""Every command and every view of the window on hostile archives: nothing is reached that nobody named."""

import os
import sys
from pathlib import Path

import pytest

from tests.hostile.archives import (
    SECRET,
    executing_attribute,
    reading_beyond,
    warning_from,
    with_record_of_markup,
)
from tests.hostile.watching import Reached, needs_strace, watch

pytestmark = [
    needs_strace,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="strace is Linux's"),
]
JITVIEWER = [sys.executable, "-m", "jitviewer"]
KINDS = ("warning", "executing", "beyond", "markup")
COMMANDS = {
    "tree": ["tree", "{file}", "--verify"],
    "code": ["code", "{file}"],
    "record": ["record", "{file}", "data.pkl"],
    "graph": ["graph", "{file}", "--passes", "inline,constant-propagation,cse,peephole,dce"],
    "steps": ["steps", "{file}", "--passes", "inline,constant-propagation"],
    "diff": ["diff", "{file}", "{file}"],
    "compare": ["compare", "{file}", "{file}", "--input", "float32[2]", "--json"],
    "run": [
        "run", "{file}", "--input", "float32[2]", "--profile", "--outputs", "{out}/o.pt", "--trace",
        "{out}/t.json",
    ],
    "freeze": ["freeze", "{file}", "-o", "{out}/frozen.pt"],
    "optimize": ["optimize", "{file}", "-o", "{out}/optimized.pt"],
    "export": ["export", "{file}", "{out}/canvas.svg"],
    "screenshot": ["screenshot", "{file}", "{out}/window.png", "--run"],
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's folder: hostile archives by kind, and things that are none of their business."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "secret.txt").write_text("\n".join([SECRET] * 40))
    (folder / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    os.mkfifo(folder / "pipe")
    warning_from(folder, folder / "secret.txt", "warning.pt")
    executing_attribute(folder)
    reading_beyond(folder)
    with_record_of_markup(folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_reaches_what_was_named(house: Path, tmp_path: Path, command: str, kind: str) -> None:
    file = house / f"{kind}.pt"
    words = [word.format(file=file, out=tmp_path) for word in COMMANDS[command]]
    done, reached = watch([*JITVIEWER, *words], house, TMPDIR=str(tmp_path))
    assert done.returncode in (0, 1), done.stderr
    told = done.stdout + done.stderr
    assert SECRET not in told
    assert "\x1b" not in told
    unnamed = [found for found in reached if not _is_named(found, file, tmp_path, house)]
    assert not unnamed
    assert not (house / "EXECUTED").exists()


def test_the_watch_sees_what_a_command_should_not_do(house: Path, tmp_path: Path) -> None:
    reads, writes = f"open({str(house / 'secret.txt')!r})", f"open({str(tmp_path / 'new')!r}, 'w')"
    act = f"{reads}; {writes}; import os; os.system('true')"
    _, reached = watch([sys.executable, "-c", act], house)
    told = {(found.call, Path(found.what).name, found.writes) for found in reached}
    assert ("openat", "secret.txt", False) in told
    assert ("openat", "new", True) in told
    assert any(call == "execve" for call, _, _ in told)


def _is_named(found: Reached, file: Path, out: Path, house: Path) -> bool:
    path = Path(found.what)
    if path == file:
        return not found.writes
    # Results, the nameless scratch of the temporary folder, and the window's own settings.
    return path in (out, house) or out in path.parents or path.name.startswith("settings")
