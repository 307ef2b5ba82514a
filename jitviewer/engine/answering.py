"""Which question to a session a request of the window is."""

from __future__ import annotations

from collections.abc import Iterator

from jitviewer.engine.session import Session
from jitviewer.protocol import events, requests


def answer(session: Session, request: requests.Request) -> Iterator[events.Event]:
    """The events that answer a request about an open document (runs are the engine's own business)."""
    match request:
        case requests.ShowMethod(module_path=path, method=method):
            return session.show(path, method)
        case requests.SetPasses(passes=passes):
            return session.set_passes(passes)
        case requests.GoToStep(position=position):
            return session.go_to(position)
        case requests.ShowPassDiff(name=name):
            return session.show_pass_diff(name)
        case requests.SetCodeForm(after_passes=after, is_original=original):
            return session.set_code_form(after, original)
        case requests.ExplainName(word=word, nodes=nodes):
            return session.explain(word, nodes)
        case requests.AskParseable():
            return session.give_parseable()
        case requests.ToggleItem(item=item, is_open=is_open):
            return session.toggle(item, is_open)
        case requests.SetAllItems(is_open=is_open):
            return session.toggle_all(is_open)
        case requests.ChooseCanvas(shows_constants=constants, merges_repeats=repeats):
            return session.choose_canvas(constants, repeats)
        case requests.ShowConstants(item=item, is_shown=is_shown):
            return session.show_constants(item, is_shown)
        case requests.UnrollItem(item=item):
            return session.unroll(item)
        case requests.HighlightFlow(kind=kind, item=item, other=other):
            return session.highlight(kind, item, other)
        case requests.RevealNode(node_id=node_id):
            return session.reveal(node_id)
        case requests.InspectNode(node_id=node_id):
            return session.inspect_node(node_id)
        case requests.InspectTreeRow(row=row):
            return session.inspect_row(row)
        case requests.ShowRecord(record=record, name=name):
            return session.show_record(record, name)
        case _:
            raise TypeError(f"{type(request).__name__} is not about a document")
