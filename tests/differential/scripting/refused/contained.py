"""Classes that contain themselves, and operators that assign, as TorchScript refuses them."""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple, Union
import torch
from torch import Tensor, nn
from tests.differential.corpus.language.programs import Programs
from tests.differential.scripting.programs.contained import HoldsItself, ListsItself, ListsItselfInBranch, MapsToItself

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((X,))
def class_lists_itself(x: Tensor) -> int:
    ListsItself()
    return 1


@programs.script((X,))
def class_lists_itself_in_branch(x: Tensor) -> int:
    ListsItselfInBranch()
    return 1


@programs.script((X,))
def class_holds_itself(x: Tensor) -> int:
    HoldsItself()
    return 1


@programs.script((X,))
def class_maps_to_itself(x: Tensor) -> int:
    MapsToItself()
    return 1
