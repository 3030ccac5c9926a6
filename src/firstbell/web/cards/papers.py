"""The sheets that schools print on: how large they are, and where the cards stand. All lengths in millimetres."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet and its grid of cards. ``cut``: lines between the cards, for scissors; labels have none."""

    name: str
    says: str
    width: float
    height: float
    columns: int
    rows: int
    card_width: float
    card_height: float
    left: float
    top: float
    gap_x: float = 0
    gap_y: float = 0
    cut: bool = True

    @property
    def on_a_sheet(self) -> int:
        return self.columns * self.rows

    def places(self) -> Iterator[tuple[float, float]]:
        """The left and lower edge of each card from the sheet's lower left corner, row by row from the top."""
        for row in range(self.rows):
            for column in range(self.columns):
                x = self.left + column * (self.card_width + self.gap_x)
                y = self.height - self.top - row * (self.card_height + self.gap_y) - self.card_height
                yield x, y


PAPERS: dict[str, Paper] = {
    paper.name: paper
    for paper in (
        Paper("letter", "Letter, 10 cards", 215.9, 279.4, 2, 5, 95, 52, 12.95, 9.7),
        Paper("a4", "A4, 10 cards", 210, 297, 2, 5, 92, 55, 13, 11),
        Paper(
            *("letter-labels", "Letter labels, 30 of 2⅝ by 1 inch", 215.9, 279.4, 3, 10, 66.7, 25.4, 4.8, 12.7),
            gap_x=3.1,
            cut=False,
        ),
        Paper(
            "a4-labels", "A4 labels, 21 of 63.5 by 38.1 mm", 210, 297, 3, 7, 63.5, 38.1, 7.2, 15.1, gap_x=2.5, cut=False
        ),
    )
}
"""The label sheets are those that most office shops have (3 by 10 on Letter, 3 by 7 on A4)."""
