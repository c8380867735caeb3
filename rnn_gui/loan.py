"""What a person had arranged in the window, while a lesson arranges it otherwise."""

from __future__ import annotations

from rnn_gui.main_window import MainWindow


class Loan:
    """Taken when the first page opens, given back when the lessons close."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        canvas, predict = window.canvas, window.predict
        self._sizes_shown, self._zoomed = canvas.sizes_shown, canvas.zoomed
        self._tried = window.trial.line.text()
        self._asked, self._score = not predict.isHidden(), predict.score
        window.right_column.lend()
        window.parts.lend()

    def give_back(self) -> None:
        window = self._window
        window.parts.give_back()
        window.right_column.give_back()
        window.canvas.show_sizes(self._sizes_shown)
        window.canvas.show_only(self._zoomed)
        window.trial.line.setText(self._tried)
        window.predict.set_asking(self._asked, None, self._score)
