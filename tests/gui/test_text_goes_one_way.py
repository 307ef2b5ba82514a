"""Foreign text reaches Qt through `widgets/plain.py`; what is given elsewhere must be words of ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import jitviewer.ui

UI = Path(jitviewer.ui.__file__).parent
WAY = "widgets/plain.py"

MADE_PLAIN = {
    "plain_line", "plain_lines", "plain_cells", "plain_tip", "key_text", "menu_text", "title_text",
    "breakable_lines", "facts_html",
}  # fmt: skip
"""Functions whose result may be given to Qt."""

SHOWS = {
    "setToolTip": 0, "setStatusTip": 0, "setWhatsThis": 0, "setTabToolTip": 1, "setTabText": 1, "addTab": 1,
    "insertTab": 2, "setWindowTitle": 0, "setTitle": 0, "addAction": 0, "addMenu": 0, "addSection": 0,
    "setItemText": 1, "setPlaceholderText": 0, "setAccessibleDescription": 0, "setIconText": 0,
    "setAccessibleName": 0, "setHtml": 0, "insertHtml": 0, "setMarkdown": 0, "setSource": 0, "setText": 0,
    "getOpenFileName": 1, "getOpenFileNames": 1, "getSaveFileName": 1,
    "showMessage": 0, "QAction": 0, "QPushButton": 0, "QCheckBox": 0, "QRadioButton": 0, "QGroupBox": 0,
    "QTableWidgetItem": 0, "QStandardItem": 0, "QListWidgetItem": 0, "QTreeWidgetItem": 0,
}  # fmt: skip
"""Calls that show a text, and the place of that text among their arguments."""

ONE_MODULE = {"QLabel", "QMessageBox", "QErrorMessage", "QTextEdit", "showText", "openUrl"}
"""What takes a text for markup, or opens what it names."""

TAKES_ANY = {"PlainLabel", "ElidedLabel", "caption", "wrapped", "QLineEdit"}
"""What makes a widget whose `setText` makes the text plain itself, or that a person writes in."""

HANDED_ON = {"actions", "action", "toggle", "theme", "_menu", "_theme_menu", "_legend_action", "costs"}
"""What stands for actions and menus where they are put into others: their texts were checked before."""

OURS = {
    ("canvas/actions.py", "words"), ("canvas/legend.py", "', '.join((name for _, name in self._entries))"),
    ("docks/facts_browser.py", "escape(sentence)"), ("docks/run_results.py", "text"),
    ("document_area.py", "name"), ("editors/text_menu.py", "text"), ("editors/text_pane.py", "name"),
    ("pages/page.py", "title"), ("pages/settings_page.py", "field.accessibleName() or name"),
    ("widgets/histogram.py", "look.rows"), ("widgets/histogram.py", "look.columns"),
    ("widgets/number_field.py", "name"), ("widgets/segments.py", "tip"),
    ("widgets/start_page.py", "sample.title"), ("widgets/start_page.py", "sample.description"),
    ("window_actions.py", "text"), ("window_actions.py", "title"), ("docks/run_chooser.py", "count"),
    ("docks/facts_browser.py", "theme.colors['text_dim']"), ("window_actions.py", "workspace.title"),
    ("window_actions.py", "workspace.purpose"),
    # What a person typed into the same field, which shows letters as they are.
    ("docks/run_form.py", "self._texts[at]"),
}  # fmt: skip
"""What holds words of ours, of the person at the keyboard, or numbers, by file."""


def test_one_module_alone_gives_qt_what_could_be_markup():
    wrong = []
    for file, _, call, name in calls():
        # The explanation of a word is a page of ours, made of escaped words.
        is_page = name == "showText" and "html" in ast.unparse(call) and file == "editors/text_pane.py"
        if name in ONE_MODULE and file != WAY and not is_page:
            wrong.append(f"{file}:{call.lineno}: {ast.unparse(call)}")
    assert wrong == []


def test_every_text_given_to_qt_is_ours_or_made_plain():
    wrong, checked = [], 0
    for file, labels, call, name in calls():
        if file == WAY or len(call.args) <= SHOWS.get(name, 99):
            continue
        target = set(ast.unparse(call.func).split("."))
        if name == "setText" and (labels & target or "clipboard()" in target):
            continue
        text = call.args[SHOWS[name]]
        if name in ("addAction", "addMenu") and names_in(text) & HANDED_ON:
            continue
        checked += 1
        wrong += [
            f"{file}:{call.lineno}: {words} in {ast.unparse(call)}"
            for words in foreign_parts(text)
            if (file, words) not in OURS
        ]
    assert checked > 100
    assert wrong == []


def test_models_make_their_tips_plain():
    for path in sorted((UI / "models").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "ToolTipRole:" not in text or "plain_tip(" in text, path.name


def test_the_look_finds_what_it_looks_for():
    for code in ("row.name", "f'{row.name}'", "a if b else row.name", "'x' + row.name", "str(row)"):
        assert list(foreign_parts(ast.parse(code, mode="eval").body))
    for code in ("'x'", "f'{count:,}'", "plain_line(row.name)", "f'of {key_text(name)}' if a else ''"):
        assert not list(foreign_parts(ast.parse(code, mode="eval").body))


def calls() -> Iterator[tuple[str, set[str], ast.Call, str]]:
    """File, the names of its labels, a call in it, and what is called."""
    for path in sorted(UI.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        labels = set(labels_in(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                yield path.relative_to(UI).as_posix(), labels, node, name


def labels_in(tree: ast.Module) -> Iterator[str]:
    """Names under which a file keeps labels and fields."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        makes = {inner.func.id for inner in ast.walk(node.value)
                 if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)}  # fmt: skip
        if makes & TAKES_ANY:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (part.attr for target in targets for part in ast.walk(target)
                        if isinstance(part, ast.Attribute))  # fmt: skip


def names_in(value: ast.expr) -> set[str]:
    words = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return words | {node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute)}


def foreign_parts(value: ast.expr) -> Iterator[str]:
    """The parts of a text that are neither written in the code, nor formed numbers, nor made plain."""
    match value:
        case ast.Constant() | ast.Call(func=ast.Name(id="plural")):
            return
        case ast.Call(func=ast.Name(id=name)) if name in MADE_PLAIN:
            return
        case ast.IfExp(body=body, orelse=orelse):
            yield from foreign_parts(body)
            yield from foreign_parts(orelse)
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from foreign_parts(part)
        case ast.FormattedValue(format_spec=spec) if spec is not None:
            # Only numbers take a form.
            return
        case ast.FormattedValue(value=inner) | ast.BinOp(left=ast.Constant(), right=inner):
            yield from foreign_parts(inner)
        case _:
            yield ast.unparse(value)
