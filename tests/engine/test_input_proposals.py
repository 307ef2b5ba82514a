"""Inputs are proposed from the weights that they meet."""

from pathlib import Path

import pytest

from jitviewer.engine.document import Document
from jitviewer.engine.input_proposals import propose_inputs


def proposals(file: Path) -> dict[str, str]:
    document = Document.open(str(file))
    module = document.find_module("") if document.module is not None else None
    method = document.first_method()
    return {row.name: row.spec for row in propose_inputs(document.find(*method).function, module)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attention", {"x": "float32[1,8,32]", "mask": "None"}),
        ("constants", {"x": "float32[1,6]"}),
        ("gate", {"x": "float32[1,8]"}),
        ("loop", {"x": "float32[4,4]", "turns": "1"}),
        ("lstm", {"words": "int64[1,16]:0..200"}),
        ("repeats", {"a": "float32[4,4]", "b": "float32[4,4]"}),
        ("resnet_small", {"x": "float32[1,3,32,32]"}),
        ("tuples", {"x": "float32[4,4]", "y": "float32[4,4]", "radians": "1.0"}),
    ],
)
def test_samples(samples: Path, name: str, expected: dict[str, str]) -> None:
    assert proposals(samples / f"{name}.pt") == expected


def saved(tmp_path: Path, program) -> Path:
    import torch

    file = tmp_path / "program.pt"
    torch.jit.script(program).save(str(file))
    return file


def test_types_without_a_weight(tmp_path: Path) -> None:
    from torch import Tensor, nn

    class Program(nn.Module):
        def forward(
            self,
            pairs: dict[str, float],
            names: list[str],
            both: tuple[int, Tensor],
            flag: bool,
            size: int = 3,
        ) -> int:
            return len(names) + size + both[0]

    Program.forward.__annotations__ = {
        "pairs": dict[str, float], "names": list[str], "both": tuple[int, Tensor], "flag": bool, "size": int,
        "return": int,
    }  # fmt: skip
    assert proposals(saved(tmp_path, Program())) == {
        "pairs": '{"text": 1.0}',
        "names": '["text"]',
        "both": "(1, float32[4,4],)",
        "flag": "False",
        "size": "3",
    }


def test_weights_behind_lists_products_and_cells(tmp_path: Path) -> None:
    import torch
    from torch import Tensor, nn

    class Detector(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Conv2d(5, 4, 3)

        def forward(self, images: list[Tensor]) -> Tensor:
            return self.stem(torch.stack(images))

    Detector.forward.__annotations__ = {"images": list[Tensor], "return": Tensor}
    assert proposals(saved(tmp_path, Detector())) == {"images": "[float32[5,32,32]]"}

    class Product(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.rand(7, 2))
            self.cell = nn.GRUCell(9, 3)

        def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
            return x.relu() @ self.w, self.cell(y)

    Product.forward.__annotations__ = {"x": Tensor, "y": Tensor, "return": tuple[Tensor, Tensor]}
    assert proposals(saved(tmp_path, Product())) == {"x": "float32[1,7]", "y": "float32[1,9]"}


def test_steps_of_a_sequence_have_one_dimension_less_than_it(tmp_path: Path) -> None:
    import torch
    from torch import Tensor, nn

    class Steps(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRUCell(3, 5)

        def forward(self, sequence: Tensor) -> Tensor:
            state = torch.zeros(sequence.size(0), 5)
            for step in range(sequence.size(1)):
                state = self.cell(sequence[:, step], state)
            return state

    class First(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(6, 2)

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(x[0])

    class Feature(First):
        def forward(self, x: Tensor) -> Tensor:
            return self.layer(x[:, :, -1])

    assert proposals(saved(tmp_path, Steps())) == {"sequence": "float32[1,8,3]"}
    for program, shape in ((First(), (1, 8, 6)), (Steps(), (1, 8, 3))):
        program(torch.ones(shape))
    assert proposals(saved(tmp_path, First())) == {"x": "float32[1,8,6]"}
    # What is left of the last dimension says nothing of it.
    assert proposals(saved(tmp_path, Feature()))["x"] != "float32[1,8,6]"


def test_tokens_reach_an_embedding_through_shapes_and_masks_match_them(tmp_path: Path) -> None:
    from torch import Tensor, nn

    class Words(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(77, 4)

        def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
            return self.table(tokens.view(-1, 16)) * mask.unsqueeze(-1)

    Words.forward.__annotations__ = {"tokens": Tensor, "mask": Tensor, "return": Tensor}
    assert proposals(saved(tmp_path, Words())) == {"tokens": "int64[1,16]:0..77", "mask": "int64[1,16]:1..2"}


def test_tables_of_positions_bound_the_length(tmp_path: Path) -> None:
    import torch
    from torch import nn

    class Looked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(77, 4)
            self.places = nn.Embedding(12, 4)

        def forward(self, tokens):
            return self.words(tokens) + self.places(torch.arange(tokens.size(1)))

    file = saved(tmp_path, Looked())
    assert proposals(file) == {"tokens": "int64[1,12]:0..77"}
    torch.jit.load(file)(torch.zeros(1, 12, dtype=torch.int64))

    class Added(nn.Module):
        __constants__ = ("is_cut",)

        def __init__(self, length: int, is_cut: bool) -> None:
            super().__init__()
            self.enter = nn.Linear(6, 4)
            self.places = nn.Parameter(torch.rand(1, length, 4))
            self.is_cut = is_cut

        def forward(self, x):
            y = self.enter(x)
            length = y.size(1)
            return y + (self.places[:, :length] if self.is_cut else self.places)

    for length, is_cut, proposed in ((5, True, 5), (5, False, 5), (40, False, 40), (40, True, 8)):
        file = saved(tmp_path, Added(length, is_cut))
        assert proposals(file) == {"x": f"float32[1,{proposed},6]"}
        torch.jit.load(file)(torch.rand(1, proposed, 6))

    class Patches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cut = nn.Conv2d(3, 8, 16, stride=16)
            self.whole = nn.Parameter(torch.rand(1, 1, 8))
            self.places = nn.Parameter(torch.rand(1, 10, 8))

        def forward(self, image):
            parts = self.cut(image).flatten(2).transpose(1, 2)
            return torch.cat([self.whole, parts], 1) + self.places

    file = saved(tmp_path, Patches())
    assert proposals(file) == {"image": "float32[1,3,48,48]"}
    torch.jit.load(file)(torch.rand(1, 3, 48, 48))


def test_inputs_that_meet_tell_of_each_other(tmp_path: Path) -> None:
    import torch
    from torch import nn

    class Joined(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Conv2d(6, 4, 3)

        def forward(self, before, after):
            return self.stem(torch.cat([before, after], 1))

    class Compared(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Conv2d(3, 4, 3)

        def forward(self, image, target):
            return self.stem(image).mean() + (image - target.relu()).abs().mean()

    for program in (Joined(), Compared()):
        file = saved(tmp_path, program)
        found = proposals(file)
        assert set(found.values()) == {"float32[1,3,32,32]"}
        torch.jit.load(file)(torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32))


def test_text_of_a_graph_has_inputs_too(tmp_path: Path) -> None:
    file = tmp_path / "sum.ir"
    file.write_text("graph(%x : Tensor, %n : int):\n  %y : Tensor = aten::add(%x, %x, %n)\n  return (%y)\n")
    assert proposals(file) == {"x": "float32[4,4]", "n": "1"}
