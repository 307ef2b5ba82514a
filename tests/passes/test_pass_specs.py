"""Passes as people name them, with options."""

import subprocess
import sys

import pytest
import torch

from jitcore.passes import PassContext, check_spec, is_spec, name_of_spec, run_pipeline, split_specs
from jitcore.passes.catalogue import catalogue
from jitcore.passes.options import OptionValue
from jitcore.passes.spec import make_pass, read_spec, spec_of
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError

TEXT = """graph(%x : Float(2, 3)):
  %1 : int = aten::dim(%x)
  %2 : Tensor = aten::t(%x)
  %3 : Tensor = aten::t(%2)
  return (%1, %3)
"""
EFFECTS = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::add_(%x, %x, %1)
  return (%x)
"""


def test_a_pipeline_is_divided_outside_of_braces() -> None:
    assert split_specs("inline, peephole{a=true,b=1},dce,,") == ["inline", "peephole{a=true,b=1}", "dce"]
    assert split_specs("") == []
    assert split_specs('a{b="x, {y} \\"z\\""},c{d="e"},f') == ['a{b="x, {y} \\"z\\""}', 'c{d="e"}', "f"]
    assert split_specs('a{b="x,c') == ['a{b="x,c']


@pytest.mark.parametrize("disabled", [False, True])
def test_an_option_does_what_libtorchs_does(disabled: bool) -> None:
    theirs = torch._C.parse_ir(TEXT).copy()
    torch._C._jit_pass_peephole(theirs, disabled)
    ours = parse_graph(TEXT).copy()
    run_pipeline(ours, [f"peephole{{disable_shape_peepholes={str(disabled).lower()}}}"], PassContext())
    assert graph_text(ours) == str(theirs)


def test_effects_may_go_as_libtorch_lets_them_go() -> None:
    theirs = torch._C.parse_ir(EFFECTS)
    torch._C._jit_pass_dce_allow_deleting_nodes_with_side_effects(theirs)
    ours = parse_graph(EFFECTS)
    run_pipeline(ours, ["dce{allow_deleting_nodes_with_side_effects=true}"], PassContext())
    assert graph_text(ours) == str(theirs)
    assert "add_" not in str(theirs)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nothing", "no pass called 'nothing'"),
        ("nothing{a=1}", "no pass called 'nothing'"),
        ("peephole{nothing=true}", "peephole has no option 'nothing'; it has disable_shape_peepholes"),
        ("cse{a=true}", "cse has no option 'a'; it has none"),
        ("peephole{disable_shape_peepholes=1}", "is true or false: write disable_shape_peepholes=false"),
        ("peephole{disable_shape_peepholes}", "is a value"),
        ("peephole{", "is no pass"),
        ("peephole}", "is no pass"),
        ("peephole{}x", "is no pass"),
        ('freeze{preserved_attrs="a}', "is no pass"),
        ('freeze{preserved_attrs="a"b}', "is a text in quotes"),
    ],
)
def test_what_is_no_pass_is_said(spec: str, words: str) -> None:
    with pytest.raises(JitError, match=words):
        check_spec(spec)
    assert not is_spec(spec)
    with pytest.raises(JitError):
        run_pipeline(parse_graph(TEXT), ["dce", spec], PassContext())


def test_steps_of_other_passes_are_not_offered() -> None:
    with pytest.raises(JitError, match="no pass called 'annotate-warns'"):
        check_spec("annotate-warns")
    assert run_pipeline(parse_graph(TEXT), ["annotate-warns"], PassContext())


def another(default: OptionValue) -> OptionValue:
    """Another value of the same type."""
    if isinstance(default, bool):
        return not default
    return default + 1 if isinstance(default, int) else f"{default}a+b"


def test_specs_of_all_passes_and_options_are_read_back() -> None:
    for name, kind in catalogue().items():
        assert read_spec(name) == (name, {})
        assert read_spec(f"{name}{{}}") == (name, {})
        defaults = {option.name: option.default for option in kind.options}
        assert spec_of(name, defaults) == name
        for option in kind.options:
            value = another(option.default)
            other = spec_of(name, defaults | {option.name: value})
            assert read_spec(other) == (name, {option.name: value})
            assert name_of_spec(other) == name
            assert isinstance(make_pass(other), kind)


def test_a_pass_is_run_without_the_others_being_imported() -> None:
    program = (
        "import sys; from jitcore.passes import PassContext, check_spec, run_pipeline; "
        "from jitcore.ir import Graph; check_spec('dce'); run_pipeline(Graph(), ['dce'], PassContext()); "
        "from jitcore.passes.base import registered_passes; print(*registered_passes())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["dce"]
