"""Colours, pens and fonts: the one place. One colour means one thing everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PySide6 import QtCore  # never `Qt` of it by name: that loads all its enumerations at once
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QPen

import resources
from core.cell.steps import Phase
from core.data.notation import DIGITS


class SequenceStyle(NamedTuple):
    """How one sequence is drawn everywhere: colour, marker and dash say the same."""

    colour: str
    symbol: str  # of pyqtgraph: o, s, t, d …
    dash: QtCore.Qt.PenStyle


@dataclass(frozen=True)
class Theme:
    """All colours of one appearance, as #rrggbb. The phases and sequences follow Okabe and Ito,
    darkened or lightened until lines have a contrast of 3 and text of 4.5 to the background.
    """

    name: str
    window: str
    panel: str
    text: str
    muted: str
    border: str
    grid: str
    band: str
    accent: str
    mark: str  # around what somebody should look at
    on_accent: str
    field: str
    forward: str
    backward: str
    update: str
    forward_soft: str
    backward_soft: str
    update_soft: str
    sequences: tuple[str, ...]

    def phase(self, phase: Phase) -> str:
        return str(getattr(self, phase.value))

    def phase_soft(self, phase: Phase) -> str:
        """The phase's colour as a background behind text: a step still to come, a box."""
        return str(getattr(self, f"{phase.value}_soft"))

    def sequence(self, index: int) -> SequenceStyle:
        count = len(self.sequences)
        return SequenceStyle(
            self.sequences[index % count],
            _SYMBOLS[index % len(_SYMBOLS)],
            QtCore.Qt.PenStyle[_DASHES[index // count % len(_DASHES)]],
        )


# Not by importlib.resources: that loads what reads archives, while the window is waited for.
ICONS = Path(resources.__path__[0]) / "icons"

_SYMBOLS = ("o", "s", "t", "d", "p", "h", "star")
_DASHES = ("SolidLine", "DashLine", "DotLine", "DashDotLine")

LIGHT = Theme(
    name="light",
    window="#f2f4f7",
    panel="#ffffff",
    text="#18202b",
    muted="#586273",
    border="#d3d9e2",
    grid="#e7eaf0",
    band="#fff1bf",
    accent="#0067a3",
    mark="#7a3fc4",
    on_accent="#ffffff",
    field="#ffffff",
    forward="#0067a3",
    backward="#bf4600",
    update="#00755a",
    forward_soft="#d9eaf6",
    backward_soft="#fbe2d3",
    update_soft="#d3eee5",
    sequences=("#ad4f88", "#a87000", "#2f8cc4", "#3c4350", "#77780a"),
)

DARK = Theme(
    name="dark",
    window="#14181f",
    panel="#1c222b",
    text="#e8ecf2",
    muted="#a3aebd",
    border="#343d4a",
    grid="#2b333f",
    band="#4a4222",
    accent="#5cb3ea",
    mark="#c9a2ff",
    on_accent="#0c1116",
    field="#12161c",
    forward="#5cb3ea",
    backward="#ff9052",
    update="#3cc9a0",
    forward_soft="#1d3a50",
    backward_soft="#53301d",
    update_soft="#174536",
    sequences=("#e59cc8", "#f0b84a", "#8fd0f5", "#dfe4ec", "#d4d45e"),
)

PRINT = Theme(
    **{
        **vars(LIGHT),
        "name": "print",
        "window": "#ffffff",
        "text": "#000000",
        "muted": "#3c4350",
        "border": "#9aa3b0",
    }
)


@dataclass(frozen=True)
class Look:
    """What every view is drawn with: the theme, and how many digits numbers show."""

    theme: Theme = LIGHT
    digits: int = DIGITS


def pen(colour: str, width: float = 1.0, style: QtCore.Qt.PenStyle | None = None) -> QPen:
    """A pen that keeps its width on screen, whatever the zoom of a plot; solid if not said."""
    made = QPen(QColor(colour), width)
    if style is not None:
        made.setStyle(style)
    made.setCosmetic(True)
    return made


def faded(colour: str, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


# Sizes are pixels at 100 % scaling; Qt scales them with the screen.
TEXT_SIZE = 13
SMALL_SIZE = 11


def text_font(size: int = TEXT_SIZE, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(size)
    font.setBold(bold)
    return font


def math_font(size: int, *, italic: bool = False) -> QFont:
    """A serif face for formulas: the first of these that the system has."""
    font = QFont()
    font.setFamilies(["STIX Two Text", "Cambria", "Latin Modern Roman", "DejaVu Serif", "serif"])
    font.setPixelSize(size)
    font.setItalic(italic)
    return font


def code_font(size: int) -> QFont:
    """The system's face of fixed width."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(size)
    return font


def palette(theme: Theme) -> QPalette:
    """The colours of Qt's own widgets."""
    role = QPalette.ColorRole
    made = QPalette()
    for roles, colour in (
        ((role.Window, role.Button), theme.window),
        ((role.Base, role.ToolTipBase), theme.field),
        ((role.AlternateBase, role.Light), theme.panel),
        (
            (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText),
            theme.text,
        ),
        ((role.PlaceholderText,), theme.muted),
        ((role.Mid, role.Midlight, role.Dark), theme.border),
        ((role.Highlight, role.Link), theme.accent),
        ((role.HighlightedText,), theme.on_accent),
    ):
        for one in roles:
            made.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, faded(theme.muted, 0.62))
    return made


def panel_palette(of: QPalette, theme: Theme) -> QPalette:
    """For what fills its own background: it stands on a panel."""
    made = QPalette(of)
    made.setColor(QPalette.ColorRole.Window, QColor(theme.panel))
    return made


def style_sheet(theme: Theme) -> str:
    """What the palette alone cannot say, by kind of widget."""
    kinds = (_surfaces, _buttons, _fields, _check_boxes, _tables, _tabs, _bars, _menus)
    return "".join(kind(theme) for kind in kinds)


def card_style(theme: Theme) -> str:
    """Of the panels that views stand on."""
    return f"""
        QFrame[role="card"] {{ background: {theme.panel}; border: 1px solid {theme.border};
            border-radius: 7px; }}
    """


def _surfaces(theme: Theme) -> str:
    return f"""
        QMainWindow, QDialog {{ background: {theme.window}; }}
        QToolTip {{ background: {theme.panel}; color: {theme.text};
            border: 1px solid {theme.border}; padding: 3px; }}
        {card_style(theme)}
        QLabel[role="panel-title"] {{ color: {theme.muted}; font-size: {SMALL_SIZE}px;
            font-weight: 600; }}
        QFrame[role="notice"] {{ background: {theme.backward_soft};
            border: 1px solid {theme.backward}; border-radius: 5px; }}
        QFrame[role="ask"] {{ background: {theme.field}; border: 1px solid {theme.accent};
            border-radius: 6px; }}
        QFrame[role="notice"] QLabel {{ color: {theme.text}; background: transparent; }}
        QLabel[role="note"] {{ color: {theme.muted}; font-size: {SMALL_SIZE}px; }}
        QLabel[role="muted"] {{ color: {theme.muted}; }}
        QLabel[role="problem"] {{ color: {theme.backward}; font-weight: 600; }}
        QTextBrowser[role="page"] {{ background: transparent; border: none; }}
        QDockWidget {{ color: {theme.muted}; }}
        QDockWidget::title {{ background: transparent; padding: 4px 8px; }}
        QScrollArea {{ background: transparent; border: none; }}
        QSplitter::handle {{ background: transparent; }}
        QSplitter::handle:hover {{ background: {theme.border}; }}
    """


def _buttons(theme: Theme) -> str:
    phases = "".join(
        f"""
        QToolButton[phase="{phase.value}"]:enabled {{
            background: {theme.phase(phase)}; color: {theme.on_accent};
            border-color: {theme.phase(phase)}; font-weight: 600; }}
        QToolButton[phase="{phase.value}"]:enabled:hover {{ border-color: {theme.text}; }}
        QToolButton[phase="{phase.value}"]:enabled:focus {{ border: 2px solid {theme.text}; }}
        """
        for phase in Phase
    )
    return f"""
        QToolButton, QPushButton {{ background: {theme.panel}; color: {theme.text};
            border: 1px solid {theme.border}; border-radius: 5px; padding: 4px 9px; }}
        #step-bar QToolButton {{ padding: 4px 7px; }}
        QToolButton[role="small"] {{ padding: 1px 7px; font-size: {SMALL_SIZE}px; }}
        QToolButton:hover, QPushButton:hover {{ border-color: {theme.muted}; }}
        QToolButton:pressed, QPushButton:pressed {{ background: {theme.window}; }}
        QToolButton:checked {{ border-color: {theme.accent}; color: {theme.accent}; }}
        QToolButton:disabled, QPushButton:disabled {{ color: {_faint(theme)}; }}
        QToolButton:focus, QPushButton:focus {{ border: 1px solid {theme.accent}; }}
        {phases}
    """


def _fields(theme: Theme) -> str:
    return f"""
        QLineEdit, QAbstractSpinBox, QComboBox {{ background: {theme.field};
            color: {theme.text}; border: 1px solid {theme.border}; border-radius: 4px;
            padding: 2px 5px; min-height: 20px;
            selection-background-color: {theme.accent};
            selection-color: {theme.on_accent}; }}
        QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
            border: 1px solid {theme.accent}; }}
        QLineEdit:disabled, QComboBox:disabled {{ color: {_faint(theme)}; }}
        QComboBox::drop-down {{ border: none; width: 15px; }}
        QComboBox::down-arrow {{ image: url({_image("open", theme)}); width: 12px; height: 12px; }}
        QAbstractSpinBox {{ padding-right: 22px; }}
        QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 20px; }}
        QAbstractSpinBox::up-arrow {{ image: url({_image("close", theme)});
            width: 12px; height: 12px; }}
        QAbstractSpinBox::down-arrow {{ image: url({_image("open", theme)});
            width: 12px; height: 12px; }}
    """


def _check_boxes(theme: Theme) -> str:
    return f"""
        QCheckBox::indicator, QListView::indicator, QTableView::indicator {{
            width: 14px; height: 14px;
            border: 1px solid {theme.muted}; border-radius: 3px; background: {theme.field}; }}
        QCheckBox::indicator:checked, QListView::indicator:checked,
        QTableView::indicator:checked {{ background: {theme.accent};
            border-color: {theme.accent}; image: url({_image("check", theme)}); }}
        QListWidget::item {{ min-height: 18px; }}
        QCheckBox:focus {{ color: {theme.accent}; }}
    """


def _tables(theme: Theme) -> str:
    return f"""
        QTableView, QPlainTextEdit {{ background: {theme.field}; border: 1px solid {theme.border};
            gridline-color: {theme.grid}; }}
        QTableView:focus, QPlainTextEdit:focus {{ border: 1px solid {theme.accent}; }}
        QTableView QLineEdit {{ padding: 0; min-height: 0; border-radius: 0; }}
        QHeaderView {{ background: {theme.window}; }}
        QHeaderView::section {{ background: {theme.window}; color: {theme.muted};
            border: none; border-right: 1px solid {theme.grid};
            border-bottom: 1px solid {theme.grid}; padding: 2px 5px; }}
    """


def _tabs(theme: Theme) -> str:
    return f"""
        QTabWidget::pane {{ border: 1px solid {theme.border}; border-radius: 7px;
            background: {theme.panel}; top: -1px; }}
        QTabBar::tab {{ background: transparent; color: {theme.muted}; padding: 4px 9px;
            border: 1px solid transparent; border-bottom: 2px solid transparent; }}
        QTabBar::tab:selected {{ color: {theme.text};
            border-bottom: 2px solid {theme.accent}; }}
        QTabBar {{ outline: none; }}
        QToolButton[role="close-tab"] {{ border: none; background: transparent; padding: 0 2px;
            color: {theme.muted}; }}
        QToolButton[role="close-tab"]:hover {{ color: {theme.text}; }}
        QTabBar:focus::tab:selected {{ color: {theme.accent}; border-color: {theme.accent};
            border-radius: 4px; }}
    """


def _bars(theme: Theme) -> str:
    return f"""
        QProgressBar {{ background: {theme.field}; border: 1px solid {theme.border};
            border-radius: 4px; text-align: center; min-height: 18px; }}
        QProgressBar::chunk {{ background: {theme.forward_soft}; border-radius: 3px; }}
        QStatusBar {{ color: {theme.muted}; }}
        QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
        QLabel#qt_msgbox_label, QLabel#qt_msgbox_informativelabel {{ min-width: 340px; }}
        QStatusBar::item {{ border: none; }}
    """


def _menus(theme: Theme) -> str:
    return f"""
        QMenuBar {{ background: {theme.window}; }}
        QMenuBar::item:selected {{ background: {theme.forward_soft}; color: {theme.text}; }}
        QMenu {{ background: {theme.panel}; border: 1px solid {theme.border}; }}
        QMenu::item:selected {{ background: {theme.accent}; color: {theme.on_accent}; }}
        QMenu::item:disabled {{ color: {_faint(theme)}; }}
    """


def _faint(theme: Theme) -> str:
    """Text of what is disabled."""
    return faded(theme.muted, 0.62).name(QColor.NameFormat.HexArgb)


def _image(name: str, theme: Theme) -> str:
    """A picture that a style sheet shows; it comes in the colours of each theme."""
    return (ICONS / f"{name}-{theme.name}.svg").as_posix()
