"""Annotations of attributes that are no types are refused in torch's words, at their line."""

import inspect
from typing import Any, Dict, List, Optional, Tuple  # noqa: UP035  # bare, these are what is refused

import pytest
import torch

import jitcore


class BareDict(torch.nn.Module):
    cfg: Dict  # refused

    def __init__(self):
        super().__init__()
        self.cfg = {"a": 1}


class OfAParameter(torch.nn.Module):
    weight: List  # refused

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))


class Inside(torch.nn.Module):
    cfg: Dict[str, Tuple]  # refused

    def __init__(self):
        super().__init__()
        self.cfg = {}


class Inherited(BareDict):
    pass


class Holder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inherited()


class Attribute(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.cfg = torch.jit.Attribute({}, Dict)


class TakenForFinal(torch.nn.Module):
    cfg: Optional
    other: Any

    def __init__(self):
        super().__init__()
        self.cfg, self.other = 3, 3


@pytest.mark.parametrize("cls", [BareDict, OfAParameter, Inside, Inherited, Holder, Attribute])
def test_the_attribute_its_value_and_the_line_are_said(cls):
    with pytest.raises(RuntimeError) as theirs:
        torch.jit.script(cls())
    with pytest.raises(RuntimeError) as ours:
        jitcore.script(cls())
    assert str(theirs.value).strip() in str(ours.value)
    if cls is not Attribute:
        where = {Inherited: BareDict, Holder: BareDict}.get(cls, cls)
        lines, first = inspect.getsourcelines(where)
        at = next(first + place for place, line in enumerate(lines) if "# refused" in line)
        assert f'File "{__file__}", line {at}\n' in str(ours.value)


def test_a_bare_special_form_makes_a_constant_as_in_torch():
    for jit in (torch.jit, jitcore):
        assert jit.script(TakenForFinal()).cfg == 3
