"""Archives of modules that were lowered for a backend (as those for Core ML) open without the backend."""

from pathlib import Path

import pytest
import torch
from torch import nn

from jitcore.archive import open_archive
from jitcore.ir import Function
from jitcore.printing import code_text, graph_text

LIBRARY = Path(torch.__file__).parent / "lib" / "libjitbackend_test.so"
if not LIBRARY.exists():
    pytest.skip("this torch brings no backend to lower for", allow_module_level=True)


class Adds(nn.Module):
    def forward(self, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
        return x + h


class Around(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
        return self.inner(x, h) * 2


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    torch.ops.load_library(str(LIBRARY))
    spec = {"forward": {"option": "True"}}
    lowered = torch._C._jit_to_backend("test_backend", torch.jit.script(Adds()), spec)
    path = str(tmp_path_factory.mktemp("lowered") / "lowered.pt")
    torch.jit.script(Around(lowered)).save(path)
    return path


def test_every_method_is_what_torch_prints(archive):
    theirs = torch.jit.load(archive)._c
    seen = []
    for path, module in open_archive(archive).root.named_modules():
        other = theirs
        for part in path.split(".") if path else ():
            other = other.__getattr__(part)
        for name, method in module.type.methods.items():
            assert isinstance(method, Function)
            expected = other._get_method(name)
            assert graph_text(method.graph) == str(expected.graph)
            assert code_text(method) == expected.code
            seen.append(name)
    assert {"forward", "__setstate__", "__create_backend"} <= set(seen)


def test_it_opens_where_no_library_has_the_backend(archive):
    loaded = open_archive(archive)
    assert [path for path, _ in loaded.root.named_modules()] == ["", "inner", "inner.__loweredModule__"]
