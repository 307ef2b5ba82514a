"""What words mean, the original source, and text that torch parses, of archives made here."""

import pytest
import torch

from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol import events
from jitviewer.protocol.place import DocumentPlace
from jitviewer.resources import resource

SAMPLES = sorted(resource("samples").glob("*.pt"), key=lambda path: path.name)


def opened(path):
    document = ShownDocument(1, str(path), None)
    shown = {type(event): event for event in document.open()}
    return document, shown


@pytest.fixture
def gate():
    document, shown = opened(resource("samples", "gate.pt"))
    yield document, shown[events.GraphChanged].view
    document.close()


def explained(document, word, nodes=()):
    event = next(iter(document.explain(word, list(nodes))))
    return event.title, {(fact.group, fact.name): fact.text for fact in event.facts}


def test_values_and_operators_are_explained(gate):
    document, view = gate
    line = next(n for n, text in enumerate(view.text.splitlines()) if "aten::linear" in text)
    name = view.text.splitlines()[line].split()[0]
    title, facts = explained(document, name)
    assert title == name
    assert facts["Value", "type"] == "Tensor"
    assert facts["Value", "given by"] == "aten::linear"
    assert facts["Schema", ""].startswith("aten::linear(Tensor input")
    _, facts = explained(document, "aten::linear", view.line_nodes[line])
    assert facts["", ""].startswith("Multiplies")
    _, facts = explained(document, "x")
    assert facts["Value", "given by"] == "an input"
    assert explained(document, "nothing_of_this_name") == ("nothing_of_this_name", {})


def test_words_of_code_lead_to_operators_of_their_line(gate):
    document, view = gate
    node = next(nodes[0] for nodes, text in zip(view.line_nodes, view.text.splitlines(), strict=True)
                if "aten::relu" in text)  # fmt: skip
    title, facts = explained(document, "relu", [node])
    assert title == "aten::relu"
    assert facts["", ""] == "Negative elements become zero."


def test_the_original_source_is_found_by_debug_records(gate):
    document, _ = gate
    view = next(iter(document.set_code_form(False, True))).view
    lines = view.text.splitlines()
    assert lines[0] == "# gate.py"
    at = next(n for n, text in enumerate(lines) if "x.mean() > 0.5" in text)
    assert view.line_nodes[at]
    source = resource("samples", "gate.py").read_text(encoding="utf-8").splitlines()
    assert source[view.numbers[at] - 1] == lines[at]
    assert len(view.numbers) == len(view.line_nodes) == len(lines)


def test_the_original_source_comes_back_with_its_document():
    place = DocumentPlace("", "forward", ["inline"], code_is_original=True)
    document = ShownDocument(2, str(resource("samples", "gate.pt")), None)
    code = next(event for event in document.open(place) if isinstance(event, events.CodeChanged))
    assert code.is_original
    assert code.view.text.startswith("# gate.py")
    document.close()


def test_traces_and_files_without_records_say_so(tmp_path):
    module = torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2))
    path = tmp_path / "trace.pt"
    torch.jit.save(module, str(path))
    document, _ = opened(path)
    view = next(iter(document.set_code_form(False, True))).view
    assert "traced" in view.note
    document.close()
    text = tmp_path / "graph.ir"
    text.write_text("graph(%x : Tensor):\n  %1 : Tensor = aten::relu(%x)\n  return (%1)\n", encoding="utf-8")
    document, _ = opened(text)
    assert "no debug records" in next(iter(document.set_code_form(False, True))).view.note
    document.close()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("passes", [[], ["inline"], ["inline", "constant-propagation", "dce"]])
def test_torch_parses_what_is_copied(path, passes):
    document, _ = opened(path)
    list(document.set_passes(passes))
    given = next(iter(document.give_parseable()))
    parsed = torch._C.parse_ir(given.text)
    assert parsed.str(False).count("aten::") == given.text.count("aten::")
    assert "of type Any" not in given.changes
    document.close()
