"""What the linter of imports cannot see: circles, imports inside functions, and the reasons of these."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.setup.import_graph import Import, circles, imports_among, modules_below

ROOT = Path(__file__).resolve().parents[2]

LATE = {
    "jitviewer.commands": "a command imports what it needs when it is called, so that no other waits for it",
    "jitviewer.engine.__main__": "gives up what it does not need, then imports what meets strangers' files",
    "jitviewer.runner.__main__": "gives up what it does not need before it imports torch",
    "jitviewer.runner.server": "a request brings what answers it, so that a runner is there before torch is",
    "jitviewer.ui.app": "tells of a failing start before it imports the window",
    "jitviewer.ui.main_window": "a page is imported when somebody first looks at it",
    "jitviewer.ui.screenshot": "is part of a command, and imports the window when it takes its picture",
}
"""Files and folders that import late as a whole, and why; other late imports say it themselves."""


@pytest.fixture(scope="module")
def modules() -> dict[str, Path]:
    return modules_below(ROOT / "core" / "jitcore") | modules_below(ROOT / "jitviewer")


@pytest.fixture(scope="module")
def imports(modules) -> list[Import]:
    return imports_among(modules)


def test_no_circle_has_more_than_two_files(imports):
    assert [circle for circle in circles(imports) if len(circle) > 2] == []


def test_no_import_inside_a_function_is_there_for_a_circle(imports):
    """Also where it is late for another reason: without it the two files could not be imported."""
    circle_of = {name: number for number, circle in enumerate(circles(imports)) for name in circle}
    assert [
        each
        for each in imports
        if each.is_inside
        and each.importer in circle_of
        and circle_of[each.importer] == circle_of.get(each.imported)
    ] == []


def test_imports_inside_functions_say_why(imports):
    unexplained = [
        f"{each.importer}:{each.line} imports {each.imported}"
        for each in imports
        if each.is_inside and not each.is_explained and late_part(each.importer) is None
    ]
    assert unexplained == [], "put a comment before the import that says why it is not at the top"


def test_what_is_listed_as_late_imports_late(imports):
    late = {late_part(each.importer) for each in imports if each.is_inside}
    assert late - {None} == LATE.keys()


def late_part(name: str) -> str | None:
    """The entry of `LATE` that a module belongs to."""
    return next((part for part in LATE if name == part or name.startswith(f"{part}.")), None)


def test_contracts_name_what_there_is(modules):
    """The linter passes over a layer that is not there."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    for contract in settings["contracts"]:
        for container in contract.get("containers", []):
            rooms = (room for layer in contract["layers"] for room in re.split(r"[|:]", layer))
            named = [f"{container}.{room.strip('() ')}" for room in rooms]
            assert [each for each in named if each not in modules] == []
        for each in (*contract.get("source_modules", []), *contract.get("modules", [])):
            assert each in modules


@pytest.mark.parametrize("statement", ["from made.one import x", "import made.one", "from made import one"])
def test_a_circle_through_functions_is_seen(tmp_path, statement):
    package = tmp_path / "made"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text("from made.two import y\nx = 1\n")
    (package / "two.py").write_text("from made.three import z\ny = 2\n")
    (package / "three.py").write_text(f"def z():\n    {statement}\n")
    found = imports_among(modules_below(package))
    assert circles(found) == [["made.one", "made.three", "made.two"]]
    inside = [each for each in found if each.is_inside]
    assert [(each.importer, each.line, each.is_explained) for each in inside] == [("made.three", 2, False)]


def test_what_a_type_checker_reads_is_no_import(tmp_path):
    package = tmp_path / "made"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text("from made import two\n")
    (package / "two.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from made import one\n"
        "def f():\n    # It is slow.\n    import made.three\n    from made.three import z\n"
    )
    (package / "three.py").write_text("z = 1\n")
    found = imports_among(modules_below(package))
    assert circles(found) == []
    assert [each.is_explained for each in found if each.is_inside] == [True, True]
