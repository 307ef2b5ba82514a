"""Every section of Python's reference that the documentation goes through: the same programs, the same refusals."""

import textwrap

import pytest
import torch

from tests.scripting.documentation.python_reference import HELPERS, SECTIONS
from tests.scripting.documentation.written import difference, module_of

PARAMETERS = "n: int, f: float, b: bool, s: str, x, ns: List[int], fs: List[float], d: Dict[str, int], t: Tuple[int, int]"
PURPOSELY_DIFFERENT = {
    "return positional(n)": "torch forgets positional-only parameters and finds them undefined later",
}


def given():
    x = torch.arange(4.0).view(2, 2)
    return 3, 2.5, True, "7", x, [3, 1, 2], [0.5, 1.5, 2.5], {"a": 1}, (4, 5)


def is_python(text):
    try:
        compile(text, "program", "exec")
    except SyntaxError:
        # Nobody can write that, or only somebody with a newer Python.
        return False
    return True


def _definition(number, body):
    return f"def program_{number}({PARAMETERS}):\n{textwrap.indent(body, '    ')}\n\n\n"


PROGRAMS = [
    (section, body, _definition(number, body))
    for number, (section, body) in enumerate((s, b) for s, bodies in SECTIONS.items() for b in bodies)
]
WRITTEN = [each for each in PROGRAMS if is_python(each[2])]


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    text = HELPERS + "".join(definition for _, _, definition in WRITTEN)
    return module_of(tmp_path_factory.mktemp("reference"), "python_reference_programs", text)


@pytest.mark.parametrize(
    ("body", "definition"), [each[1:] for each in WRITTEN], ids=[f"{each[0]}: {each[1]}" for each in WRITTEN]
)
def test_a_program(module, body, definition, capfd):
    function = getattr(module, definition.removeprefix("def ").partition("(")[0])
    found = difference(function, given)
    if body in PURPOSELY_DIFFERENT:
        assert found is not None
    else:
        assert found is None


def test_hardly_a_program_is_no_python():
    assert len(PROGRAMS) - len(WRITTEN) <= 12
