"""Every release of torch that was tested has its tables; what was not is taken for the nearest."""

import subprocess
import sys

import pytest

from jitcore import ops
from jitcore.ops import releases
from jitcore.ops.effects import TRAITS
from jitcore.ops.releases import USUAL, known_releases, nearest_release, release_of, table_of, why_untested
from jitcore.ops.table import CHANGES, GONE, TORCH_SCHEMAS, SchemaTable, changes_of, name_of
from jitcore.ops.upgraders import HEADING, UPGRADERS

OTHERS = [release for release in known_releases() if release != USUAL]


def test_tested_releases_are_told_apart_by_number():
    known = known_releases()
    assert USUAL in known
    assert known == sorted(known, key=lambda release: [int(part) for part in release.split(".")])
    assert [release_of(version) for version in ("2.9.1+cu128", "2.13.0+cpu", "2.16.0a0+git1")] == [
        "2.9",
        "2.13",
        "2.16",
    ]
    with pytest.raises(ValueError, match="no version"):
        release_of("unknown")


@pytest.mark.parametrize(
    ("asked", "given"), [("2.6", "2.6"), ("2.7", "2.6"), ("2.12", "2.9"), ("2.13", "2.13"), ("1.13", "2.6")]
)
def test_the_newest_that_is_not_newer_stands_in(asked, given):
    assert nearest_release(asked) == given


def test_an_untested_release_is_named_with_what_stands_in():
    newest = known_releases()[-1]
    assert not why_untested(f"{newest}.7+cu150")
    assert not why_untested("2.13.0+cpu")
    said = why_untested("9.1.0")
    assert said.startswith("torch 9.1 was not tested, 2.6, ")
    assert said.endswith(f"taken for those of {newest}.")


def test_the_installed_version_is_read_without_importing_torch():
    code = (
        "import sys; from jitcore.ops.releases import installed_version; "
        "print(installed_version(), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    torch = pytest.importorskip("torch")
    assert done.stdout.split() == [str(torch.__version__), "False"]


@pytest.mark.parametrize("release", OTHERS)
def test_changes_of_a_release_are_other_than_the_usual_and_print_as_written(release):
    lines = table_of(CHANGES, release).read_text(encoding="utf-8").splitlines()
    schemas = [line for line in lines if not line.startswith(GONE)]
    assert [ops.schema_text(ops.parse_schema(line)) for line in schemas] == schemas
    usual = SchemaTable(TORCH_SCHEMAS)
    table = SchemaTable(TORCH_SCHEMAS, changes_of(release))
    for name, changed in changes_of(release).items():
        assert changed != usual.lines(name)
        assert table.lines(name) == changed
        assert (name in table.names()) is bool(changed)
    assert table.lines("aten::neg") == usual.lines("aten::neg")
    assert {name_of(line) for line in table} == set(table.names())


@pytest.mark.parametrize("release", [USUAL, *OTHERS])
def test_every_table_of_a_release_is_there(release):
    assert "nondeterministic" in table_of(TRAITS, release).read_text(encoding="utf-8")
    assert table_of(UPGRADERS, release).read_text(encoding="utf-8").startswith(HEADING)


def test_without_torch_the_usual_tables_are_read(monkeypatch):
    monkeypatch.setattr(releases, "installed_version", lambda: None)
    assert releases.release.__wrapped__() == USUAL
    monkeypatch.setattr(releases, "installed_version", lambda: "2.9.1+cu128")
    assert releases.release.__wrapped__() == "2.9"


def test_overloads_of_the_installed_release_are_those_that_torch_registers():
    torch = pytest.importorskip("torch")
    if why_untested(torch.__version__):
        pytest.skip(why_untested(torch.__version__))
    for name in (
        "aten::size",
        "aten::max",
        "aten::_cdist_backward",
        "aten::sum",
        "aten::unflatten",
        "aten::rename",
    ):
        registered = [str(schema) for schema in torch._C._jit_get_schemas_for_operator(name)]
        assert [ops.schema_text(schema) for schema in ops.find(name)] == registered
