"""What the two commands ask of the system, and how they get it."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "system_packages.py"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux")


@pytest.fixture
def packages(monkeypatch):
    """The script as a module, on a system that has no library, no font and no tool."""
    spec = importlib.util.spec_from_file_location("system_packages", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "_loads", lambda _: False)
    monkeypatch.setattr(module, "FONT_FOLDERS", ())
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return module


def test_without_a_display_nothing_of_it_is_needed(packages):
    assert packages.needed_by_run() == packages.needed_by_test()
    assert not [p for p in packages.needed_by_run() if "xcb" in p or "wayland" in p or "xvfb" in p]
    assert {"libegl1", packages.FONT} <= set(packages.needed_by_run())


@pytest.mark.parametrize(
    ("display", "wanted", "other"),
    [
        ("DISPLAY", "libxcb-icccm4", "libwayland-client0"),
        ("WAYLAND_DISPLAY", "libwayland-client0", "libxcb-icccm4"),
    ],
)
def test_a_window_needs_what_its_display_needs(packages, monkeypatch, display, wanted, other):
    monkeypatch.setenv(display, ":1")
    assert wanted in packages.needed_by_run()
    assert other not in packages.needed_by_run()
    assert wanted not in packages.needed_by_test()


@pytest.mark.parametrize("command", ["run", "test"])
def test_who_may_not_install_reads_what_to_type(packages, monkeypatch, capsys, command):
    monkeypatch.setattr(sys, "argv", ["system_packages", command])
    assert packages.main() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        f"make {command} needs system packages that are not here; on Debian or Ubuntu type: "
    )
    assert "sudo apt-get install " in line
    assert line.endswith(packages.FONT)


def test_only_tests_of_the_window_are_missing_without_its_tools(packages, monkeypatch, capsys):
    monkeypatch.setattr(packages, "_loads", lambda soname: soname in packages.LINKED)
    monkeypatch.setattr(packages, "_font", list)
    monkeypatch.setattr(sys, "argv", ["system_packages", "test"])
    assert packages.main() == 0
    said = capsys.readouterr().err
    assert said.startswith("Tests of the real window are skipped; to have them, on Debian or Ubuntu type: ")
    assert said.endswith("xvfb xdotool\n")


@pytest.mark.parametrize(("works", "status"), [(True, 0), (False, 1)])
def test_who_may_install_is_asked_nothing(packages, monkeypatch, capfd, tmp_path, works, status):
    calls = tmp_path / "calls"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$*" >> {calls}\n' + ("" if works else "exit 100\n"))
    apt.chmod(0o755)
    monkeypatch.setattr(packages, "apt_get", lambda: [str(apt)])
    monkeypatch.setattr(packages, "_loads", lambda _: works and calls.exists())
    monkeypatch.setattr(packages, "_font", list)
    monkeypatch.setattr(sys, "argv", ["system_packages", "run"])
    assert packages.main() == status
    asked = calls.read_text().splitlines()
    assert asked[0].endswith("update")
    assert len(asked) == (2 if works else 1)
    assert ("failed" in capfd.readouterr().err) is not works


def test_continuous_integration_runs_what_a_person_runs():
    run = SCRIPT.with_name("run").read_text()
    assert [line for line in run.splitlines() if line.startswith("make")] == ["make test"]
    assert subprocess.run(["bash", "-n", SCRIPT.with_name("run")], check=False).returncode == 0
