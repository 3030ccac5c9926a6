"""How the workbook looks: few formats, each with a contrast of at least 7 to 1, and never a meaning by colour alone."""

from typing import Any

import xlsxwriter

_INK = "#1F2A27"
_TEXT = {"num_format": "@", "valign": "top", "font_color": _INK, "font_name": "Calibri", "font_size": 11}
"""Text, so that an id keeps its zeros and nothing becomes a date or a formula, also when somebody edits the cell."""
_GRAVITIES = {3: ("#F4B8B0", "#4A0D06"), 2: ("#FBDAD5", "#5C120A"), 1: ("#FDF0C4", "#4A3400")}
_LINE = "#B8C2BE"
LINE_HEIGHT = 15.0
"""Points. Not every spreadsheet fits the height of a row to its words by itself."""


class Styles:
    """The formats of one workbook. ``marked``: by gravity (3 fatal, 2 error, 1 warning)."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        def style(**wanted: Any) -> Any:
            return book.add_format({**_TEXT, **wanted})

        row = {"bottom": 1, "bottom_color": _LINE}
        padded = {"text_wrap": True, "align": "left", "indent": 1}
        self.title = style(bold=True, font_size=16, font_color="#143C32")
        self.plain = style(num_format="General")
        self.head = style(bold=True, bg_color="#143C32", font_color="#FFFFFF", border=1, border_color=_LINE, **padded)
        self.own_head = style(bold=True, bg_color="#DCE7E2", border=1, border_color=_LINE)
        self.text = style()
        link = {"num_format": "General", "font_color": "#0B4F8A", "underline": 1}
        self.wrapped = style(**padded, **row)
        self.number = style(num_format="#,##0", align="center", **row)
        self.back = style(**link)
        self.link = style(**link, **padded, **row)
        self.marked = {
            gravity: style(bg_color=fill, font_color=ink, border=1, border_color=ink)
            for gravity, (fill, ink) in _GRAVITIES.items()
        }
        self.weights = {
            gravity: style(bg_color=fill, font_color=ink, bold=True, **padded, **row)
            for gravity, (fill, ink) in _GRAVITIES.items()
        }
