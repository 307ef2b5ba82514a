"""The wheel has all that the program reads: installed somewhere else, it opens its own samples."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEN = """
import jitcore, jitviewer, sys
from pathlib import Path
from jitcore.ops.releases import known_releases
from jitviewer.resources import resource
places = (jitcore.__file__, jitviewer.__file__)
print(*(Path(place).resolve().is_relative_to(sys.argv[1]) for place in places))
print(*known_releases())
print(*sorted(path.name for path in resource("samples").glob("*.pt")))
print(*sorted(path.name for path in resource("themes").glob("*.qss")))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder that the wheel is installed in, without what it depends on."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    build = [*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", str(folder / "dist"), str(ROOT)]
    subprocess.run(build, check=True)
    (wheel,) = (folder / "dist").glob("jitviewer-*.whl")
    subprocess.run([*pip, "install", *offline, "--target", str(folder / "site"), str(wheel)], check=True)
    return folder / "site"


def told(installed: Path, *arguments: str) -> str:
    """What Python prints where only the wheel's files and what they depend on are found."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        check=True, capture_output=True, text=True, cwd=installed.parent, env=environment,
    ).stdout  # fmt: skip


def test_the_wheel_holds_samples_themes_and_tables(installed):
    from jitcore.ops.releases import known_releases

    places, releases, samples, themes = told(installed, "-c", SEEN, str(installed)).splitlines()
    assert places == "True True"
    assert releases.split() == known_releases()
    assert samples.split() == sorted(path.name for path in (ROOT / "resources" / "samples").glob("*.pt"))
    assert themes == "window.qss"


def test_the_installed_program_opens_its_samples(installed):
    sample = installed / "jitviewer" / "resources" / "samples" / "gate.pt"
    graph = told(installed, "-m", "jitviewer", "graph", str(sample))
    assert "aten::mean" in graph
