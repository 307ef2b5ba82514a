"""What a person can choose; every choice is in force and kept at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from jitviewer.ui.pages.page import Page
from jitviewer.ui.pages.trusted_files_list import TrustedFilesList
from jitviewer.ui.services.settings import (
    MOST_MEMORY_GIB,
    MOST_REPEATS,
    MOST_SECONDS,
    MOST_WARMUP,
    SCALES,
    Settings,
)
from jitviewer.ui.services.trusted_files import TrustedFiles
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.number_field import number_field
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.styled import caption

_THEMES = ("system", "light", "dark")


class SettingsPage(Page):
    """Attributes: `theme`, `scale`, `restores`, `reloads`, `repeats`, `warmup`, `memory`, `time_limit`,
    `trusted`.

    Signals: theme_chosen(str); layout_reset()
    """

    theme_chosen = Signal(str)
    layout_reset = Signal()

    def __init__(self, settings: Settings, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__("Settings", parent)
        self._settings = settings
        self._themes = themes
        self.theme = Segments(
            (("As the system", "Theme of the system"), ("Light", "Light theme"), ("Dark", "Dark theme"))
        )
        self.theme.chosen.connect(lambda number: self.theme_chosen.emit(_THEMES[number]))
        self.scale = QComboBox()
        self.scale.addItems([f"{scale} %" for scale in SCALES])
        self.scale.currentIndexChanged.connect(self._on_scale_chosen)
        self.restores = QCheckBox("Open the documents of last time, as they were")
        self.restores.toggled.connect(lambda is_on: settings.set_flag("session/restores", is_on))
        self.reloads = QCheckBox("Reload by itself, without asking")
        self.reloads.toggled.connect(lambda is_on: settings.set_flag("files/reloads", is_on))
        self.repeats = number_field("Measured runs of a new form", 1, MOST_REPEATS, width=96)
        self.repeats.valueChanged.connect(lambda value: settings.set_number("run/repeats", value))
        self.warmup = number_field("Warm-up runs of a new form", 0, MOST_WARMUP, width=96)
        self.warmup.valueChanged.connect(lambda value: settings.set_number("run/warmup", value))
        self.memory = number_field("Memory that a run may take, in GiB", 0, MOST_MEMORY_GIB, width=96)
        self.memory.setSpecialValueText("a share of the machine's")
        self.memory.valueChanged.connect(lambda value: settings.set_number("run/memory_gib", value))
        self.time_limit = number_field("Seconds that a run may take", 0, MOST_SECONDS, width=96)
        self.time_limit.setSpecialValueText("as long as it takes")
        self.time_limit.valueChanged.connect(lambda value: settings.set_number("run/time_limit", value))
        self.trusted = TrustedFilesList(TrustedFiles(settings, self))
        self._forget = QPushButton("Forget the recent files")
        self._forget.clicked.connect(settings.forget_files)
        reset = QPushButton("Give every workspace its first form back")
        reset.clicked.connect(self.layout_reset)
        self._scale_note = wrapped("", "caption")
        self._section("Appearance", (("Theme", self.theme), ("Size of everything", self.scale)))
        self.column.addWidget(self._scale_note)
        self._section("When the window starts", (("", self.restores),))
        self._section("When an open file changes on disk", (("", self.reloads),))
        self._section(
            "Runs",
            (
                ("Repeats at first", self.repeats), ("Warm-up at first", self.warmup),
                ("Memory of a run, GiB", self.memory), ("Time limit at first, s", self.time_limit),
            ),
        )  # fmt: skip
        self.column.addWidget(caption("Python files that you trust", "section"))
        self.column.addWidget(self.trusted)
        self.column.addSpacing(8)
        self._section("Files and layout", (("", self._forget), ("", reset)))
        self._place = wrapped(f"Kept in {settings.path}", "caption")
        self.column.addWidget(self._place)
        settings.recent_changed.connect(self._show)
        themes.theme_changed.connect(self._show)

    def enter(self) -> None:
        """Show what is chosen, in other windows too."""
        self._settings.refresh()
        self._show()
        self.trusted.fill()
        super().enter()

    def _section(self, title: str, rows: tuple[tuple[str, QWidget], ...]) -> None:
        holder = QVBoxLayout()
        holder.setSpacing(8)
        holder.addWidget(caption(title, "section"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFormAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for name, field in rows:
            if name:
                field.setAccessibleName(field.accessibleName() or name)
                label = caption(name, "")
                label.setMinimumWidth(152)
                form.addRow(label, field)
            else:
                form.addRow(held_left(field))
        holder.addLayout(form)
        self.column.addLayout(holder)
        self.column.addSpacing(8)

    def _show(self) -> None:
        settings = self._settings
        fields = (
            self.scale, self.restores, self.reloads, self.repeats, self.warmup, self.memory, self.time_limit,
        )  # fmt: skip
        for field in fields:
            field.blockSignals(True)
        self.theme.set_choice(_THEMES.index(self._themes.choice))
        self.scale.setCurrentIndex(SCALES.index(settings.scale))
        self.restores.setChecked(settings.restores_session)
        self.reloads.setChecked(settings.reloads_files)
        self.repeats.setValue(settings.repeats)
        self.warmup.setValue(settings.warmup)
        self.memory.setValue(settings.memory_gib)
        self.time_limit.setValue(settings.time_limit)
        self._forget.setEnabled(bool(settings.recent()))
        for field in fields:
            field.blockSignals(False)
        self._tell_scale()

    def _on_scale_chosen(self, at: int) -> None:
        self._settings.set_number("window/scale", SCALES[at])
        self._tell_scale()

    def _tell_scale(self) -> None:
        differs = self._settings.scale != self._settings.scale_at_start
        self._scale_note.setText("The size changes when jitviewer is started again." if differs else "")
        self._scale_note.setVisible(differs)


def held_left(field: QWidget) -> QWidget:
    """A widget that is no wider than it needs to be."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(field)
    line.addStretch(1)
    return holder
