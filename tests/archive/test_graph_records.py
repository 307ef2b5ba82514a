"""Graphs beside an archive are read as they were compiled, and records of another shape are refused."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jitcore
from jitcore.archive import ArchiveError, open_archive, open_compiled
from jitcore.archive.graph_records import RECORD, take_graphs
from jitcore.printing import code_text, graph_text
from jitcore.scripting.library.saving import save_compiled
from jitcore.source import JitError
from tests.differential import graph_records


def test_programs_are_read_as_they_were_compiled(capsys):
    status = graph_records.main(["--every", "9", "--from", "4"])
    printed = capsys.readouterr().out
    assert status == 0, printed
    assert int(printed.split()[0]) > 60, printed


def net(x: torch.Tensor, flag: bool, scale: float = 2.0):
    if flag:
        x = x * torch.tensor([1.0, 2.0])
    return {"a": x * scale, "b": torch.nn.functional.relu(x)}


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("written") / "net.pt"
    with file.open("wb") as target:
        save_compiled(jitcore.script(net), target, file.stem)
    return file


def test_a_function_keeps_its_name_its_defaults_and_its_graph(written):
    loaded, function = open_compiled(written)
    assert graph_text(function.graph) == str(torch.jit.script(net).graph)
    assert function.name == "net"
    assert [argument.name for argument in function.schema.arguments] == ["x", "flag", "scale"]
    assert function.schema.arguments[2].default == 2.0
    loaded.archive.close()


def test_torch_reads_the_archive_as_any_other(written):
    theirs = torch.jit.load(written)
    assert torch.equal(theirs(torch.ones(2), True, 2.0)["a"], torch.tensor([2.0, 4.0]))


def test_without_being_asked_nobody_reads_the_graphs(written):
    loaded = open_archive(written)
    assert graph_text(loaded.root.method("forward").graph).startswith("graph(%self")
    loaded.archive.close()


def test_an_archive_without_graphs_says_so(tmp_path):
    jitcore.save(jitcore.script(net), tmp_path / "plain.pt")
    with pytest.raises(ArchiveError, match=RECORD):
        open_compiled(tmp_path / "plain.pt")


# --- records of another shape --------------------------------------------------------------------


def places(record, path=()):
    """Where values stand in a record."""
    yield path
    items = (
        record.items() if isinstance(record, dict) else enumerate(record if isinstance(record, list) else ())
    )
    for key, item in items:
        yield from places(item, (*path, key))


def changed(record, path, value):
    """The record with another value at a place."""
    if not path:
        return value
    copy = dict(record) if isinstance(record, dict) else list(record)
    copy[path[0]] = changed(copy[path[0]], path[1:], value)
    return copy


def refuses(code, record):
    try:
        take_graphs(code, record)
    except ArchiveError as error:
        return "beside the code" in str(error)
    return False


OTHERS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 1 << 70), st.floats(), st.text(max_size=8),
    st.lists(st.integers(-2, 300), max_size=6), st.just({}),
    st.just(["graph", []]), st.just(["constant", 99]), st.just(["type", 10**9]), st.just(["enum", 0, "RED"]),
)  # fmt: skip


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_record_is_read_or_refused(written, data):
    loaded = open_archive(written)
    try:
        record = json.loads(loaded.archive.records.read(RECORD))
        path = data.draw(st.sampled_from(list(places(record))))
        spoilt = changed(record, path, data.draw(OTHERS))
        code = loaded.code
        before = {function: function.graph for function in code.functions}
        if refuses(code, json.dumps(spoilt).encode()):
            assert {function: function.graph for function in before} == before
        else:
            for function in code.functions:
                # A class of another name may have no such methods.
                with suppress(JitError):
                    assert all((graph_text(function.graph), code_text(function)))
    finally:
        loaded.archive.close()


def test_a_node_of_another_form_than_its_kinds_is_refused(written):
    """Printing and passes would fail on it."""
    loaded = open_archive(written)
    record = loaded.archive.records.read(RECORD)
    assert b'"prim::DictConstruct"' in record
    with pytest.raises(ArchiveError, match="prim::GetAttr has 4 inputs: write it with 1"):
        take_graphs(loaded.code, record.replace(b'"prim::DictConstruct"', b'"prim::GetAttr"'))
    loaded.archive.close()


@pytest.mark.parametrize("record", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"{}"])
def test_what_is_no_record_is_refused(written, record):
    loaded = open_archive(written)
    with pytest.raises(ArchiveError):
        take_graphs(loaded.code, record)
    loaded.archive.close()
